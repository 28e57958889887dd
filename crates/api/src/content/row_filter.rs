//! Rows whose cells are among given values, compared as Python's `in` does: 1, 1.0 and true are the same, a blank is not an empty text.

use document::{SnapshotColumn, TableSnapshot};
use model::column::{BLANK_FLOAT, BLANK_INT};
use model::json::cell_from_json;
use model::{CellValue, ColumnData, RowId, Text};
use rustc_hash::FxHashSet;
use serde_json::{Map, Value};

/// A filter bound to the columns of a table.
#[derive(Debug)]
pub(crate) struct RowFilter<'t> {
    tests: Vec<(Option<&'t SnapshotColumn>, Values)>,
}

#[derive(Debug, Default)]
struct Values {
    numbers: FxHashSet<u64>,
    texts: FxHashSet<Text>,
    /// The one text, where there is one only: comparing is cheaper than hashing.
    single: Option<Text>,
    blank: bool,
    others: Vec<CellValue>,
}

impl<'t> RowFilter<'t> {
    /// Lists of values by column; columns that are not there are passed over.
    pub(crate) fn new(table: &'t TableSnapshot, filter: &Map<String, Value>) -> Self {
        let tests = filter
            .iter()
            .filter_map(|(col, values)| {
                let column = table.column(col);
                (column.is_some() || col == "id").then(|| (column, Values::new(values)))
            })
            .collect();
        Self { tests }
    }

    /// Whether a row passes.
    pub(crate) fn passes(&self, row: RowId) -> bool {
        self.tests.iter().all(|(column, values)| match column {
            Some(column) => values.contain_cell(column, row),
            None => values.contain_number(f64::from(row.0)),
        })
    }
}

impl Values {
    fn new(values: &Value) -> Self {
        let mut found = Self::default();
        for value in values.as_array().map(Vec::as_slice).unwrap_or_default() {
            match cell_from_json(value) {
                CellValue::Null => found.blank = true,
                CellValue::Text(text) => {
                    found.texts.insert(text);
                }
                other => match number(&other) {
                    Some(number) => {
                        found.numbers.insert(bits(number));
                    }
                    None => found.others.push(other),
                },
            }
        }
        if found.texts.len() == 1 {
            found.single = found.texts.iter().next().cloned();
        }
        found
    }

    fn contain_text(&self, text: &Text) -> bool {
        match &self.single {
            Some(single) => single == text,
            None => self.texts.contains(text),
        }
    }

    fn contain_number(&self, number: f64) -> bool {
        self.numbers.contains(&bits(number))
    }

    fn contain_cell(&self, column: &SnapshotColumn, row: RowId) -> bool {
        let cells = &column.cells;
        if cells.odd.is_empty() {
            // Read where they lie, without making values of them.
            match &cells.data {
                ColumnData::Float(vector) => {
                    if let Some(float) = vector.get(row.index()) {
                        return if float.to_bits() == BLANK_FLOAT {
                            self.blank
                        } else {
                            self.contain_number(*float)
                        };
                    }
                }
                #[expect(clippy::cast_precision_loss, reason = "compared as numbers, as in Python")]
                ColumnData::Int(vector) => {
                    if let Some(int) = vector.get(row.index()) {
                        return if *int == BLANK_INT { self.blank } else { self.contain_number(*int as f64) };
                    }
                }
                ColumnData::Ref(vector) => {
                    if let Some(target) = vector.get(row.index()) {
                        return self.contain_number(f64::from(*target));
                    }
                }
                ColumnData::Text(vector) => {
                    if let Some(text) = vector.get(row.index()) {
                        return self.contain_text(text);
                    }
                }
                _ => {}
            }
        }
        match cells.get(row) {
            CellValue::Null => self.blank,
            CellValue::Text(text) => self.contain_text(&text),
            other => match number(&other) {
                Some(number) => self.contain_number(number),
                None => self.others.contains(&other),
            },
        }
    }
}

fn number(value: &CellValue) -> Option<f64> {
    match value {
        CellValue::Bool(truth) => Some(f64::from(u8::from(*truth))),
        other => other.as_number(),
    }
}

/// Both zeros are one.
fn bits(number: f64) -> u64 {
    if number == 0.0 { 0 } else { number.to_bits() }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use model::{Column, ColumnType};
    use serde_json::json;

    use super::*;

    #[test]
    fn values_compare_as_in_python() {
        let cells = [
            ("Any", CellValue::Bool(true), json!([1]), true),
            ("Any", CellValue::Null, json!([""]), false),
            ("Any", CellValue::Null, json!([null]), true),
            ("Any", CellValue::text("a"), json!(["b", "a"]), true),
            ("Text", CellValue::text(""), json!([null]), false),
            ("Text", CellValue::text("A"), json!(["a"]), false),
            ("Numeric", CellValue::Float(2.0), json!([2]), true),
            ("Numeric", CellValue::Null, json!([0]), false),
            ("Numeric", CellValue::text("n/a"), json!(["n/a"]), true),
            ("Int", CellValue::Int(3), json!([3.0]), true),
            ("Bool", CellValue::Bool(false), json!([0]), true),
            ("Ref:T", CellValue::Int(5), json!([5, 6]), true),
            ("Int", CellValue::Int(3), json!([]), false),
        ];
        for (kind, value, values, expected) in cells {
            let column_type = ColumnType::parse(kind);
            let mut column = Column::new(&column_type);
            column.set(RowId(1), value.clone());
            let table = TableSnapshot {
                table: "T".into(),
                rows: Arc::default(),
                columns: vec![SnapshotColumn {
                    id: "A".into(),
                    column_type,
                    is_formula: false,
                    cells: Arc::new(column),
                }],
            };
            let filter = json!({"A": values});
            let filter = RowFilter::new(&table, filter.as_object().unwrap());
            assert_eq!(filter.passes(RowId(1)), expected, "{kind} {value:?} {values}");
        }
    }
}
