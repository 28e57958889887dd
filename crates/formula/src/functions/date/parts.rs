//! Parts of dates: year to second, weekday, week.

use super::{DAY, made, py};
use crate::dates::calendar;
use crate::exception::{self, Exception};
use crate::functions::operate::{Arguments, Outcome};
use crate::value::{DateTime, Value};

fn moment(call: &mut Arguments<'_, '_>) -> Result<DateTime, Exception> {
    made(call, call.arg(0))
}

fn civil(call: &mut Arguments<'_, '_>) -> Result<(i64, u32, u32), Exception> {
    Ok(calendar::civil(i64::from(moment(call)?.day())))
}

fn seconds(call: &mut Arguments<'_, '_>) -> Result<i64, Exception> {
    Ok(moment(call)?.time_of_day() / 1_000_000)
}

/// 1 to 9999.
pub(super) fn year(call: &mut Arguments<'_, '_>) -> Outcome {
    Ok(Value::Int(civil(call)?.0))
}
/// 1 to 12.
pub(super) fn month(call: &mut Arguments<'_, '_>) -> Outcome {
    Ok(Value::Int(i64::from(civil(call)?.1)))
}
/// 1 to 31.
pub(super) fn day(call: &mut Arguments<'_, '_>) -> Outcome {
    Ok(Value::Int(i64::from(civil(call)?.2)))
}
/// 0 to 23.
pub(super) fn hour(call: &mut Arguments<'_, '_>) -> Outcome {
    Ok(Value::Int(seconds(call)? / 3600))
}
/// 0 to 59.
pub(super) fn minute(call: &mut Arguments<'_, '_>) -> Outcome {
    Ok(Value::Int(seconds(call)? / 60 % 60))
}
/// 0 to 59.
pub(super) fn second(call: &mut Arguments<'_, '_>) -> Outcome {
    Ok(Value::Int(seconds(call)? % 60))
}
/// 1 to 53.
pub(super) fn iso_week_number(call: &mut Arguments<'_, '_>) -> Outcome {
    let day = i64::from(moment(call)?.day());
    Ok(Value::Int(i64::from(calendar::iso_calendar(day).1)))
}

/// The first day of the week (0: Monday) and its number, by `return_type`.
fn week_start(call: &mut Arguments<'_, '_>) -> Result<(i64, i64), Exception> {
    const STARTS: [(i64, i64, i64); 10] = [
        (1, 6, 1),
        (2, 0, 1),
        (3, 0, 0),
        (11, 0, 1),
        (12, 1, 1),
        (13, 2, 1),
        (14, 3, 1),
        (15, 4, 1),
        (16, 5, 1),
        (17, 6, 1),
    ];
    let wanted = call.get(1).cloned().unwrap_or(Value::Int(1));
    py::check_hashable(&wanted)?;
    for (kind, first, number) in STARTS {
        if py::equal(call, &wanted, &Value::Int(kind))? {
            return Ok((first, number));
        }
    }
    let shown = py::text(call, &wanted)?;
    Err(exception::value_error(format!("Invalid return type {shown}")))
}

/// `return_type` 1 Sunday is 1; 2 and 11 Monday is 1; 3 Monday is 0; 12 to 17 Tuesday … Sunday is 1.
pub(super) fn weekday(call: &mut Arguments<'_, '_>) -> Outcome {
    let (first, number) = week_start(call)?;
    let day = i64::from(moment(call)?.day());
    let weekday = i64::from(calendar::weekday(day));
    Ok(Value::Int((weekday - first).rem_euclid(7) + number))
}

/// The week with 1 January is week 1; weeks start as for `WEEKDAY`; 21 is ISO 8601.
pub(super) fn week_number(call: &mut Arguments<'_, '_>) -> Outcome {
    if let Some(kind) = call.get(1)
        && py::equal(call, kind, &Value::Int(21))?
    {
        return iso_week_number(call);
    }
    let (first, _) = week_start(call)?;
    let moment = moment(call)?;
    if moment.zone.is_some() {
        return Err(exception::type_error("can't subtract offset-naive and offset-aware datetimes"));
    }
    let new_year = calendar::day_number(calendar::civil(i64::from(moment.day())).0, 1, 1);
    let start = new_year - (i64::from(calendar::weekday(new_year)) - first).rem_euclid(7);
    let days = (moment.wall - start * DAY).div_euclid(DAY);
    Ok(Value::Int(days.div_euclid(7) + 1))
}
