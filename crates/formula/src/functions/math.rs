//! Grist's `math` family: arithmetic, rounding, trigonometry, integers.
//!
//! Angles are radians. Errors are Python's: `TypeError` for what is no number, `ValueError` (`math domain
//! error`) outside of a function's domain, `OverflowError` (`math range error`) for results too large.
//! Source of the behaviour: Grist's function reference and its recorded results.

mod integers;
mod roman;
mod rounding;
mod totals;

use super::operate as py;
use super::operate::{Arguments, Outcome, not_implemented};
use crate::exception;
use crate::native::Native;
use crate::value::Value;

pub(crate) use rounding::round_value;
pub(crate) use totals::{add_up, chain, chain_numbers, chain_numbers_or_dates, chain_numeric};

/// The family's functions.
pub static FUNCTIONS: &[Native] = &[
    Native::function("ABS", "value", "The absolute value of a number.", abs),
    Native::function("ACOS", "value", "The angle whose cosine is the value, in radians.", acos),
    Native::function("ACOSH", "value", "The inverse hyperbolic cosine.", acosh),
    Native::function("ARABIC", "roman_numeral", "The number that a Roman numeral stands for.", roman::arabic),
    Native::function("ASIN", "value", "The angle whose sine is the value, in radians.", asin),
    Native::function("ASINH", "value", "The inverse hyperbolic sine.", asinh),
    Native::function("ATAN", "value", "The angle whose tangent is the value, in radians.", atan),
    Native::function(
        "ATAN2",
        "x, y",
        "The angle of the point (x, y) seen from the origin, in radians.",
        atan2,
    ),
    Native::function("ATANH", "value", "The inverse hyperbolic tangent.", atanh),
    Native::function("CEILING", "value, factor=1", "Rounds up to a multiple of factor.", rounding::ceiling),
    Native::function("COMBIN", "n, k", "How many ways there are to choose k of n things.", integers::combin),
    Native::function("COS", "angle", "The cosine of an angle in radians.", cos),
    Native::function("COSH", "value", "The hyperbolic cosine.", cosh),
    Native::function("DEGREES", "angle", "Turns radians into degrees.", degrees),
    Native::function("EVEN", "value", "Rounds away from zero to an even integer.", rounding::even),
    Native::function("EXP", "exponent", "The number e raised to a power.", exp),
    Native::function("FACT", "value", "The factorial of the integer part.", integers::fact),
    Native::function(
        "FACTDOUBLE",
        "value",
        "The product of every second integer down from the value.",
        integers::fact_double,
    ),
    Native::function("FLOOR", "value, factor=1", "Rounds down to a multiple of factor.", rounding::floor),
    Native::function("GCD", "value1, *more_values", "The greatest common divisor.", integers::gcd),
    Native::function("INT", "value", "Rounds down to an integer.", rounding::int),
    Native::function("LCM", "value1, *more_values", "The least common multiple.", integers::lcm),
    Native::function("LN", "value", "The natural logarithm.", ln),
    Native::function("LOG", "value, base=10", "The logarithm to a base, 10 when none is given.", log),
    Native::function("LOG10", "value", "The logarithm to base 10.", log10),
    Native::function(
        "MOD",
        "dividend, divisor",
        "The remainder of a division; it has the divisor's sign.",
        modulo,
    ),
    Native::function(
        "MROUND",
        "value, factor",
        "Rounds to the nearest multiple of factor.",
        rounding::mround,
    ),
    Native::function(
        "MULTINOMIAL",
        "value1, *more_values",
        "The factorial of the sum over the product of the factorials.",
        integers::multinomial,
    ),
    Native::function("NUM", "value", "Turns a whole float into an int, and leaves other values alone.", num),
    Native::function("ODD", "value", "Rounds away from zero to an odd integer.", rounding::odd),
    Native::function("PI", "", "The number pi.", pi),
    Native::function("POWER", "base, exponent", "A number raised to a power, as a float.", power),
    Native::function(
        "PRODUCT",
        "factor1, *more_factors",
        "Multiplies the numbers among the arguments and lists.",
        totals::product,
    ),
    Native::function("QUOTIENT", "dividend, divisor", "The integer part of a division.", rounding::quotient),
    Native::function("RADIANS", "angle", "Turns degrees into radians.", radians),
    Native::function("RAND", "", "A random number from 0 inclusive to 1 exclusive.", rand),
    Native::function(
        "RANDBETWEEN",
        "low, high",
        "A random integer from low to high, both inclusive.",
        rand_between,
    ),
    Native::function(
        "ROMAN",
        "number, form_unused=None",
        "The Roman numeral of a number from 0 to 4999.",
        roman::roman,
    ),
    Native::function(
        "ROUND",
        "value, places=0",
        "Rounds to a number of places, halves away from zero.",
        rounding::round,
    ),
    Native::function(
        "ROUNDDOWN",
        "value, places=0",
        "Rounds towards zero to a number of places.",
        rounding::round_down,
    ),
    Native::function(
        "ROUNDUP",
        "value, places=0",
        "Rounds away from zero to a number of places.",
        rounding::round_up,
    ),
    Native::function(
        "SERIESSUM",
        "x, n, m, a",
        "The power series of x with coefficients a, from power n in steps of m.",
        totals::series_sum,
    ),
    Native::function("SIGN", "value", "-1, 0 or 1 by the sign of a number.", sign),
    Native::function("SIN", "angle", "The sine of an angle in radians.", sin),
    Native::function("SINH", "value", "The hyperbolic sine.", sinh),
    Native::function("SQRT", "value", "The positive square root.", sqrt),
    Native::function("SQRTPI", "value", "The square root of pi times the value.", sqrt_pi),
    Native::function(
        "SUBTOTAL",
        "function_code, range1, range2",
        "Not implemented in Grist.",
        not_implemented,
    ),
    Native::function(
        "SUM",
        "value1, *more_values",
        "Adds the arguments and the members of lists; what is no number counts 0.",
        totals::sum,
    ),
    Native::function("SUMIF", "records, criterion, sum_range", "Not implemented in Grist.", not_implemented),
    Native::function(
        "SUMIFS",
        "sum_range, criteria_range1, criterion1, *args",
        "Not implemented in Grist.",
        not_implemented,
    ),
    Native::function(
        "SUMPRODUCT",
        "array1, *more_arrays",
        "Multiplies lists member by member and adds the products.",
        totals::sum_product,
    ),
    Native::function("SUMSQ", "value1, value2", "Not implemented in Grist.", not_implemented),
    Native::function("TAN", "angle", "The tangent of an angle in radians.", tan),
    Native::function("TANH", "value", "The hyperbolic tangent.", tanh),
    Native::function(
        "TRUNC",
        "value, places=0",
        "Drops the digits after a number of places.",
        rounding::round_down,
    ),
    Native::function("UUID", "", "A random identifier of 36 characters (UUID version 4).", uuid),
];

/// A float function's result: NaN from a number is outside of the domain, infinity from a finite number too large.
fn checked(argument: f64, result: f64) -> Outcome {
    if result.is_nan() && !argument.is_nan() {
        return Err(exception::value_error("math domain error"));
    }
    if result.is_infinite() && argument.is_finite() {
        return Err(exception::overflow_error("math range error"));
    }
    Ok(Value::Float(result))
}

/// Applies a float function with the checks of Python's `math` module.
fn apply(call: &mut Arguments<'_, '_>, function: fn(f64) -> f64) -> Outcome {
    let argument = py::real(call, call.arg(0))?;
    checked(argument, function(argument))
}

/// Applies a float function whose poles are domain errors as well (logarithms, `ATANH`).
fn apply_with_poles(call: &mut Arguments<'_, '_>, function: fn(f64) -> f64) -> Outcome {
    let argument = py::real(call, call.arg(0))?;
    let result = function(argument);
    if result.is_infinite() && argument.is_finite() {
        return Err(exception::value_error("math domain error"));
    }
    checked(argument, result)
}

/// Any number; `abs(value)`.
fn abs(call: &mut Arguments<'_, '_>) -> Outcome {
    py::absolute(call, call.arg(0))
}
/// From -1 to 1.
fn acos(call: &mut Arguments<'_, '_>) -> Outcome {
    apply(call, f64::acos)
}
/// From 1 on.
fn acosh(call: &mut Arguments<'_, '_>) -> Outcome {
    apply(call, f64::acosh)
}
/// From -1 to 1.
fn asin(call: &mut Arguments<'_, '_>) -> Outcome {
    apply(call, f64::asin)
}
/// Any number.
fn asinh(call: &mut Arguments<'_, '_>) -> Outcome {
    apply(call, |x| {
        // The library's formula loses precision near zero.
        if x.abs() < 1e-3 { x - x * x * x / 6.0 + 3.0 * x.powi(5) / 40.0 } else { x.asinh() }
    })
}
/// Any number.
fn atan(call: &mut Arguments<'_, '_>) -> Outcome {
    apply(call, f64::atan)
}
/// Arguments in Excel's order, x first.
fn atan2(call: &mut Arguments<'_, '_>) -> Outcome {
    let y = py::real(call, call.arg(1))?;
    let x = py::real(call, call.arg(0))?;
    Ok(Value::Float(y.atan2(x)))
}
/// Between -1 and 1.
fn atanh(call: &mut Arguments<'_, '_>) -> Outcome {
    apply_with_poles(call, f64::atanh)
}
/// Radians.
fn cos(call: &mut Arguments<'_, '_>) -> Outcome {
    apply(call, f64::cos)
}
/// Any number up to about 710.
fn cosh(call: &mut Arguments<'_, '_>) -> Outcome {
    apply(call, f64::cosh)
}
/// Radians to degrees.
fn degrees(call: &mut Arguments<'_, '_>) -> Outcome {
    let angle = py::real(call, call.arg(0))?;
    Ok(Value::Float(angle * (180.0 / std::f64::consts::PI)))
}
/// Any number up to about 709.
fn exp(call: &mut Arguments<'_, '_>) -> Outcome {
    apply(call, f64::exp)
}
/// Above zero.
fn ln(call: &mut Arguments<'_, '_>) -> Outcome {
    let value = py::logarithm(call, call.arg(0), f64::ln)?;
    Ok(Value::Float(value))
}
/// Above zero; `ZeroDivisionError` for base 1.
fn log(call: &mut Arguments<'_, '_>) -> Outcome {
    let value = py::logarithm(call, call.arg(0), f64::ln)?;
    let base = match call.get(1) {
        Some(base) => py::logarithm(call, base, f64::ln)?,
        None => std::f64::consts::LN_10,
    };
    if base == 0.0 {
        return Err(exception::zero_division("float division by zero"));
    }
    Ok(Value::Float(value / base))
}
/// Above zero.
fn log10(call: &mut Arguments<'_, '_>) -> Outcome {
    let value = py::logarithm(call, call.arg(0), f64::log10)?;
    Ok(Value::Float(value))
}
/// `dividend % divisor`.
fn modulo(call: &mut Arguments<'_, '_>) -> Outcome {
    py::modulo(call, call.arg(0), call.arg(1))
}
/// A float without fraction becomes an int.
fn num(call: &mut Arguments<'_, '_>) -> Outcome {
    Ok(match call.arg(0) {
        Value::Float(value) if value.is_finite() && value.fract() == 0.0 => py::whole(*value)?,
        other => other.clone(),
    })
}
/// 3.141592653589793.
fn pi(_call: &mut Arguments<'_, '_>) -> Outcome {
    Ok(Value::Float(std::f64::consts::PI))
}
/// Always a float; a negative base needs a whole exponent.
fn power(call: &mut Arguments<'_, '_>) -> Outcome {
    let base = py::real(call, call.arg(0))?;
    let exponent = py::real(call, call.arg(1))?;
    py::float_power(base, exponent).map(Value::Float)
}
/// Degrees to radians.
fn radians(call: &mut Arguments<'_, '_>) -> Outcome {
    let angle = py::real(call, call.arg(0))?;
    Ok(Value::Float(angle * (std::f64::consts::PI / 180.0)))
}
/// 53 random bits of the host.
fn rand(call: &mut Arguments<'_, '_>) -> Outcome {
    Ok(Value::Float(py::random_fraction(call)))
}
/// Integers; `ValueError` when there is none between the two.
fn rand_between(call: &mut Arguments<'_, '_>) -> Outcome {
    let after = py::add(call, call.arg(1), &Value::Int(1))?;
    let low = py::random_bound(call, call.arg(0), 1)?;
    let high = py::random_bound(call, &after, 2)?;
    let width = high - low;
    if width <= 0 {
        let message = format!("empty range for randrange() ({low}, {high}, {width})");
        return Err(exception::value_error(message));
    }
    let below = py::random_below(call, width as u64);
    Ok(Value::Int(low + below as i64))
}
/// Zero for zero, else the sign of the float.
fn sign(call: &mut Arguments<'_, '_>) -> Outcome {
    if py::equal(call, call.arg(0), &Value::Int(0))? {
        return Ok(Value::Int(0));
    }
    let value = py::real(call, call.arg(0))?;
    Ok(Value::Int(if value.is_sign_negative() { -1 } else { 1 }))
}
/// Radians.
fn sin(call: &mut Arguments<'_, '_>) -> Outcome {
    apply(call, f64::sin)
}
/// Any number up to about 710.
fn sinh(call: &mut Arguments<'_, '_>) -> Outcome {
    apply(call, f64::sinh)
}
/// From zero on.
fn sqrt(call: &mut Arguments<'_, '_>) -> Outcome {
    apply(call, f64::sqrt)
}
/// From zero on.
fn sqrt_pi(call: &mut Arguments<'_, '_>) -> Outcome {
    let product = py::multiply(call, &Value::Float(std::f64::consts::PI), call.arg(0))?;
    let product = py::real(call, &product)?;
    checked(product, product.sqrt())
}
/// Radians.
fn tan(call: &mut Arguments<'_, '_>) -> Outcome {
    apply(call, f64::tan)
}
/// Any number.
fn tanh(call: &mut Arguments<'_, '_>) -> Outcome {
    apply(call, f64::tanh)
}
/// Lower-case hexadecimal in the usual five groups.
fn uuid(call: &mut Arguments<'_, '_>) -> Outcome {
    Ok(Value::from(py::random_uuid(call)))
}
