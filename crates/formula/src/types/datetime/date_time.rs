//! `datetime.datetime`.

use std::rc::Rc;

use super::{DAY, clock, clock_text, date_value, day_number, day_of, micros_of, wall_at, whole, zone_of};
use crate::call::Call;
use crate::dates::calendar;
use crate::exception::{self, Exception};
use crate::format::{strftime, strptime};
use crate::native::Native;
use crate::ops::number;
use crate::types::type_of;
use crate::value::{DateTime, Time, Value, Zone};

/// `datetime(…)`.
pub static NEW: Native = Native::function(
    "datetime",
    "year, month, day, hour=0, minute=0, second=0, microsecond=0, tzinfo=None, *, fold=0",
    "",
    |call| {
        let part = |at: usize| whole(call, at).map(|part| part.unwrap_or(0));
        let day = day_number(part(0)?, part(1)?, part(2)?)?;
        let micros = clock(part(3)?, part(4)?, part(5)?, part(6)?)?;
        let zone = call.get(7).map_or(Ok(None), zone_of)?;
        Ok(Value::date_time(DateTime { wall: day * DAY + micros, zone }))
    },
);

/// The methods, besides those of dates.
pub static METHODS: &[Native] = &[
    Native::method("astimezone", "self, tz=None", "The same moment in another zone.", |call| {
        let own = own(call)?;
        let zone = call.get(1).map_or(Ok(None), zone_of)?.unwrap_or(Zone::Fixed(0, None));
        Ok(Value::date_time(DateTime::at(own.instant(), zone)))
    }),
    Native::class_method("combine", "cls, date, time, tzinfo=None", "A date and a time together.", |call| {
        let zone = match (call.some(3), call.arg(2)) {
            (Some(zone), _) => zone_of(zone)?,
            (None, Value::Time(time)) => time.zone.clone(),
            _ => None,
        };
        Ok(Value::date_time(DateTime { wall: day_of(call.arg(1))? * DAY + micros_of(call.arg(2)), zone }))
    }),
    Native::method("date", "self", "The date.", |call| day_of(call.arg(0)).and_then(date_value)),
    Native::method("dst", "self", "Not known.", |_| Ok(Value::None)),
    Native::class_method("fromisoformat", "cls, date_string, /", "Reads an ISO date and time.", from_iso),
    Native::class_method(
        "fromtimestamp",
        "cls, timestamp, tz=None",
        "The moment of a number of seconds.",
        from_timestamp,
    ),
    Native::method("isoformat", "self, sep='T', timespec='auto'", "As an ISO date and time.", iso),
    Native::class_method("now", "cls, tz=None", "The present.", |call| {
        let instant = super::now(call);
        match call.get(1).map_or(Ok(None), zone_of)? {
            Some(zone) => Ok(Value::date_time(DateTime::at(instant, zone))),
            None => Ok(Value::date_time(DateTime { wall: instant, zone: None })),
        }
    }),
    Native::method(
        "replace",
        "self, year=None, month=None, day=None, hour=None, minute=None, second=None, microsecond=None, tzinfo=None, *, fold=0",
        "The same with parts replaced.",
        replace,
    ),
    Native::class_method(
        "strptime",
        "cls, date_string, format, /",
        "Reads a date and time by a format.",
        read,
    ),
    Native::method("time", "self", "The time of day.", |call| {
        Ok(Value::Time(Rc::new(Time { micros: micros_of(call.arg(0)), zone: None })))
    }),
    #[expect(clippy::cast_precision_loss, reason = "seconds are a float")]
    Native::method("timestamp", "self", "Seconds since 1970.", |call| {
        Ok(Value::Float(own(call)?.instant() as f64 / 1e6))
    }),
    Native::method("timetz", "self", "The time of day with its zone.", |call| {
        let own = own(call)?;
        Ok(Value::Time(Rc::new(Time { micros: own.time_of_day(), zone: own.zone.clone() })))
    }),
    Native::class_method("today", "cls", "The present.", |call| {
        Ok(Value::date_time(DateTime { wall: super::now(call), zone: None }))
    }),
    Native::property("tzinfo", "The time zone.", |call| Ok(super::zone::value(own(call)?.zone.as_ref()))),
    Native::method("tzname", "self", "The name of the zone at this time.", |call| {
        let own = own(call)?;
        Ok(own.zone.as_ref().map_or(Value::None, |zone| Value::Str(zone.abbreviation(own.wall))))
    }),
    Native::class_method(
        "utcfromtimestamp",
        "cls, timestamp, /",
        "The moment of a number of seconds.",
        from_timestamp,
    ),
    Native::class_method("utcnow", "cls", "The present.", |call| {
        Ok(Value::date_time(DateTime { wall: super::now(call), zone: None }))
    }),
    Native::method("utcoffset", "self", "How far the zone is from UTC.", |call| {
        Ok(own(call)?.offset().map_or(Value::None, |offset| Value::Delta(i64::from(offset) * 1_000_000)))
    }),
];

fn own(call: &Call<'_, '_>) -> Result<Rc<DateTime>, Exception> {
    match call.arg(0) {
        Value::DateTime(date_time) => Ok(date_time.clone()),
        other => Err(exception::type_error(format!("expected a datetime, not {}", type_of(other).name))),
    }
}

fn from_timestamp(call: &mut Call<'_, '_>) -> Result<Value, Exception> {
    let seconds = number::real(call.arg(1))?;
    if !seconds.is_finite() || seconds.abs() > 2.6e11 {
        return Err(exception::value_error("year is out of range"));
    }
    #[expect(clippy::cast_possible_truncation, reason = "range checked")]
    let instant = (seconds * 1e6).round_ties_even() as i64;
    let zone = call.get(2).map_or(Ok(None), zone_of)?;
    Ok(Value::date_time(match zone {
        Some(zone) => DateTime::at(instant, zone),
        None => DateTime { wall: wall_at(instant, None), zone: None },
    }))
}

fn from_iso(call: &mut Call<'_, '_>) -> Result<Value, Exception> {
    let Value::Str(text) = call.arg(1) else {
        return Err(exception::type_error("fromisoformat: argument must be str"));
    };
    let wrong = || exception::value_error(format!("Invalid isoformat string: {}", crate::ops::quote(text)));
    // The offset is what follows the time, if anything.
    let seconds = crate::convert::parse_iso_date_time(text, "UTC").ok_or_else(wrong)?;
    let tail = text.get(10..).unwrap_or("");
    #[expect(clippy::cast_possible_truncation, reason = "years 1 to 9999")]
    let instant = (seconds * 1e6).round() as i64;
    let zone = match tail.find(['+', '-', 'Z']) {
        None => None,
        Some(at) if tail[at..].starts_with('Z') => Some(Zone::Fixed(0, None)),
        Some(at) => {
            let digits: String = tail[at + 1..].chars().filter(char::is_ascii_digit).collect();
            let part = |range: std::ops::Range<usize>| {
                digits.get(range).and_then(|part| part.parse::<i32>().ok()).unwrap_or(0)
            };
            let offset = part(0..2) * 3600 + part(2..4) * 60;
            Some(Zone::Fixed(if tail[at..].starts_with('-') { -offset } else { offset }, None))
        }
    };
    Ok(Value::date_time(match zone {
        Some(zone) => DateTime::at(instant, zone),
        None => DateTime { wall: instant, zone: None },
    }))
}

fn iso(call: &mut Call<'_, '_>) -> Result<Value, Exception> {
    let own = own(call)?;
    let option = |at: usize, default: &str| match call.get(at) {
        Some(Value::Str(text)) => text.to_string(),
        _ => default.to_owned(),
    };
    let date = crate::ops::plain_str(&Value::Date(own.day()));
    let clock = clock_text(own.time_of_day(), &option(2, "auto"))?;
    let offset = own.offset().map(|offset| strftime::offset_text(i64::from(offset), ":")).unwrap_or_default();
    Ok(Value::from(format!("{date}{}{clock}{offset}", option(1, "T"))))
}

fn replace(call: &mut Call<'_, '_>) -> Result<Value, Exception> {
    let own = own(call)?;
    let (year, month, day) = calendar::civil(i64::from(own.day()));
    let micros = own.time_of_day();
    let part = |at: usize, own: i64| whole(call, at).map(|part| part.unwrap_or(own));
    let day = day_number(part(1, year)?, part(2, i64::from(month))?, part(3, i64::from(day))?)?;
    let micros = clock(
        part(4, micros / 3_600_000_000)?,
        part(5, micros / 60_000_000 % 60)?,
        part(6, micros / 1_000_000 % 60)?,
        part(7, micros % 1_000_000)?,
    )?;
    let zone = call.get(8).map_or_else(|| Ok(own.zone.clone()), zone_of)?;
    Ok(Value::date_time(DateTime { wall: day * DAY + micros, zone }))
}

fn read(call: &mut Call<'_, '_>) -> Result<Value, Exception> {
    let (Value::Str(text), Value::Str(template)) = (call.arg(1), call.arg(2)) else {
        let wrong = if matches!(call.arg(1), Value::Str(_)) { 2 } else { 1 };
        return Err(exception::type_error(format!(
            "strptime() argument {wrong} must be str, not {}",
            type_of(call.arg(wrong)).name
        )));
    };
    let parsed = strptime::parse(text, template, |text| crate::ops::quote(text).to_string())?;
    let day = day_number(parsed.year, i64::from(parsed.month), i64::from(parsed.day))?;
    let micros = clock(
        i64::from(parsed.hour),
        i64::from(parsed.minute),
        i64::from(parsed.second),
        i64::from(parsed.microsecond),
    )?;
    let zone =
        parsed.offset.and_then(|offset| i32::try_from(offset).ok()).map(|offset| Zone::Fixed(offset, None));
    Ok(Value::date_time(DateTime { wall: day * DAY + micros, zone }))
}

/// `datetime.min`, `datetime.max`, ….
pub fn constant(name: &str) -> Option<Value> {
    let naive = |wall: i64| Some(Value::date_time(DateTime { wall, zone: None }));
    match name {
        "min" => naive(calendar::FIRST_DAY * DAY),
        "max" => naive(calendar::LAST_DAY * DAY + DAY - 1),
        "resolution" => Some(Value::Delta(1)),
        _ => None,
    }
}
