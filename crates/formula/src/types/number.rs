//! Methods of `int`, `float` and `bytes`.

use num_bigint::BigInt;

use crate::call::Call;
use crate::exception::{self, Exception};
use crate::native::Native;
use crate::ops::number;
use crate::value::Value;

/// Methods of integers.
pub static INT: &[Native] = &[
    Native::method("as_integer_ratio", "self, /", "The number and 1.", |call| {
        Ok(Value::tuple(vec![whole(call), Value::Int(1)]))
    }),
    Native::method("bit_count", "self, /", "How many bits are 1.", |call| {
        let ones: u32 = big(call).magnitude().iter_u64_digits().map(u64::count_ones).sum();
        Ok(Value::Int(i64::from(ones)))
    }),
    Native::method("bit_length", "self, /", "How many bits it takes.", |call| {
        Ok(Value::Int(i64::try_from(big(call).bits()).unwrap_or(i64::MAX)))
    }),
    Native::method("conjugate", "self, /", "Itself.", |call| Ok(whole(call))),
    Native::property("denominator", "1.", |_| Ok(Value::Int(1))),
    Native::property("imag", "0.", |_| Ok(Value::Int(0))),
    Native::property("numerator", "Itself.", |call| Ok(whole(call))),
    Native::property("real", "Itself.", |call| Ok(whole(call))),
];

/// Methods of floats.
pub static FLOAT: &[Native] = &[
    Native::method("as_integer_ratio", "self, /", "The fraction it is.", ratio),
    Native::method("conjugate", "self, /", "Itself.", |call| Ok(call.arg(0).clone())),
    Native::method("hex", "self, /", "In base 16.", |call| Ok(Value::from(hex(float(call))))),
    Native::property("imag", "0.", |_| Ok(Value::Float(0.0))),
    Native::method("is_integer", "self, /", "Whether it has no fraction.", |call| {
        let float = float(call);
        Ok(Value::Bool(float.is_finite() && float.fract() == 0.0))
    }),
    Native::property("real", "Itself.", |call| Ok(call.arg(0).clone())),
];

/// Methods of bytes.
pub static BYTES: &[Native] = &[
    Native::method("decode", "self, encoding='utf-8', errors='strict'", "As text.", decode),
    Native::method("hex", "self", "In base 16.", |call| match call.arg(0) {
        Value::Bytes(bytes) => {
            Ok(Value::from(bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>()))
        }
        _ => Err(exception::type_error("expected bytes")),
    }),
];

fn big(call: &Call<'_, '_>) -> BigInt {
    number::big(call.arg(0)).unwrap_or_default()
}

fn whole(call: &Call<'_, '_>) -> Value {
    Value::int(big(call))
}

fn float(call: &Call<'_, '_>) -> f64 {
    match call.arg(0) {
        Value::Float(float) => *float,
        _ => 0.0,
    }
}

fn ratio(call: &mut Call<'_, '_>) -> Result<Value, Exception> {
    let float = float(call);
    if float.is_nan() {
        return Err(exception::value_error("cannot convert NaN to integer ratio"));
    }
    if float.is_infinite() {
        return Err(Exception::new(&exception::OVERFLOW_ERROR, "cannot convert Infinity to integer ratio"));
    }
    let (mut scaled, mut shift) = (float, 0_u32);
    while scaled.fract() != 0.0 {
        scaled *= 2.0;
        shift += 1;
    }
    let numerator = crate::format::float::integer(scaled);
    Ok(Value::tuple(vec![Value::int(numerator), Value::int(BigInt::from(1) << shift)]))
}

fn hex(float: f64) -> String {
    if !float.is_finite() {
        return crate::format::float::repr(float);
    }
    let sign = if float.is_sign_negative() { "-" } else { "" };
    let bits = float.to_bits();
    let (exponent, mantissa) = (i64::try_from(bits >> 52 & 0x7ff).unwrap_or(0), bits & 0x000f_ffff_ffff_ffff);
    match (exponent, mantissa) {
        (0, 0) => format!("{sign}0x0.0p+0"),
        (0, _) => format!("{sign}0x0.{mantissa:013x}p-1022"),
        _ => format!("{sign}0x1.{mantissa:013x}p{:+}", exponent - 1023),
    }
}

fn decode(call: &mut Call<'_, '_>) -> Result<Value, Exception> {
    let Value::Bytes(bytes) = call.arg(0) else { return Err(exception::type_error("expected bytes")) };
    let option = |at: usize, default: &str| match call.get(at) {
        Some(Value::Str(text)) => text.as_str().to_lowercase().replace(['-', '_'], ""),
        _ => default.to_owned(),
    };
    let (encoding, errors) = (option(1, "utf8"), option(2, "strict"));
    let strict = |message: String| Err(Exception::new(&exception::UNICODE_DECODE_ERROR, message));
    match encoding.as_str() {
        "latin1" | "iso88591" | "l1" => {
            Ok(Value::from(bytes.iter().map(|byte| char::from(*byte)).collect::<String>()))
        }
        "utf8" | "u8" | "ascii" | "usascii" => match std::str::from_utf8(bytes) {
            Ok(text) if encoding.starts_with('u') && !encoding.starts_with("us") || text.is_ascii() => {
                Ok(Value::str(text))
            }
            _ if errors == "ignore" => {
                Ok(Value::from(String::from_utf8_lossy(bytes).replace('\u{fffd}', "")))
            }
            _ if errors == "replace" => Ok(Value::from(String::from_utf8_lossy(bytes).into_owned())),
            Err(error) => {
                let at = error.valid_up_to();
                strict(format!(
                    "'utf-8' codec can't decode byte 0x{:02x} in position {at}: invalid start byte",
                    bytes[at]
                ))
            }
            Ok(_) => {
                let at = bytes.iter().position(|byte| !byte.is_ascii()).unwrap_or(0);
                strict(format!(
                    "'ascii' codec can't decode byte 0x{:02x} in position {at}: ordinal not in range(128)",
                    bytes[at]
                ))
            }
        },
        other => Err(Exception::new(&exception::LOOKUP_ERROR, format!("unknown encoding: {other}"))),
    }
}
