//! Numbers: integers of any size and floats, as Python mixes them.

use std::cmp::Ordering;

use num_bigint::BigInt;
use num_traits::{Signed, ToPrimitive, Zero};

use crate::exception::{self, Exception};
use crate::types::type_of;
use crate::value::Value;

/// The integer of an `int` or `bool`, if it fits 64 bits.
#[must_use]
pub fn small(value: &Value) -> Option<i64> {
    match value {
        Value::Int(int) => Some(*int),
        Value::Bool(truth) => Some(i64::from(*truth)),
        _ => None,
    }
}

/// The integer of an `int` or `bool`, of any size.
#[must_use]
pub fn big(value: &Value) -> Option<BigInt> {
    match value {
        Value::Int(int) => Some(BigInt::from(*int)),
        Value::Bool(truth) => Some(BigInt::from(i64::from(*truth))),
        Value::Big(big) => Some((**big).clone()),
        _ => None,
    }
}

/// The float of an `int`, `bool` or `float`; `int too large to convert to float` if so. `None`: no number.
pub fn float(value: &Value) -> Option<Result<f64, Exception>> {
    #[expect(clippy::cast_precision_loss, reason = "rounding to the nearest float is what Python does")]
    match value {
        Value::Float(float) => Some(Ok(*float)),
        Value::Int(int) => Some(Ok(*int as f64)),
        Value::Bool(truth) => Some(Ok(f64::from(u8::from(*truth)))),
        Value::Big(big) => Some(big_to_float(big)),
        _ => None,
    }
}

/// The float nearest to a big integer.
pub fn big_to_float(big: &BigInt) -> Result<f64, Exception> {
    let float = crate::format::float::from_big(big);
    if float.is_finite() {
        Ok(float)
    } else {
        Err(Exception::new(&exception::OVERFLOW_ERROR, "int too large to convert to float"))
    }
}

/// What functions of `math` do with an argument: numbers, and objects that can be one; `must be real number, not str`.
pub fn real(value: &Value) -> Result<f64, Exception> {
    match float(value) {
        Some(float) => float,
        None => match value {
            Value::Object(object) if object.number().is_some() => {
                real(&object.number().unwrap_or(Value::None))
            }
            Value::AltText(text) => crate::format::float::parse(&text.text).ok_or_else(|| {
                exception::value_error(format!(
                    "could not convert string to float: {}",
                    crate::ops::quote(&text.text)
                ))
            }),
            _ => Err(exception::type_error(format!("must be real number, not {}", type_of(value).name))),
        },
    }
}

/// An index or count: `'float' object cannot be interpreted as an integer`. Integers beyond 64 bits are clamped.
pub fn index(value: &Value) -> Result<i64, Exception> {
    match value {
        Value::Int(int) => Ok(*int),
        Value::Bool(truth) => Ok(i64::from(*truth)),
        Value::Big(big) => Ok(if big.is_negative() { i64::MIN } else { i64::MAX }),
        _ => Err(exception::type_error(format!(
            "'{}' object cannot be interpreted as an integer",
            type_of(value).name
        ))),
    }
}

/// How two numbers compare; `None` when one is NaN or no number.
#[must_use]
pub fn compare(a: &Value, b: &Value) -> Option<Ordering> {
    match (a, b) {
        (Value::Float(a), Value::Float(b)) => a.partial_cmp(b),
        (Value::Float(a), _) => compare_float(*a, b),
        (_, Value::Float(b)) => compare_float(*b, a).map(Ordering::reverse),
        _ => match (small(a), small(b)) {
            (Some(a), Some(b)) => Some(a.cmp(&b)),
            _ => Some(big(a)?.cmp(&big(b)?)),
        },
    }
}

/// How a float compares to an integer, exactly.
fn compare_float(float: f64, int: &Value) -> Option<Ordering> {
    if float.is_nan() {
        return None;
    }
    #[expect(clippy::cast_precision_loss, reason = "exact below 2^53, and only then")]
    if let Some(int) = small(int)
        && int.unsigned_abs() < 1 << 53
    {
        return float.partial_cmp(&(int as f64));
    }
    let int = big(int)?;
    if float.is_infinite() {
        return Some(if float > 0.0 { Ordering::Greater } else { Ordering::Less });
    }
    let whole = crate::format::float::integer(float.trunc());
    Some(match whole.cmp(&int) {
        Ordering::Equal => float.fract().partial_cmp(&0.0)?,
        unequal => unequal,
    })
}

/// How many integers a range holds.
#[must_use]
pub fn range_len(range: &(i64, i64, i64)) -> u64 {
    let (start, stop, step) = *range;
    let (low, high) = if step > 0 { (start, stop) } else { (stop, start) };
    if low >= high { 0 } else { (high.abs_diff(low) - 1) / step.unsigned_abs() + 1 }
}

/// The integer part of a float, as `int()` takes it.
pub fn truncate(float: f64) -> Result<Value, Exception> {
    if float.is_nan() {
        return Err(exception::value_error("cannot convert float NaN to integer"));
    }
    if float.is_infinite() {
        return Err(Exception::new(&exception::OVERFLOW_ERROR, "cannot convert float infinity to integer"));
    }
    #[expect(clippy::cast_possible_truncation, reason = "checked to be in range")]
    if float.abs() < 9.2e18 {
        Ok(Value::Int(float as i64))
    } else {
        Ok(Value::int(crate::format::float::integer(float)))
    }
}

/// Python's `a // b` for integers of any size; `b` is not zero.
#[must_use]
pub fn floor_div(a: &BigInt, b: &BigInt) -> BigInt {
    let quotient = a / b;
    let rest = a % b;
    if !rest.is_zero() && (rest.is_negative() != b.is_negative()) { quotient - 1 } else { quotient }
}

/// Python's `a % b` for integers of any size; `b` is not zero.
#[must_use]
pub fn modulo(a: &BigInt, b: &BigInt) -> BigInt {
    let rest = a % b;
    if !rest.is_zero() && (rest.is_negative() != b.is_negative()) { rest + b } else { rest }
}

/// Python's `a % b` for floats; `b` is not zero.
#[must_use]
pub fn float_modulo(a: f64, b: f64) -> f64 {
    let rest = a % b;
    if rest == 0.0 {
        0.0_f64.copysign(b)
    } else if (rest < 0.0) != (b < 0.0) {
        rest + b
    } else {
        rest
    }
}

/// Python's `a // b` for floats; `b` is not zero.
#[must_use]
pub fn float_floor_div(a: f64, b: f64) -> f64 {
    let rest = a % b;
    let mut quotient = (a - rest) / b;
    if rest != 0.0 && (b < 0.0) != (rest < 0.0) {
        quotient -= 1.0;
    }
    if quotient == 0.0 {
        return 0.0_f64.copysign(a / b);
    }
    let floor = quotient.floor();
    if quotient - floor > 0.5 { floor + 1.0 } else { floor }
}

/// The quotient of two integers as the nearest float (`a / b`); `b` is not zero.
pub fn true_div(a: &BigInt, b: &BigInt) -> Result<f64, Exception> {
    if let (Some(small_a), Some(small_b)) = (a.to_i64(), b.to_i64())
        && small_a.unsigned_abs() <= 1 << 53
        && small_b.unsigned_abs() <= 1 << 53
    {
        #[expect(clippy::cast_precision_loss, reason = "exact below 2^53")]
        return Ok(small_a as f64 / small_b as f64);
    }
    // Scale so that the integer quotient has 66 bits or more, then let the sticky last bit decide the rounding.
    let shift = 66 - (i64::try_from(a.bits()).unwrap_or(i64::MAX) - i64::try_from(b.bits()).unwrap_or(0));
    let (numerator, denominator) =
        if shift >= 0 { (a.abs() << shift, b.abs()) } else { (a.abs(), b.abs() << -shift) };
    let mut quotient = &numerator / &denominator;
    if !(&numerator % &denominator).is_zero() {
        quotient |= BigInt::from(1);
    }
    let scaled = crate::format::float::from_big(&quotient);
    let exponent = i32::try_from(-shift).unwrap_or(i32::MIN);
    let float = scale(scaled, exponent);
    if float.is_infinite() {
        return Err(Exception::new(
            &exception::OVERFLOW_ERROR,
            "integer division result too large for a float",
        ));
    }
    Ok(if a.is_negative() == b.is_negative() { float } else { -float })
}

/// `float * 2^exponent`, in steps that neither overflow nor underflow early.
fn scale(mut float: f64, mut exponent: i32) -> f64 {
    while exponent > 1000 {
        float *= 2_f64.powi(1000);
        exponent -= 1000;
        if float.is_infinite() {
            return float;
        }
    }
    while exponent < -1000 {
        float *= 2_f64.powi(-1000);
        exponent += 1000;
        if float == 0.0 {
            return float;
        }
    }
    float * 2_f64.powi(exponent)
}
