//! Binary and unary operators.

use std::rc::Rc;

use num_bigint::BigInt;
use num_traits::{Signed, ToPrimitive, Zero};

use crate::context::Context;
use crate::exception::{self, Exception};
use crate::ops::{Binary, Unary, number};
use crate::types::type_of;
use crate::value::{DateTime, Set, Value, time};

/// Integers beyond this many bits are refused: their digits would be no use in a cell.
const MOST_BITS: u64 = 4_000_000;

impl Context<'_> {
    /// `a operator b`.
    #[inline]
    pub fn binary(&mut self, operator: Binary, a: &Value, b: &Value) -> Result<Value, Exception> {
        match (a, b) {
            (Value::Int(x), Value::Int(y)) => {
                let fast = match operator {
                    Binary::Add => x.checked_add(*y),
                    Binary::Sub => x.checked_sub(*y),
                    Binary::Mul => x.checked_mul(*y),
                    _ => None,
                };
                if let Some(int) = fast {
                    return Ok(Value::Int(int));
                }
            }
            (Value::Float(x), Value::Float(y)) => {
                if let Some(float) = quick(operator, *x, *y) {
                    return Ok(Value::Float(float));
                }
            }
            #[expect(clippy::cast_precision_loss, reason = "small integers are exact as floats")]
            (Value::Float(x), Value::Int(y)) if y.unsigned_abs() < 1 << 53 => {
                if let Some(float) = quick(operator, *x, *y as f64) {
                    return Ok(Value::Float(float));
                }
            }
            #[expect(clippy::cast_precision_loss, reason = "small integers are exact as floats")]
            (Value::Int(x), Value::Float(y)) if x.unsigned_abs() < 1 << 53 => {
                if let Some(float) = quick(operator, *x as f64, *y) {
                    return Ok(Value::Float(float));
                }
            }
            _ => {}
        }
        self.binary_slow(operator, a, b)
    }

    fn binary_slow(&mut self, operator: Binary, a: &Value, b: &Value) -> Result<Value, Exception> {
        if is_number(a) && is_number(b) {
            return self.numbers(operator, a, b);
        }
        if let Some(result) = self.sequences(operator, a, b)? {
            return Ok(result);
        }
        if let Some(result) = dates(operator, a, b)? {
            return Ok(result);
        }
        if let Some(result) = sets(operator, a, b)? {
            return Ok(result);
        }
        if let Value::Object(object) = a
            && let Some(result) = object.binary(operator, b, false, self)
        {
            return result;
        }
        if let Value::Object(object) = b
            && let Some(result) = object.binary(operator, a, true, self)
        {
            return result;
        }
        Err(self.unsupported(operator.sign(), operator, a, b))
    }

    /// `a operator= b`: like `a operator b`, but a list or set is changed in place.
    pub fn binary_in_place(&mut self, operator: Binary, a: &Value, b: &Value) -> Result<Value, Exception> {
        match (operator, a) {
            (Binary::Add, Value::List(list)) => {
                let items = self.collect(b)?;
                self.allocate(items.len() * size_of::<Value>())?;
                list.borrow_mut().extend(items);
                return Ok(a.clone());
            }
            (Binary::Or, Value::Dict(dict)) if let Value::Dict(other) = b => {
                let entries = other.borrow().clone();
                dict.borrow_mut().extend(entries);
                return Ok(a.clone());
            }
            (Binary::Or | Binary::And | Binary::Sub | Binary::Xor, Value::Set(set)) => {
                if let Some(Value::Set(result)) = sets(operator, a, b)? {
                    let result = result.borrow().clone();
                    *set.borrow_mut() = result;
                    return Ok(a.clone());
                }
            }
            _ => {}
        }
        match self.binary(operator, a, b) {
            Err(exception)
                if exception.is(&exception::TYPE_ERROR)
                    && exception.message().starts_with("unsupported operand") =>
            {
                let sign =
                    if operator == Binary::Pow { "**=".to_owned() } else { format!("{}=", operator.sign()) };
                Err(self.unsupported(&sign, operator, a, b))
            }
            result => result,
        }
    }

    fn unsupported(&self, sign: &str, operator: Binary, a: &Value, b: &Value) -> Exception {
        let (left, right) = (type_of(a).name, type_of(b).name);
        match (operator, a) {
            (Binary::Add, Value::Str(_)) => {
                return exception::type_error(format!("can only concatenate str (not \"{right}\") to str"));
            }
            (Binary::Add, Value::List(_)) if !sign.ends_with('=') => {
                return exception::type_error(format!("can only concatenate list (not \"{right}\") to list"));
            }
            (Binary::Add, Value::Tuple(_)) => {
                return exception::type_error(format!(
                    "can only concatenate tuple (not \"{right}\") to tuple"
                ));
            }
            (Binary::Add, Value::Bytes(_)) => {
                return exception::type_error(format!("can't concat {right} to bytes"));
            }
            (Binary::Mul, Value::Str(_) | Value::List(_) | Value::Tuple(_)) => {
                return exception::type_error(format!(
                    "can't multiply sequence by non-int of type '{right}'"
                ));
            }
            _ => {}
        }
        if operator == Binary::Mul && matches!(b, Value::Str(_) | Value::List(_) | Value::Tuple(_)) {
            return exception::type_error(format!("can't multiply sequence by non-int of type '{left}'"));
        }
        exception::type_error(format!("unsupported operand type(s) for {sign}: '{left}' and '{right}'"))
    }

    fn numbers(&mut self, operator: Binary, a: &Value, b: &Value) -> Result<Value, Exception> {
        if matches!(a, Value::Float(_)) || matches!(b, Value::Float(_)) {
            if matches!(
                operator,
                Binary::ShiftLeft
                    | Binary::ShiftRight
                    | Binary::Or
                    | Binary::Xor
                    | Binary::And
                    | Binary::MatMul
            ) {
                return Err(self.unsupported(operator.sign(), operator, a, b));
            }
            let (Some(x), Some(y)) = (number::float(a), number::float(b)) else {
                return Err(self.unsupported(operator.sign(), operator, a, b));
            };
            return floats(operator, x?, y?);
        }
        if let (Value::Bool(x), Value::Bool(y)) = (a, b) {
            match operator {
                Binary::Or => return Ok(Value::Bool(x | y)),
                Binary::And => return Ok(Value::Bool(x & y)),
                Binary::Xor => return Ok(Value::Bool(x ^ y)),
                _ => {}
            }
        }
        if let (Some(x), Some(y)) = (number::small(a), number::small(b))
            && let Some(result) = small_integers(operator, x, y)?
        {
            return Ok(result);
        }
        let (Some(x), Some(y)) = (number::big(a), number::big(b)) else {
            return Err(self.unsupported(operator.sign(), operator, a, b));
        };
        self.big_integers(operator, &x, &y)
            .transpose()
            .unwrap_or_else(|| Err(self.unsupported(operator.sign(), operator, a, b)))
    }

    fn big_integers(&mut self, operator: Binary, x: &BigInt, y: &BigInt) -> Result<Option<Value>, Exception> {
        self.spend(1 + (x.bits() + y.bits()) / 64)?;
        let result = match operator {
            Binary::Add => x + y,
            Binary::Sub => x - y,
            Binary::Mul => {
                self.allocate(usize::try_from((x.bits() + y.bits()) / 8).unwrap_or(usize::MAX))?;
                if x.bits() + y.bits() > MOST_BITS {
                    return Err(Exception::empty(&exception::MEMORY_ERROR));
                }
                self.spend((x.bits() / 64 + 1).saturating_mul(y.bits() / 64 + 1))?;
                x * y
            }
            Binary::Div => {
                if y.is_zero() {
                    return Err(Exception::new(&exception::ZERO_DIVISION_ERROR, "division by zero"));
                }
                return number::true_div(x, y).map(|float| Some(Value::Float(float)));
            }
            Binary::FloorDiv | Binary::Mod if y.is_zero() => return Err(zero_division(operator)),
            Binary::FloorDiv => number::floor_div(x, y),
            Binary::Mod => number::modulo(x, y),
            Binary::Pow => {
                if y.is_negative() {
                    return floats(Binary::Pow, number::big_to_float(x)?, number::big_to_float(y)?).map(Some);
                }
                let exponent = y.to_u32().unwrap_or(u32::MAX);
                if x.bits() > 1 || x.is_negative() {
                    let bits = x.bits().saturating_mul(u64::from(exponent));
                    if bits > MOST_BITS {
                        return Err(Exception::empty(&exception::MEMORY_ERROR));
                    }
                    self.spend((bits / 64 + 1).saturating_mul(bits / 640 + 1))?;
                }
                if x.magnitude().bits() <= 1 {
                    // 0, 1 and -1 need no loop, however large the exponent.
                    let even = (y % 2_u32).is_zero();
                    return Ok(Some(Value::int(if y.is_zero() || (x.is_negative() && even) {
                        BigInt::from(1)
                    } else {
                        x.clone()
                    })));
                }
                x.pow(exponent)
            }
            Binary::ShiftLeft | Binary::ShiftRight => {
                if y.is_negative() {
                    return Err(exception::value_error("negative shift count"));
                }
                let by = y.to_u64().unwrap_or(u64::MAX);
                if operator == Binary::ShiftRight {
                    x >> by.min(MOST_BITS * 2)
                } else if x.is_zero() {
                    BigInt::zero()
                } else if by.saturating_add(x.bits()) > MOST_BITS {
                    return Err(Exception::empty(&exception::MEMORY_ERROR));
                } else {
                    x << by
                }
            }
            Binary::Or => x | y,
            Binary::Xor => x ^ y,
            Binary::And => x & y,
            Binary::MatMul => return Ok(None),
        };
        Ok(Some(Value::int(result)))
    }

    fn sequences(&mut self, operator: Binary, a: &Value, b: &Value) -> Result<Option<Value>, Exception> {
        Ok(match (operator, a, b) {
            (Binary::Add, Value::Str(x), Value::Str(y)) => {
                self.allocate(x.len() + y.len())?;
                let mut out = ecow::EcoString::with_capacity(x.len() + y.len());
                out.push_str(x);
                out.push_str(y);
                Some(Value::Str(out))
            }
            (Binary::Add, Value::Bytes(x), Value::Bytes(y)) => {
                self.allocate(x.len() + y.len())?;
                Some(Value::Bytes([&x[..], &y[..]].concat().into()))
            }
            (Binary::Add, Value::List(x), Value::List(y)) => {
                let (x, y) = (x.borrow(), y.borrow());
                self.allocate((x.len() + y.len()) * size_of::<Value>())?;
                Some(Value::list(x.iter().chain(y.iter()).cloned().collect()))
            }
            (Binary::Add, Value::Tuple(x), Value::Tuple(y)) => {
                self.allocate((x.len() + y.len()) * size_of::<Value>())?;
                Some(Value::Tuple(x.iter().chain(y.iter()).cloned().collect()))
            }
            (Binary::Mod, Value::Str(template), args) => return self.percent(template, args).map(Some),
            (
                Binary::Mul,
                sequence @ (Value::Str(_) | Value::Bytes(_) | Value::List(_) | Value::Tuple(_)),
                times,
            )
            | (
                Binary::Mul,
                times,
                sequence @ (Value::Str(_) | Value::Bytes(_) | Value::List(_) | Value::Tuple(_)),
            ) if matches!(times, Value::Int(_) | Value::Bool(_) | Value::Big(_)) => {
                Some(self.repeat(sequence, number::index(times)?)?)
            }
            _ => None,
        })
    }

    fn repeat(&mut self, sequence: &Value, times: i64) -> Result<Value, Exception> {
        let times = usize::try_from(times.max(0)).unwrap_or(usize::MAX);
        Ok(match sequence {
            Value::Str(text) => {
                self.allocate(text.len().saturating_mul(times))?;
                Value::from(text.repeat(times))
            }
            Value::Bytes(bytes) => {
                self.allocate(bytes.len().saturating_mul(times))?;
                Value::Bytes(bytes.repeat(times).into())
            }
            Value::Tuple(items) => {
                self.allocate(items.len().saturating_mul(times).saturating_mul(size_of::<Value>()))?;
                Value::tuple(repeated(items, times))
            }
            Value::List(items) => {
                let items = items.borrow();
                self.allocate(items.len().saturating_mul(times).saturating_mul(size_of::<Value>()))?;
                Value::list(repeated(&items, times))
            }
            other => other.clone(),
        })
    }

    /// `-a`, `+a`, `~a`.
    pub fn unary(&mut self, operator: Unary, a: &Value) -> Result<Value, Exception> {
        let sign = match operator {
            Unary::Minus => "-",
            Unary::Plus => "+",
            Unary::Invert => "~",
        };
        match (operator, a) {
            (Unary::Minus, Value::Float(float)) => return Ok(Value::Float(-float)),
            (Unary::Plus, Value::Float(_) | Value::Int(_) | Value::Big(_) | Value::Delta(_)) => {
                return Ok(a.clone());
            }
            (Unary::Minus, Value::Delta(micros)) => return Ok(Value::Delta(-micros)),
            (_, Value::Object(object)) => {
                if let Some(result) = object.unary(sign, self) {
                    return result;
                }
            }
            _ => {}
        }
        match (operator, number::small(a), number::big(a)) {
            (Unary::Minus, Some(int), _) if int != i64::MIN => Ok(Value::Int(-int)),
            (Unary::Plus, Some(int), _) => Ok(Value::Int(int)),
            (Unary::Invert, Some(int), _) => Ok(Value::Int(!int)),
            (Unary::Minus, _, Some(big)) => Ok(Value::int(-big)),
            (Unary::Invert, _, Some(big)) => Ok(Value::int(-big - 1)),
            _ => Err(exception::type_error(format!(
                "bad operand type for unary {sign}: '{}'",
                type_of(a).name
            ))),
        }
    }
}

fn repeated(items: &[Value], times: usize) -> Vec<Value> {
    std::iter::repeat_n(items, if items.is_empty() { 0 } else { times }).flatten().cloned().collect()
}

/// The common operators on floats, where nothing can go wrong.
#[inline]
fn quick(operator: Binary, x: f64, y: f64) -> Option<f64> {
    match operator {
        Binary::Add => Some(x + y),
        Binary::Sub => Some(x - y),
        Binary::Mul => Some(x * y),
        Binary::Div if y != 0.0 => Some(x / y),
        _ => None,
    }
}

fn is_number(value: &Value) -> bool {
    matches!(value, Value::Int(_) | Value::Float(_) | Value::Bool(_) | Value::Big(_))
}

fn zero_division(operator: Binary) -> Exception {
    let message =
        if operator == Binary::Mod { "integer modulo by zero" } else { "integer division or modulo by zero" };
    Exception::new(&exception::ZERO_DIVISION_ERROR, message)
}

fn small_integers(operator: Binary, x: i64, y: i64) -> Result<Option<Value>, Exception> {
    Ok(match operator {
        Binary::Add => x.checked_add(y).map(Value::Int),
        Binary::Sub => x.checked_sub(y).map(Value::Int),
        Binary::Mul => x.checked_mul(y).map(Value::Int),
        Binary::Div => {
            if y == 0 {
                return Err(Exception::new(&exception::ZERO_DIVISION_ERROR, "division by zero"));
            }
            #[expect(clippy::cast_precision_loss, reason = "exact below 2^53, and only then")]
            if x.unsigned_abs() <= 1 << 53 && y.unsigned_abs() <= 1 << 53 {
                Some(Value::Float(x as f64 / y as f64))
            } else {
                None
            }
        }
        Binary::FloorDiv | Binary::Mod if y == 0 => return Err(zero_division(operator)),
        Binary::FloorDiv => x.checked_div_euclid(y).map(|quotient| {
            // div_euclid rounds so that the rest is not negative; Python so that it has the divisor's sign.
            Value::Int(if y < 0 && x.wrapping_rem_euclid(y) != 0 { quotient - 1 } else { quotient })
        }),
        Binary::Mod => {
            x.checked_rem_euclid(y).map(|rest| Value::Int(if y < 0 && rest != 0 { rest + y } else { rest }))
        }
        Binary::Pow if y >= 0 => u32::try_from(y).ok().and_then(|y| x.checked_pow(y)).map(Value::Int),
        Binary::Pow if x == 0 => {
            return Err(Exception::new(
                &exception::ZERO_DIVISION_ERROR,
                "0.0 cannot be raised to a negative power",
            ));
        }
        Binary::Or => Some(Value::Int(x | y)),
        Binary::Xor => Some(Value::Int(x ^ y)),
        Binary::And => Some(Value::Int(x & y)),
        Binary::ShiftRight if y >= 0 => Some(Value::Int(x >> y.min(63))),
        _ => None,
    })
}

fn floats(operator: Binary, x: f64, y: f64) -> Result<Value, Exception> {
    let zero = |message: &str| Err(Exception::new(&exception::ZERO_DIVISION_ERROR, message));
    Ok(Value::Float(match operator {
        Binary::Add => x + y,
        Binary::Sub => x - y,
        Binary::Mul => x * y,
        Binary::Div if y == 0.0 => return zero("float division by zero"),
        Binary::Div => x / y,
        Binary::FloorDiv if y == 0.0 => return zero("float floor division by zero"),
        Binary::FloorDiv => number::float_floor_div(x, y),
        Binary::Mod if y == 0.0 => return zero("float modulo"),
        Binary::Mod => number::float_modulo(x, y),
        Binary::Pow => return power(x, y),
        _ => return Err(exception::type_error("unsupported operand type(s)")),
    }))
}

fn power(x: f64, y: f64) -> Result<Value, Exception> {
    if x == 0.0 && y < 0.0 {
        return Err(Exception::new(
            &exception::ZERO_DIVISION_ERROR,
            "0.0 cannot be raised to a negative power",
        ));
    }
    if x < 0.0 && x.is_finite() && y.is_finite() && y.fract() != 0.0 {
        // Python answers with a complex number; formulas have none.
        return Err(exception::value_error("the result would be a complex number"));
    }
    let result = x.powf(y);
    if result.is_infinite() && x.is_finite() && y.is_finite() {
        return Err(Exception::with_args(
            &exception::OVERFLOW_ERROR,
            vec![Value::Int(34), Value::str("Numerical result out of range")],
        ));
    }
    Ok(Value::Float(result))
}

fn dates(operator: Binary, a: &Value, b: &Value) -> Result<Option<Value>, Exception> {
    let overflow = || Exception::new(&exception::OVERFLOW_ERROR, "date value out of range");
    let day = |day: i64| {
        let known = crate::dates::calendar::FIRST_DAY..=crate::dates::calendar::LAST_DAY;
        i32::try_from(day).ok().filter(|_| known.contains(&day)).map(Value::Date).ok_or_else(overflow)
    };
    let delta = |micros: Option<i64>| {
        micros.map(Value::Delta).ok_or_else(|| {
            Exception::new(&exception::OVERFLOW_ERROR, "days=1000000000; must have magnitude <= 999999999")
        })
    };
    Ok(Some(match (operator, a, b) {
        (Binary::Add, Value::Date(date), Value::Delta(micros))
        | (Binary::Add, Value::Delta(micros), Value::Date(date)) => {
            day(i64::from(*date) + micros.div_euclid(time::DAY))?
        }
        (Binary::Sub, Value::Date(date), Value::Delta(micros)) => {
            day(i64::from(*date) - micros.div_euclid(time::DAY))?
        }
        (Binary::Sub, Value::Date(x), Value::Date(y)) => {
            Value::Delta((i64::from(*x) - i64::from(*y)) * time::DAY)
        }
        (Binary::Add, Value::DateTime(date_time), Value::Delta(micros))
        | (Binary::Add, Value::Delta(micros), Value::DateTime(date_time)) => {
            shifted(date_time, date_time.wall.checked_add(*micros)).ok_or_else(overflow)?
        }
        (Binary::Sub, Value::DateTime(date_time), Value::Delta(micros)) => {
            shifted(date_time, date_time.wall.checked_sub(*micros)).ok_or_else(overflow)?
        }
        (Binary::Sub, Value::DateTime(x), Value::DateTime(y)) => match (&x.zone, &y.zone) {
            (None, None) => Value::Delta(x.wall - y.wall),
            (Some(zone), Some(other)) if zone.same(other) => Value::Delta(x.wall - y.wall),
            (Some(_), Some(_)) => Value::Delta(x.instant() - y.instant()),
            _ => return Err(exception::type_error("can't subtract offset-naive and offset-aware datetimes")),
        },
        (Binary::Add, Value::Delta(x), Value::Delta(y)) => delta(x.checked_add(*y))?,
        (Binary::Sub, Value::Delta(x), Value::Delta(y)) => delta(x.checked_sub(*y))?,
        (Binary::Mul, Value::Delta(x), times @ (Value::Int(_) | Value::Bool(_)))
        | (Binary::Mul, times @ (Value::Int(_) | Value::Bool(_)), Value::Delta(x)) => {
            delta(x.checked_mul(number::index(times)?))?
        }
        (Binary::Mul, Value::Delta(x), Value::Float(times))
        | (Binary::Mul, Value::Float(times), Value::Delta(x)) => delta(scaled(*x, *times))?,
        (Binary::Div, Value::Delta(_), Value::Delta(0) | Value::Int(0)) => {
            return Err(Exception::new(
                &exception::ZERO_DIVISION_ERROR,
                if matches!(b, Value::Delta(_)) {
                    "division by zero"
                } else {
                    "integer division or modulo by zero"
                },
            ));
        }
        (Binary::FloorDiv | Binary::Mod, Value::Delta(_), Value::Delta(0) | Value::Int(0)) => {
            return Err(zero_division(Binary::FloorDiv));
        }
        #[expect(clippy::cast_precision_loss, reason = "the quotient is a float")]
        (Binary::Div, Value::Delta(x), Value::Delta(y)) => Value::Float(*x as f64 / *y as f64),
        (Binary::Div, Value::Delta(x), Value::Int(by)) => Value::Delta(round_half_even(*x, *by)),
        (Binary::Div, Value::Delta(_), Value::Float(0.0)) => {
            return Err(Exception::new(&exception::ZERO_DIVISION_ERROR, "division by zero"));
        }
        (Binary::Div, Value::Delta(x), Value::Float(by)) => delta(scaled(*x, 1.0 / by))?,
        (Binary::FloorDiv, Value::Delta(x), Value::Delta(y)) => {
            Value::Int(x.div_euclid(*y) - i64::from(*y < 0 && x.rem_euclid(*y) != 0))
        }
        (Binary::FloorDiv, Value::Delta(x), Value::Int(y)) => {
            Value::Delta(x.div_euclid(*y) - i64::from(*y < 0 && x.rem_euclid(*y) != 0))
        }
        (Binary::Mod, Value::Delta(x), Value::Delta(y)) => {
            let rest = x.rem_euclid(*y);
            Value::Delta(if *y < 0 && rest != 0 { rest + y } else { rest })
        }
        _ => return Ok(None),
    }))
}

fn scaled(micros: i64, by: f64) -> Option<i64> {
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        reason = "spans are rounded to microseconds; range checked"
    )]
    {
        let product = micros as f64 * by;
        (product.abs() < 9.2e18).then(|| product.round_ties_even() as i64)
    }
}

fn round_half_even(x: i64, by: i64) -> i64 {
    let (quotient, rest) = (x.div_euclid(by), x.rem_euclid(by));
    match (rest * 2).cmp(&by.abs()) {
        std::cmp::Ordering::Less => quotient,
        std::cmp::Ordering::Greater => quotient + by.signum(),
        std::cmp::Ordering::Equal => quotient + if quotient % 2 == 0 { 0 } else { by.signum() },
    }
}

fn shifted(from: &Rc<DateTime>, wall: Option<i64>) -> Option<Value> {
    let wall = wall?;
    let known = crate::dates::calendar::FIRST_DAY..=crate::dates::calendar::LAST_DAY;
    known
        .contains(&wall.div_euclid(time::DAY))
        .then(|| Value::date_time(DateTime { wall, zone: from.zone.clone() }))
}

fn sets(operator: Binary, a: &Value, b: &Value) -> Result<Option<Value>, Exception> {
    if let (Binary::Or, Value::Dict(x), Value::Dict(y)) = (operator, a, b) {
        let mut merged = x.borrow().clone();
        merged.extend(y.borrow().iter().map(|(key, value)| (key.clone(), value.clone())));
        return Ok(Some(Value::dict(merged)));
    }
    if !matches!(operator, Binary::Or | Binary::And | Binary::Xor | Binary::Sub) {
        return Ok(None);
    }
    let (Some(x), Some(y)) = (crate::ops::compare::set_of(a), crate::ops::compare::set_of(b)) else {
        return Ok(None);
    };
    let result: Set = match operator {
        Binary::Or => x.union(&y).cloned().collect(),
        Binary::And => x.intersection(&y).cloned().collect(),
        Binary::Xor => x.symmetric_difference(&y).cloned().collect(),
        _ => x.difference(&y).cloned().collect(),
    };
    Ok(Some(if matches!(a, Value::FrozenSet(_)) {
        Value::FrozenSet(Rc::new(result))
    } else {
        Value::set(result)
    }))
}
