//! Which rows pass.

use std::sync::Arc;

use model::{CellValue, Column, RowId};

use crate::snapshot::TableSnapshot;

/// A condition on the cells of a column. A list passes when any of its elements does; an empty list counts as one blank.
#[derive(Clone, Debug, PartialEq)]
pub struct Filter {
    /// The column.
    pub col: String,
    /// The condition.
    pub kind: FilterKind,
}

/// Kinds of conditions.
#[derive(Clone, Debug, PartialEq)]
pub enum FilterKind {
    /// One of these.
    Included(Vec<CellValue>),
    /// None of these.
    Excluded(Vec<CellValue>),
    /// A number within bounds, both included.
    Range(Option<f64>, Option<f64>),
    /// One of these rows.
    Rows(Vec<RowId>),
}

/// A filter bound to its column.
#[derive(Debug)]
pub(super) struct Test {
    cells: Option<Arc<Column>>,
    kind: Bound,
}

#[derive(Debug)]
enum Bound {
    Included(Values),
    Excluded(Values),
    Range(f64, f64),
    Rows(engine::Rows),
}

impl Test {
    pub(super) fn all(table: &TableSnapshot, filters: &[Filter]) -> Vec<Self> {
        filters.iter().filter_map(|filter| Self::new(table, filter)).collect()
    }

    fn new(table: &TableSnapshot, filter: &Filter) -> Option<Self> {
        let column = table.column(&filter.col);
        let kind = match &filter.kind {
            FilterKind::Rows(rows) => {
                return Some(Self { cells: None, kind: Bound::Rows(rows.iter().copied().collect()) });
            }
            FilterKind::Included(values) => Bound::Included(Values::new(values)),
            FilterKind::Excluded(values) => Bound::Excluded(Values::new(values)),
            FilterKind::Range(low, high) => {
                Bound::Range(low.unwrap_or(f64::NEG_INFINITY), high.unwrap_or(f64::INFINITY))
            }
        };
        if filter.col == "id" {
            return Some(Self { cells: None, kind });
        }
        Some(Self { cells: Some(Arc::clone(&column?.cells)), kind })
    }

    pub(super) fn passes(&self, row: RowId) -> bool {
        if let Bound::Rows(rows) = &self.kind {
            return rows.contains(row);
        }
        let cell = match &self.cells {
            Some(cells) => cells.get(row),
            None => CellValue::from(row),
        };
        match &cell {
            CellValue::List(items) if items.is_empty() => self.passes_one(&CellValue::Null),
            CellValue::List(items) => items.iter().any(|item| self.passes_one(item)),
            other => self.passes_one(other),
        }
    }

    fn passes_one(&self, value: &CellValue) -> bool {
        match &self.kind {
            Bound::Included(values) => values.contain(value),
            Bound::Excluded(values) => !values.contain(value),
            Bound::Range(low, high) => match value {
                CellValue::Date(seconds) | CellValue::DateTime(seconds, _) => {
                    (*low..=*high).contains(seconds)
                }
                other => other.as_number().is_some_and(|number| (*low..=*high).contains(&number)),
            },
            Bound::Rows(_) => true,
        }
    }
}

/// Values to be found among others: numbers whatever their kind, blanks and empty texts alike.
#[derive(Debug)]
struct Values {
    numbers: Vec<f64>,
    texts: rustc_hash::FxHashSet<model::Text>,
    blank: bool,
    others: Vec<CellValue>,
}

impl Values {
    fn new(values: &[CellValue]) -> Self {
        let mut found = Self {
            numbers: Vec::new(),
            texts: rustc_hash::FxHashSet::default(),
            blank: false,
            others: Vec::new(),
        };
        for value in values {
            match value {
                CellValue::Null => found.blank = true,
                CellValue::Text(text) => {
                    found.blank |= text.is_empty();
                    found.texts.insert(text.clone());
                }
                CellValue::Bool(truth) => found.others.push(CellValue::Bool(*truth)),
                CellValue::List(items) if items.is_empty() => found.blank = true,
                other => match seconds_or_number(other) {
                    Some(number) => found.numbers.push(number),
                    None => found.others.push(other.clone()),
                },
            }
        }
        found.numbers.sort_by(f64::total_cmp);
        found
    }

    fn contain(&self, value: &CellValue) -> bool {
        match value {
            CellValue::Null => self.blank,
            CellValue::Text(text) => self.texts.contains(text) || text.is_empty() && self.blank,
            other => match seconds_or_number(other) {
                Some(number) => self.numbers.binary_search_by(|known| known.total_cmp(&number)).is_ok(),
                None => self.others.contains(other),
            },
        }
    }
}

fn seconds_or_number(value: &CellValue) -> Option<f64> {
    match value {
        CellValue::Date(seconds) | CellValue::DateTime(seconds, _) => Some(*seconds),
        CellValue::Record(_, row) => Some(f64::from(row.0)),
        other => other.as_number(),
    }
}
