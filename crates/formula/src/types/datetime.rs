//! The classes of `datetime`: dates, times, spans, zones.

pub mod date;
pub mod date_time;
pub mod delta;
pub mod zone;

use ecow::EcoString;

use crate::call::Call;
use crate::dates::calendar;
use crate::exception::{self, Exception};
use crate::ops::number;
use crate::types::type_of;
use crate::value::{Value, Zone, time};

/// A whole number given by position or name; `None` if absent.
fn whole(call: &Call<'_, '_>, at: usize) -> Result<Option<i64>, Exception> {
    call.get(at).map(number::index).transpose()
}

/// The day number of a date: `month must be in 1..12`.
fn day_number(year: i64, month: i64, day: i64) -> Result<i64, Exception> {
    if !(1..=9999).contains(&year) {
        return Err(exception::value_error(format!("year {year} is out of range")));
    }
    let known = u32::try_from(month).ok().filter(|month| (1..=12).contains(month));
    let Some(known) = known else { return Err(exception::value_error("month must be in 1..12")) };
    if !(1..=i64::from(calendar::days_in_month(year, known))).contains(&day) {
        return Err(exception::value_error("day is out of range for month"));
    }
    Ok(calendar::day_number(year, known, day))
}

/// Microseconds since midnight.
fn clock(hour: i64, minute: i64, second: i64, micro: i64) -> Result<i64, Exception> {
    for (value, most, name) in [(hour, 23, "hour"), (minute, 59, "minute"), (second, 59, "second")] {
        if !(0..=most).contains(&value) {
            return Err(exception::value_error(format!("{name} must be in 0..{most}")));
        }
    }
    if !(0..=999_999).contains(&micro) {
        return Err(exception::value_error("microsecond must be in 0..999999"));
    }
    Ok(((hour * 60 + minute) * 60 + second) * 1_000_000 + micro)
}

/// A date value from a day number.
fn date_value(day: i64) -> Result<Value, Exception> {
    let known = calendar::FIRST_DAY..=calendar::LAST_DAY;
    i32::try_from(day)
        .ok()
        .filter(|_| known.contains(&day))
        .map(Value::Date)
        .ok_or_else(|| Exception::new(&exception::OVERFLOW_ERROR, "date value out of range"))
}

/// The zone of a `tzinfo` argument.
fn zone_of(value: &Value) -> Result<Option<Zone>, Exception> {
    match value {
        Value::None => Ok(None),
        other => match other.downcast::<zone::ZoneObject>() {
            Some(zone) => Ok(Some(zone.0.clone())),
            None => Err(exception::type_error(format!(
                "tzinfo argument must be None or of a tzinfo subclass, not type '{}'",
                type_of(other).name
            ))),
        },
    }
}

/// The days since 1970 of a date or date with time.
fn day_of(value: &Value) -> Result<i64, Exception> {
    match value {
        Value::Date(day) => Ok(i64::from(*day)),
        Value::DateTime(date_time) => Ok(i64::from(date_time.day())),
        other => Err(exception::type_error(format!("expected a date, not {}", type_of(other).name))),
    }
}

/// Microseconds since midnight of a time or date with time.
fn micros_of(value: &Value) -> i64 {
    match value {
        Value::DateTime(date_time) => date_time.time_of_day(),
        Value::Time(time) => time.micros,
        _ => 0,
    }
}

/// `12:30:00`, as precise as asked for.
fn clock_text(micros: i64, timespec: &str) -> Result<EcoString, Exception> {
    let seconds = micros / 1_000_000;
    let (hour, minute, second, micro) = (seconds / 3600, seconds / 60 % 60, seconds % 60, micros % 1_000_000);
    Ok(match timespec {
        "auto" if micro == 0 => ecow::eco_format!("{hour:02}:{minute:02}:{second:02}"),
        "auto" | "microseconds" => ecow::eco_format!("{hour:02}:{minute:02}:{second:02}.{micro:06}"),
        "milliseconds" => ecow::eco_format!("{hour:02}:{minute:02}:{second:02}.{:03}", micro / 1000),
        "seconds" => ecow::eco_format!("{hour:02}:{minute:02}:{second:02}"),
        "minutes" => ecow::eco_format!("{hour:02}:{minute:02}"),
        "hours" => ecow::eco_format!("{hour:02}"),
        _ => return Err(exception::value_error("Unknown timespec value")),
    })
}

/// The present, in microseconds since 1970 UTC.
fn now(call: &Call<'_, '_>) -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "microseconds of the present fit")]
    {
        (call.context.host.now() * 1e6).round() as i64
    }
}

/// The reading of the clock of a zone (or of UTC) at an instant.
fn wall_at(instant: i64, zone: Option<&Zone>) -> i64 {
    instant + zone.map_or(0, |zone| i64::from(zone.offset_at(instant))) * 1_000_000
}

const DAY: i64 = time::DAY;
