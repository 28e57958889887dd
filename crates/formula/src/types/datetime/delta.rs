//! `datetime.timedelta`.

use super::DAY;
use crate::call::Call;
use crate::exception::{self, Exception};
use crate::native::Native;
use crate::ops::number;
use crate::types::type_of;
use crate::value::Value;

/// `timedelta(…)`.
pub static NEW: Native = Native::function(
    "timedelta",
    "days=0, seconds=0, microseconds=0, milliseconds=0, minutes=0, hours=0, weeks=0",
    "",
    new,
);

/// The methods.
pub static METHODS: &[Native] = &[
    Native::property("days", "Whole days.", |call| Ok(Value::Int(micros(call).div_euclid(DAY)))),
    Native::property("seconds", "Whole seconds beyond the days.", |call| {
        Ok(Value::Int(micros(call).rem_euclid(DAY) / 1_000_000))
    }),
    Native::property("microseconds", "Microseconds beyond the seconds.", |call| {
        Ok(Value::Int(micros(call).rem_euclid(1_000_000)))
    }),
    #[expect(clippy::cast_precision_loss, reason = "seconds are a float")]
    Native::method("total_seconds", "self", "All of it, in seconds.", |call| {
        Ok(Value::Float(micros(call) as f64 / 1e6))
    }),
];

fn micros(call: &Call<'_, '_>) -> i64 {
    match call.arg(0) {
        Value::Delta(micros) => *micros,
        _ => 0,
    }
}

fn new(call: &mut Call<'_, '_>) -> Result<Value, Exception> {
    let units = [DAY, 1_000_000, 1, 1000, 60_000_000, 3_600_000_000, 7 * DAY];
    let too_large =
        || Exception::new(&exception::OVERFLOW_ERROR, "days=1000000000; must have magnitude <= 999999999");
    let (mut whole, mut fraction) = (0_i64, 0.0_f64);
    for (at, unit) in units.into_iter().enumerate() {
        match call.get(at) {
            None => {}
            Some(Value::Float(float)) => {
                if !float.is_finite() {
                    return Err(number::truncate(*float).err().unwrap_or_else(too_large));
                }
                #[expect(
                    clippy::cast_precision_loss,
                    clippy::cast_possible_truncation,
                    reason = "range checked; rest kept apart"
                )]
                {
                    let part = float.trunc() * unit as f64;
                    if part.abs() > 9e18 {
                        return Err(too_large());
                    }
                    whole = whole.checked_add(part as i64).ok_or_else(too_large)?;
                    fraction += float.fract() * unit as f64;
                }
            }
            Some(other) => {
                let Some(int) = number::small(other) else {
                    let name =
                        ["days", "seconds", "microseconds", "milliseconds", "minutes", "hours", "weeks"][at];
                    return Err(exception::type_error(format!(
                        "unsupported type for timedelta {name} component: {}",
                        type_of(other).name
                    )));
                };
                whole =
                    int.checked_mul(unit).and_then(|part| whole.checked_add(part)).ok_or_else(too_large)?;
            }
        }
    }
    #[expect(clippy::cast_possible_truncation, reason = "below a few days")]
    let rest = fraction.round_ties_even() as i64;
    whole.checked_add(rest).map(Value::Delta).ok_or_else(too_large)
}

/// `timedelta.max`, ….
pub fn constant(name: &str) -> Option<Value> {
    (name == "resolution").then_some(Value::Delta(1))
}
