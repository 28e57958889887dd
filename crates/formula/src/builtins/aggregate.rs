//! Sums, extremes, numbers.

use num_bigint::BigInt;
use num_traits::{Signed, Zero};

use crate::call::Call;
use crate::exception::{self, Exception};
use crate::native::Native;
use crate::ops::{Binary, Unary, number, truth};
use crate::types::type_of;
use crate::value::Value;

pub(super) static FUNCTIONS: &[Native] = &[
    Native::function("abs", "x, /", "", absolute),
    Native::function("all", "iterable, /", "", all),
    Native::function("any", "iterable, /", "", any),
    Native::function("bin", "number, /", "", |call| radix(call, 2, "0b")),
    Native::function("divmod", "x, y, /", "", divmod),
    Native::function("hex", "number, /", "", |call| radix(call, 16, "0x")),
    Native::function("max", "*args, key=None, default=None", "", |call| extreme(call, true)),
    Native::function("min", "*args, key=None, default=None", "", |call| extreme(call, false)),
    Native::function("oct", "number, /", "", |call| radix(call, 8, "0o")),
    Native::function("pow", "base, exp, mod=None", "", power),
    Native::function("round", "number, ndigits=None", "", round),
    Native::function("sum", "iterable, /, start=0", "", sum),
];

fn absolute(call: &mut Call<'_, '_>) -> Result<Value, Exception> {
    Ok(match call.arg(0) {
        Value::Float(float) => Value::Float(float.abs()),
        Value::Int(int) => match int.checked_abs() {
            Some(int) => Value::Int(int),
            None => Value::int(-BigInt::from(*int)),
        },
        Value::Bool(truth) => Value::Int(i64::from(*truth)),
        Value::Big(big) => Value::int(big.abs()),
        Value::Delta(micros) => Value::Delta(micros.abs()),
        Value::Object(object) => {
            let object = object.clone();
            match object.unary("abs", call.context) {
                Some(result) => result?,
                None => return Err(bad_abs(call.arg(0))),
            }
        }
        other => return Err(bad_abs(other)),
    })
}

fn bad_abs(value: &Value) -> Exception {
    exception::type_error(format!("bad operand type for abs(): '{}'", type_of(value).name))
}

fn all(call: &mut Call<'_, '_>) -> Result<Value, Exception> {
    let mut iter = call.context.iterate(&call.arg(0).clone())?;
    while let Some(item) = iter.next(call.context)? {
        if !truth(&item) {
            return Ok(Value::Bool(false));
        }
    }
    Ok(Value::Bool(true))
}

fn any(call: &mut Call<'_, '_>) -> Result<Value, Exception> {
    let mut iter = call.context.iterate(&call.arg(0).clone())?;
    while let Some(item) = iter.next(call.context)? {
        if truth(&item) {
            return Ok(Value::Bool(true));
        }
    }
    Ok(Value::Bool(false))
}

fn radix(call: &mut Call<'_, '_>, radix: u32, prefix: &str) -> Result<Value, Exception> {
    let value = call.arg(0);
    let Some(big) = number::big(value) else {
        return Err(exception::type_error(format!(
            "'{}' object cannot be interpreted as an integer",
            type_of(value).name
        )));
    };
    let sign = if big.is_negative() { "-" } else { "" };
    Ok(Value::from(format!("{sign}{prefix}{}", big.magnitude().to_str_radix(radix))))
}

fn divmod(call: &mut Call<'_, '_>) -> Result<Value, Exception> {
    let (a, b) = (call.arg(0).clone(), call.arg(1).clone());
    let unsupported = |error: Exception| {
        if error.is(&exception::TYPE_ERROR) {
            exception::type_error(format!(
                "unsupported operand type(s) for divmod(): '{}' and '{}'",
                type_of(&a).name,
                type_of(&b).name
            ))
        } else {
            error
        }
    };
    let quotient = call.context.binary(Binary::FloorDiv, &a, &b).map_err(unsupported)?;
    let rest = call.context.binary(Binary::Mod, &a, &b).map_err(unsupported)?;
    Ok(Value::tuple(vec![quotient, rest]))
}

fn extreme(call: &mut Call<'_, '_>, largest: bool) -> Result<Value, Exception> {
    let name = call.native.name;
    let key = call.some(0).cloned();
    let default = call.get(1).cloned();
    let items = match call.positional() {
        [] => return Err(exception::type_error(format!("{name} expected at least 1 argument, got 0"))),
        [only] => call.context.collect(only)?,
        several => {
            if default.is_some() {
                return Err(exception::type_error(format!(
                    "Cannot specify a default for {name}() with multiple positional arguments"
                )));
            }
            several.to_vec()
        }
    };
    let mut best: Option<(Value, Value)> = None;
    for item in items {
        call.context.spend(1)?;
        let rank = match &key {
            Some(key) => call.context.call(key, std::slice::from_ref(&item), &[])?,
            None => item.clone(),
        };
        let better = match &best {
            None => true,
            Some((known, _)) if largest => {
                call.context.compare(crate::ops::Comparison::Greater, &rank, known)?
            }
            Some((known, _)) => call.context.less(&rank, known)?,
        };
        if better {
            best = Some((rank, item));
        }
    }
    match (best, default) {
        (Some((_, item)), _) => Ok(item),
        (None, Some(default)) => Ok(default),
        (None, None) => Err(exception::value_error(format!("{name}() arg is an empty sequence"))),
    }
}

fn power(call: &mut Call<'_, '_>) -> Result<Value, Exception> {
    let (base, exponent) = (call.arg(0).clone(), call.arg(1).clone());
    let Some(modulus) = call.some(2).cloned() else {
        return call.context.binary(Binary::Pow, &base, &exponent);
    };
    let (Some(base), Some(exponent), Some(modulus)) =
        (number::big(&base), number::big(&exponent), number::big(&modulus))
    else {
        return Err(exception::type_error(
            "pow() 3rd argument not allowed unless all arguments are integers",
        ));
    };
    if modulus.is_zero() {
        return Err(exception::value_error("pow() 3rd argument cannot be 0"));
    }
    call.context.spend((base.bits() + exponent.bits()).saturating_mul(modulus.bits() / 64 + 1))?;
    let result = if exponent.is_negative() {
        match base.modinv(&modulus) {
            Some(inverse) => inverse.modpow(&-exponent, &modulus),
            None => return Err(exception::value_error("base is not invertible for the given modulus")),
        }
    } else {
        base.modpow(&exponent, &modulus)
    };
    Ok(Value::int(result))
}

fn round(call: &mut Call<'_, '_>) -> Result<Value, Exception> {
    let value = call.arg(0).clone();
    let places = match call.some(1) {
        Some(places) => Some(number::index(places)?),
        None => None,
    };
    match (&value, places) {
        (Value::Float(float), None) => {
            if float.is_finite() {
                Ok(Value::int(crate::format::float::round_to_integer(*float)))
            } else {
                number::truncate(*float)
            }
        }
        (Value::Float(float), Some(places)) => {
            crate::format::float::round(*float, places).map(Value::Float).ok_or_else(|| {
                Exception::new(&exception::OVERFLOW_ERROR, "rounded value too large to represent")
            })
        }
        (Value::Int(_) | Value::Bool(_) | Value::Big(_), None | Some(0..)) => {
            call.context.unary(Unary::Plus, &value)
        }
        (Value::Int(_) | Value::Bool(_) | Value::Big(_), Some(places)) => {
            let Some(int) = number::big(&value) else { return Ok(Value::Int(0)) };
            let digits = u32::try_from(-places).unwrap_or(u32::MAX);
            // Beyond the number's own digits, everything rounds to nothing.
            if u64::from(digits) > int.bits() {
                return Ok(Value::Int(0));
            }
            let unit = BigInt::from(10).pow(digits);
            let rest = number::modulo(&int, &unit);
            let floor = &int - &rest;
            let twice: BigInt = &rest * 2;
            let up = twice > unit || (twice == unit && !((&floor / &unit) % 2_u32).is_zero());
            Ok(Value::int(if up { floor + unit } else { floor }))
        }
        (Value::Object(object), _) => match object.number() {
            Some(Value::Float(float)) => Ok(Value::int(crate::format::float::round_to_integer(float))),
            _ => Err(no_round(&value)),
        },
        _ => Err(no_round(&value)),
    }
}

fn no_round(value: &Value) -> Exception {
    exception::type_error(format!("type {} doesn't define __round__ method", type_of(value).name))
}

fn sum(call: &mut Call<'_, '_>) -> Result<Value, Exception> {
    let mut total = call.get(1).cloned().unwrap_or(Value::Int(0));
    match &total {
        Value::Str(_) => {
            return Err(exception::type_error("sum() can't sum strings [use ''.join(seq) instead]"));
        }
        Value::Bytes(_) => {
            return Err(exception::type_error("sum() can't sum bytes [use b''.join(seq) instead]"));
        }
        _ => {}
    }
    let mut iter = call.context.iterate(&call.arg(0).clone())?;
    while let Some(item) = iter.next(call.context)? {
        total = call.context.binary(Binary::Add, &total, &item)?;
    }
    Ok(total)
}
