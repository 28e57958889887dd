//! From stored cells to what formulas see, straight from the typed vectors where a cell is of its column's kind.

use std::rc::Rc;

use formula::value::{DateTime, Key, RecordSet, Zone};
use formula::{Exception, Value, convert};
use model::column::{BLANK_FLOAT, BLANK_INT};
use model::{CellValue, ColumnData, ColumnType, RowId};

use crate::engine::Engine;
use crate::table::Slot;

/// A cell as a formula sees it, where it is a plain number, text, truth value or reference. Made in place: values are large, and moving them is what reading cells costs.
#[inline]
pub(crate) fn plain_value(engine: &Engine, slot: &Slot, row: RowId) -> Option<Value> {
    let cells = &*slot.cells;
    if !cells.odd.is_empty() {
        return None;
    }
    let at = row.index();
    match &cells.data {
        ColumnData::Float(vector) => {
            let float = *vector.get(at)?;
            (matches!(slot.spec.column_type, ColumnType::Numeric) && float.to_bits() != BLANK_FLOAT)
                .then_some(Value::Float(float))
        }
        ColumnData::Int(vector) => {
            let int = *vector.get(at)?;
            (int != BLANK_INT).then_some(Value::Int(int))
        }
        ColumnData::Bool(vector) => Some(Value::Bool(*vector.get(at)?)),
        ColumnData::Ref(vector) => {
            let target = slot.target(engine)?;
            Some(Value::Record(target, RowId(*vector.get(at)?)))
        }
        ColumnData::Text(vector) => Some(Value::Str(vector.get(at)?.clone())),
        ColumnData::RefList(_) | ColumnData::Any(_) => None,
    }
}

/// A cell as a formula sees it; an error stored in it is raised.
pub(crate) fn value_of(engine: &Engine, slot: &Slot, row: RowId) -> Result<Value, Exception> {
    let at = row.index();
    let column_type = &slot.spec.column_type;
    if slot.cells.odd.is_empty() || !slot.cells.odd.contains_key(&row) {
        let direct = match &slot.cells.data {
            ColumnData::Float(vector) => vector.get(at).and_then(|float| float_value(*float, column_type)),
            ColumnData::Int(vector) => {
                vector.get(at).map(|int| if *int == BLANK_INT { Value::None } else { Value::Int(*int) })
            }
            ColumnData::Bool(vector) => vector.get(at).map(|truth| Value::Bool(*truth)),
            ColumnData::Ref(vector) => {
                slot.target(engine).zip(vector.get(at)).map(|(table, row)| Value::Record(table, RowId(*row)))
            }
            ColumnData::RefList(vector) => slot.target(engine).zip(vector.get(at)).map(|(table, rows)| {
                let rows: Rc<[RowId]> =
                    rows.as_ref().map_or_else(|| [].into(), |rows| rows.iter().copied().collect());
                Value::RecordSet(Rc::new(RecordSet { table, rows, order: None }))
            }),
            ColumnData::Text(vector) => vector.get(at).map(|text| Value::Str(text.clone())),
            ColumnData::Any(vector) => match vector.get(at) {
                Some(CellValue::Text(text)) => Some(Value::Str(text.clone())),
                Some(CellValue::Float(float)) => Some(Value::Float(*float)),
                Some(CellValue::Int(int)) => Some(Value::Int(*int)),
                Some(CellValue::Bool(truth)) => Some(Value::Bool(*truth)),
                Some(CellValue::Null) if matches!(column_type, ColumnType::Any) => Some(Value::None),
                _ => None,
            },
        };
        if let Some(value) = direct {
            return Ok(value);
        }
    }
    convert::from_cell(&slot.cells.get(row), column_type, &|id: &str| engine.table_ix(id))
}

fn float_value(float: f64, column_type: &ColumnType) -> Option<Value> {
    if float.to_bits() == BLANK_FLOAT {
        return Some(Value::None);
    }
    match column_type {
        ColumnType::Date => {
            let days = (float / 86_400.0).floor();
            #[expect(clippy::cast_possible_truncation, reason = "checked to be in range")]
            (days.abs() < 4e6).then_some(Value::Date(days as i32))
        }
        ColumnType::DateTime(own) => {
            let name = if own.is_empty() { convert::DEFAULT_ZONE } else { own.as_str() };
            let micros = (float * 1e6).round();
            #[expect(clippy::cast_possible_truncation, reason = "checked to be in range")]
            (micros.abs() < 3e17)
                .then(|| Zone::named(name))
                .flatten()
                .map(|zone| Value::DateTime(Rc::new(DateTime::at(micros as i64, zone))))
        }
        _ => Some(Value::Float(float)),
    }
}

/// A value as part of the key of an index. Records count as their row ids, lists as tuples.
pub(crate) fn key_part(value: Value) -> Result<Key, Exception> {
    Key::new(hashable(value))
}

fn hashable(value: Value) -> Value {
    match value {
        Value::Record(_, row) => Value::Int(i64::from(row.0)),
        Value::RecordSet(set) => {
            Value::tuple(set.rows.iter().map(|row| Value::Int(i64::from(row.0))).collect())
        }
        Value::List(items) => Value::tuple(items.borrow().iter().cloned().map(hashable).collect()),
        other => other,
    }
}
