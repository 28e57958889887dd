//! Arithmetic and comparisons over blocks.

use super::Test;
use super::block::{Block, Values, marks, merge};
use crate::ops::{Binary, Comparison, number};

/// Above this, integers are not exact as floats.
const EXACT: u64 = 1 << 53;

/// Arithmetic with a column as it lies; says whether it could be done here.
pub(super) fn by_slice(operator: Binary, values: &mut [f64], right: &[f64]) -> bool {
    let pairs = values.iter_mut().zip(right);
    match operator {
        Binary::Add => pairs.for_each(|(value, right)| *value += right),
        Binary::Sub => pairs.for_each(|(value, right)| *value -= right),
        Binary::Mul => pairs.for_each(|(value, right)| *value *= right),
        _ => return false,
    }
    true
}

/// Arithmetic with the same right operand for all; says whether it could be done here.
pub(super) fn by_constant(operator: Binary, values: &mut [f64], constant: f64) -> bool {
    let values = values.iter_mut();
    match operator {
        Binary::Add => values.for_each(|value| *value += constant),
        Binary::Sub => values.for_each(|value| *value -= constant),
        Binary::Mul => values.for_each(|value| *value *= constant),
        Binary::Div if constant != 0.0 => values.for_each(|value| *value /= constant),
        _ => return false,
    }
    true
}

/// Arithmetic on operands of one kind.
pub(super) fn arithmetic(operator: Binary, a: Block, b: Block) -> Block {
    let mut bad = merge(a.bad, &b.bad);
    let values = match (a.values, b.values) {
        (Values::Float(mut x), Values::Float(y)) => {
            let pairs = x.iter_mut().zip(&y);
            match operator {
                Binary::Add => pairs.for_each(|(x, y)| *x += y),
                Binary::Sub => pairs.for_each(|(x, y)| *x -= y),
                Binary::Mul => pairs.for_each(|(x, y)| *x *= y),
                Binary::Div => pairs.for_each(|(x, y)| *x /= y),
                Binary::FloorDiv => pairs.for_each(|(x, y)| *x = number::float_floor_div(*x, *y)),
                _ => pairs.for_each(|(x, y)| *x = number::float_modulo(*x, *y)),
            }
            if matches!(operator, Binary::Div | Binary::FloorDiv | Binary::Mod) && y.contains(&0.0) {
                for (bad, y) in marks(&mut bad, y.len()).iter_mut().zip(&y) {
                    *bad |= *y == 0.0;
                }
            }
            Values::Float(x)
        }
        (Values::Int(mut x), Values::Int(y)) => {
            let len = x.len();
            for (at, (x, y)) in x.iter_mut().zip(&y).enumerate() {
                let result = match operator {
                    Binary::Add => x.checked_add(*y),
                    Binary::Sub => x.checked_sub(*y),
                    Binary::Mul => x.checked_mul(*y),
                    // Of negative numbers Python's rules differ from Rust's: left to the slow path.
                    Binary::FloorDiv if *x >= 0 && *y > 0 => Some(*x / *y),
                    Binary::Mod if *x >= 0 && *y > 0 => Some(*x % *y),
                    _ => None,
                };
                match result {
                    Some(result) => *x = result,
                    None => marks(&mut bad, len)[at] = true,
                }
            }
            Values::Int(x)
        }
        (other, _) => return Block { values: other, bad }.spoil(),
    };
    Block { values, bad }
}

fn holds<T: PartialOrd>(test: Test, a: &T, b: &T) -> bool {
    match test {
        Test::Equal => a == b,
        Test::NotEqual => a != b,
        Test::Order(Comparison::Less) => a < b,
        Test::Order(Comparison::LessOrEqual) => a <= b,
        Test::Order(Comparison::Greater) => a > b,
        Test::Order(Comparison::GreaterOrEqual) => a >= b,
    }
}

/// Comparison of operands of one kind.
pub(super) fn compare(test: Test, a: Block, b: &Block) -> Block {
    fn each<T: PartialOrd>(test: Test, a: &[T], b: &[T]) -> Vec<bool> {
        a.iter().zip(b).map(|(a, b)| holds(test, a, b)).collect()
    }
    let truths = match (&a.values, &b.values) {
        (Values::Float(a), Values::Float(b)) => each(test, a, b),
        (Values::Int(a), Values::Int(b)) => each(test, a, b),
        (Values::Bool(a), Values::Bool(b)) => each(test, a, b),
        (Values::Text(a), Values::Text(b)) => each(test, a, b),
        _ => return a.spoil(),
    };
    Block { values: Values::Bool(truths), bad: merge(a.bad, &b.bad) }
}

/// Floats compared with one float.
pub(super) fn compare_constant(test: Test, floats: Block, constant: f64) -> Block {
    let Values::Float(values) = &floats.values else { return floats.spoil() };
    let truths = values.iter().map(|value| holds(test, value, &constant)).collect();
    Block { values: Values::Bool(truths), bad: floats.bad }
}

/// Where the second is larger (or smaller).
pub(super) fn better(largest: bool, a: &Block, b: &Block) -> Vec<bool> {
    fn each<T: PartialOrd>(largest: bool, a: &[T], b: &[T]) -> Vec<bool> {
        a.iter().zip(b).map(|(a, b)| if largest { b > a } else { b < a }).collect()
    }
    match (&a.values, &b.values) {
        (Values::Float(a), Values::Float(b)) => each(largest, a, b),
        (Values::Int(a), Values::Int(b)) => each(largest, a, b),
        (Values::Bool(a), Values::Bool(b)) => each(largest, a, b),
        _ => vec![false; a.values.len()],
    }
}

/// An operation on each number, which may overflow for integers.
pub(super) fn each(
    block: Block,
    of_float: impl Fn(f64) -> f64,
    of_int: impl Fn(i64) -> Option<i64>,
) -> Block {
    let mut block = block;
    if let Values::Float(values) = &mut block.values {
        values.iter_mut().for_each(|value| *value = of_float(*value));
        return block;
    }
    block.try_ints(of_int)
}

/// `round(x, places)` of floats.
pub(super) fn round(block: Block, places: i64) -> Block {
    let mut block = block;
    let Values::Float(values) = &mut block.values else { return block.spoil() };
    let len = values.len();
    for (at, value) in values.iter_mut().enumerate() {
        match crate::format::float::round(*value, places) {
            Some(rounded) => *value = rounded,
            None => marks(&mut block.bad, len)[at] = true,
        }
    }
    block
}

/// Truth values as integers, integers as floats.
pub(super) fn widen(block: Block) -> Block {
    let mut bad = block.bad;
    let values = match block.values {
        Values::Bool(values) => Values::Int(values.into_iter().map(i64::from).collect()),
        #[expect(clippy::cast_precision_loss, reason = "rows where it would lose are left to the slow path")]
        Values::Int(values) => {
            if values.iter().any(|value| value.unsigned_abs() > EXACT) {
                for (value, bad) in values.iter().zip(marks(&mut bad, values.len())) {
                    *bad |= value.unsigned_abs() > EXACT;
                }
            }
            Values::Float(values.into_iter().map(|value| value as f64).collect())
        }
        other => other,
    };
    Block { values, bad }
}

/// `int(x)`: texts of up to 18 digits, floats without their fraction.
pub(super) fn whole(block: Block) -> Block {
    let mut bad = block.bad;
    let values = match &block.values {
        Values::Text(values) => {
            let digits = |text: &str| {
                let plain = (1..=18).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
                if plain { text.parse().ok() } else { None }
            };
            let mut ints = Vec::with_capacity(values.len());
            for (at, text) in values.iter().enumerate() {
                ints.push(digits(text).unwrap_or_else(|| {
                    marks(&mut bad, values.len())[at] = true;
                    0
                }));
            }
            ints
        }
        Values::Float(values) => {
            if values.iter().any(|value| value.is_nan() || value.abs() >= 9e18) {
                for (bad, value) in marks(&mut bad, values.len()).iter_mut().zip(values) {
                    *bad |= value.is_nan() || value.abs() >= 9e18;
                }
            }
            #[expect(clippy::cast_possible_truncation, reason = "that is what is asked for")]
            let ints = values.iter().map(|value| *value as i64).collect();
            ints
        }
        Values::Int(_) | Values::Bool(_) => return Block { values: block.values, bad }.spoil(),
    };
    Block { values: Values::Int(values), bad }
}
