//! Dates as people read them, by the formats that columns have (those of the library Moment).

use std::fmt::Write as _;

use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ZonedDateTime};

/// The format of dates where a column has none.
pub(crate) const DATE: &str = "YYYY-MM-DD";
/// The format of times of day where a column has none.
pub(crate) const TIME: &str = "h:mma";

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// What a format is made of, longest first where one begins with another.
const TOKENS: [&str; 34] = [
    "YYYY", "YY", "Y", "Qo", "Q", "MMMM", "MMM", "MM", "Mo", "M", "DDDD", "DDD", "DD", "Do", "D", "dddd",
    "ddd", "dd", "E", "HH", "H", "hh", "h", "mm", "m", "ss", "s", "SSS", "A", "a", "ZZ", "Z", "X", "z",
];

/// An instant in a zone, by its seconds since 1970.
pub(crate) fn instant(seconds: f64, zone: &str) -> Option<ZonedDateTime> {
    #[expect(clippy::cast_possible_truncation, reason = "checked by the range of instants")]
    let timestamp = Timestamp::from_millisecond((seconds * 1000.0).round() as i64).ok()?;
    let zone = if zone.is_empty() { TimeZone::UTC } else { TimeZone::get(zone).unwrap_or(TimeZone::UTC) };
    Some(timestamp.to_zoned_datetime(zone))
}

/// An instant by a format; text in brackets stands for itself.
pub(crate) fn format(at: &ZonedDateTime, format: &str) -> String {
    let mut text = String::new();
    let mut rest = format;
    while let Some(first) = rest.chars().next() {
        if first == '['
            && let Some((literal, after)) = rest[1..].split_once(']')
        {
            text.push_str(literal);
            rest = after;
        } else if let Some(token) = TOKENS.iter().find(|token| rest.starts_with(**token)) {
            write_token(&mut text, at, token);
            rest = &rest[token.len()..];
        } else {
            text.push(first);
            rest = &rest[first.len_utf8()..];
        }
    }
    text
}

fn write_token(text: &mut String, at: &ZonedDateTime, token: &str) {
    let (month, day, hour) = (at.month(), at.day(), at.hour());
    let hour12 = if hour % 12 == 0 { 12 } else { hour % 12 };
    let month_name = MONTHS.get(usize::try_from(month - 1).unwrap_or(0)).copied().unwrap_or_default();
    let day_name = DAYS.get(weekday(at.weekday())).copied().unwrap_or_default();
    let quarter = (month - 1) / 3 + 1;
    let written = match token {
        "YYYY" => write!(text, "{:04}", at.year()),
        "YY" => write!(text, "{:02}", at.year().rem_euclid(100)),
        "Y" => write!(text, "{}", at.year()),
        "Q" => write!(text, "{quarter}"),
        "Qo" => write!(text, "{}", ordinal(i16::from(quarter))),
        "MMMM" => write!(text, "{month_name}"),
        "MMM" => write!(text, "{}", &month_name[..3]),
        "MM" => write!(text, "{month:02}"),
        "Mo" => write!(text, "{}", ordinal(i16::from(month))),
        "M" => write!(text, "{month}"),
        "DDDD" => write!(text, "{:03}", at.day_of_year()),
        "DDD" => write!(text, "{}", at.day_of_year()),
        "DD" => write!(text, "{day:02}"),
        "Do" => write!(text, "{}", ordinal(i16::from(day))),
        "D" => write!(text, "{day}"),
        "dddd" => write!(text, "{day_name}"),
        "ddd" => write!(text, "{}", &day_name[..3]),
        "dd" => write!(text, "{}", &day_name[..2]),
        "E" => write!(text, "{}", weekday(at.weekday()) + 1),
        "HH" => write!(text, "{hour:02}"),
        "H" => write!(text, "{hour}"),
        "hh" => write!(text, "{hour12:02}"),
        "h" => write!(text, "{hour12}"),
        "mm" => write!(text, "{:02}", at.minute()),
        "m" => write!(text, "{}", at.minute()),
        "ss" => write!(text, "{:02}", at.second()),
        "s" => write!(text, "{}", at.second()),
        "SSS" => write!(text, "{:03}", at.millisecond()),
        "A" => write!(text, "{}", if hour < 12 { "AM" } else { "PM" }),
        "a" => write!(text, "{}", if hour < 12 { "am" } else { "pm" }),
        "ZZ" => write!(text, "{}", at.strftime("%z")),
        "Z" => write!(text, "{}", at.strftime("%:z")),
        "X" => write!(text, "{}", at.timestamp().as_second()),
        _ => write!(text, "{}", at.strftime("%Z")),
    };
    // Writing to text cannot fail.
    let _ = written;
}

fn weekday(day: Weekday) -> usize {
    usize::try_from(day.to_monday_zero_offset()).unwrap_or(0)
}

fn ordinal(number: i16) -> String {
    let ending = match (number % 10, number % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{number}{ending}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_written_as_moment_does() {
        let cases = [
            (1_709_251_200.0, "", "DD/MM/YYYY", "01/03/2024"),
            (1_709_251_200.0, "", "MMMM Do, YYYY", "March 1st, 2024"),
            (1_709_251_200.0, "", "ddd D MMM YY [at noon]", "Fri 1 Mar 24 at noon"),
            (1_700_000_000.0, "Europe/Paris", "YYYY-MM-DD h:mma", "2023-11-14 11:13pm"),
            (1_700_000_000.0, "Europe/Paris", "HH:mm:ss Z z", "23:13:20 +01:00 CET"),
            (-1.0, "", "YYYY-MM-DD HH:mm:ss", "1969-12-31 23:59:59"),
            (1_709_251_200.0, "", "DDDD Q E", "061 1 5"),
        ];
        for (seconds, zone, pattern, expected) in cases {
            let at = instant(seconds, zone).unwrap();
            assert_eq!(format(&at, pattern), expected, "{pattern}");
        }
        assert!(instant(1e300, "").is_none());
    }
}
