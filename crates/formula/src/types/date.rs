//! Methods, properties and constructors of `date`, `datetime`, `time` and `timedelta`.

use std::rc::Rc;

use crate::call::Call;
use crate::dates::calendar;
use crate::exception::{self, Exception};
use crate::native::Native;
use crate::ops::number;
use crate::value::time::DAY;
use crate::value::{DateTime, Time, Value, Zone};

type Outcome = Result<Value, Exception>;

pub(super) static DATE_NEW: Native = Native::function("date", "year, month, day", "", |call| {
    Ok(Value::Date(day_of(
        number::index(call.arg(0))?,
        number::index(call.arg(1))?,
        number::index(call.arg(2))?,
    )?))
});

pub(super) static DATE_TIME_NEW: Native = Native::function(
    "datetime",
    "year, month, day, hour=0, minute=0, second=0, microsecond=0, tzinfo=None",
    "",
    |call| {
        let day =
            day_of(number::index(call.arg(0))?, number::index(call.arg(1))?, number::index(call.arg(2))?)?;
        Ok(Value::date_time(DateTime {
            wall: i64::from(day) * DAY + clock(call, 3)?,
            zone: zone(call.some(7)),
        }))
    },
);

pub(super) static TIME_NEW: Native =
    Native::function("time", "hour=0, minute=0, second=0, microsecond=0, tzinfo=None", "", |call| {
        Ok(Value::Time(Rc::new(Time { micros: clock(call, 0)?, zone: zone(call.some(4)) })))
    });

pub(super) static DELTA_NEW: Native = Native::function(
    "timedelta",
    "days=0, seconds=0, microseconds=0, milliseconds=0, minutes=0, hours=0, weeks=0",
    "",
    |call| {
        const UNITS: [f64; 7] = [86_400e6, 1e6, 1.0, 1e3, 60e6, 3600e6, 604_800e6];
        let mut exact: i128 = 0;
        let mut fraction = 0.0;
        for (at, unit) in UNITS.into_iter().enumerate() {
            match call.get(at) {
                None => {}
                #[expect(clippy::cast_possible_truncation, reason = "units are whole")]
                Some(value) => match number::small(value) {
                    Some(count) => exact += i128::from(count) * unit as i128,
                    None => fraction += number::real(value)? * unit,
                },
            }
        }
        #[expect(clippy::cast_possible_truncation, reason = "saturates, and is checked below")]
        let total = exact + fraction.round_ties_even() as i128;
        delta(total)
    },
);

fn delta(micros: i128) -> Outcome {
    if micros.abs() > 999_999_999 * i128::from(DAY) {
        let days = micros.div_euclid(i128::from(DAY));
        return Err(exception::overflow_error(format!("days={days}; must have magnitude <= 999999999")));
    }
    i64::try_from(micros)
        .map(Value::Delta)
        .map_err(|_| exception::overflow_error("timedelta value out of range"))
}

/// The day number of a date, checked as Python does.
fn day_of(year: i64, month: i64, day: i64) -> Result<i32, Exception> {
    if !(1..=9999).contains(&year) {
        return Err(exception::value_error(format!("year {year} is out of range")));
    }
    let Some(month) = u32::try_from(month).ok().filter(|month| (1..=12).contains(month)) else {
        return Err(exception::value_error("month must be in 1..12"));
    };
    if day < 1 || day > i64::from(calendar::days_in_month(year, month)) {
        return Err(exception::value_error("day is out of range for month"));
    }
    Ok(i32::try_from(calendar::day_number(year, month, day)).unwrap_or_default())
}

/// Microseconds since midnight from the arguments at `at` and after.
fn clock(call: &Call<'_, '_>, at: usize) -> Result<i64, Exception> {
    let part = |at: usize, name: &str, below: i64| {
        let value = call.get(at).map_or(Ok(0), number::index)?;
        if (0..below).contains(&value) {
            Ok(value)
        } else {
            Err(exception::value_error(format!("{name} must be in 0..{}", below - 1)))
        }
    };
    let (hour, minute) = (part(at, "hour", 24)?, part(at + 1, "minute", 60)?);
    let (second, micro) = (part(at + 2, "second", 60)?, part(at + 3, "microsecond", 1_000_000)?);
    Ok(((hour * 60 + minute) * 60 + second) * 1_000_000 + micro)
}

/// A zone given as a value: only named ones are known here.
fn zone(value: Option<&Value>) -> Option<Zone> {
    match value {
        Some(Value::Str(name)) => Zone::named(name),
        Some(other) => other.downcast::<ZoneObject>().map(|zone| zone.0.clone()),
        None => None,
    }
}

/// A time zone as an object: what `tzinfo` gives.
#[derive(Debug)]
pub(crate) struct ZoneObject(pub(crate) Zone);

static ZONE: super::TypeDef = super::TypeDef::new("tzinfo", "moment", None, &[]);

impl crate::object::Object for ZoneObject {
    fn type_def(&self) -> &'static super::TypeDef {
        &ZONE
    }
    fn as_any(&self) -> &dyn std::any::Any {
        self
    }
}

pub(super) static DATE: &[Native] = &[
    Native::property("year", "", |call| Ok(Value::Int(civil(call).0))),
    Native::property("month", "", |call| Ok(Value::Int(i64::from(civil(call).1)))),
    Native::property("day", "", |call| Ok(Value::Int(i64::from(civil(call).2)))),
    Native::method("weekday", "self, /", "", |call| Ok(Value::Int(i64::from(calendar::weekday(day(call)))))),
    Native::method("isoweekday", "self, /", "", |call| {
        Ok(Value::Int(i64::from(calendar::weekday(day(call))) + 1))
    }),
    Native::method("toordinal", "self, /", "", |call| Ok(Value::Int(day(call) + 719_163))),
    Native::method("isocalendar", "self, /", "", |call| {
        let (year, week, weekday) = calendar::iso_calendar(day(call));
        Ok(Value::tuple(vec![Value::Int(year), Value::Int(i64::from(week)), Value::Int(i64::from(weekday))]))
    }),
    Native::method("isoformat", "self, sep='T', timespec='auto'", "", iso_format),
    Native::method("strftime", "self, format, /", "", |call| {
        let template =
            call.arg(1).as_str().ok_or_else(|| exception::type_error("strftime() argument 1 must be str"))?;
        call.context.strftime(call.arg(0), template).map(Value::Str)
    }),
    Native::method(
        "replace",
        "self, /, *, year=None, month=None, day=None, hour=None, minute=None, second=None, microsecond=None, tzinfo=None",
        "",
        replace,
    ),
];

pub(super) static DATE_TIME: &[Native] = &[
    Native::property("hour", "", |call| Ok(Value::Int(time_of_day(call) / 3_600_000_000))),
    Native::property("minute", "", |call| Ok(Value::Int(time_of_day(call) / 60_000_000 % 60))),
    Native::property("second", "", |call| Ok(Value::Int(time_of_day(call) / 1_000_000 % 60))),
    Native::property("microsecond", "", |call| Ok(Value::Int(time_of_day(call) % 1_000_000))),
    Native::property("tzinfo", "", |call| {
        let zone = moment(call).zone;
        Ok(zone.map_or(Value::None, |zone| Value::object(ZoneObject(zone))))
    }),
    Native::method("date", "self, /", "", |call| Ok(Value::Date(moment(call).day()))),
    Native::method("time", "self, /", "", |call| {
        Ok(Value::Time(Rc::new(Time { micros: time_of_day(call), zone: None })))
    }),
    Native::method("timestamp", "self, /", "", |call| {
        #[expect(clippy::cast_precision_loss, reason = "as Python")]
        let seconds = moment(call).instant() as f64 / 1e6;
        Ok(Value::Float(seconds))
    }),
    Native::method("utcoffset", "self, /", "", |call| {
        Ok(moment(call).offset().map_or(Value::None, |offset| Value::Delta(i64::from(offset) * 1_000_000)))
    }),
    Native::method("tzname", "self, /", "", |call| {
        let moment = moment(call);
        Ok(moment.zone.map_or(Value::None, |zone| Value::Str(zone.abbreviation(moment.wall))))
    }),
    Native::method("astimezone", "self, tz=None", "", |call| {
        let wanted = zone(call.some(1)).or_else(|| Zone::named("UTC"));
        let instant = moment(call).instant();
        Ok(wanted.map_or(Value::None, |zone| Value::date_time(DateTime::at(instant, zone))))
    }),
    Native::class_method("combine", "date, time, tzinfo=None", "", |call| {
        let values = call.positional();
        let (Some(date), Some(Value::Time(time))) =
            (values.get(values.len().saturating_sub(2)), values.last())
        else {
            return Err(exception::type_error("combine() argument 2 must be datetime.time"));
        };
        let day = match date {
            Value::Date(day) => i64::from(*day),
            Value::DateTime(moment) => i64::from(moment.day()),
            _ => return Err(exception::type_error("combine() argument 1 must be datetime.date")),
        };
        Ok(Value::date_time(DateTime { wall: day * DAY + time.micros, zone: time.zone.clone() }))
    }),
];

pub(super) static TIME: &[Native] = &[
    Native::property("hour", "", |call| Ok(Value::Int(time_of_day(call) / 3_600_000_000))),
    Native::property("minute", "", |call| Ok(Value::Int(time_of_day(call) / 60_000_000 % 60))),
    Native::property("second", "", |call| Ok(Value::Int(time_of_day(call) / 1_000_000 % 60))),
    Native::property("microsecond", "", |call| Ok(Value::Int(time_of_day(call) % 1_000_000))),
    Native::method("strftime", "self, format, /", "", |call| {
        let template =
            call.arg(1).as_str().ok_or_else(|| exception::type_error("strftime() argument 1 must be str"))?;
        call.context.strftime(call.arg(0), template).map(Value::Str)
    }),
    Native::method("isoformat", "self, timespec='auto'", "", |call| {
        Ok(Value::from(iso_time(time_of_day(call))))
    }),
];

pub(super) static DELTA: &[Native] = &[
    Native::property("days", "", |call| Ok(Value::Int(span(call).div_euclid(DAY)))),
    Native::property("seconds", "", |call| Ok(Value::Int(span(call).rem_euclid(DAY) / 1_000_000))),
    Native::property("microseconds", "", |call| Ok(Value::Int(span(call).rem_euclid(1_000_000)))),
    Native::method("total_seconds", "self, /", "", |call| {
        #[expect(clippy::cast_precision_loss, reason = "as Python")]
        let seconds = span(call) as f64 / 1e6;
        Ok(Value::Float(seconds))
    }),
];

fn span(call: &Call<'_, '_>) -> i64 {
    match call.arg(0) {
        Value::Delta(micros) => *micros,
        _ => 0,
    }
}

fn moment(call: &Call<'_, '_>) -> DateTime {
    match call.arg(0) {
        Value::DateTime(moment) => (**moment).clone(),
        Value::Date(day) => DateTime { wall: i64::from(*day) * DAY, zone: None },
        _ => DateTime { wall: 0, zone: None },
    }
}

fn day(call: &Call<'_, '_>) -> i64 {
    i64::from(moment(call).day())
}

fn civil(call: &Call<'_, '_>) -> (i64, u32, u32) {
    calendar::civil(day(call))
}

fn time_of_day(call: &Call<'_, '_>) -> i64 {
    match call.arg(0) {
        Value::Time(time) => time.micros,
        _ => moment(call).time_of_day(),
    }
}

fn iso_time(micros: i64) -> String {
    let seconds = micros / 1_000_000;
    let clock = format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    match micros % 1_000_000 {
        0 => clock,
        rest => format!("{clock}.{rest:06}"),
    }
}

fn iso_format(call: &mut Call<'_, '_>) -> Outcome {
    let (year, month, day) = civil(call);
    let date = format!("{year:04}-{month:02}-{day:02}");
    let Value::DateTime(moment) = call.arg(0) else { return Ok(Value::from(date)) };
    let separator = call.get(1).and_then(Value::as_str).unwrap_or("T");
    let offset = moment.offset().map_or_else(String::new, |offset| {
        let (sign, seconds) = if offset < 0 { ('-', -offset) } else { ('+', offset) };
        format!("{sign}{:02}:{:02}", seconds / 3600, seconds / 60 % 60)
    });
    Ok(Value::from(format!("{date}{separator}{}{offset}", iso_time(moment.time_of_day()))))
}

fn replace(call: &mut Call<'_, '_>) -> Outcome {
    let (year, month, day) = civil(call);
    let part = |at: usize, old: i64| call.some(at).map_or(Ok(old), number::index);
    let day = day_of(part(1, year)?, part(2, i64::from(month))?, part(3, i64::from(day))?)?;
    let Value::DateTime(moment) = call.arg(0) else { return Ok(Value::Date(day)) };
    let micros = moment.time_of_day();
    let (hour, minute) = (part(4, micros / 3_600_000_000)?, part(5, micros / 60_000_000 % 60)?);
    let (second, micro) = (part(6, micros / 1_000_000 % 60)?, part(7, micros % 1_000_000)?);
    for (value, name, below) in [
        (hour, "hour", 24),
        (minute, "minute", 60),
        (second, "second", 60),
        (micro, "microsecond", 1_000_000),
    ] {
        if !(0..below).contains(&value) {
            return Err(exception::value_error(format!("{name} must be in 0..{}", below - 1)));
        }
    }
    let wall = i64::from(day) * DAY + ((hour * 60 + minute) * 60 + second) * 1_000_000 + micro;
    let zone = match call.get(8) {
        Some(Value::None) => None,
        Some(other) => zone(Some(other)),
        None => moment.zone.clone(),
    };
    Ok(Value::date_time(DateTime { wall, zone }))
}
