//! The module `math`.

use num_bigint::BigInt;
use num_traits::{Signed, Zero};

use crate::call::Call;
use crate::exception::{self, Exception};
use crate::modules::ModuleDef;
use crate::native::Native;
use crate::ops::{Binary, number};
use crate::types::type_of;
use crate::value::Value;

/// The module.
pub static MODULE: ModuleDef = ModuleDef {
    name: "math",
    functions: &[FUNCTIONS],
    types: &[],
    modules: &[],
    constant: Some(|name| {
        Some(Value::Float(match name {
            "pi" => std::f64::consts::PI,
            "e" => std::f64::consts::E,
            "tau" => std::f64::consts::TAU,
            "inf" => f64::INFINITY,
            "nan" => f64::NAN,
            _ => return None,
        }))
    }),
};

macro_rules! real {
    ($name:literal, $function:expr) => {
        Native::function($name, "x, /", "", |call| {
            let x = number::real(call.arg(0))?;
            checked($function(x), &[x])
        })
    };
}

static FUNCTIONS: &[Native] = &[
    real!("acos", f64::acos),
    real!("acosh", f64::acosh),
    real!("asin", f64::asin),
    real!("asinh", f64::asinh),
    real!("atan", f64::atan),
    real!("cbrt", f64::cbrt),
    real!("cos", f64::cos),
    real!("cosh", f64::cosh),
    real!("degrees", f64::to_degrees),
    real!("exp", f64::exp),
    real!("exp2", f64::exp2),
    real!("expm1", f64::exp_m1),
    real!("fabs", f64::abs),
    real!("log1p", f64::ln_1p),
    real!("radians", f64::to_radians),
    real!("sin", f64::sin),
    real!("sinh", f64::sinh),
    real!("sqrt", f64::sqrt),
    real!("tan", f64::tan),
    real!("tanh", f64::tanh),
    Native::function("atan2", "y, x, /", "", |call| pair(call).map(|(y, x)| Value::Float(y.atan2(x)))),
    Native::function("atanh", "x, /", "", |call| {
        let x = number::real(call.arg(0))?;
        if x.abs() >= 1.0 { Err(domain()) } else { Ok(Value::Float(x.atanh())) }
    }),
    Native::function("ceil", "x, /", "", |call| whole(call, f64::ceil)),
    Native::function("comb", "n, k, /", "", |call| choose(call, true)),
    Native::function("copysign", "x, y, /", "", |call| pair(call).map(|(x, y)| Value::Float(x.copysign(y)))),
    Native::function("dist", "p, q, /", "", |call| {
        let (p, q) =
            (call.context.collect(&call.arg(0).clone())?, call.context.collect(&call.arg(1).clone())?);
        if p.len() != q.len() {
            return Err(exception::value_error("both points must have the same number of dimensions"));
        }
        let mut total = 0.0_f64;
        for (p, q) in p.iter().zip(&q) {
            total = total.hypot(number::real(p)? - number::real(q)?);
        }
        Ok(Value::Float(total))
    }),
    Native::function("factorial", "n, /", "", factorial),
    Native::function("floor", "x, /", "", |call| whole(call, f64::floor)),
    Native::function("fmod", "x, y, /", "", |call| {
        let (x, y) = pair(call)?;
        checked(x % y, &[x, y])
    }),
    Native::function("frexp", "x, /", "", |call| {
        let x = number::real(call.arg(0))?;
        if x == 0.0 || !x.is_finite() {
            return Ok(Value::tuple(vec![Value::Float(x), Value::Int(0)]));
        }
        let (mut mantissa, mut exponent) = (x, 0);
        while mantissa.abs() >= 1.0 {
            mantissa /= 2.0;
            exponent += 1;
        }
        while mantissa.abs() < 0.5 {
            mantissa *= 2.0;
            exponent -= 1;
        }
        Ok(Value::tuple(vec![Value::Float(mantissa), Value::Int(exponent)]))
    }),
    Native::function("fsum", "seq, /", "", |call| {
        let items = call.context.collect(&call.arg(0).clone())?;
        exact_sum(&items).map(Value::Float)
    }),
    Native::function("gcd", "*integers", "", |call| {
        let mut result = BigInt::zero();
        for value in call.positional() {
            result = common_divisor(&result, &integer(value)?);
        }
        Ok(Value::int(result))
    }),
    Native::function("hypot", "*coordinates", "", |call| {
        let mut total = 0.0_f64;
        for value in call.positional() {
            total = total.hypot(number::real(value)?);
        }
        Ok(Value::Float(total))
    }),
    Native::function("isclose", "a, b, *, rel_tol=1e-09, abs_tol=0.0", "", |call| {
        let (a, b) = pair(call)?;
        let relative = call.get(2).map_or(Ok(1e-9), number::real)?;
        let absolute = call.get(3).map_or(Ok(0.0), number::real)?;
        let close = a == b
            || (a.is_finite()
                && b.is_finite()
                && (a - b).abs() <= (relative * a.abs().max(b.abs())).max(absolute));
        Ok(Value::Bool(close))
    }),
    Native::function("isfinite", "x, /", "", |call| {
        number::real(call.arg(0)).map(|x| Value::Bool(x.is_finite()))
    }),
    Native::function("isinf", "x, /", "", |call| {
        number::real(call.arg(0)).map(|x| Value::Bool(x.is_infinite()))
    }),
    Native::function("isnan", "x, /", "", |call| number::real(call.arg(0)).map(|x| Value::Bool(x.is_nan()))),
    Native::function("isqrt", "n, /", "", |call| {
        let n = integer(call.arg(0))?;
        if n.is_negative() {
            Err(exception::value_error("isqrt() argument must be nonnegative"))
        } else {
            Ok(Value::int(n.sqrt()))
        }
    }),
    Native::function("lcm", "*integers", "", |call| {
        let mut result = BigInt::from(1);
        for value in call.positional() {
            let value = integer(value)?;
            let divisor = common_divisor(&result, &value);
            result = if divisor.is_zero() { BigInt::zero() } else { (result * value / divisor).abs() };
        }
        Ok(Value::int(result))
    }),
    Native::function("ldexp", "x, i, /", "", |call| {
        let x = number::real(call.arg(0))?;
        let power = number::index(call.arg(1))?.clamp(-3000, 3000);
        let half = i32::try_from(power / 2).unwrap_or(0);
        let rest = i32::try_from(power).unwrap_or(0) - half;
        checked(x * 2_f64.powi(half) * 2_f64.powi(rest), &[x])
    }),
    Native::function("log", "x, base=None, /", "", |call| {
        let x = logarithm(call.arg(0), f64::ln)?;
        match call.some(1) {
            None => Ok(Value::Float(x)),
            Some(base) => {
                let base = logarithm(base, f64::ln)?;
                if base == 0.0 {
                    return Err(Exception::new(&exception::ZERO_DIVISION_ERROR, "float division by zero"));
                }
                Ok(Value::Float(x / base))
            }
        }
    }),
    Native::function("log10", "x, /", "", |call| logarithm(call.arg(0), f64::log10).map(Value::Float)),
    Native::function("log2", "x, /", "", |call| logarithm(call.arg(0), f64::log2).map(Value::Float)),
    Native::function("modf", "x, /", "", |call| {
        let x = number::real(call.arg(0))?;
        let fraction = if x.is_infinite() { 0.0_f64.copysign(x) } else { x.fract().copysign(x) };
        Ok(Value::tuple(vec![Value::Float(fraction), Value::Float(x.trunc())]))
    }),
    Native::function("perm", "n, k=None, /", "", |call| choose(call, false)),
    Native::function("pow", "x, y, /", "", |call| {
        let (x, y) = pair(call)?;
        if (x == 0.0 && y < 0.0) || (x < 0.0 && x.is_finite() && y.is_finite() && y.fract() != 0.0) {
            return Err(domain());
        }
        checked(x.powf(y), &[x, y])
    }),
    Native::function("prod", "iterable, /, *, start=1", "", |call| {
        let mut total = call.get(1).cloned().unwrap_or(Value::Int(1));
        for item in call.context.collect(&call.arg(0).clone())? {
            total = call.context.binary(Binary::Mul, &total, &item)?;
        }
        Ok(total)
    }),
    Native::function("trunc", "x, /", "", |call| whole(call, f64::trunc)),
];

fn pair(call: &Call<'_, '_>) -> Result<(f64, f64), Exception> {
    Ok((number::real(call.arg(0))?, number::real(call.arg(1))?))
}

fn domain() -> Exception {
    exception::value_error("math domain error")
}

/// A NaN from numbers is a domain error, an infinity an overflow.
fn checked(result: f64, arguments: &[f64]) -> Result<Value, Exception> {
    if result.is_nan() && !arguments.iter().any(|argument| argument.is_nan()) {
        return Err(domain());
    }
    if result.is_infinite() && arguments.iter().all(|argument| argument.is_finite()) {
        return Err(Exception::new(&exception::OVERFLOW_ERROR, "math range error"));
    }
    Ok(Value::Float(result))
}

fn integer(value: &Value) -> Result<BigInt, Exception> {
    number::big(value).ok_or_else(|| {
        exception::type_error(format!("'{}' object cannot be interpreted as an integer", type_of(value).name))
    })
}

fn whole(call: &mut Call<'_, '_>, round: fn(f64) -> f64) -> Result<Value, Exception> {
    match call.arg(0) {
        value if number::big(value).is_some() => integer(value).map(Value::int),
        value => number::truncate(round(number::real(value)?)),
    }
}

fn logarithm(value: &Value, log: fn(f64) -> f64) -> Result<f64, Exception> {
    if let Value::Big(big) = value {
        if big.is_negative() {
            return Err(domain());
        }
        // Too large for a float: take 2^shift out.
        let shift = big.bits().saturating_sub(60);
        let head = crate::format::float::from_big(&(&**big >> shift));
        #[expect(clippy::cast_precision_loss, reason = "a count of bits")]
        return Ok(log(head) + shift as f64 * log(2.0));
    }
    let x = number::real(value)?;
    if x <= 0.0 { Err(domain()) } else { Ok(log(x)) }
}

fn common_divisor(a: &BigInt, b: &BigInt) -> BigInt {
    let (mut a, mut b) = (a.abs(), b.abs());
    while !b.is_zero() {
        (a, b) = (b.clone(), a % b);
    }
    a
}

fn factorial(call: &mut Call<'_, '_>) -> Result<Value, Exception> {
    let n = number::index(call.arg(0))?;
    if n < 0 {
        return Err(exception::value_error("factorial() not defined for negative values"));
    }
    call.context.spend(u64::try_from(n).unwrap_or(u64::MAX).saturating_pow(2) / 8)?;
    Ok(Value::int((1..=n).map(BigInt::from).product()))
}

fn choose(call: &mut Call<'_, '_>, unordered: bool) -> Result<Value, Exception> {
    let n = number::index(call.arg(0))?;
    let k = call.some(1).map_or(Ok(n), number::index)?;
    if n < 0 || k < 0 {
        return Err(exception::value_error(format!(
            "{} must be a non-negative integer",
            if n < 0 { "n" } else { "k" }
        )));
    }
    if k > n {
        return Ok(Value::Int(0));
    }
    let k = if unordered { k.min(n - k) } else { k };
    call.context.spend(u64::try_from(k).unwrap_or(u64::MAX).saturating_pow(2) / 8)?;
    let mut result = BigInt::from(1);
    for step in 0..k {
        result *= n - step;
        if unordered {
            result /= step + 1;
        }
    }
    Ok(Value::int(result))
}

/// The sum without loss: partial sums that do not overlap.
fn exact_sum(items: &[Value]) -> Result<f64, Exception> {
    let mut partials: Vec<f64> = Vec::new();
    let mut special = 0.0_f64;
    for item in items {
        let mut x = number::real(item)?;
        if !x.is_finite() {
            special += x;
            continue;
        }
        let mut kept = Vec::with_capacity(partials.len() + 1);
        for mut y in partials {
            if x.abs() < y.abs() {
                std::mem::swap(&mut x, &mut y);
            }
            let high = x + y;
            let low = y - (high - x);
            if low != 0.0 {
                kept.push(low);
            }
            x = high;
        }
        kept.push(x);
        partials = kept;
    }
    if special != 0.0 || special.is_nan() {
        return Ok(special);
    }
    Ok(partials.iter().rev().fold(0.0, |total, partial| total + partial))
}
