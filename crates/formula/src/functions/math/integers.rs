//! Factorials, combinations, divisors. Exact, of any size.

use super::py;
use crate::exception::{self, Exception};
use crate::functions::operate::{Arguments, Outcome};
use crate::value::Value;
use num_bigint::BigInt;
use num_traits::{One, Zero};

/// The product of `start, start + step, …` before `stop`, as `reduce(mul, range(…))`: an empty range is a `TypeError`.
fn product_of_range(
    call: &mut Arguments<'_, '_>,
    start: i64,
    stop: i64,
    step: i64,
) -> Result<BigInt, Exception> {
    let length = if step > 0 {
        (stop - start + step - 1).div_euclid(step)
    } else {
        (start - stop - step - 1).div_euclid(-step)
    };
    if length <= 0 {
        return Err(exception::type_error("reduce() of empty iterable with no initial value"));
    }
    // Each factor costs about the length of the product so far.
    call.context.limits.spend((length as u64).saturating_mul(length as u64 / 64 + 1))?;
    let mut product = BigInt::one();
    let mut small: i128 = 1;
    for n in 0..length {
        let factor = i128::from(start + n * step);
        match small.checked_mul(factor) {
            Some(next) => small = next,
            None => {
                product *= small;
                small = factor;
            }
        }
    }
    Ok(product * small)
}

/// Ints; `n < k` and negative `k` are a `TypeError`, as in Grist.
pub(super) fn combin(call: &mut Arguments<'_, '_>) -> Outcome {
    let (n, k) = (call.arg(0).clone(), call.arg(1).clone());
    choose(call, &n, &k)
}

fn choose(call: &mut Arguments<'_, '_>, n: &Value, k: &Value) -> Outcome {
    let rest = py::subtract(call, n, k)?;
    let k = if py::less(call, &rest, k)? { rest } else { k.clone() };
    if py::equal(call, &k, &Value::Int(0))? {
        return Ok(Value::Int(1));
    }
    let lowest = py::subtract(call, n, &k)?;
    let (n, lowest) = (py::index(call, n)?, py::index(call, &lowest)?);
    let numerator = product_of_range(call, n, lowest, -1)?;
    let last = py::index(call, &k)?;
    let denominator = product_of_range(call, 1, last + 1, 1)?;
    Ok(Value::from(numerator / denominator))
}

/// `int(value)`, not negative.
pub(super) fn fact(call: &mut Arguments<'_, '_>) -> Outcome {
    let value = py::int(call, call.arg(0))?;
    py::factorial(call, &value)
}

/// An int above 1, else a `TypeError`, as in Grist.
pub(super) fn fact_double(call: &mut Arguments<'_, '_>) -> Outcome {
    let value = py::index(call, call.arg(0))?;
    Ok(Value::from(product_of_range(call, value, 1, -2)?))
}

/// Not negative; zeros and blanks are left out, 0 when nothing is left.
pub(super) fn gcd(call: &mut Arguments<'_, '_>) -> Outcome {
    let mut values = Vec::new();
    for value in call.positional() {
        if py::truth(call, value)? {
            values.push(value.clone());
        }
    }
    not_negative(call, &values)?;
    let mut result = BigInt::zero();
    for value in &values {
        let value = py::int(call, value)?;
        let value = py::big(call, &value)?;
        result = divisor(result, value);
    }
    Ok(Value::from(result))
}

/// Not negative; 0 when a value is 0.
pub(super) fn lcm(call: &mut Arguments<'_, '_>) -> Outcome {
    let values = call.positional().to_vec();
    not_negative(call, &values)?;
    for value in &values {
        if py::equal(call, value, &Value::Int(0))? {
            return Ok(Value::Int(0));
        }
    }
    let mut result = BigInt::one();
    for value in &values {
        let value = py::int(call, value)?;
        let value = py::big(call, &value)?;
        let common = divisor(result.clone(), value.clone());
        if common.is_zero() {
            return Err(exception::zero_division("integer division or modulo by zero"));
        }
        result = result * value / common;
    }
    Ok(Value::from(result))
}

fn not_negative(call: &mut Arguments<'_, '_>, values: &[Value]) -> Result<(), Exception> {
    for value in values {
        if py::less(call, value, &Value::Int(0))? {
            return Err(exception::value_error("gcd requires non-negative values"));
        }
    }
    Ok(())
}

fn divisor(a: BigInt, b: BigInt) -> BigInt {
    let (mut a, mut b) = (a, b);
    while !b.is_zero() {
        let rest = &a % &b;
        a = std::mem::replace(&mut b, rest);
    }
    a
}

/// `(a + b + …)! / (a! b! …)`.
pub(super) fn multinomial(call: &mut Arguments<'_, '_>) -> Outcome {
    let mut total = call.arg(0).clone();
    let mut result = Value::Int(1);
    for value in call.rest() {
        total = py::add(call, &total, value)?;
        let ways = choose(call, &total, value)?;
        result = py::multiply(call, &result, &ways)?;
    }
    Ok(result)
}
