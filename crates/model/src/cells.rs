//! The values of one column for several rows, as doc actions carry them.
//!
//! Values of one plain kind are packed: 8 bytes a number, 16 a text. What is put in comes out the same; whether it is packed is nobody's business, except
//! for those who copy whole vectors.

use crate::cell::{CellValue, Text};

/// The values of a column, parallel to row ids.
#[derive(Clone)]
pub struct Cells(Packed);

#[derive(Clone)]
enum Packed {
    Float(Vec<f64>),
    Int(Vec<i64>),
    Text(Vec<Text>),
    Any(Vec<CellValue>),
}

/// Reads the values one by one.
#[derive(Clone, Debug)]
pub struct Iter<'c> {
    cells: &'c Cells,
    range: std::ops::Range<usize>,
}

/// Gives the values away one by one.
#[derive(Debug)]
pub enum IntoIter {
    /// Floats.
    Float(std::vec::IntoIter<f64>),
    /// Integers.
    Int(std::vec::IntoIter<i64>),
    /// Texts.
    Text(std::vec::IntoIter<Text>),
    /// Anything.
    Any(std::vec::IntoIter<CellValue>),
}

impl Cells {
    /// No values.
    #[must_use]
    pub fn new() -> Self {
        Self(Packed::Any(Vec::new()))
    }

    /// A single value.
    #[must_use]
    pub fn one(value: CellValue) -> Self {
        Self::repeated(value, 1)
    }

    /// The same value many times.
    #[must_use]
    pub fn repeated(value: CellValue, count: usize) -> Self {
        Self(match value {
            CellValue::Float(float) => Packed::Float(vec![float; count]),
            CellValue::Int(int) => Packed::Int(vec![int; count]),
            CellValue::Text(text) => Packed::Text(vec![text; count]),
            other => Packed::Any(vec![other; count]),
        })
    }

    /// Floats, every bit as given.
    #[must_use]
    pub fn floats(values: Vec<f64>) -> Self {
        Self(Packed::Float(values))
    }

    /// Integers.
    #[must_use]
    pub fn ints(values: Vec<i64>) -> Self {
        Self(Packed::Int(values))
    }

    /// Texts.
    #[must_use]
    pub fn texts(values: Vec<Text>) -> Self {
        Self(Packed::Text(values))
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        match &self.0 {
            Packed::Float(values) => values.len(),
            Packed::Int(values) => values.len(),
            Packed::Text(values) => values.len(),
            Packed::Any(values) => values.len(),
        }
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// A value by its place.
    #[must_use]
    pub fn get(&self, at: usize) -> Option<CellValue> {
        match &self.0 {
            Packed::Float(values) => values.get(at).map(|value| CellValue::Float(*value)),
            Packed::Int(values) => values.get(at).map(|value| CellValue::Int(*value)),
            Packed::Text(values) => values.get(at).map(|value| CellValue::Text(value.clone())),
            Packed::Any(values) => values.get(at).cloned(),
        }
    }

    /// A value by its place; blank beyond the end.
    #[must_use]
    pub fn at(&self, at: usize) -> CellValue {
        self.get(at).unwrap_or_default()
    }

    /// The values in order.
    #[must_use]
    pub fn iter(&self) -> Iter<'_> {
        Iter { cells: self, range: 0..self.len() }
    }

    /// The values, unpacked.
    #[must_use]
    pub fn to_vec(&self) -> Vec<CellValue> {
        self.iter().collect()
    }

    /// All values, if they are floats.
    #[must_use]
    pub fn as_floats(&self) -> Option<&[f64]> {
        if let Packed::Float(values) = &self.0 { Some(values) } else { None }
    }

    /// All values, if they are integers.
    #[must_use]
    pub fn as_ints(&self) -> Option<&[i64]> {
        if let Packed::Int(values) = &self.0 { Some(values) } else { None }
    }

    /// All values, if they are texts.
    #[must_use]
    pub fn as_texts(&self) -> Option<&[Text]> {
        if let Packed::Text(values) = &self.0 { Some(values) } else { None }
    }

    /// Adds a value at the end.
    pub fn push(&mut self, value: CellValue) {
        match (&mut self.0, value) {
            (Packed::Float(values), CellValue::Float(value)) => values.push(value),
            (Packed::Int(values), CellValue::Int(value)) => values.push(value),
            (Packed::Text(values), CellValue::Text(value)) => values.push(value),
            (Packed::Any(values), value) if !values.is_empty() => values.push(value),
            (Packed::Any(_), value) => *self = Self::repeated(value, 1),
            (_, value) => self.unpacked().push(value),
        }
    }

    /// Puts a value in a place. Places beyond the end are ignored.
    pub fn set(&mut self, at: usize, value: CellValue) {
        match (&mut self.0, value) {
            (Packed::Float(values), CellValue::Float(value)) => put(values, at, value),
            (Packed::Int(values), CellValue::Int(value)) => put(values, at, value),
            (Packed::Text(values), CellValue::Text(value)) => put(values, at, value),
            (_, value) => put(self.unpacked(), at, value),
        }
    }

    /// Cuts off what is beyond a length, or adds a value until there are so many.
    pub fn resize(&mut self, len: usize, value: CellValue) {
        if len > self.len() {
            let more = len - self.len();
            self.extend(std::iter::repeat_n(value, more));
        } else {
            match &mut self.0 {
                Packed::Float(values) => values.truncate(len),
                Packed::Int(values) => values.truncate(len),
                Packed::Text(values) => values.truncate(len),
                Packed::Any(values) => values.truncate(len),
            }
        }
    }

    /// The values at some places, in their order.
    #[must_use]
    pub fn select(&self, places: impl IntoIterator<Item = usize>) -> Self {
        places.into_iter().map(|at| self.at(at)).collect()
    }

    fn reserve(&mut self, more: usize) {
        match &mut self.0 {
            Packed::Float(values) => values.reserve(more),
            Packed::Int(values) => values.reserve(more),
            Packed::Text(values) => values.reserve(more),
            Packed::Any(values) => values.reserve(more),
        }
    }

    fn unpacked(&mut self) -> &mut Vec<CellValue> {
        if !matches!(self.0, Packed::Any(_)) {
            self.0 = Packed::Any(self.to_vec());
        }
        match &mut self.0 {
            Packed::Any(values) => values,
            Packed::Float(_) | Packed::Int(_) | Packed::Text(_) => unreachable!("unpacked just now"),
        }
    }
}

fn put<T>(values: &mut [T], at: usize, value: T) {
    if let Some(place) = values.get_mut(at) {
        *place = value;
    }
}

impl Default for Cells {
    fn default() -> Self {
        Self::new()
    }
}

impl std::fmt::Debug for Cells {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl PartialEq for Cells {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.iter().eq(other.iter())
    }
}

impl PartialEq<Vec<CellValue>> for Cells {
    fn eq(&self, other: &Vec<CellValue>) -> bool {
        self.len() == other.len() && self.iter().zip(other).all(|(a, b)| a == *b)
    }
}

impl Iterator for Iter<'_> {
    type Item = CellValue;
    fn next(&mut self) -> Option<CellValue> {
        self.range.next().map(|at| self.cells.at(at))
    }
    fn size_hint(&self) -> (usize, Option<usize>) {
        self.range.size_hint()
    }
}

impl DoubleEndedIterator for Iter<'_> {
    fn next_back(&mut self) -> Option<CellValue> {
        self.range.next_back().map(|at| self.cells.at(at))
    }
}

impl ExactSizeIterator for Iter<'_> {}

impl<'c> IntoIterator for &'c Cells {
    type Item = CellValue;
    type IntoIter = Iter<'c>;
    fn into_iter(self) -> Iter<'c> {
        self.iter()
    }
}

impl Iterator for IntoIter {
    type Item = CellValue;
    fn next(&mut self) -> Option<CellValue> {
        match self {
            Self::Float(values) => values.next().map(CellValue::Float),
            Self::Int(values) => values.next().map(CellValue::Int),
            Self::Text(values) => values.next().map(CellValue::Text),
            Self::Any(values) => values.next(),
        }
    }
    fn size_hint(&self) -> (usize, Option<usize>) {
        match self {
            Self::Float(values) => values.size_hint(),
            Self::Int(values) => values.size_hint(),
            Self::Text(values) => values.size_hint(),
            Self::Any(values) => values.size_hint(),
        }
    }
}

impl ExactSizeIterator for IntoIter {}

impl IntoIterator for Cells {
    type Item = CellValue;
    type IntoIter = IntoIter;
    fn into_iter(self) -> IntoIter {
        match self.0 {
            Packed::Float(values) => IntoIter::Float(values.into_iter()),
            Packed::Int(values) => IntoIter::Int(values.into_iter()),
            Packed::Text(values) => IntoIter::Text(values.into_iter()),
            Packed::Any(values) => IntoIter::Any(values.into_iter()),
        }
    }
}

impl Extend<CellValue> for Cells {
    fn extend<I: IntoIterator<Item = CellValue>>(&mut self, values: I) {
        let mut values = values.into_iter();
        if let Some(first) = values.next() {
            self.push(first);
            self.reserve(values.size_hint().0);
            values.for_each(|value| self.push(value));
        }
    }
}

impl FromIterator<CellValue> for Cells {
    fn from_iter<I: IntoIterator<Item = CellValue>>(values: I) -> Self {
        let mut cells = Self::new();
        cells.extend(values);
        cells
    }
}

impl From<Vec<CellValue>> for Cells {
    fn from(values: Vec<CellValue>) -> Self {
        values.into_iter().collect()
    }
}

impl<const N: usize> From<[CellValue; N]> for Cells {
    fn from(values: [CellValue; N]) -> Self {
        values.into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_come_out_as_they_went_in() {
        let of = |values: &[CellValue]| values.to_vec();
        let (int, float, text) = (CellValue::Int(1), CellValue::Float(1.0), CellValue::text("one"));
        for values in [
            vec![],
            of(&[int.clone(), CellValue::Int(2)]),
            of(&[float.clone(), CellValue::Float(f64::NAN)]),
            of(&[text.clone(), CellValue::text("two")]),
            of(&[CellValue::Null, int.clone()]),
            of(&[int, float, text.clone(), CellValue::Bool(true)]),
            of(&[text.clone(), CellValue::Null, text]),
        ] {
            let mut cells = Cells::from(values.clone());
            assert_eq!(cells, values);
            assert_eq!(cells.clone().into_iter().collect::<Vec<_>>(), values);
            assert_eq!(cells.iter().rev().count(), values.len());
            for at in 0..values.len() {
                cells.set(at, CellValue::Bool(false));
                assert_eq!((cells.at(at), cells.len()), (CellValue::Bool(false), values.len()));
            }
        }
    }
}
