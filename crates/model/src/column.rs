//! The cells of one column as a typed vector, with a side map for the odd ones.
//!
//! The vector is laid out by row id: `vector[row.index()]`; entry 0 is never a row. Most cells of a column have the column's own
//! kind and take 1 to 16 bytes; text in a number column, errors and other odd cells live in `odd`, keyed by row. Blanks of numbers are
//! sentinels in the vector. Which rows exist is not known here: that is the table's business.
//!
//! `store` fills these vectors straight from the file and `engine` computes on them.

use std::sync::Arc;

use ecow::EcoString;
use rustc_hash::FxHashMap;

use crate::cell::CellValue;
use crate::cells::Cells;
use crate::column_type::ColumnType;
use crate::ids::RowId;

/// The bits of the blank in a vector of floats: a quiet NaN that no computation yields.
pub const BLANK_FLOAT: u64 = 0x7ff8_6d6f_756c_696e;
/// The blank in a vector of integers.
pub const BLANK_INT: i64 = i64::MIN;

/// The vector of a column, by the kind of its ordinary cells.
#[derive(Clone, Debug)]
pub enum ColumnData {
    /// Numeric, Date, DateTime, positions. Blank: [`BLANK_FLOAT`].
    Float(Vec<f64>),
    /// Int, Id. Blank: [`BLANK_INT`].
    Int(Vec<i64>),
    /// Bool.
    Bool(Vec<bool>),
    /// Ref: the row id referred to, 0 for none.
    Ref(Vec<u32>),
    /// RefList, Attachments: blank is `None`.
    RefList(Vec<Option<Arc<[RowId]>>>),
    /// Text, Choice.
    Text(Vec<EcoString>),
    /// Everything else.
    Any(Vec<CellValue>),
}

/// The cells of a column.
#[derive(Clone, Debug)]
pub struct Column {
    /// The ordinary cells, by row id. Where `odd` has a row, the entry here is meaningless.
    pub data: ColumnData,
    /// Cells of another kind than the vector's.
    pub odd: FxHashMap<RowId, CellValue>,
    /// What rows beyond the vector's end, and rows just added, hold.
    default: CellValue,
}

impl Column {
    /// An empty column for a type, with the type's default for cells that were never set.
    #[must_use]
    pub fn new(column_type: &ColumnType) -> Self {
        use ColumnType as T;
        let data = match column_type {
            T::Numeric | T::Date | T::DateTime(_) | T::ManualSortPos | T::PositionNumber => {
                ColumnData::Float(Vec::new())
            }
            T::Int | T::Id => ColumnData::Int(Vec::new()),
            T::Bool => ColumnData::Bool(Vec::new()),
            T::Ref(_) => ColumnData::Ref(Vec::new()),
            T::RefList(_) | T::Attachments => ColumnData::RefList(Vec::new()),
            T::Text | T::Choice => ColumnData::Text(Vec::new()),
            T::Any | T::Blob | T::ChoiceList => ColumnData::Any(Vec::new()),
        };
        Self { data, odd: FxHashMap::default(), default: column_type.default_value() }
    }

    /// How many entries the vector has (the highest row id set, plus one).
    #[must_use]
    pub fn len(&self) -> usize {
        match &self.data {
            ColumnData::Float(vector) => vector.len(),
            ColumnData::Int(vector) => vector.len(),
            ColumnData::Bool(vector) => vector.len(),
            ColumnData::Ref(vector) => vector.len(),
            ColumnData::RefList(vector) => vector.len(),
            ColumnData::Text(vector) => vector.len(),
            ColumnData::Any(vector) => vector.len(),
        }
    }

    /// Whether nothing was ever set.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The cell of a row; the default where it was never set.
    #[must_use]
    pub fn get(&self, row: RowId) -> CellValue {
        if !self.odd.is_empty()
            && let Some(value) = self.odd.get(&row)
        {
            return value.clone();
        }
        let at = row.index();
        match &self.data {
            ColumnData::Float(vector) => vector.get(at).map(|float| {
                if float.to_bits() == BLANK_FLOAT { CellValue::Null } else { CellValue::Float(*float) }
            }),
            ColumnData::Int(vector) => vector
                .get(at)
                .map(|int| if *int == BLANK_INT { CellValue::Null } else { CellValue::Int(*int) }),
            ColumnData::Bool(vector) => vector.get(at).map(|truth| CellValue::Bool(*truth)),
            ColumnData::Ref(vector) => vector.get(at).map(|target| CellValue::Int(i64::from(*target))),
            ColumnData::RefList(vector) => vector.get(at).map(|rows| match rows {
                None => CellValue::Null,
                Some(rows) => {
                    CellValue::List(rows.iter().map(|row| CellValue::Int(i64::from(row.0))).collect())
                }
            }),
            ColumnData::Text(vector) => vector.get(at).map(|text| CellValue::Text(text.clone())),
            ColumnData::Any(vector) => vector.get(at).cloned(),
        }
        .unwrap_or_else(|| self.default.clone())
    }

    /// Whether a cell holds this value: `get(row) == *value`, without making one.
    #[must_use]
    pub fn holds(&self, row: RowId, value: &CellValue) -> bool {
        let at = row.index();
        if self.odd.is_empty() {
            match (&self.data, value) {
                (ColumnData::Float(vector), CellValue::Float(value)) if at < vector.len() => {
                    return same_float(vector[at], *value);
                }
                (ColumnData::Int(vector), CellValue::Int(value)) if at < vector.len() => {
                    return vector[at] == *value && *value != BLANK_INT;
                }
                (ColumnData::Text(vector), CellValue::Text(value)) if at < vector.len() => {
                    return vector[at] == *value;
                }
                (ColumnData::Any(vector), value) if at < vector.len() => return vector[at] == *value,
                _ => {}
            }
        }
        self.get(row) == *value
    }

    /// Whether both columns hold the same in a row.
    #[must_use]
    pub fn same(&self, other: &Self, row: RowId) -> bool {
        let at = row.index();
        if self.odd.is_empty() && other.odd.is_empty() && at < self.len() && at < other.len() {
            match (&self.data, &other.data) {
                (ColumnData::Float(a), ColumnData::Float(b)) => {
                    return a[at].to_bits() == b[at].to_bits() || same_float(a[at], b[at]);
                }
                (ColumnData::Int(a), ColumnData::Int(b)) => return a[at] == b[at],
                (ColumnData::Bool(a), ColumnData::Bool(b)) => return a[at] == b[at],
                (ColumnData::Ref(a), ColumnData::Ref(b)) => return a[at] == b[at],
                (ColumnData::RefList(a), ColumnData::RefList(b)) => return a[at] == b[at],
                (ColumnData::Text(a), ColumnData::Text(b)) => return a[at] == b[at],
                (ColumnData::Any(a), ColumnData::Any(b)) => return a[at] == b[at],
                _ => {}
            }
        }
        self.get(row) == other.get(row)
    }

    /// Whether a cell holds what cells hold that were never set.
    #[must_use]
    pub fn is_default(&self, row: RowId) -> bool {
        self.holds(row, &self.default)
    }

    /// Puts values in rows, which are parallel: the same as setting one by one.
    pub fn set_all(&mut self, rows: &[RowId], values: &Cells) {
        fn put<T: Clone>(vector: &mut [T], rows: &[RowId], values: &[T]) {
            for (row, value) in rows.iter().zip(values) {
                vector[row.index()] = value.clone();
            }
        }
        let Some(highest) = rows.iter().copied().max() else { return };
        self.grow(highest.index() + 1);
        if self.odd.is_empty() {
            match &mut self.data {
                ColumnData::Float(vector) => {
                    if let Some(values) = values.as_floats() {
                        return put(vector, rows, values);
                    }
                }
                ColumnData::Int(vector) => {
                    if let Some(values) = values.as_ints()
                        && !values.contains(&BLANK_INT)
                    {
                        return put(vector, rows, values);
                    }
                }
                ColumnData::Text(vector) => {
                    if let Some(values) = values.as_texts() {
                        return put(vector, rows, values);
                    }
                }
                ColumnData::Bool(_) | ColumnData::Ref(_) | ColumnData::RefList(_) | ColumnData::Any(_) => {}
            }
        }
        for (row, value) in rows.iter().zip(values) {
            self.set(*row, value);
        }
    }

    /// The cells of some rows, in their order: packed where they are all of the column's kind.
    #[must_use]
    pub fn select(&self, rows: &[RowId]) -> Cells {
        if rows.iter().all(|row| row.index() >= self.len()) {
            return Cells::repeated(self.default.clone(), rows.len());
        }
        let packed = if self.odd.is_empty() { self.select_packed(rows) } else { None };
        packed.unwrap_or_else(|| rows.iter().map(|row| self.get(*row)).collect())
    }

    fn select_packed(&self, rows: &[RowId]) -> Option<Cells> {
        match &self.data {
            ColumnData::Float(vector) => {
                gather(vector, rows, |float| float.to_bits() == BLANK_FLOAT).map(Cells::floats)
            }
            ColumnData::Int(vector) => gather(vector, rows, |int| *int == BLANK_INT).map(Cells::ints),
            ColumnData::Ref(vector) => gather(vector, rows, |_| false)
                .map(|targets| Cells::ints(targets.into_iter().map(i64::from).collect())),
            ColumnData::Text(vector) => gather(vector, rows, |_| false).map(Cells::texts),
            ColumnData::Bool(_) | ColumnData::RefList(_) | ColumnData::Any(_) => None,
        }
    }

    /// Sets the cell of a row, growing the vector when needed. The value is taken as it is: conversion to the column's type comes before.
    pub fn set(&mut self, row: RowId, value: CellValue) {
        self.grow(row.index() + 1);
        let at = row.index();
        let odd = match (&mut self.data, value) {
            (ColumnData::Float(vector), CellValue::Float(float)) => {
                vector[at] = float;
                None
            }
            (ColumnData::Float(vector), CellValue::Null) => {
                vector[at] = f64::from_bits(BLANK_FLOAT);
                None
            }
            (ColumnData::Int(vector), CellValue::Int(int)) if int != BLANK_INT => {
                vector[at] = int;
                None
            }
            (ColumnData::Int(vector), CellValue::Null) => {
                vector[at] = BLANK_INT;
                None
            }
            (ColumnData::Bool(vector), CellValue::Bool(truth)) => {
                vector[at] = truth;
                None
            }
            // A toggle has no other 0 and 1 than false and true, as in Grist.
            (ColumnData::Bool(vector), CellValue::Int(int @ (0 | 1))) => {
                vector[at] = int == 1;
                None
            }
            (ColumnData::Bool(vector), CellValue::Float(float)) if float == 0.0 || float == 1.0 => {
                vector[at] = float == 1.0;
                None
            }
            (ColumnData::Ref(vector), CellValue::Int(target)) if u32::try_from(target).is_ok() => {
                vector[at] = u32::try_from(target).unwrap_or_default();
                None
            }
            (ColumnData::RefList(vector), CellValue::Null) => {
                vector[at] = None;
                None
            }
            (ColumnData::RefList(vector), CellValue::List(items)) => match row_list(&items) {
                Some(rows) => {
                    vector[at] = Some(rows);
                    None
                }
                None => Some(CellValue::List(items)),
            },
            (ColumnData::Text(vector), CellValue::Text(text)) => {
                vector[at] = text;
                None
            }
            (ColumnData::Any(vector), value) => {
                vector[at] = value;
                None
            }
            (_, value) => Some(value),
        };
        match odd {
            Some(value) => {
                self.odd.insert(row, value);
            }
            None if self.odd.is_empty() => {}
            None => {
                self.odd.remove(&row);
            }
        }
    }

    /// Puts the default back, as for a row that was removed.
    pub fn unset(&mut self, row: RowId) {
        if row.index() < self.len() {
            self.set(row, self.default.clone());
        }
    }

    /// Makes room for row ids below `len`, filled with the default.
    pub fn grow(&mut self, len: usize) {
        if len <= self.len() {
            return;
        }
        let default = &self.default;
        match &mut self.data {
            ColumnData::Float(vector) => {
                let fill = match default {
                    CellValue::Float(float) => *float,
                    _ => f64::from_bits(BLANK_FLOAT),
                };
                vector.resize(len, fill);
            }
            ColumnData::Int(vector) => vector.resize(len, default.as_int().unwrap_or(BLANK_INT)),
            ColumnData::Bool(vector) => vector.resize(len, false),
            ColumnData::Ref(vector) => vector.resize(len, 0),
            ColumnData::RefList(vector) => vector.resize(len, None),
            ColumnData::Text(vector) => vector.resize(len, EcoString::new()),
            ColumnData::Any(vector) => vector.resize(len, default.clone()),
        }
    }
}

/// The entries of rows; nothing if one of them is beyond the end or blank. Consecutive rows are copied as a whole.
fn gather<T: Clone>(vector: &[T], rows: &[RowId], is_blank: impl Fn(&T) -> bool) -> Option<Vec<T>> {
    let (first, last) = (rows.first()?.index(), rows.last()?.index());
    let values = if last.wrapping_sub(first) == rows.len() - 1 && rows.is_sorted_by(|a, b| a < b) {
        vector.get(first..=last)?.to_vec()
    } else {
        let mut values = Vec::with_capacity(rows.len());
        for row in rows {
            values.push(vector.get(row.index())?.clone());
        }
        values
    };
    (!values.iter().any(is_blank)).then_some(values)
}

/// Whether two floats are the same cell. The blank is none.
fn same_float(a: f64, b: f64) -> bool {
    (a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan()))
        && a.to_bits() != BLANK_FLOAT
        && b.to_bits() != BLANK_FLOAT
}

fn row_list(items: &[CellValue]) -> Option<Arc<[RowId]>> {
    items
        .iter()
        .map(|item| match item {
            CellValue::Int(int) => u32::try_from(*int).ok().map(RowId),
            _ => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_come_back_as_they_were_set() {
        let types = [
            "Any",
            "Text",
            "Numeric",
            "Int",
            "Bool",
            "Date",
            "DateTime:UTC",
            "Choice",
            "ChoiceList",
            "Ref:T",
            "RefList:T",
        ];
        let values = [
            CellValue::Null,
            CellValue::Bool(true),
            CellValue::Int(7),
            CellValue::Int(i64::MIN),
            CellValue::Int(-1),
            CellValue::Float(2.5),
            CellValue::Float(f64::NAN),
            CellValue::text("n/a"),
            CellValue::list([CellValue::Int(1), CellValue::Int(2)]),
            CellValue::list([CellValue::text("a")]),
            CellValue::list([]),
            CellValue::error("ZeroDivisionError"),
        ];
        for name in types {
            let mut column = Column::new(&ColumnType::parse(name));
            for (at, value) in values.iter().enumerate() {
                column.set(RowId(u32::try_from(at).unwrap() + 1), value.clone());
            }
            for (at, value) in values.iter().enumerate() {
                assert_eq!(column.get(RowId(u32::try_from(at).unwrap() + 1)), *value, "{name}");
            }
            for value in &values {
                column.set(RowId(3), value.clone());
                assert_eq!(column.get(RowId(3)), *value, "{name}, set again");
            }
            let rows: Vec<RowId> = (1..=values.len()).map(|at| RowId(u32::try_from(at).unwrap())).collect();
            for value in &values {
                let mut filled = Column::new(&ColumnType::parse(name));
                filled.set_all(&rows, &Cells::repeated(value.clone(), rows.len()));
                assert_eq!(filled.select(&rows), vec![value.clone(); rows.len()], "{name}, set at once");
                for row in &rows {
                    assert_eq!(column.holds(*row, value), column.get(*row) == *value, "{name} {value:?}");
                    assert!(filled.holds(*row, value), "{name} {value:?}");
                    assert_eq!(column.same(&filled, *row), column.get(*row) == *value, "{name} {value:?}");
                }
            }
            column.unset(RowId(3));
            assert_eq!(column.get(RowId(3)), ColumnType::parse(name).default_value(), "{name}, unset");
            assert_eq!(
                column.get(RowId(99)),
                ColumnType::parse(name).default_value(),
                "{name}, beyond the end"
            );
        }
    }
}
