//! `strptime`: dates and times read from text by codes such as `%Y-%m-%d`.

use super::FormatError;
use crate::dates::calendar;
use regex::{Regex, RegexBuilder};

/// What a text gave; absent parts have Python's defaults (1900-01-01 00:00:00).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parsed {
    /// Year 1 to 9999.
    pub year: i64,
    /// Month.
    pub month: u32,
    /// Day of the month.
    pub day: u32,
    /// Hour.
    pub hour: u32,
    /// Minute.
    pub minute: u32,
    /// Second; 60 and 61 (leap seconds) are possible.
    pub second: u32,
    /// Microsecond.
    pub microsecond: u32,
    /// Seconds east of UTC, from `%z` or a UTC name in `%Z`.
    pub offset: Option<i64>,
}

/// Reads `text` by `template`; `repr` gives Python's quoted form of a string for the error texts.
pub fn parse(text: &str, template: &str, repr: impl Fn(&str) -> String) -> Result<Parsed, FormatError> {
    let pattern = pattern(template, &repr)?;
    let no_match =
        || FormatError::value(format!("time data {} does not match format {}", repr(text), repr(template)));
    let captures = pattern.captures(text).ok_or_else(no_match)?;
    let end = captures.get(0).map_or(0, |whole| whole.end());
    if end < text.len() {
        return Err(FormatError::value(format!("unconverted data remains: {}", &text[end..])));
    }
    let group = |name: &str| captures.name(name).map(|found| found.as_str());
    let number = |name: &str| group(name).and_then(|text| text.trim().parse::<i64>().ok());
    let position = |name: &str, names: &[&str], length: usize| {
        group(name)
            .and_then(|text| names.iter().position(|n| text.eq_ignore_ascii_case(&n[..length.min(n.len())])))
    };
    let mut parsed =
        Parsed { year: 1900, month: 1, day: 1, hour: 0, minute: 0, second: 0, microsecond: 0, offset: None };
    if let Some(year) = number("y") {
        parsed.year = year + if year <= 68 { 2000 } else { 1900 };
    }
    let has_year = number("Y").or(number("y"));
    if let Some(year) = number("Y") {
        parsed.year = year;
    }
    if let Some(month) = number("m") {
        parsed.month = month as u32;
    }
    let named_month = position("B", &calendar::MONTHS, 20).or_else(|| position("b", &calendar::MONTHS, 3));
    if let Some(month) = named_month {
        parsed.month = month as u32 + 1;
    }
    if let Some(day) = number("d") {
        parsed.day = day as u32;
    }
    if let Some(hour) = number("H") {
        parsed.hour = hour as u32;
    }
    if let Some(hour) = number("I") {
        let afternoon = group("p").is_some_and(|text| text.eq_ignore_ascii_case("pm"));
        parsed.hour = hour as u32 % 12 + if afternoon { 12 } else { 0 };
    }
    parsed.minute = number("M").unwrap_or(0) as u32;
    parsed.second = number("S").unwrap_or(0) as u32;
    if let Some(fraction) = group("f") {
        let digits: String = fraction.chars().chain(std::iter::repeat('0')).take(6).collect();
        parsed.microsecond = digits.parse().unwrap_or(0);
    }
    if let Some(zone) = group("z") {
        parsed.offset = Some(offset(zone)?);
    } else if group("Z").is_some_and(|zone| !zone.is_empty()) {
        parsed.offset = None;
    }
    let weekday = position("A", &calendar::WEEKDAYS, 20)
        .or_else(|| position("a", &calendar::WEEKDAYS, 3))
        .map(|at| at as i64)
        .or_else(|| number("w").map(|day| (day + 6) % 7))
        .or_else(|| number("u").map(|day| day - 1));
    if let Some(day_of_year) = number("j") {
        let day = calendar::day_number(parsed.year, 1, day_of_year);
        (parsed.year, parsed.month, parsed.day) = calendar::civil(day);
    } else if let (Some(weekday), Some(_)) = (weekday, has_year) {
        let first = calendar::day_number(parsed.year, 1, 1);
        let first_weekday = i64::from(calendar::weekday(first));
        let week = |sunday: bool, week: i64| {
            let (start, day) =
                if sunday { ((first_weekday + 1) % 7, (weekday + 1) % 7) } else { (first_weekday, weekday) };
            let zero_length = (7 - start) % 7;
            first + if week == 0 { day - start } else { zero_length + 7 * (week - 1) + day }
        };
        let day = number("U").map(|n| week(true, n)).or_else(|| number("W").map(|n| week(false, n)));
        if let Some(day) = day {
            (parsed.year, parsed.month, parsed.day) = calendar::civil(day);
        }
    }
    if let (Some(year), Some(week), Some(weekday)) = (number("G"), number("V"), weekday) {
        let day = calendar::iso_week_one(year) + (week - 1) * 7 + weekday;
        (parsed.year, parsed.month, parsed.day) = calendar::civil(day);
    }
    if parsed.day > calendar::days_in_month(parsed.year, parsed.month) {
        return Err(FormatError::value("day is out of range for month"));
    }
    Ok(parsed)
}

fn offset(text: &str) -> Result<i64, FormatError> {
    if text == "Z" {
        return Ok(0);
    }
    let digits: Vec<char> = text[1..].chars().filter(|c| *c != ':').collect();
    let two = |at: usize| {
        let text: String = digits.iter().skip(at).take(2).collect();
        text.parse::<i64>().unwrap_or(0)
    };
    let magnitude = two(0) * 3600 + two(2) * 60 + two(4);
    Ok(if text.starts_with('-') { -magnitude } else { magnitude })
}

/// The regular expression of a template, the alternatives in the order that Python tries them.
fn pattern(template: &str, repr: &impl Fn(&str) -> String) -> Result<Regex, FormatError> {
    let mut out = String::from("^(?:");
    let mut chars = template.chars().peekable();
    while let Some(c) = chars.next() {
        if c.is_whitespace() {
            while chars.next_if(|c| c.is_whitespace()).is_some() {}
            out.push_str(r"\s+");
            continue;
        }
        if c != '%' {
            out.push_str(&regex::escape(&c.to_string()));
            continue;
        }
        let Some(code) = chars.next() else {
            return Err(FormatError::value(format!("stray %% in format {}", repr(template))));
        };
        out.push_str(&directive(code).ok_or_else(|| {
            FormatError::value(format!(
                "{} is a bad directive in format {}",
                repr(&code.to_string()),
                repr(template)
            ))
        })?);
    }
    out.push(')');
    RegexBuilder::new(&out)
        .case_insensitive(true)
        .build()
        .map_err(|_| FormatError { class: "re.error", message: "redefinition of group name".into() })
}

fn directive(code: char) -> Option<String> {
    let names = |list: &[&str], length: usize| {
        let forms: Vec<&str> = list.iter().map(|name| &name[..length.min(name.len())]).collect();
        format!("(?P<{code}>{})", forms.join("|"))
    };
    // Longer names first, so that "May" does not hide a longer alternative.
    let full = |list: &[&str]| {
        let mut sorted = list.to_vec();
        sorted.sort_by_key(|name| std::cmp::Reverse(name.len()));
        format!("(?P<{code}>{})", sorted.join("|"))
    };
    Some(match code {
        'd' => r"(?P<d>3[0-1]|[1-2]\d|0[1-9]|[1-9]| [1-9])".into(),
        'f' => r"(?P<f>[0-9]{1,6})".into(),
        'H' => r"(?P<H>2[0-3]|[0-1]\d|\d)".into(),
        'I' => r"(?P<I>1[0-2]|0[1-9]|[1-9])".into(),
        'G' => r"(?P<G>\d\d\d\d)".into(),
        'j' => r"(?P<j>36[0-6]|3[0-5]\d|[1-2]\d\d|0[1-9]\d|00[1-9]|[1-9]\d|0[1-9]|[1-9])".into(),
        'm' => r"(?P<m>1[0-2]|0[1-9]|[1-9])".into(),
        'M' => r"(?P<M>[0-5]\d|\d)".into(),
        'S' => r"(?P<S>6[0-1]|[0-5]\d|\d)".into(),
        'U' => r"(?P<U>5[0-3]|[0-4]\d|\d)".into(),
        'W' => r"(?P<W>5[0-3]|[0-4]\d|\d)".into(),
        'u' => r"(?P<u>[1-7])".into(),
        'V' => r"(?P<V>5[0-3]|0[1-9]|[1-4]\d|\d)".into(),
        'w' => r"(?P<w>[0-6])".into(),
        'y' => r"(?P<y>\d\d)".into(),
        'Y' => r"(?P<Y>\d\d\d\d)".into(),
        'z' => r"(?P<z>[+-]\d\d:?[0-5]\d(?::?[0-5]\d(?:\.\d{1,6})?)?|(?-i:Z))".into(),
        'Z' => r"(?P<Z>utc|gmt)".into(),
        'A' => full(&calendar::WEEKDAYS),
        'a' => names(&calendar::WEEKDAYS, 3),
        'B' => full(&calendar::MONTHS),
        'b' => names(&calendar::MONTHS, 3),
        'p' => "(?P<p>am|pm)".into(),
        '%' => "%".into(),
        'c' => format!(
            r"{}\s+{}\s+{}\s+{}:{}:{}\s+{}",
            directive('a')?,
            directive('b')?,
            directive('d')?,
            directive('H')?,
            directive('M')?,
            directive('S')?,
            directive('Y')?
        ),
        'x' => format!("{}/{}/{}", directive('m')?, directive('d')?, directive('y')?),
        'X' => format!("{}:{}:{}", directive('H')?, directive('M')?, directive('S')?),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, template: &str) -> String {
        match parse(text, template, |text| format!("'{text}'")) {
            Ok(p) => format!(
                "{:04}-{:02}-{:02} {:02}:{:02}:{:02}.{:06}{}",
                p.year,
                p.month,
                p.day,
                p.hour,
                p.minute,
                p.second,
                p.microsecond,
                p.offset.map(|o| format!("{o:+}")).unwrap_or_default()
            ),
            Err(error) => error.message,
        }
    }

    #[test]
    fn reads() {
        let cases = [
            ("2024-02-09", "%Y-%m-%d", "2024-02-09 00:00:00.000000"),
            ("9 feb 24 3:04PM", "%d %b %y %I:%M%p", "2024-02-09 15:04:00.000000"),
            ("12:30", "%H:%M", "1900-01-01 12:30:00.000000"),
            ("2024-02-09T10:11:12.5+0200", "%Y-%m-%dT%H:%M:%S.%f%z", "2024-02-09 10:11:12.500000+7200"),
            ("2024 060", "%Y %j", "2024-02-29 00:00:00.000000"),
            ("May 5, 2020", "%B %d, %Y", "2020-05-05 00:00:00.000000"),
            ("2024 6 5", "%G %V %u", "2024-02-09 00:00:00.000000"),
            ("x", "%Y", "time data 'x' does not match format '%Y'"),
            ("20245", "%Y", "unconverted data remains: 5"),
            ("1", "%Q", "'Q' is a bad directive in format '%Q'"),
            ("2023-02-29", "%Y-%m-%d", "day is out of range for month"),
        ];
        for (text, template, expected) in cases {
            assert_eq!(read(text, template), expected, "{text} {template}");
        }
    }
}
