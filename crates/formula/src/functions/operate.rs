//! What the functions of all families do with values: Python's operators and conversions, as short calls.
//!
//! A function of Grist is written in Python there; to give the same results and errors for every kind of argument, ours go through the same operators.

use ecow::EcoString;
use num_bigint::BigInt;

use crate::call::Call;
use crate::dates::calendar;
use crate::dates::free_text::Found;
use crate::exception::{self, Exception};
use crate::ops::{self, Binary, Comparison, Unary, number};
use crate::pattern::{Pattern, TooComplex};
use crate::types::type_of;
use crate::value::{DateTime, Key, Value, Zone};

/// The arguments of a function, and what it may use.
pub(crate) type Arguments<'a, 'h> = Call<'a, 'h>;
/// What a function gives.
pub(crate) type Outcome = Result<Value, Exception>;

/// A function that Grist names but does not have.
pub(crate) fn not_implemented(_call: &mut Arguments<'_, '_>) -> Outcome {
    Err(Exception::empty(&exception::NOT_IMPLEMENTED_ERROR))
}

macro_rules! binary {
    ($($(#[$doc:meta])* $name:ident = $operator:ident;)*) => {
        $($(#[$doc])*
        pub(crate) fn $name(call: &mut Arguments<'_, '_>, a: &Value, b: &Value) -> Outcome {
            call.context.binary(Binary::$operator, a, b)
        })*
    };
}

binary! {
    /// `a + b`.
    add = Add;
    /// `a - b`.
    subtract = Sub;
    /// `a * b`.
    multiply = Mul;
    /// `a / b`.
    divide = Div;
    /// `a // b`.
    floor_divide = FloorDiv;
    /// `a % b`.
    modulo = Mod;
    /// `a ** b`.
    power = Pow;
}

/// `-a`.
pub(crate) fn negative(call: &mut Arguments<'_, '_>, a: &Value) -> Outcome {
    call.context.unary(Unary::Minus, a)
}
/// `abs(a)`.
pub(crate) fn absolute(call: &mut Arguments<'_, '_>, a: &Value) -> Outcome {
    if let Value::Bool(truth) = a {
        return Ok(Value::Int(i64::from(*truth)));
    }
    if less(call, a, &Value::Int(0))? { negative(call, a) } else { Ok(a.clone()) }
}
/// `a < b`.
pub(crate) fn less(call: &mut Arguments<'_, '_>, a: &Value, b: &Value) -> Result<bool, Exception> {
    call.context.compare(Comparison::Less, a, b)
}
/// `a > b`.
pub(crate) fn greater(call: &mut Arguments<'_, '_>, a: &Value, b: &Value) -> Result<bool, Exception> {
    call.context.compare(Comparison::Greater, a, b)
}
/// `a >= b`.
pub(crate) fn not_less(call: &mut Arguments<'_, '_>, a: &Value, b: &Value) -> Result<bool, Exception> {
    call.context.compare(Comparison::GreaterOrEqual, a, b)
}
/// `a == b`.
#[expect(clippy::unnecessary_wraps, reason = "as all operators here")]
pub(crate) fn equal(_call: &mut Arguments<'_, '_>, a: &Value, b: &Value) -> Result<bool, Exception> {
    Ok(ops::equal(a, b))
}
/// `max(a, b)`.
pub(crate) fn greater_of(call: &mut Arguments<'_, '_>, a: &Value, b: &Value) -> Outcome {
    Ok(if greater(call, b, a)? { b.clone() } else { a.clone() })
}
/// `bool(value)`.
#[expect(clippy::unnecessary_wraps, reason = "as all operators here")]
pub(crate) fn truth(_call: &mut Arguments<'_, '_>, value: &Value) -> Result<bool, Exception> {
    Ok(ops::truth(value))
}
/// `str(value)`.
pub(crate) fn text(call: &mut Arguments<'_, '_>, value: &Value) -> Result<EcoString, Exception> {
    call.context.text(value)
}
/// `repr(value)`.
pub(crate) fn repr(call: &mut Arguments<'_, '_>, value: &Value) -> Result<EcoString, Exception> {
    call.context.repr(value)
}
/// `format(value, specification)`.
pub(crate) fn format(
    call: &mut Arguments<'_, '_>,
    value: &Value,
    specification: &str,
) -> Result<String, Exception> {
    call.context.format(value, specification).map(Into::into)
}
/// `value[index]`.
pub(crate) fn item(call: &mut Arguments<'_, '_>, value: &Value, index: &Value) -> Outcome {
    call.context.item(value, index)
}
/// `value[start:end]`.
pub(crate) fn slice(
    call: &mut Arguments<'_, '_>,
    value: &Value,
    start: Option<&Value>,
    end: Option<&Value>,
) -> Outcome {
    let bound = |bound: Option<&Value>| bound.cloned().unwrap_or(Value::None);
    let slice = Value::Slice(std::rc::Rc::new((bound(start), bound(end), Value::None)));
    call.context.item(value, &slice)
}
/// `value.name`.
pub(crate) fn attribute(call: &mut Arguments<'_, '_>, value: &Value, name: &str) -> Outcome {
    call.context.attribute(value, name)
}
/// `value.name(…)`.
pub(crate) fn method(
    call: &mut Arguments<'_, '_>,
    value: &Value,
    name: &str,
    arguments: &[Value],
) -> Outcome {
    call.context.call_method(value, name, arguments, &[])
}
/// `len(value)`.
pub(crate) fn len(call: &mut Arguments<'_, '_>, value: &Value) -> Result<usize, Exception> {
    call.context.length(value)
}
/// `list(value)`.
pub(crate) fn iterate(call: &mut Arguments<'_, '_>, value: &Value) -> Result<Vec<Value>, Exception> {
    call.context.collect(value)
}
/// The members of an iterable that is no text; nothing for other values.
pub(crate) fn members(call: &mut Arguments<'_, '_>, value: &Value) -> Result<Option<Vec<Value>>, Exception> {
    match value {
        Value::List(_)
        | Value::Tuple(_)
        | Value::Set(_)
        | Value::FrozenSet(_)
        | Value::Dict(_)
        | Value::Range(_)
        | Value::RecordSet(_)
        | Value::Iterator(_) => call.context.collect(value).map(Some),
        Value::Object(object) if object.length().is_some() => call.context.collect(value).map(Some),
        _ => Ok(None),
    }
}
/// Two values out of one.
pub(crate) fn pair(call: &mut Arguments<'_, '_>, value: &Value) -> Result<(Value, Value), Exception> {
    match <[Value; 2]>::try_from(iterate(call, value)?) {
        Ok([a, b]) => Ok((a, b)),
        Err(items) if items.len() < 2 => Err(exception::value_error(format!(
            "not enough values to unpack (expected 2, got {})",
            items.len()
        ))),
        Err(_) => Err(exception::value_error("too many values to unpack (expected 2)")),
    }
}
/// `sorted(values)`.
pub(crate) fn sorted(call: &mut Arguments<'_, '_>, mut values: Vec<Value>) -> Result<Vec<Value>, Exception> {
    let mut failure = None;
    values.sort_by(|a, b| {
        let ordering = call.context.less(a, b).and_then(|below| {
            if below {
                Ok(std::cmp::Ordering::Less)
            } else {
                Ok(if call.context.less(b, a)? {
                    std::cmp::Ordering::Greater
                } else {
                    std::cmp::Ordering::Equal
                })
            }
        });
        ordering.unwrap_or_else(|error| {
            failure.get_or_insert(error);
            std::cmp::Ordering::Equal
        })
    });
    failure.map_or(Ok(values), Err)
}
/// `hash(value)`, for its error.
pub(crate) fn check_hashable(value: &Value) -> Result<(), Exception> {
    Key::new(value.clone()).map(|_| ())
}
/// An argument that was not computed until now; a function is called.
pub(crate) fn lazy_value(call: &mut Arguments<'_, '_>, value: &Value) -> Outcome {
    match value {
        Value::Error(error) => Err(error.clone()),
        Value::Function(_) => call.context.call(value, &[], &[]),
        other => Ok(other.clone()),
    }
}
/// Whether a value counts as an error: alt text and NaN.
pub(crate) fn is_invalid(value: &Value) -> bool {
    matches!(value, Value::AltText(_) | Value::Error(_))
        || matches!(value, Value::Float(float) if float.is_nan())
}
/// Whether a value is a number, a boolean included.
pub(crate) fn is_number(value: &Value) -> bool {
    matches!(value, Value::Bool(_) | Value::Int(_) | Value::Big(_) | Value::Float(_))
}
/// Whether a value is a date or a date-time.
pub(crate) fn is_date(value: &Value) -> bool {
    matches!(value, Value::Date(_) | Value::DateTime(_))
}
/// The name of a value's class.
pub(crate) fn type_name(value: &Value) -> &'static str {
    type_of(value).name
}

/// A number where Python's `math` wants a float.
pub(crate) fn real(_call: &mut Arguments<'_, '_>, value: &Value) -> Result<f64, Exception> {
    number::real(value)
}
/// `float(value)`.
pub(crate) fn float(call: &mut Arguments<'_, '_>, value: &Value) -> Result<f64, Exception> {
    match call.context.call(&Value::Type(&crate::types::FLOAT), std::slice::from_ref(value), &[])? {
        Value::Float(float) => Ok(float),
        other => number::real(&other),
    }
}
/// `int(value)`.
pub(crate) fn int(call: &mut Arguments<'_, '_>, value: &Value) -> Outcome {
    call.context.call(&Value::Type(&crate::types::INT), std::slice::from_ref(value), &[])
}
/// An integer for a position or a count: floats are refused.
pub(crate) fn index(_call: &mut Arguments<'_, '_>, value: &Value) -> Result<i64, Exception> {
    number::index(value)
}
/// An integer of any size: floats are refused.
pub(crate) fn big(_call: &mut Arguments<'_, '_>, value: &Value) -> Result<BigInt, Exception> {
    match number::big(value) {
        Some(big) => Ok(big),
        None => number::index(value).map(BigInt::from),
    }
}
/// A whole float as an integer.
pub(crate) fn whole(float: f64) -> Outcome {
    number::truncate(float)
}
/// `math.floor(value)`.
pub(crate) fn floor(_call: &mut Arguments<'_, '_>, value: &Value) -> Outcome {
    match value {
        Value::Int(_) | Value::Big(_) => Ok(value.clone()),
        Value::Bool(truth) => Ok(Value::Int(i64::from(*truth))),
        other => whole(number::real(other)?.floor()),
    }
}
/// `math.ceil(value)`.
pub(crate) fn ceil(_call: &mut Arguments<'_, '_>, value: &Value) -> Outcome {
    match value {
        Value::Int(_) | Value::Big(_) => Ok(value.clone()),
        Value::Bool(truth) => Ok(Value::Int(i64::from(*truth))),
        other => whole(number::real(other)?.ceil()),
    }
}
/// A logarithm with the checks of Python's `math`.
pub(crate) fn logarithm(
    _call: &mut Arguments<'_, '_>,
    value: &Value,
    log: fn(f64) -> f64,
) -> Result<f64, Exception> {
    let value = number::real(value)?;
    if value <= 0.0 { Err(exception::value_error("math domain error")) } else { Ok(log(value)) }
}
/// `math.pow(base, exponent)`.
pub(crate) fn float_power(base: f64, exponent: f64) -> Result<f64, Exception> {
    let result = base.powf(exponent);
    if (result.is_nan() && !base.is_nan() && !exponent.is_nan()) || (base == 0.0 && exponent < 0.0) {
        return Err(exception::value_error("math domain error"));
    }
    if result.is_infinite() && base.is_finite() && exponent.is_finite() {
        return Err(Exception::new(&exception::OVERFLOW_ERROR, "math range error"));
    }
    Ok(result)
}
/// `math.factorial(value)`.
pub(crate) fn factorial(call: &mut Arguments<'_, '_>, value: &Value) -> Outcome {
    let count = number::index(value)?;
    let Ok(count) = u64::try_from(count) else {
        return Err(exception::value_error("factorial() not defined for negative values"));
    };
    call.context.spend(count.saturating_mul(count / 8 + 1))?;
    Ok(Value::int((2..=count).fold(BigInt::from(1), |product, factor| product * factor)))
}
/// An integer out of text, as `int(text)` reads it.
pub(crate) fn parse_int(text: &str) -> Option<i64> {
    let text = text.trim();
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    (!digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| text.parse().ok())
        .flatten()
}

/// `chr(value)`.
pub(crate) fn character(_call: &mut Arguments<'_, '_>, value: &Value) -> Outcome {
    let code = number::index(value)?;
    let found = u32::try_from(code).ok().and_then(char::from_u32);
    found
        .map(|c| Value::from(c.to_string()))
        .ok_or_else(|| exception::value_error("chr() arg not in range(0x110000)"))
}
/// `ord(value)`.
pub(crate) fn ord(_call: &mut Arguments<'_, '_>, value: &Value) -> Outcome {
    let Value::Str(text) = value else {
        return Err(exception::type_error(format!(
            "ord() expected string of length 1, but {} found",
            type_name(value)
        )));
    };
    let mut chars = text.chars();
    match (chars.next(), chars.next()) {
        (Some(only), None) => Ok(Value::Int(i64::from(u32::from(only)))),
        _ => Err(exception::type_error(format!(
            "ord() expected a character, but string of length {} found",
            text.chars().count()
        ))),
    }
}
/// `str(value)`, bytes read as UTF-8.
pub(crate) fn text_or_bytes(call: &mut Arguments<'_, '_>, value: &Value) -> Result<EcoString, Exception> {
    match value {
        Value::Bytes(bytes) => Ok(String::from_utf8_lossy(bytes).as_ref().into()),
        Value::AltText(alt) => Ok(alt.text.clone()),
        other => call.context.text(other),
    }
}
/// Text where regular expressions work on.
pub(crate) fn pattern_subject(value: &Value) -> Result<EcoString, Exception> {
    match value {
        Value::Str(text) => Ok(text.clone()),
        Value::AltText(alt) => Ok(alt.text.clone()),
        other => Err(exception::type_error(format!(
            "expected string or bytes-like object, got '{}'",
            type_name(other)
        ))),
    }
}
/// A regular expression.
pub(crate) fn pattern_of(value: &Value) -> Result<std::rc::Rc<Pattern>, Exception> {
    let Value::Str(source) = value else {
        return Err(exception::type_error("first argument must be string or compiled pattern"));
    };
    crate::modules::re::compiled(source, 0)
}
/// What a regular expression that takes too long raises.
pub(crate) fn too_complex(_error: TooComplex) -> Exception {
    Exception::new(&exception::TIMEOUT_ERROR, "the regular expression takes too long")
}

/// The instant of the action, in UTC microseconds.
pub(crate) fn now_micros(call: &mut Arguments<'_, '_>) -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "instants of the present")]
    let micros = (call.context.host.now() * 1e6) as i64;
    micros
}
/// The day number of the action's instant in UTC.
pub(crate) fn today_utc(call: &mut Arguments<'_, '_>) -> i64 {
    now_micros(call).div_euclid(86_400_000_000)
}
/// A date and time found in a text.
pub(crate) fn found_moment(found: &Found) -> DateTime {
    let day = calendar::day_number(found.year, found.month, i64::from(found.day));
    let seconds = i64::from(found.hour) * 3600 + i64::from(found.minute) * 60 + i64::from(found.second);
    let wall = (day * 86_400 + seconds) * 1_000_000 + i64::from(found.microsecond);
    let offset = found.offset.and_then(|offset| i32::try_from(offset).ok());
    DateTime { wall, zone: offset.map(|offset| Zone::Fixed(offset, None)) }
}
/// The same as a value.
pub(crate) fn found_date_time(found: &Found) -> Value {
    Value::date_time(found_moment(found))
}
/// A span of so many days.
pub(crate) fn delta_of_days(_call: &mut Arguments<'_, '_>, days: &Value) -> Outcome {
    let micros = number::real(days)? * 86_400e6;
    if micros.abs() > 8.64e19 {
        return Err(Exception::new(&exception::OVERFLOW_ERROR, "days value out of range"));
    }
    #[expect(clippy::cast_possible_truncation, reason = "checked to be in range, up to saturation")]
    Ok(Value::Delta(micros.round_ties_even() as i64))
}
/// Whole days of a number of days, rounded down.
pub(crate) fn whole_days(_call: &mut Arguments<'_, '_>, days: &Value) -> Result<i64, Exception> {
    match number::small(days) {
        Some(days) => Ok(days),
        None => {
            let days = number::real(days)?;
            #[expect(clippy::cast_possible_truncation, reason = "checked to be in range")]
            if days.abs() < 1e9 {
                Ok(days.floor() as i64)
            } else {
                Err(Exception::new(&exception::OVERFLOW_ERROR, "days value out of range"))
            }
        }
    }
}

/// A float from 0 to below 1, of 53 random bits.
pub(crate) fn random_fraction(call: &mut Arguments<'_, '_>) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "53 bits fit")]
    let bits = (call.context.host.random() >> 11) as f64;
    bits / 9_007_199_254_740_992.0
}
/// A bound of a random integer.
pub(crate) fn random_bound(
    _call: &mut Arguments<'_, '_>,
    value: &Value,
    number: u8,
) -> Result<i64, Exception> {
    number::index(value)
        .map_err(|_| exception::value_error(format!("non-integer arg {number} for randrange()")))
}
/// A random integer below `width`.
pub(crate) fn random_below(call: &mut Arguments<'_, '_>, width: u64) -> u64 {
    let product = u128::from(call.context.host.random()) * u128::from(width);
    u64::try_from(product >> 64).unwrap_or(0)
}
/// A random UUID of version 4.
pub(crate) fn random_uuid(call: &mut Arguments<'_, '_>) -> String {
    let (high, low) = (call.context.host.random(), call.context.host.random());
    let high = (high & !0xf000) | 0x4000;
    let low = (low & !(0b11 << 62)) | (0b10 << 62);
    format!(
        "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
        high >> 32,
        high >> 16 & 0xffff,
        high & 0xffff,
        low >> 48,
        low & 0xffff_ffff_ffff
    )
}
