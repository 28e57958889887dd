//! Rounding to multiples and to places. Results are ints where the factor is an int, as in Python.

use super::py;
use crate::exception;
use crate::functions::operate::{Arguments, Outcome};
use crate::value::Value;

/// Which integer a float becomes.
#[derive(Clone, Copy)]
enum Direction {
    Down,
    Up,
    TowardZero,
    AwayFromZero,
}

fn to_integer(value: f64, direction: Direction) -> Outcome {
    let rounded = match direction {
        Direction::Down => value.floor(),
        Direction::Up => value.ceil(),
        Direction::TowardZero => value.trunc(),
        Direction::AwayFromZero if value >= 0.0 => value.ceil(),
        Direction::AwayFromZero => value.floor(),
    };
    py::whole(rounded)
}

/// `float(value) / factor`.
fn ratio(call: &mut Arguments<'_, '_>, value: &Value, factor: &Value) -> Result<f64, exception::Exception> {
    let value = py::float(call, value)?;
    let quotient = py::divide(call, &Value::Float(value), factor)?;
    py::real(call, &quotient)
}

fn factor(call: &Arguments<'_, '_>) -> Value {
    call.get(1).cloned().unwrap_or(Value::Int(1))
}

/// `factor` must not be zero.
pub(super) fn ceiling(call: &mut Arguments<'_, '_>) -> Outcome {
    let factor = factor(call);
    let quotient = ratio(call, call.arg(0), &factor)?;
    py::multiply(call, &to_integer(quotient, Direction::Up)?, &factor)
}

/// `factor` must have the value's sign, else `ValueError`.
pub(super) fn floor(call: &mut Arguments<'_, '_>) -> Outcome {
    let factor = factor(call);
    same_sign(call, &factor)?;
    let quotient = ratio(call, call.arg(0), &factor)?;
    py::multiply(call, &to_integer(quotient, Direction::Down)?, &factor)
}

/// `factor` must have the value's sign, else `ValueError`; halves go up.
pub(super) fn mround(call: &mut Arguments<'_, '_>) -> Outcome {
    let factor = factor(call);
    same_sign(call, &factor)?;
    let quotient = ratio(call, call.arg(0), &factor)?;
    py::multiply(call, &to_integer(quotient + 0.5, Direction::TowardZero)?, &factor)
}

fn same_sign(call: &mut Arguments<'_, '_>, factor: &Value) -> Result<(), exception::Exception> {
    let factor_below = py::less(call, factor, &Value::Int(0))?;
    if factor_below != py::less(call, call.arg(0), &Value::Int(0))? {
        return Err(exception::value_error("factor argument invalid"));
    }
    Ok(())
}

/// An even int.
pub(super) fn even(call: &mut Arguments<'_, '_>) -> Outcome {
    let half = py::float(call, call.arg(0))? / 2.0;
    py::multiply(call, &to_integer(half, Direction::AwayFromZero)?, &Value::Int(2))
}

/// An odd int.
pub(super) fn odd(call: &mut Arguments<'_, '_>) -> Outcome {
    let next = py::add(call, call.arg(0), &Value::Int(1))?;
    let half = py::float(call, &next)? / 2.0;
    let doubled = py::multiply(call, &to_integer(half, Direction::AwayFromZero)?, &Value::Int(2))?;
    py::subtract(call, &doubled, &Value::Int(1))
}

/// The greatest int that is not above the value.
pub(super) fn int(call: &mut Arguments<'_, '_>) -> Outcome {
    py::floor(call, call.arg(0))
}

/// `TRUNC(float(dividend) / divisor)`.
pub(super) fn quotient(call: &mut Arguments<'_, '_>) -> Outcome {
    let quotient = ratio(call, call.arg(0), call.arg(1))?;
    let integer = to_integer(quotient, Direction::TowardZero)?;
    py::multiply(call, &integer, &Value::Int(1))
}

/// A float; halves go away from zero (unlike Python's `round`).
pub(super) fn round(call: &mut Arguments<'_, '_>) -> Outcome {
    round_value(call, call.arg(0), call.get(1))
}

/// `ROUND`, for the functions that build upon it.
pub(crate) fn round_value(call: &mut Arguments<'_, '_>, value: &Value, places: Option<&Value>) -> Outcome {
    let power = py::power(call, &Value::Int(10), places.unwrap_or(&Value::Int(0)))?;
    let above = py::not_less(call, value, &Value::Int(0))?;
    let scaled = py::multiply(call, value, &power)?;
    let half = Value::Float(0.5);
    let integer = if above {
        let shifted = py::add(call, &scaled, &half)?;
        py::floor(call, &shifted)?
    } else {
        let shifted = py::subtract(call, &scaled, &half)?;
        py::ceil(call, &shifted)?
    };
    let integer = Value::Float(py::float(call, &integer)?);
    py::divide(call, &integer, &power)
}

/// An int unless `places` is above zero.
pub(super) fn round_down(call: &mut Arguments<'_, '_>) -> Outcome {
    to_places(call, Direction::TowardZero)
}

/// An int unless `places` is above zero.
pub(super) fn round_up(call: &mut Arguments<'_, '_>) -> Outcome {
    to_places(call, Direction::AwayFromZero)
}

fn to_places(call: &mut Arguments<'_, '_>, direction: Direction) -> Outcome {
    let places = call.get(1).cloned().unwrap_or(Value::Int(0));
    let opposite = py::negative(call, &places)?;
    let unit = py::power(call, &Value::Int(10), &opposite)?;
    let quotient = ratio(call, call.arg(0), &unit)?;
    py::multiply(call, &to_integer(quotient, direction)?, &unit)
}
