//! Dates as day numbers. What leaves Python's calendar (years 1 to 9999) goes the slow way, which knows the error.

use super::Part;
use super::block::{Block, Values, marks};
use crate::dates::calendar::{self, FIRST_DAY, LAST_DAY};

const SECONDS: f64 = 86_400.0;

fn within(day: i64) -> Option<i64> {
    (FIRST_DAY..=LAST_DAY).contains(&day).then_some(day)
}

/// The days of cells of a Date column, which holds seconds since 1970.
pub(super) fn of_seconds(seconds: &[f64], mut bad: Vec<bool>) -> Block {
    #[expect(clippy::cast_possible_truncation, reason = "what is out of range is left to the slow path")]
    let days: Vec<i64> = seconds.iter().map(|seconds| (seconds / SECONDS).floor() as i64).collect();
    if seconds.iter().zip(&days).any(|(seconds, day)| seconds.is_nan() || within(*day).is_none()) {
        for (bad, (seconds, day)) in marks(&mut bad, days.len()).iter_mut().zip(seconds.iter().zip(&days)) {
            *bad |= seconds.is_nan() || within(*day).is_none();
        }
    }
    Block { values: Values::Int(days), bad }
}

/// Some days on.
pub(super) fn shift(dates: Block, days: i64) -> Block {
    dates.try_ints(|day| within(day.checked_add(days)?))
}

/// Some years, months and days on; days beyond the month roll over, as in `DATEADD`.
pub(super) fn later(dates: Block, years: i64, months: i64, days: i64) -> Block {
    dates.try_ints(|day| {
        let (year, month, day) = calendar::civil(day);
        let year = year.checked_add(years)?;
        // `DATEADD` takes years below 1900 as counted from there.
        if year < 1900 {
            return None;
        }
        let month = (i64::from(month) - 1).checked_add(months)?;
        let year = year + month.div_euclid(12);
        if !(1..=9999).contains(&year) {
            return None;
        }
        let month = u32::try_from(month.rem_euclid(12)).ok()? + 1;
        within(calendar::day_number(year, month, i64::from(day)).checked_add(days)?)
    })
}

/// A part of each date.
pub(super) fn part(part: Part, dates: Block) -> Block {
    let bad = dates.bad;
    let Values::Int(days) = dates.values else { return Block { values: dates.values, bad }.spoil() };
    #[expect(clippy::cast_precision_loss, reason = "days of the calendar are exact")]
    let values = match part {
        Part::Seconds => Values::Float(days.into_iter().map(|day| day as f64 * SECONDS).collect()),
        Part::Year => Values::Int(days.into_iter().map(|day| calendar::civil(day).0).collect()),
        Part::Month => Values::Int(days.into_iter().map(|day| i64::from(calendar::civil(day).1)).collect()),
        Part::Day => Values::Int(days.into_iter().map(|day| i64::from(calendar::civil(day).2)).collect()),
    };
    Block { values, bad }
}
