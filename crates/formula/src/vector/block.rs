//! The loops over a block of rows.

use model::column::{BLANK_FLOAT, BLANK_INT};
use model::{Column, ColumnData, RowId};

use super::{Code, Operation, Test, VectorValues};
use crate::ops::{Binary, Comparison, number};

/// Above this, integers are not exact as floats.
const EXACT: u64 = 1 << 53;

/// Values of a block, and which rows need the slow path (empty: none).
pub(super) struct Block {
    values: Values,
    pub(super) bad: Vec<bool>,
}

enum Values {
    Float(Vec<f64>),
    Int(Vec<i64>),
    Bool(Vec<bool>),
}

pub(super) fn evaluate(code: &Code, columns: &[&Column], rows: &[RowId]) -> Block {
    let inner = |code: &Code| evaluate(code, columns, rows);
    match &code.operation {
        Operation::Input(at) => input(columns.get(*at).copied(), rows),
        Operation::Float(float) => Block { values: Values::Float(vec![*float; rows.len()]), bad: Vec::new() },
        Operation::Int(int) => Block { values: Values::Int(vec![*int; rows.len()]), bad: Vec::new() },
        Operation::Bool(truth) => Block { values: Values::Bool(vec![*truth; rows.len()]), bad: Vec::new() },
        Operation::Arithmetic(operator, operands) => {
            let mut left = inner(&operands.0);
            if let (Values::Float(values), Operation::Float(constant)) =
                (&mut left.values, &operands.1.operation)
                && by_constant(*operator, values, *constant)
            {
                return left;
            }
            if let (Values::Float(values), Operation::Input(at)) = (&mut left.values, &operands.1.operation)
                && let Some(right) = columns.get(*at).and_then(|column| plain(column, rows))
                && by_slice(*operator, values, right)
            {
                return left;
            }
            arithmetic(*operator, left, inner(&operands.1))
        }
        Operation::Compare(test, operands) => compare(*test, inner(&operands.0), &inner(&operands.1)),
        Operation::Choose(parts) => {
            let test = inner(&parts.0);
            choose(&test.truths(), test.bad, inner(&parts.1), inner(&parts.2))
        }
        Operation::And(operands) => {
            let first = inner(&operands.0);
            let (truths, bad) = (first.truths(), first.bad.clone());
            choose(&truths, bad, inner(&operands.1), first)
        }
        Operation::Or(operands) => {
            let first = inner(&operands.0);
            let (truths, bad) = (first.truths(), first.bad.clone());
            let second = inner(&operands.1);
            choose(&truths, bad, first, second)
        }
        Operation::Not(operand) => {
            let operand = inner(operand);
            let values = operand.truths().into_iter().map(|truth| !truth).collect();
            Block { values: Values::Bool(values), bad: operand.bad }
        }
        Operation::Negate(operand) => {
            let mut block = inner(operand);
            match &mut block.values {
                Values::Float(values) => values.iter_mut().for_each(|value| *value = -*value),
                Values::Int(values) => checked(values, &mut block.bad, i64::checked_neg),
                Values::Bool(values) => marks(&mut block.bad, values.len()).fill(true),
            }
            block
        }
        Operation::Abs(operand) => {
            let mut block = inner(operand);
            match &mut block.values {
                Values::Float(values) => values.iter_mut().for_each(|value| *value = value.abs()),
                Values::Int(values) => checked(values, &mut block.bad, i64::checked_abs),
                Values::Bool(values) => marks(&mut block.bad, values.len()).fill(true),
            }
            block
        }
        Operation::Extreme(largest, operands) => extreme(*largest, inner(&operands.0), inner(&operands.1)),
        Operation::Round(operand, places) => {
            let mut block = inner(operand);
            if let Values::Float(values) = &mut block.values {
                let len = values.len();
                for (at, value) in values.iter_mut().enumerate() {
                    match crate::format::float::round(*value, *places) {
                        Some(rounded) => *value = rounded,
                        None => marks(&mut block.bad, len)[at] = true,
                    }
                }
            }
            block
        }
        Operation::Widen(operand) => widen(inner(operand)),
    }
}

fn input(column: Option<&Column>, rows: &[RowId]) -> Block {
    let len = rows.len();
    let unusable = || Block { values: Values::Bool(vec![false; len]), bad: vec![true; len] };
    let Some(column) = column else { return unusable() };
    let mut bad = Vec::new();
    if !column.odd.is_empty() {
        bad = rows.iter().map(|row| column.odd.contains_key(row)).collect();
    }
    let values = match &column.data {
        ColumnData::Float(vector) => {
            Values::Float(gather(vector, rows, &mut bad, |value| value.to_bits() == BLANK_FLOAT))
        }
        ColumnData::Int(vector) => Values::Int(gather(vector, rows, &mut bad, |value| value == BLANK_INT)),
        ColumnData::Bool(vector) => Values::Bool(gather(vector, rows, &mut bad, |_| false)),
        _ => return unusable(),
    };
    Block { values, bad }
}

/// The values of rows; consecutive rows are copied as a whole.
fn gather<T: Copy + Default>(
    vector: &[T],
    rows: &[RowId],
    bad: &mut Vec<bool>,
    is_blank: impl Fn(T) -> bool,
) -> Vec<T> {
    let consecutive = match (rows.first(), rows.last()) {
        (Some(first), Some(last)) if last.index() - first.index() + 1 == rows.len() => {
            vector.get(first.index()..=last.index())
        }
        _ => None,
    };
    let values: Vec<T> = match consecutive {
        Some(slice) => slice.to_vec(),
        None => rows
            .iter()
            .enumerate()
            .map(|(at, row)| {
                vector.get(row.index()).copied().unwrap_or_else(|| {
                    marks(bad, rows.len())[at] = true;
                    T::default()
                })
            })
            .collect(),
    };
    if values.iter().any(|value| is_blank(*value)) {
        for (value, bad) in values.iter().zip(marks(bad, rows.len())) {
            *bad |= is_blank(*value);
        }
    }
    values
}

/// The marks of all rows, to be written to.
fn marks(bad: &mut Vec<bool>, len: usize) -> &mut [bool] {
    bad.resize(len, false);
    bad
}

fn merge(a: Vec<bool>, b: &[bool]) -> Vec<bool> {
    if a.is_empty() {
        return b.to_vec();
    }
    let mut merged = a;
    for (a, b) in merged.iter_mut().zip(b) {
        *a |= *b;
    }
    merged
}

/// Applies an operation that may overflow.
fn checked(values: &mut [i64], bad: &mut Vec<bool>, operation: impl Fn(i64) -> Option<i64>) {
    let len = values.len();
    for (at, value) in values.iter_mut().enumerate() {
        match operation(*value) {
            Some(result) => *value = result,
            None => marks(bad, len)[at] = true,
        }
    }
}

/// The floats of consecutive rows where they lie, if none of them is blank or odd.
fn plain<'c>(column: &'c Column, rows: &[RowId]) -> Option<&'c [f64]> {
    let (ColumnData::Float(vector), true) = (&column.data, column.odd.is_empty()) else { return None };
    let (first, last) = (rows.first()?.index(), rows.last()?.index());
    let slice = vector.get(first..=last).filter(|slice| slice.len() == rows.len())?;
    (!slice.iter().any(|value| value.to_bits() == BLANK_FLOAT)).then_some(slice)
}

/// Arithmetic with a column as it lies; says whether it could be done here.
fn by_slice(operator: Binary, values: &mut [f64], right: &[f64]) -> bool {
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
fn by_constant(operator: Binary, values: &mut [f64], constant: f64) -> bool {
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

fn arithmetic(operator: Binary, a: Block, b: Block) -> Block {
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
        (other, _) => {
            let len = other.len();
            marks(&mut bad, len).fill(true);
            other
        }
    };
    Block { values, bad }
}

fn compare(test: Test, a: Block, b: &Block) -> Block {
    fn each<T: PartialOrd>(test: Test, a: &[T], b: &[T]) -> Vec<bool> {
        let pairs = a.iter().zip(b);
        match test {
            Test::Equal => pairs.map(|(a, b)| a == b).collect(),
            Test::NotEqual => pairs.map(|(a, b)| a != b).collect(),
            Test::Order(Comparison::Less) => pairs.map(|(a, b)| a < b).collect(),
            Test::Order(Comparison::LessOrEqual) => pairs.map(|(a, b)| a <= b).collect(),
            Test::Order(Comparison::Greater) => pairs.map(|(a, b)| a > b).collect(),
            Test::Order(Comparison::GreaterOrEqual) => pairs.map(|(a, b)| a >= b).collect(),
        }
    }
    let mut bad = merge(a.bad, &b.bad);
    let values = match (&a.values, &b.values) {
        (Values::Float(a), Values::Float(b)) => each(test, a, b),
        (Values::Int(a), Values::Int(b)) => each(test, a, b),
        (Values::Bool(a), Values::Bool(b)) => each(test, a, b),
        _ => {
            let len = a.values.len();
            marks(&mut bad, len).fill(true);
            vec![false; len]
        }
    };
    Block { values: Values::Bool(values), bad }
}

fn choose(test: &[bool], bad: Vec<bool>, then: Block, otherwise: Block) -> Block {
    fn pick<T: Copy>(test: &[bool], a: &[T], b: &[T]) -> Vec<T> {
        test.iter().zip(a.iter().zip(b)).map(|(test, (a, b))| if *test { *a } else { *b }).collect()
    }
    // Errors in the branch that is not taken do not matter.
    let mut bad = bad;
    if !then.bad.is_empty() || !otherwise.bad.is_empty() {
        let (mut a, mut b) = (then.bad, otherwise.bad);
        bad = merge(bad, &pick(test, marks(&mut a, test.len()), marks(&mut b, test.len())));
    }
    let values = match (&then.values, &otherwise.values) {
        (Values::Float(a), Values::Float(b)) => Values::Float(pick(test, a, b)),
        (Values::Int(a), Values::Int(b)) => Values::Int(pick(test, a, b)),
        (Values::Bool(a), Values::Bool(b)) => Values::Bool(pick(test, a, b)),
        _ => {
            marks(&mut bad, test.len()).fill(true);
            Values::Bool(vec![false; test.len()])
        }
    };
    Block { values, bad }
}

fn extreme(largest: bool, a: Block, b: Block) -> Block {
    let order = Test::Order(if largest { Comparison::Greater } else { Comparison::Less });
    let better = match (&a.values, &b.values) {
        (Values::Float(x), Values::Float(y)) => compare_slices(order, y, x),
        (Values::Int(x), Values::Int(y)) => compare_slices(order, y, x),
        (Values::Bool(x), Values::Bool(y)) => compare_slices(order, y, x),
        _ => vec![false; a.values.len()],
    };
    let bad = merge(a.bad.clone(), &b.bad);
    choose(&better, bad, b, a)
}

fn compare_slices<T: PartialOrd>(test: Test, a: &[T], b: &[T]) -> Vec<bool> {
    let less = matches!(test, Test::Order(Comparison::Less));
    a.iter().zip(b).map(|(a, b)| if less { a < b } else { a > b }).collect()
}

fn widen(block: Block) -> Block {
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
        Values::Float(values) => Values::Float(values),
    };
    Block { values, bad }
}

impl Values {
    fn len(&self) -> usize {
        match self {
            Self::Float(values) => values.len(),
            Self::Int(values) => values.len(),
            Self::Bool(values) => values.len(),
        }
    }
}

impl Block {
    fn truths(&self) -> Vec<bool> {
        match &self.values {
            Values::Float(values) => values.iter().map(|value| *value != 0.0).collect(),
            Values::Int(values) => values.iter().map(|value| *value != 0).collect(),
            Values::Bool(values) => values.clone(),
        }
    }

    /// Appends the block to the result, converted to the column's kind.
    pub(super) fn store(&mut self, result: &mut VectorValues) {
        match result {
            #[expect(clippy::cast_precision_loss, reason = "Numeric columns hold floats")]
            VectorValues::Float(out) => match &self.values {
                Values::Float(values) => out.extend_from_slice(values),
                Values::Int(values) => out.extend(values.iter().map(|value| *value as f64)),
                Values::Bool(values) => out.extend(values.iter().map(|value| f64::from(u8::from(*value)))),
            },
            VectorValues::Int(out) => match &self.values {
                #[expect(
                    clippy::cast_possible_truncation,
                    reason = "rows out of range are left to the slow path"
                )]
                Values::Float(values) => {
                    for (value, bad) in values.iter().zip(marks(&mut self.bad, values.len())) {
                        *bad |= value.is_nan() || value.abs() >= 2_147_483_648.0;
                        out.push(*value as i64);
                    }
                }
                Values::Int(values) => {
                    for (value, bad) in values.iter().zip(marks(&mut self.bad, values.len())) {
                        // Integers beyond 32 bits have another encoding.
                        *bad |= i32::try_from(*value).is_err();
                        out.push(*value);
                    }
                }
                Values::Bool(values) => out.extend(values.iter().map(|value| i64::from(*value))),
            },
            VectorValues::Bool(out) => out.extend(self.truths()),
        }
    }
}
