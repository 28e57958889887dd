//! Calling Python's own classes: `int("42")`, `list(range(3))`, `dict(a=1)`, ….

use std::rc::Rc;

use num_bigint::BigInt;

use crate::call::Call;
use crate::exception::{self, Exception};
use crate::native::Native;
use crate::ops::{self, number, quote};
use crate::types::type_of;
use crate::value::{Dict, Key, Set, Value};

pub(super) static BOOL: Native =
    Native::function("bool", "x=False, /", "", |call| Ok(Value::Bool(call.get(0).is_some_and(ops::truth))));
pub(super) static INT: Native = Native::function("int", "x=0, /, base=10", "", int);
pub(super) static FLOAT: Native = Native::function("float", "x=0, /", "", float);
pub(super) static STR: Native =
    Native::function("str", "object='', encoding='utf-8', errors='strict'", "", text);
pub(super) static BYTES: Native =
    Native::function("bytes", "source=b'', encoding='utf-8', errors='strict'", "", bytes);
pub(super) static LIST: Native =
    Native::function("list", "iterable=(), /", "", |call| items(call).map(Value::list));
pub(super) static TUPLE: Native = Native::function("tuple", "iterable=(), /", "", |call| match call.get(0) {
    Some(tuple @ Value::Tuple(_)) => Ok(tuple.clone()),
    _ => items(call).map(Value::tuple),
});
pub(super) static SET: Native =
    Native::function("set", "iterable=(), /", "", |call| elements(call).map(Value::set));
pub(super) static FROZEN_SET: Native = Native::function("frozenset", "iterable=(), /", "", |call| {
    elements(call).map(|set| Value::FrozenSet(Rc::new(set)))
});
pub(super) static DICT: Native = Native::function("dict", "iterable=(), /, **kwargs", "", dict);
pub(super) static RANGE: Native = Native::function("range", "start, stop=None, step=1, /", "", range);
pub(super) static SLICE: Native = Native::function("slice", "start, stop=None, step=None, /", "", slice);

fn int(call: &mut Call<'_, '_>) -> Result<Value, Exception> {
    let Some(value) = call.get(0) else { return Ok(Value::Int(0)) };
    let base = match call.get(1) {
        Some(base) => Some(number::index(base)?),
        None => None,
    };
    let text = match value {
        Value::Str(text) => text.clone(),
        Value::Bytes(bytes) => String::from_utf8_lossy(bytes).into_owned().into(),
        _ if base.is_some() => {
            return Err(exception::type_error("int() can't convert non-string with explicit base"));
        }
        Value::Int(_) | Value::Big(_) => return Ok(value.clone()),
        Value::Bool(truth) => return Ok(Value::Int(i64::from(*truth))),
        Value::Float(float) => return number::truncate(*float),
        Value::Record(_, row) => return Ok(Value::Int(i64::from(row.0))),
        Value::AltText(alt) => return number::truncate(parse_float(&alt.text)?),
        Value::Object(object) => match object.number() {
            Some(Value::Float(float)) => return number::truncate(float),
            Some(other) => return Ok(other),
            None => return Err(not_an_integer(value)),
        },
        _ => return Err(not_an_integer(value)),
    };
    call.context.spend(text.len() as u64)?;
    if text.len() > 4300 {
        return Err(exception::value_error(format!(
            "Exceeds the limit (4300 digits) for integer string conversion: value has {} digits; use sys.set_int_max_str_digits() to increase the limit",
            text.len()
        )));
    }
    let base = base.unwrap_or(10);
    if base == 10
        && (1..=18).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_digit())
        && let Ok(int) = text.parse()
    {
        return Ok(Value::Int(int));
    }
    if base != 0 && !(2..=36).contains(&base) {
        return Err(exception::value_error("int() base must be >= 2 and <= 36, or 0"));
    }
    parse_integer(&text, base).map(Value::int).ok_or_else(|| {
        exception::value_error(format!("invalid literal for int() with base {base}: {}", quote(&text)))
    })
}

fn not_an_integer(value: &Value) -> Exception {
    exception::type_error(format!(
        "int() argument must be a string, a bytes-like object or a real number, not '{}'",
        type_of(value).name
    ))
}

fn parse_integer(text: &str, base: i64) -> Option<BigInt> {
    let normal = crate::format::float::normalise_digits(text);
    let body = normal.trim_matches(crate::format::spec::is_space);
    let (sign, digits) = match body.as_bytes().first()? {
        b'-' => (-1, &body[1..]),
        b'+' => (1, &body[1..]),
        _ => (1, body),
    };
    let prefix = digits.get(..2).unwrap_or("").to_ascii_lowercase();
    let (radix, digits) = match (prefix.as_str(), base) {
        ("0x", 0 | 16) => (16, digits[2..].strip_prefix('_').unwrap_or(&digits[2..])),
        ("0o", 0 | 8) => (8, digits[2..].strip_prefix('_').unwrap_or(&digits[2..])),
        ("0b", 0 | 2) => (2, digits[2..].strip_prefix('_').unwrap_or(&digits[2..])),
        (_, 0) => (10, digits),
        (_, base) => (u32::try_from(base).ok()?, digits),
    };
    let digits = if digits.contains('_') {
        crate::format::float::remove_underscores(digits)?
    } else {
        digits.to_owned()
    };
    if digits.is_empty() || digits.starts_with(['+', '-']) {
        return None;
    }
    BigInt::parse_bytes(digits.as_bytes(), radix).map(|int| int * sign)
}

fn parse_float(text: &str) -> Result<f64, Exception> {
    crate::format::float::parse(text)
        .ok_or_else(|| exception::value_error(format!("could not convert string to float: {}", quote(text))))
}

fn float(call: &mut Call<'_, '_>) -> Result<Value, Exception> {
    let Some(value) = call.get(0) else { return Ok(Value::Float(0.0)) };
    if let Some(float) = number::float(value) {
        return float.map(Value::Float);
    }
    match value {
        Value::Str(text) => parse_float(text).map(Value::Float),
        Value::AltText(alt) => parse_float(&alt.text).map(Value::Float),
        Value::Bytes(bytes) => parse_float(&String::from_utf8_lossy(bytes)).map(Value::Float),
        Value::Object(object) if let Some(own) = object.number() => number::real(&own).map(Value::Float),
        other => Err(exception::type_error(format!(
            "float() argument must be a string or a real number, not '{}'",
            type_of(other).name
        ))),
    }
}

fn text(call: &mut Call<'_, '_>) -> Result<Value, Exception> {
    match (call.get(0).cloned(), call.get(1).is_some() || call.get(2).is_some()) {
        (None, _) => Ok(Value::str("")),
        (Some(bytes @ Value::Bytes(_)), true) => {
            let args: Vec<Value> = [call.get(1), call.get(2)].into_iter().flatten().cloned().collect();
            call.context.call_method(&bytes, "decode", &args, &[])
        }
        (Some(other), true) => Err(exception::type_error(format!(
            "decoding to str: need a bytes-like object, {} found",
            type_of(&other).name
        ))),
        (Some(value), false) => call.context.text(&value).map(Value::Str),
    }
}

fn bytes(call: &mut Call<'_, '_>) -> Result<Value, Exception> {
    Ok(match call.get(0).cloned() {
        None => Value::Bytes([].into()),
        Some(bytes @ Value::Bytes(_)) => bytes,
        Some(text @ Value::Str(_)) => {
            if call.get(1).is_none() {
                return Err(exception::type_error("string argument without an encoding"));
            }
            let args: Vec<Value> = [call.get(1), call.get(2)].into_iter().flatten().cloned().collect();
            return call.context.call_method(&text, "encode", &args, &[]);
        }
        Some(count @ (Value::Int(_) | Value::Bool(_))) => {
            let count = usize::try_from(number::index(&count)?)
                .map_err(|_| exception::value_error("negative count"))?;
            call.context.allocate(count)?;
            Value::Bytes(vec![0; count].into())
        }
        Some(iterable) => {
            let mut bytes = Vec::new();
            for item in call.context.collect(&iterable)? {
                let byte = u8::try_from(number::index(&item)?);
                bytes.push(byte.map_err(|_| exception::value_error("bytes must be in range(0, 256)"))?);
            }
            Value::Bytes(bytes.into())
        }
    })
}

fn items(call: &mut Call<'_, '_>) -> Result<Vec<Value>, Exception> {
    match call.get(0).cloned() {
        Some(iterable) => call.context.collect(&iterable),
        None => Ok(Vec::new()),
    }
}

fn elements(call: &mut Call<'_, '_>) -> Result<Set, Exception> {
    match call.get(0).cloned() {
        Some(iterable) => call.context.collect_set(&iterable),
        None => Ok(Set::default()),
    }
}

fn dict(call: &mut Call<'_, '_>) -> Result<Value, Exception> {
    let mut dict = Dict::default();
    match call.get(0).cloned() {
        None => {}
        Some(Value::Dict(other)) => dict = other.borrow().clone(),
        Some(iterable) => {
            let mut iter = call.context.iterate(&iterable)?;
            let mut at = 0;
            while let Some(pair) = iter.next(call.context)? {
                let pair = call.context.collect(&pair).map_err(|_| {
                    exception::type_error(format!(
                        "cannot convert dictionary update sequence element #{at} to a sequence"
                    ))
                })?;
                let [key, value] = pair.as_slice() else {
                    return Err(exception::value_error(format!(
                        "dictionary update sequence element #{at} has length {}; 2 is required",
                        pair.len()
                    )));
                };
                call.context.allocate(2 * size_of::<Value>())?;
                dict.insert(Key::new(key.clone())?, value.clone());
                at += 1;
            }
        }
    }
    for (name, value) in call.named() {
        dict.insert(Key::text(name), value.clone());
    }
    Ok(Value::dict(dict))
}

fn range(call: &mut Call<'_, '_>) -> Result<Value, Exception> {
    let first = number::index(call.arg(0))?;
    let (start, stop) = match call.get(1) {
        Some(stop) => (first, number::index(stop)?),
        None => (0, first),
    };
    let step = call.get(2).map_or(Ok(1), number::index)?;
    if step == 0 {
        return Err(exception::value_error("range() arg 3 must not be zero"));
    }
    Ok(Value::Range(Rc::new((start, stop, step))))
}

fn slice(call: &mut Call<'_, '_>) -> Result<Value, Exception> {
    let (first, second) = (call.arg(0).clone(), call.get(1).cloned());
    let step = call.get(2).cloned().unwrap_or(Value::None);
    Ok(Value::Slice(Rc::new(match second {
        Some(stop) => (first, stop, step),
        None => (Value::None, first, step),
    })))
}
