//! The values of a block of rows, and which rows need the slow path.

use ecow::EcoString;

use super::VectorValues;

/// Values of a block, and which rows need the slow path (empty: none).
pub(super) struct Block {
    pub(super) values: Values,
    pub(super) bad: Vec<bool>,
}

pub(super) enum Values {
    Float(Vec<f64>),
    /// Integers, days of dates, row ids.
    Int(Vec<i64>),
    Bool(Vec<bool>),
    Text(Vec<EcoString>),
}

/// The marks of all rows, to be written to.
pub(super) fn marks(bad: &mut Vec<bool>, len: usize) -> &mut [bool] {
    bad.resize(len, false);
    bad
}

pub(super) fn merge(a: Vec<bool>, b: &[bool]) -> Vec<bool> {
    if a.is_empty() {
        return b.to_vec();
    }
    let mut merged = a;
    for (a, b) in merged.iter_mut().zip(b) {
        *a |= *b;
    }
    merged
}

impl Values {
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Float(values) => values.len(),
            Self::Int(values) => values.len(),
            Self::Bool(values) => values.len(),
            Self::Text(values) => values.len(),
        }
    }
}

impl From<Values> for Block {
    fn from(values: Values) -> Self {
        Self { values, bad: Vec::new() }
    }
}

impl Block {
    /// A block of which no row can be used.
    pub(super) fn unusable(len: usize) -> Self {
        Self { values: Values::Bool(vec![false; len]), bad: vec![true; len] }
    }

    /// Marks all rows.
    pub(super) fn spoil(mut self) -> Self {
        let len = self.values.len();
        marks(&mut self.bad, len).fill(true);
        self
    }

    /// Applies to each integer an operation that may have no result.
    pub(super) fn try_ints(mut self, operation: impl Fn(i64) -> Option<i64>) -> Self {
        let Values::Int(values) = &mut self.values else { return self.spoil() };
        let len = values.len();
        for (at, value) in values.iter_mut().enumerate() {
            match operation(*value) {
                Some(result) => *value = result,
                None => marks(&mut self.bad, len)[at] = true,
            }
        }
        self
    }

    pub(super) fn truths(&self) -> Vec<bool> {
        match &self.values {
            Values::Float(values) => values.iter().map(|value| *value != 0.0).collect(),
            Values::Int(values) => values.iter().map(|value| *value != 0).collect(),
            Values::Bool(values) => values.clone(),
            Values::Text(values) => values.iter().map(|value| !value.is_empty()).collect(),
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
                Values::Text(values) => out.extend(values.iter().map(|_| 0.0)),
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
                    if values.iter().any(|value| i32::try_from(*value).is_err()) {
                        for (value, bad) in values.iter().zip(marks(&mut self.bad, values.len())) {
                            // Integers beyond 32 bits have another encoding.
                            *bad |= i32::try_from(*value).is_err();
                        }
                    }
                    out.extend_from_slice(values);
                }
                Values::Bool(values) => out.extend(values.iter().map(|value| i64::from(*value))),
                Values::Text(values) => out.extend(values.iter().map(|_| 0)),
            },
            VectorValues::Bool(out) => out.extend(self.truths()),
            VectorValues::Text(out) => match &mut self.values {
                Values::Text(values) => out.append(values),
                // Only of blocks of which no row can be used.
                other => out.resize(out.len() + other.len(), EcoString::new()),
            },
        }
    }
}
