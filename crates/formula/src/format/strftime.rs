//! `strftime`: dates and times as text by codes such as `%Y-%m-%d`.
//!
//! Codes and flags (`%-d`, `%_d`, `%^a`) of glibc in the C locale, which CPython relies upon on Linux.

use crate::dates::calendar;

/// The parts of a date and time that can be formatted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Parts {
    /// Year 1 to 9999.
    pub year: i64,
    /// Month 1 to 12.
    pub month: u32,
    /// Day of the month.
    pub day: u32,
    /// Hour 0 to 23.
    pub hour: u32,
    /// Minute.
    pub minute: u32,
    /// Second.
    pub second: u32,
    /// Microsecond.
    pub microsecond: u32,
    /// Seconds east of UTC; `None` for naive values.
    pub offset: Option<i64>,
    /// Abbreviation of the time zone, `EST`.
    pub zone: Option<String>,
}

impl Parts {
    fn day_number(&self) -> i64 {
        calendar::day_number(self.year, self.month, i64::from(self.day))
    }
}

/// Formats by a template.
pub fn format(parts: &Parts, template: &str) -> String {
    let mut out = String::with_capacity(template.len() * 2);
    let mut chars = template.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '%' {
            out.push(c);
            continue;
        }
        let mut raw = String::from("%");
        let (mut flag, mut upper) = (None, false);
        while let Some(&c) = chars.peek() {
            match c {
                '-' | '_' | '0' => flag = Some(c),
                '^' | '#' => upper = true,
                _ => break,
            }
            raw.push(c);
            chars.next();
        }
        let mut width = String::new();
        while let Some(digit) = chars.next_if(char::is_ascii_digit) {
            width.push(digit);
            raw.push(digit);
        }
        while let Some(modifier) = chars.next_if(|&c| matches!(c, 'E' | 'O')) {
            raw.push(modifier);
        }
        let Some(code) = chars.next() else {
            out.push_str(&raw);
            break;
        };
        raw.push(code);
        let field = Field { flag, upper, width: width.parse().ok() };
        match field.code(parts, code) {
            Some(text) => out.push_str(&text),
            None => out.push_str(&raw),
        }
    }
    out
}

struct Field {
    flag: Option<char>,
    upper: bool,
    width: Option<usize>,
}

impl Field {
    fn code(&self, parts: &Parts, code: char) -> Option<String> {
        let day = parts.day_number();
        let weekday = calendar::weekday(day);
        let sunday_first = (weekday + 1) % 7;
        let year_day = calendar::day_of_year(day);
        let (iso_year, iso_week, iso_weekday) = calendar::iso_calendar(day);
        let hour12 = (parts.hour + 11) % 12 + 1;
        let month = calendar::MONTHS[(parts.month as usize).saturating_sub(1) % 12];
        let weekday_name = calendar::WEEKDAYS[weekday as usize];
        let number = |value: i64, width: usize| Some(self.number(value, width, '0'));
        match code {
            'Y' => number(parts.year, 0),
            'C' => number(parts.year / 100, 2),
            'y' => number(parts.year % 100, 2),
            'G' => number(iso_year, 0),
            'g' => number(iso_year % 100, 2),
            'm' => number(i64::from(parts.month), 2),
            'd' => number(i64::from(parts.day), 2),
            'e' => Some(self.number(i64::from(parts.day), 2, ' ')),
            'H' => number(i64::from(parts.hour), 2),
            'k' => Some(self.number(i64::from(parts.hour), 2, ' ')),
            'I' => number(i64::from(hour12), 2),
            'l' => Some(self.number(i64::from(hour12), 2, ' ')),
            'M' => number(i64::from(parts.minute), 2),
            'S' => number(i64::from(parts.second), 2),
            'f' => Some(format!("{:06}", parts.microsecond)),
            'j' => number(i64::from(year_day), 3),
            'u' => number(i64::from(iso_weekday), 1),
            'w' => number(i64::from(sunday_first), 1),
            'U' => number(i64::from((year_day + 6 - sunday_first) / 7), 2),
            'W' => number(i64::from((year_day + 6 - weekday) / 7), 2),
            'V' => number(i64::from(iso_week), 2),
            's' => {
                let seconds = i64::from(parts.hour) * 3600
                    + i64::from(parts.minute) * 60
                    + i64::from(parts.second)
                    + day * 86_400;
                number(seconds, 1)
            }
            'a' => Some(self.text(&weekday_name[..3])),
            'A' => Some(self.text(weekday_name)),
            'b' | 'h' => Some(self.text(&month[..3])),
            'B' => Some(self.text(month)),
            'p' => Some(self.text(if parts.hour < 12 { "AM" } else { "PM" })),
            'P' => Some(self.text(if parts.hour < 12 { "am" } else { "pm" })),
            'Z' => Some(self.text(parts.zone.as_deref().unwrap_or(""))),
            'z' => Some(parts.offset.map(|offset| offset_text(offset, "")).unwrap_or_default()),
            'n' => Some("\n".into()),
            't' => Some("\t".into()),
            '%' => Some("%".into()),
            'c' => Some(format(parts, "%a %b %e %H:%M:%S %Y")),
            'x' | 'D' => Some(format(parts, "%m/%d/%y")),
            'X' | 'T' => Some(format(parts, "%H:%M:%S")),
            'R' => Some(format(parts, "%H:%M")),
            'r' => Some(format(parts, "%I:%M:%S %p")),
            'F' => Some(format(parts, "%Y-%m-%d")),
            '+' => None,
            _ => None,
        }
    }

    fn number(&self, value: i64, width: usize, pad: char) -> String {
        let pad = match self.flag {
            Some('-') => return value.to_string(),
            Some('_') => ' ',
            Some('0') => '0',
            _ => pad,
        };
        let width = self.width.unwrap_or(width);
        let text = value.to_string();
        format!("{}{text}", pad.to_string().repeat(width.saturating_sub(text.len())))
    }

    fn text(&self, text: &str) -> String {
        let text = if self.upper { text.to_uppercase() } else { text.to_owned() };
        let pad = if self.flag == Some('0') { "0" } else { " " };
        format!("{}{text}", pad.repeat(self.width.unwrap_or(0).saturating_sub(text.len())))
    }
}

/// `+HHMM`, with `separator` between the parts and seconds only when there are some.
pub fn offset_text(offset: i64, separator: &str) -> String {
    let sign = if offset < 0 { '-' } else { '+' };
    let magnitude = offset.unsigned_abs();
    let (hours, minutes, seconds) = (magnitude / 3600, magnitude / 60 % 60, magnitude % 60);
    let mut text = format!("{sign}{hours:02}{separator}{minutes:02}");
    if seconds != 0 {
        text.push_str(&format!("{separator}{seconds:02}"));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes() {
        let parts = Parts {
            year: 2024,
            month: 2,
            day: 9,
            hour: 15,
            minute: 4,
            second: 5,
            microsecond: 678,
            offset: Some(-18_000),
            zone: Some("EST".into()),
        };
        let cases = [
            ("%Y-%m-%d", "2024-02-09"),
            ("%d/%m/%y", "09/02/24"),
            ("%-d %B %Y", "9 February 2024"),
            ("%e|%_m|%^a", " 9| 2|FRI"),
            ("%I:%M:%S %p", "03:04:05 PM"),
            ("%H%M%S.%f", "150405.000678"),
            ("%j %U %W %V %u %w", "040 05 06 06 5 5"),
            ("%z %Z", "-0500 EST"),
            ("%c", "Fri Feb  9 15:04:05 2024"),
            ("100%% %Q", "100% %Q"),
            ("%x %X", "02/09/24 15:04:05"),
        ];
        for (template, expected) in cases {
            assert_eq!(format(&parts, template), expected, "{template}");
        }
        let naive = Parts { year: 1, month: 1, day: 1, ..Parts::default() };
        assert_eq!(format(&naive, "%Y|%z|%Z"), "1||");
    }
}
