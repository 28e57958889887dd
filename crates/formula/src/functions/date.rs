//! Grist's `date` family.
//!
//! Dates may be given as `date`, `datetime`, `time` (today) or text in free form, where the entry does not
//! say otherwise. Date-times without a zone get the document's. Errors: `ValueError` (`Invalid date 5`) for
//! other values, `ParserError` for texts that are no dates, `KeyError` for unknown zones. Source of the
//! behaviour: Grist's function reference and its recorded results.

mod arithmetic;
mod fractions;
mod parts;

use super::operate as py;
use super::operate::{Arguments, Outcome};
use crate::dates::{calendar, free_text};
use crate::exception::{self, Exception};
use crate::native::Native;
use crate::value::{DateTime, Value, Zone};
use std::rc::Rc;

/// Microseconds in a day.
const DAY: i64 = 86_400_000_000;

/// The family's functions.
pub static FUNCTIONS: &[Native] = &[
    Native::function("DTIME", "value, tz=None", "The value as a date and time with a zone.", dtime),
    Native::function(
        "XL_TO_DATE",
        "value, tz=None",
        "The date and time of Excel's day number.",
        arithmetic::xl_to_date,
    ),
    Native::function("DATE_TO_XL", "date_value", "Excel's day number of a date.", arithmetic::date_to_xl),
    Native::function(
        "DATE",
        "year, month, day",
        "A date; months and days beyond the calendar roll over.",
        arithmetic::date,
    ),
    Native::function(
        "DATEDIF",
        "start_date, end_date, unit",
        "Whole days, months or years between two dates.",
        arithmetic::datedif,
    ),
    Native::function("DATEVALUE", "date_string, tz=None", "The date and time that a text gives.", date_value),
    Native::function("DAY", "date", "The day of the month.", parts::day),
    Native::function(
        "DAYS",
        "end_date, start_date",
        "How many days lie between two dates.",
        arithmetic::days,
    ),
    Native::function("EDATE", "start_date, months", "The same day some months later.", arithmetic::edate),
    Native::function(
        "DATEADD",
        "start_date, days=0, months=0, years=0, weeks=0",
        "A date some days, months, years and weeks later.",
        arithmetic::dateadd,
    ),
    Native::function(
        "EOMONTH",
        "start_date, months",
        "The last day of the month, some months later.",
        arithmetic::eomonth,
    ),
    Native::function("HOUR", "time", "The hour, from 0 to 23.", parts::hour),
    Native::function("ISOWEEKNUM", "date", "The week of the year by ISO 8601.", parts::iso_week_number),
    Native::function("MINUTE", "time", "The minute, from 0 to 59.", parts::minute),
    Native::function("MONTH", "date", "The month, from 1 to 12.", parts::month),
    Native::function("NOW", "tz=None", "The current date and time.", now),
    Native::function("SECOND", "time", "The second, from 0 to 59.", parts::second),
    Native::function("TODAY", "tz=None", "The current date.", today),
    Native::function("WEEKDAY", "date, return_type=1", "The day of the week as a number.", parts::weekday),
    Native::function("WEEKNUM", "date, return_type=1", "The week of the year.", parts::week_number),
    Native::function("YEAR", "date", "The year.", parts::year),
    Native::function(
        "YEARFRAC",
        "start_date, end_date, basis=0",
        "The part of a year between two dates.",
        fractions::yearfrac,
    ),
    Native::function("MOONPHASE", "date, output='emoji'", "The phase of the moon.", fractions::moonphase),
    Native::function(
        "NETWORKDAYS",
        "start_date, end_date, holidays=[]",
        "How many working days there are from one date to another, both included.",
        fractions::networkdays,
    ),
];

/// A value as a date-time, with or without a zone.
pub(super) fn made(call: &mut Arguments<'_, '_>, value: &Value) -> Result<DateTime, Exception> {
    match value {
        Value::DateTime(moment) => Ok((**moment).clone()),
        Value::Date(day) => Ok(DateTime { wall: i64::from(*day) * DAY, zone: None }),
        Value::Time(time) => {
            let today = py::today_utc(call);
            Ok(DateTime { wall: today * DAY + time.micros, zone: time.zone.clone() })
        }
        Value::Str(text) => parsed(call, text),
        other => {
            let shown = py::repr(call, other)?;
            Err(exception::value_error(format!("Invalid date {shown}")))
        }
    }
}

/// A text in free form as a date-time.
fn parsed(call: &mut Arguments<'_, '_>, text: &str) -> Result<DateTime, Exception> {
    let today = py::today_utc(call);
    let found =
        free_text::parse(text, today).map_err(|error| Exception::new(&exception::PARSER_ERROR, error.0))?;
    Ok(py::found_moment(&found))
}

/// The day number of a value.
pub(super) fn day_of(call: &mut Arguments<'_, '_>, value: &Value) -> Result<i64, Exception> {
    Ok(i64::from(made(call, value)?.day()))
}

/// The zone of a label, or the document's.
pub(super) fn zone(call: &mut Arguments<'_, '_>, label: Option<&Value>) -> Result<Zone, Exception> {
    let label = match label {
        Some(label) if py::truth(call, label)? => label,
        _ => {
            let name = call.context.host.document_zone();
            return Ok(Zone::named(name).unwrap_or(Zone::Fixed(0, None)));
        }
    };
    let named = if let Value::Str(name) = label { Zone::named(name) } else { None };
    named.ok_or_else(|| Exception::with_args(&exception::KEY_ERROR, vec![label.clone()]))
}

/// `DTIME(value, tz)`: what has a zone keeps it.
pub(super) fn date_time(call: &mut Arguments<'_, '_>, value: &Value, label: Option<&Value>) -> Outcome {
    let mut moment = made(call, value)?;
    if moment.zone.is_none() {
        moment.zone = Some(zone(call, label)?);
    } else if let Value::DateTime(original) = value {
        return Ok(Value::DateTime(Rc::clone(original)));
    }
    Ok(Value::date_time(moment))
}

/// A date, if the day number is one of Python's.
pub(super) fn date_of(day: i64) -> Outcome {
    if (calendar::FIRST_DAY..=calendar::LAST_DAY).contains(&day) {
        Ok(Value::Date(day as i32))
    } else {
        Err(Exception::new(&exception::OVERFLOW_ERROR, "date value out of range"))
    }
}

/// `tz` is a zone's name.
fn dtime(call: &mut Arguments<'_, '_>) -> Outcome {
    date_time(call, call.arg(0), call.get(1))
}

/// Text only; a zone in the text is replaced.
fn date_value(call: &mut Arguments<'_, '_>) -> Outcome {
    let Value::Str(text) = call.arg(0) else {
        return Err(exception::type_error(format!(
            "Parser must be a string or character stream, not {}",
            py::type_name(call.arg(0))
        )));
    };
    let mut moment = parsed(call, text)?;
    moment.zone = Some(zone(call, call.get(1))?);
    Ok(Value::date_time(moment))
}

/// One instant per action.
fn now(call: &mut Arguments<'_, '_>) -> Outcome {
    let zone = zone(call, call.get(0))?;
    Ok(Value::date_time(DateTime::at(py::now_micros(call), zone)))
}

/// `NOW()`.
pub(super) fn now_in_zone(call: &mut Arguments<'_, '_>) -> Outcome {
    let zone = zone(call, None)?;
    Ok(Value::date_time(DateTime::at(py::now_micros(call), zone)))
}

/// The date of `NOW(tz)`.
fn today(call: &mut Arguments<'_, '_>) -> Outcome {
    let zone = zone(call, call.get(0))?;
    Ok(Value::Date(DateTime::at(py::now_micros(call), zone).day()))
}
