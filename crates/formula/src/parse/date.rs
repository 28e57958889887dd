//! Dates as people write them: in the order of a format, in ISO's, with names of months.

use crate::convert::parse_iso_date_time;
use crate::dates::calendar;

const DAY: f64 = 86_400.0;

/// Seconds since 1970 of a date. `format`: in which order the column shows its parts, such as `DD/MM/YYYY`; ISO's without one.
#[must_use]
pub fn parse_date(text: &str, format: Option<&str>) -> Option<f64> {
    #[expect(clippy::cast_precision_loss, reason = "days of four-digit years")]
    day_of(text.trim(), format.unwrap_or("YYYY-MM-DD")).map(|day| day as f64 * DAY)
}

/// Seconds since 1970 of a date and time in a zone.
#[must_use]
pub fn parse_date_time(text: &str, format: Option<&str>, zone: &str) -> Option<f64> {
    let text = text.trim();
    if let Some(seconds) = parse_iso_date_time(text, zone) {
        return Some(seconds);
    }
    let format = format.unwrap_or("YYYY-MM-DD");
    let mut best = None;
    for (at, _) in text.match_indices([' ', 'T', ',']) {
        if let (Some(day), Some((h, m, s))) =
            (day_of(text[..at].trim(), format), clock(text[at + 1..].trim()))
        {
            best = Some((day, h, m, s));
        }
    }
    let (day, hour, minute, second) = match best {
        Some(found) => found,
        None => (day_of(text, format)?, 0, 0, 0),
    };
    let (year, month, day) = calendar::civil(day);
    let iso = format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}");
    parse_iso_date_time(&iso, zone)
}

#[derive(Clone, Copy, PartialEq)]
enum Part {
    Year,
    Month,
    Day,
}

fn order(format: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    for character in format.chars() {
        let part = match character {
            'Y' => Part::Year,
            'M' => Part::Month,
            'D' => Part::Day,
            _ => continue,
        };
        if !parts.contains(&part) {
            parts.push(part);
        }
    }
    parts
}

fn day_of(text: &str, format: &str) -> Option<i64> {
    let words: Vec<&str> = text
        .split(|character: char| !character.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .flat_map(split_digits)
        .collect();
    if let [all] = words.as_slice()
        && all.len() == 8
        && all.bytes().all(|byte| byte.is_ascii_digit())
    {
        return date(all[..4].parse().ok()?, all[4..6].parse().ok()?, all[6..].parse().ok()?);
    }
    let words: Vec<&str> = words.into_iter().filter(|word| !is_filler(word)).collect();
    let wanted = order(format);
    let named = words.iter().position(|word| month_named(word).is_some());
    if let Some(at) = named {
        let month = month_named(words[at])?;
        let others: Vec<&str> =
            words.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, word)| *word).collect();
        return match others.as_slice() {
            [a, b]
                if a.len() == 4 || (wanted.first() == Some(&Part::Year) && b.len() <= 2 && a.len() == 2) =>
            {
                date(year(a)?, month, b.parse().ok()?)
            }
            [a, b] => date(year(b)?, month, a.parse().ok()?),
            [a] if a.len() == 4 => date(year(a)?, month, 1),
            _ => None,
        };
    }
    let [a, b, c] = words.as_slice() else { return None };
    let try_order = |parts: [Part; 3]| {
        let of = |wanted: Part| [a, b, c][parts.iter().position(|part| *part == wanted).unwrap_or(0)];
        let (y, m, d) = (of(Part::Year), of(Part::Month), of(Part::Day));
        if m.len() > 2 || d.len() > 2 {
            return None;
        }
        date(year(y)?, m.parse().ok()?, d.parse().ok()?)
    };
    let own: Option<[Part; 3]> = wanted.try_into().ok();
    if a.len() == 4 {
        return try_order([Part::Year, Part::Month, Part::Day]);
    }
    own.and_then(try_order).or_else(|| {
        // The day comes first only where the format says so: who writes 31/12 elsewhere may mean something else.
        [[Part::Month, Part::Day, Part::Year], [Part::Year, Part::Month, Part::Day]]
            .into_iter()
            .find_map(try_order)
    })
}

fn split_digits(word: &str) -> Vec<&str> {
    let at = word.find(|character: char| !character.is_ascii_digit());
    match at {
        Some(at) if at > 0 => vec![&word[..at], &word[at..]],
        _ => match word.find(|character: char| character.is_ascii_digit()) {
            Some(at) if at > 0 => vec![&word[..at], &word[at..]],
            _ => vec![word],
        },
    }
}

fn is_filler(word: &str) -> bool {
    let word = word.to_lowercase();
    matches!(word.as_str(), "st" | "nd" | "rd" | "th" | "of" | "de")
        || (word.len() >= 3
            && ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
                .iter()
                .any(|day| day.starts_with(&word)))
}

fn month_named(word: &str) -> Option<u32> {
    let word = word.to_lowercase();
    if word.len() < 3 {
        return None;
    }
    let at = calendar::MONTHS.iter().position(|month| month.to_lowercase().starts_with(&word))?;
    u32::try_from(at + 1).ok()
}

fn year(text: &str) -> Option<i64> {
    let year: i64 = text.parse().ok()?;
    match text.len() {
        4 => Some(year),
        1 | 2 => Some(if year <= 68 { 2000 + year } else { 1900 + year }),
        _ => None,
    }
}

fn date(year: i64, month: u32, day: i64) -> Option<i64> {
    let fits = year >= 1
        && (1..=12).contains(&month)
        && day >= 1
        && day <= i64::from(calendar::days_in_month(year, month));
    fits.then(|| calendar::day_number(year, month, day))
}

/// `10:20`, `10:20:30`, `3 pm`.
fn clock(text: &str) -> Option<(u32, u32, u32)> {
    let lower = text.to_lowercase();
    let (digits, half) = if let Some(rest) = lower.strip_suffix("am") {
        (rest.trim_end(), Some(0))
    } else if let Some(rest) = lower.strip_suffix("pm") {
        (rest.trim_end(), Some(12))
    } else {
        (lower.as_str(), None)
    };
    let mut parts = digits.split(':');
    let mut next = || parts.next().map(str::parse::<u32>);
    let hour = next()?.ok()?;
    let minute = next().map_or(Some(0), Result::ok)?;
    let second = next().map_or(Some(0), Result::ok)?;
    if digits.len() > 2 && !digits.contains(':') || digits.is_empty() {
        return None;
    }
    let hour = match half {
        Some(add) if (1..=12).contains(&hour) => hour % 12 + add,
        Some(_) => return None,
        None => hour,
    };
    (hour < 24 && minute < 60 && second < 60).then_some((hour, minute, second))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_in_many_forms() {
        let cases = [
            ("2020-02-29", None, Some(18_321.0)),
            ("02/29/2020", Some("MM/DD/YYYY"), Some(18_321.0)),
            ("29/02/2020", Some("DD/MM/YYYY"), Some(18_321.0)),
            ("29.2.20", Some("DD/MM/YYYY"), Some(18_321.0)),
            ("February 29, 2020", None, Some(18_321.0)),
            ("29th Feb 2020", None, Some(18_321.0)),
            ("20200229", None, Some(18_321.0)),
            ("2021-02-29", None, None),
            ("31/12/2023", None, None),
            ("31/12/2023", Some("MM/DD/YYYY"), None),
            ("12/31/2023", None, Some(19_722.0)),
            ("soon", None, None),
        ];
        for (text, format, days) in cases {
            assert_eq!(parse_date(text, format), days.map(|days| days * DAY), "{text}");
        }
        assert_eq!(parse_date_time("2020-02-29 3:15 pm", None, "UTC"), Some(18_321.0 * DAY + 54_900.0));
    }
}
