//! `datetime.date` and `datetime.time`.

use std::rc::Rc;

use super::{DAY, clock, clock_text, date_value, day_number, day_of, micros_of, whole, zone_of};
use crate::call::Call;
use crate::dates::calendar;
use crate::exception::{self, Exception};
use crate::native::Native;
use crate::types::type_of;
use crate::value::{Time, Value};

/// `date(…)`.
pub static NEW: Native = Native::function("date", "year, month, day", "", |call| {
    let (year, month, day) = (whole(call, 0)?, whole(call, 1)?, whole(call, 2)?);
    date_value(day_number(year.unwrap_or(1), month.unwrap_or(1), day.unwrap_or(1))?)
});
/// `time(…)`.
pub static NEW_TIME: Native = Native::function(
    "time",
    "hour=0, minute=0, second=0, microsecond=0, tzinfo=None, *, fold=0",
    "",
    |call| {
        let part = |at: usize| whole(call, at).map(|part| part.unwrap_or(0));
        let micros = clock(part(0)?, part(1)?, part(2)?, part(3)?)?;
        let zone = call.get(4).map_or(Ok(None), zone_of)?;
        Ok(Value::Time(Rc::new(Time { micros, zone })))
    },
);

/// Methods of dates, also of dates with times.
pub static METHODS: &[Native] = &[
    Native::property("day", "The day of the month.", |call| {
        day_of(call.arg(0)).map(|day| Value::Int(i64::from(calendar::civil(day).2)))
    }),
    Native::property("month", "The month, from 1.", |call| {
        day_of(call.arg(0)).map(|day| Value::Int(i64::from(calendar::civil(day).1)))
    }),
    Native::property("year", "The year.", |call| {
        day_of(call.arg(0)).map(|day| Value::Int(calendar::civil(day).0))
    }),
    Native::method("ctime", "self", "As the C library shows it.", |call| {
        strftime(call, Some("%a %b %e %H:%M:%S %Y"))
    }),
    Native::class_method("fromisoformat", "cls, date_string, /", "Reads YYYY-MM-DD.", |call| {
        match call.arg(1) {
            Value::Str(text) if text.len() == 10 => {
                crate::convert::parse_iso_date(text).map(crate::convert::date_of).ok_or_else(|| {
                    exception::value_error(format!("Invalid isoformat string: {}", crate::ops::quote(text)))
                })
            }
            Value::Str(text) => {
                Err(exception::value_error(format!("Invalid isoformat string: {}", crate::ops::quote(text))))
            }
            _ => Err(exception::type_error("fromisoformat: argument must be str")),
        }
    }),
    Native::class_method(
        "fromordinal",
        "cls, ordinal, /",
        "The date with a number; 1 is the first of the year 1.",
        |call| date_value(whole(call, 1)?.unwrap_or(1) - 1 + calendar::FIRST_DAY),
    ),
    Native::class_method("fromtimestamp", "cls, timestamp, /", "The date of a moment, in UTC.", |call| {
        crate::ops::number::real(call.arg(1)).map(crate::convert::date_of)
    }),
    Native::method("isocalendar", "self", "ISO year, week, weekday.", |call| {
        let (year, week, day) = calendar::iso_calendar(day_of(call.arg(0))?);
        Ok(Value::tuple(vec![Value::Int(year), Value::Int(i64::from(week)), Value::Int(i64::from(day))]))
    }),
    Native::method("isoformat", "self", "As YYYY-MM-DD.", |call| {
        day_of(call.arg(0)).and_then(date_value).map(|date| Value::Str(crate::ops::plain_str(&date)))
    }),
    Native::method("isoweekday", "self", "The day of the week, from 1 for Monday.", |call| weekday(call, 1)),
    Native::method(
        "replace",
        "self, year=None, month=None, day=None",
        "The date with parts replaced.",
        |call| {
            let (year, month, day) = calendar::civil(day_of(call.arg(0))?);
            date_value(day_number(
                whole(call, 1)?.unwrap_or(year),
                whole(call, 2)?.unwrap_or(i64::from(month)),
                whole(call, 3)?.unwrap_or(i64::from(day)),
            )?)
        },
    ),
    Native::method("strftime", "self, format", "Formatted.", |call| strftime(call, None)),
    Native::class_method("today", "cls", "Today, in UTC.", |call| {
        date_value(super::now(call).div_euclid(DAY))
    }),
    Native::method("toordinal", "self", "The number of the date; 1 is the first of the year 1.", |call| {
        Ok(Value::Int(day_of(call.arg(0))? - calendar::FIRST_DAY + 1))
    }),
    Native::method("weekday", "self", "The day of the week, from 0 for Monday.", |call| weekday(call, 0)),
];

/// What times and dates with times share.
pub static CLOCK: &[Native] = &[
    Native::property("hour", "The hour.", |call| Ok(Value::Int(micros_of(call.arg(0)) / 3_600_000_000))),
    Native::property("minute", "The minute.", |call| {
        Ok(Value::Int(micros_of(call.arg(0)) / 60_000_000 % 60))
    }),
    Native::property("second", "The second.", |call| Ok(Value::Int(micros_of(call.arg(0)) / 1_000_000 % 60))),
    Native::property("microsecond", "The microsecond.", |call| {
        Ok(Value::Int(micros_of(call.arg(0)) % 1_000_000))
    }),
    Native::property("fold", "0.", |_| Ok(Value::Int(0))),
];

/// Methods of times.
pub static TIME: &[Native] = &[
    Native::method("isoformat", "self, timespec='auto'", "As HH:MM:SS.", |call| {
        let spec = match call.get(1) {
            Some(Value::Str(spec)) => spec.clone(),
            _ => "auto".into(),
        };
        clock_text(micros_of(call.arg(0)), &spec).map(Value::Str)
    }),
    Native::method(
        "replace",
        "self, hour=None, minute=None, second=None, microsecond=None",
        "The time with parts replaced.",
        |call| {
            let micros = micros_of(call.arg(0));
            let part = |at: usize, own: i64| whole(call, at).map(|part| part.unwrap_or(own));
            let micros = clock(
                part(1, micros / 3_600_000_000)?,
                part(2, micros / 60_000_000 % 60)?,
                part(3, micros / 1_000_000 % 60)?,
                part(4, micros % 1_000_000)?,
            )?;
            Ok(Value::Time(Rc::new(Time { micros, zone: None })))
        },
    ),
    Native::method("strftime", "self, format", "Formatted.", |call| strftime(call, None)),
    Native::property("tzinfo", "The time zone.", |call| {
        Ok(match call.arg(0) {
            Value::Time(time) => super::zone::value(time.zone.as_ref()),
            _ => Value::None,
        })
    }),
];

fn weekday(call: &mut Call<'_, '_>, first: i64) -> Result<Value, Exception> {
    Ok(Value::Int(i64::from(calendar::weekday(day_of(call.arg(0))?)) + first))
}

fn strftime(call: &mut Call<'_, '_>, template: Option<&str>) -> Result<Value, Exception> {
    let own = call.arg(0).clone();
    let template = match (template, call.arg(1)) {
        (Some(template), _) => template.into(),
        (None, Value::Str(template)) => template.clone(),
        (None, other) => {
            return Err(exception::type_error(format!(
                "strftime() argument 1 must be str, not {}",
                type_of(other).name
            )));
        }
    };
    call.context.strftime(&own, &template).map(Value::Str)
}

/// `date.min`, `date.max`, ….
pub fn constant(name: &str) -> Option<Value> {
    match name {
        "min" => Some(Value::Date(i32::try_from(calendar::FIRST_DAY).ok()?)),
        "max" => Some(Value::Date(i32::try_from(calendar::LAST_DAY).ok()?)),
        "resolution" => Some(Value::Delta(DAY)),
        _ => None,
    }
}
