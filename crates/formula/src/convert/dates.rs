//! ISO dates in text.

use crate::dates::calendar;
use crate::value::{Zone, time};

/// Seconds since 1970 of `YYYY-MM-DD`, also with a time behind, which is ignored.
#[must_use]
pub fn parse_iso_date(text: &str) -> Option<f64> {
    let (day, rest) = date(text)?;
    if !rest.is_empty() {
        clock(rest)?;
    }
    Some(super::seconds(day * time::DAY))
}

/// Seconds since 1970 of `YYYY-MM-DD[T]HH:MM:SS[.f][zone]`; without a zone, the clock is that of `zone`.
#[must_use]
pub fn parse_iso_date_time(text: &str, zone: &str) -> Option<f64> {
    let (day, rest) = date(text)?;
    let (micros, offset) = if rest.is_empty() { (0, None) } else { clock(rest)? };
    let wall = day * time::DAY + micros;
    Some(match offset {
        Some(offset) => super::seconds(wall - offset * 1_000_000),
        None => wall_seconds(wall, zone),
    })
}

/// Seconds since 1970 of a reading (in microseconds) of the clock of a zone.
pub(super) fn wall_seconds(wall: i64, zone: &str) -> f64 {
    let offset = Zone::named(zone).map_or(0, |zone| zone.offset_for_wall(wall));
    super::seconds(wall - i64::from(offset) * 1_000_000)
}

/// The day number, and what follows the date.
fn date(text: &str) -> Option<(i64, &str)> {
    let (year, rest) = digits(text, 4)?;
    let (month, rest) = digits(rest.strip_prefix('-')?, 2)?;
    let (day, rest) = digits(rest.strip_prefix('-')?, 2)?;
    let month = u32::try_from(month).ok()?;
    if year == 0
        || !(1..=12).contains(&month)
        || !(1..=i64::from(calendar::days_in_month(year, month))).contains(&day)
    {
        return None;
    }
    Some((calendar::day_number(year, month, day), rest))
}

/// Microseconds since midnight and seconds east of UTC, of `T10:20:30.5+02:00`.
fn clock(text: &str) -> Option<(i64, Option<i64>)> {
    let text = text.strip_prefix(['T', ' '])?;
    let (hour, mut rest) = digits(text, 2)?;
    let (mut minute, mut second, mut micros) = (0, 0, 0);
    if let Some(more) = rest.strip_prefix(':') {
        (minute, rest) = digits(more, 2)?;
        if let Some(more) = rest.strip_prefix(':') {
            (second, rest) = digits(more, 2)?;
            if let Some(more) = rest.strip_prefix(['.', ',']) {
                let len = more.bytes().take_while(u8::is_ascii_digit).count();
                let padded = format!("{:0<6}", &more[..len.min(6)]);
                micros = padded.parse().ok()?;
                rest = &more[len..];
            }
        }
    }
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let offset = match rest.trim_start() {
        "" => None,
        "Z" | "z" => Some(0),
        zone => {
            let (sign, zone) = match zone.split_at_checked(1)? {
                ("+", zone) => (1, zone),
                ("-", zone) => (-1, zone),
                _ => return None,
            };
            let (hours, zone) = digits(zone, 2)?;
            let minutes =
                if zone.is_empty() { 0 } else { digits(zone.strip_prefix(':').unwrap_or(zone), 2)?.0 };
            Some(sign * (hours * 3600 + minutes * 60))
        }
    };
    Some((((hour * 60 + minute) * 60 + second) * 1_000_000 + micros, offset))
}

fn digits(text: &str, count: usize) -> Option<(i64, &str)> {
    let (number, rest) = text.split_at_checked(count)?;
    number
        .bytes()
        .all(|byte| byte.is_ascii_digit())
        .then(|| number.parse().ok().map(|number| (number, rest)))?
}
