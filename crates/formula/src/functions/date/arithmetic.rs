//! Dates some days, months or years away; differences of dates.

use super::{date_of, date_time, day_of, py};
use crate::dates::calendar;
use crate::exception::{self, Exception};
use crate::functions::operate::{Arguments, Outcome};
use crate::value::{DateTime, Value};

/// 1899-12-30, Excel's day 0.
const EXCEL_DAY_ZERO: i64 = -25_569;

/// The first of a month, then some days on: `date(year, month, 1) + timedelta(days=days)`.
fn rolled(call: &mut Arguments<'_, '_>, year: &Value, month: &Value, day: &Value) -> Outcome {
    let mut year = year.clone();
    if py::less(call, &year, &Value::Int(1900))? {
        year = py::add(call, &year, &Value::Int(1900))?;
    }
    let month = py::subtract(call, month, &Value::Int(1))?;
    let carried = py::floor_divide(call, &month, &Value::Int(12))?;
    year = py::add(call, &year, &carried)?;
    let month = py::modulo(call, &month, &Value::Int(12))?;
    let (year, month) = (py::index(call, &year)?, py::index(call, &month)?);
    if !(1..=9999).contains(&year) {
        return Err(exception::value_error(format!("year {year} is out of range")));
    }
    let days = py::subtract(call, day, &Value::Int(1))?;
    let days = py::whole_days(call, &days)?;
    date_of(calendar::day_number(year, month as u32 + 1, 1) + days)
}

/// Years below 1900 count from 1900.
pub(super) fn date(call: &mut Arguments<'_, '_>) -> Outcome {
    rolled(call, call.arg(0), call.arg(1), call.arg(2))
}

/// The attributes year, month and day of a date.
fn parts(call: &mut Arguments<'_, '_>, date: &Value) -> Result<(Value, Value, Value), Exception> {
    Ok((
        py::attribute(call, date, "year")?,
        py::attribute(call, date, "month")?,
        py::attribute(call, date, "day")?,
    ))
}

/// A date or date-time; days beyond the month roll over: a month after 31 January is in March.
pub(super) fn edate(call: &mut Arguments<'_, '_>) -> Outcome {
    let (year, month, day) = parts(call, call.arg(0))?;
    let month = py::add(call, &month, call.arg(1))?;
    rolled(call, &year, &month, &day)
}

/// A date or date-time; days beyond the month roll over.
pub(super) fn dateadd(call: &mut Arguments<'_, '_>) -> Outcome {
    let (mut year, mut month, mut day) = parts(call, call.arg(0))?;
    if let Some(years) = call.get(3) {
        year = py::add(call, &year, years)?;
    }
    if let Some(months) = call.get(2) {
        month = py::add(call, &month, months)?;
    }
    if let Some(days) = call.get(1) {
        day = py::add(call, &day, days)?;
    }
    if let Some(weeks) = call.get(4) {
        let days = py::multiply(call, weeks, &Value::Int(7))?;
        day = py::add(call, &day, &days)?;
    }
    rolled(call, &year, &month, &day)
}

/// A date or date-time.
pub(super) fn eomonth(call: &mut Arguments<'_, '_>) -> Outcome {
    let (year, month, _) = parts(call, call.arg(0))?;
    let month = py::add(call, &month, call.arg(1))?;
    let month = py::add(call, &month, &Value::Int(1))?;
    rolled(call, &year, &month, &Value::Int(0))
}

/// `end_date - start_date` in days.
pub(super) fn days(call: &mut Arguments<'_, '_>) -> Outcome {
    let end = Value::date_time(super::made(call, call.arg(0))?);
    let start = Value::date_time(super::made(call, call.arg(1))?);
    let difference = py::subtract(call, &end, &start)?;
    py::attribute(call, &difference, "days")
}

/// Days since 1899-12-30, with the time of day as fraction.
pub(super) fn xl_to_date(call: &mut Arguments<'_, '_>) -> Outcome {
    let zone = super::zone(call, call.get(1))?;
    let zero = DateTime { wall: EXCEL_DAY_ZERO * super::DAY, zone: Some(zone) };
    let delta = py::delta_of_days(call, call.arg(0))?;
    py::add(call, &Value::date_time(zero), &delta)
}

/// A float.
pub(super) fn date_to_xl(call: &mut Arguments<'_, '_>) -> Outcome {
    excel_number(call, call.arg(0))
}

/// Excel's number of a date.
pub(crate) fn excel_number(call: &mut Arguments<'_, '_>, value: &Value) -> Outcome {
    let moment = date_time(call, value, None)?;
    let zone = super::zone(call, None)?;
    let zero = DateTime { wall: EXCEL_DAY_ZERO * super::DAY, zone: Some(zone) };
    let difference = py::subtract(call, &moment, &Value::date_time(zero))?;
    match difference {
        Value::Delta(micros) => Ok(Value::Float(micros as f64 / 1e6 / 86_400.0)),
        _ => Ok(Value::None),
    }
}

/// Units: `D`, `M`, `Y` whole days, months, years; `MD`, `YM`, `YD` days or months beyond the whole months or years.
pub(super) fn datedif(call: &mut Arguments<'_, '_>) -> Outcome {
    let start_day = day_of(call, call.arg(0))?;
    let end_day = day_of(call, call.arg(1))?;
    let (start, end) = (calendar::civil(start_day), calendar::civil(end_day));
    let unit = if let Value::Str(unit) = call.arg(2) { unit.as_str() } else { "" };
    let short_month = i64::from(start.2 > end.2);
    let short_year = i64::from((start.1, start.2) > (end.1, end.2));
    let months = i64::from(end.1) - i64::from(start.1);
    // The start's day in the month or year of the end, rolled over where that month is shorter.
    let shifted = |year: i64, month: i64| {
        let year = if year < 1900 { year + 1900 } else { year };
        let (year, month) = (year + (month - 1).div_euclid(12), (month - 1).rem_euclid(12) + 1);
        calendar::day_number(year, month as u32, i64::from(start.2))
    };
    Ok(Value::Int(match unit {
        "D" => end_day - start_day,
        "M" => (end.0 - start.0) * 12 + months - short_month,
        "Y" => end.0 - start.0 - short_year,
        "MD" => end_day - shifted(end.0, i64::from(end.1) - short_month),
        "YM" => (months - short_month).rem_euclid(12),
        "YD" => end_day - shifted(end.0 - short_year, i64::from(start.1)),
        _ => {
            let unit = py::text(call, call.arg(2))?;
            return Err(exception::value_error(format!("Invalid unit {unit}")));
        }
    }))
}
