//! Parts of years by the conventions of finance, phases of the moon, working days.

use super::{day_of, py};
use crate::dates::calendar::{self, days_in_year, is_leap};
use crate::exception::{self, Exception};
use crate::functions::operate::{Arguments, Outcome};
use crate::value::Value;

/// Year, month, day of a date's attributes.
fn ymd(call: &mut Arguments<'_, '_>, date: &Value) -> Result<(i64, i64, i64), Exception> {
    let mut part = |name: &str| {
        let value = py::attribute(call, date, name)?;
        py::index(call, &value)
    };
    let day = part("day")?;
    let month = part("month")?;
    Ok((part("year")?, month, day))
}

fn days_between(call: &mut Arguments<'_, '_>, start: &Value, end: &Value) -> Result<f64, Exception> {
    let difference = py::subtract(call, end, start)?;
    let days = py::attribute(call, &difference, "days")?;
    Ok(py::index(call, &days)? as f64)
}

fn ends_february((year, month, day): (i64, i64, i64)) -> bool {
    month == 2 && day == i64::from(calendar::days_in_month(year, 2))
}

fn days_360((year, month, day): (i64, i64, i64)) -> f64 {
    (year * 360 + month * 30 + day) as f64
}

/// Basis 0: US 30/360; 1: actual/actual as Excel; -1: as Google Sheets; 2: actual/360; 3: actual/365; 4: European 30/360.
pub(super) fn yearfrac(call: &mut Arguments<'_, '_>) -> Outcome {
    let (mut start, mut end) = (call.arg(0), call.arg(1));
    if py::equal(call, start, end)? {
        return Ok(Value::Float(0.0));
    }
    if py::greater(call, start, end)? {
        (start, end) = (end, start);
    }
    let mut from = ymd(call, start)?;
    let mut to = ymd(call, end)?;
    let basis = call.get(2).cloned().unwrap_or(Value::Int(0));
    let mut kind = None;
    for known in [0, 1, -1, 2, 3, 4] {
        if kind.is_none() && py::equal(call, &basis, &Value::Int(known))? {
            kind = Some(known);
        }
    }
    Ok(Value::Float(match kind {
        Some(0) => {
            let february = (ends_february(from), ends_february(to));
            if from.2 == 31 {
                from.2 = 30;
            }
            if from.2 == 30 && to.2 == 31 {
                to.2 = 30;
            }
            if february.0 {
                from.2 = 30;
                if february.1 {
                    to.2 = 30;
                }
            }
            (days_360(to) - days_360(from)) / 360.0
        }
        Some(1) => days_between(call, start, end)? / excel_year_length(from, to),
        Some(-1) => {
            let day_number =
                |(year, month, day): (i64, i64, i64)| calendar::day_number(year, month as u32, day);
            let new_year = |year: i64| calendar::day_number(year, 1, 1);
            let part = |days: i64, year: i64| days as f64 / f64::from(days_in_year(year));
            if from.0 == to.0 {
                days_between(call, start, end)? / f64::from(days_in_year(from.0))
            } else {
                part(new_year(from.0 + 1) - day_number(from), from.0)
                    + (to.0 - from.0 - 1) as f64
                    + part(day_number(to) - new_year(to.0), to.0)
            }
        }
        Some(2) => days_between(call, start, end)? / 360.0,
        Some(3) => days_between(call, start, end)? / 365.0,
        Some(_) => {
            from.2 = from.2.min(30);
            to.2 = to.2.min(30);
            (days_360(to) - days_360(from)) / 360.0
        }
        None => {
            let shown = py::repr(call, &basis)?;
            return Err(exception::value_error(format!("Invalid basis argument {shown}")));
        }
    }))
}

/// The length of a year that Excel divides by: of one year, with or without a 29 February, or an average.
fn excel_year_length(from: (i64, i64, i64), to: (i64, i64, i64)) -> f64 {
    if (from.0 + 1, from.1, from.2) < to {
        let days = calendar::day_number(to.0 + 1, 1, 1) - calendar::day_number(from.0, 1, 1);
        return days as f64 / (to.0 + 1 - from.0) as f64;
    }
    let leap_day = |year: i64| (year, 2, 29);
    let long = (from.0 == to.0 && is_leap(from.0))
        || (from < leap_day(to.0) && leap_day(to.0) <= to && is_leap(to.0))
        || (from <= leap_day(from.0) && leap_day(from.0) < to && is_leap(from.0));
    if long { 366.0 } else { 365.0 }
}

/// `output`: `days` since new moon, `fraction` of the month, else a picture of the moon.
pub(super) fn moonphase(call: &mut Arguments<'_, '_>) -> Outcome {
    const MONTH: f64 = 29.530588853;
    const NEW_MOON: i64 = -25_567; // 1900-01-01
    const PHASES: [&str; 8] = ["🌑", "🌒", "🌓", "🌔", "🌕", "🌖", "🌗", "🌘"];
    let days = (day_of(call, call.arg(0))? - NEW_MOON) as f64;
    let age = days.rem_euclid(MONTH);
    let phase = age / MONTH;
    let output = if let Some(Value::Str(output)) = call.get(1) { output.as_str() } else { "emoji" };
    match output {
        "fraction" => return Ok(Value::Float(phase)),
        "days" => return Ok(Value::Float(age)),
        _ => {}
    }
    let shifted = (phase + 0.05).rem_euclid(1.0);
    let quarter = (shifted / 0.25).floor();
    let index = quarter as usize * 2 + usize::from(shifted - quarter * 0.25 > 0.1);
    Ok(Value::from(match (output, index) {
        ("lunacy", 4) => "🐺",
        ("lunacy", _) => "🕺",
        (_, index) => PHASES[index % 8],
    }))
}

/// Negative when the end is before the start; holidays count only on weekdays.
pub(super) fn networkdays(call: &mut Arguments<'_, '_>) -> Outcome {
    let start = day_of(call, call.arg(0))?;
    let end = day_of(call, call.arg(1))?;
    let mut holidays = Vec::new();
    if let Some(given) = call.get(2) {
        for holiday in py::iterate(call, given)? {
            holidays.push(day_of(call, &holiday)?);
        }
    }
    let (first, last) = (start.min(end), start.max(end));
    // Weekdays from a Monday long ago up to a day, not included.
    let weekdays_before = |day: i64| {
        let days = day + 3;
        days.div_euclid(7) * 5 + days.rem_euclid(7).min(5)
    };
    holidays.sort_unstable();
    holidays.dedup();
    let off =
        holidays.iter().filter(|&&day| (first..=last).contains(&day) && calendar::weekday(day) < 5).count()
            as i64;
    let days = weekdays_before(last + 1) - weekdays_before(first) - off;
    Ok(Value::Int(if end < start { -days } else { days }))
}
