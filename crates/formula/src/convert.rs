//! From formula values to cells and back: Grist's column types.

use ecow::EcoString;
use model::{ColumnType, RowId};

use crate::schema::TableIx;
use crate::value::{RecordSet, Value};

/// What a formula sees in a cell that was never set, and in any cell of the empty record.
pub fn default_of(column_type: &ColumnType, table: impl Fn(&str) -> Option<TableIx>) -> Value {
    match column_type {
        ColumnType::Text | ColumnType::Choice => Value::Str(EcoString::new()),
        ColumnType::Numeric => Value::Float(0.0),
        ColumnType::ManualSortPos | ColumnType::PositionNumber => Value::Float(f64::INFINITY),
        ColumnType::Int | ColumnType::Id => Value::Int(0),
        ColumnType::Bool => Value::Bool(false),
        ColumnType::Ref(target) => {
            table(target).map_or(Value::Int(0), |table| Value::Record(table, RowId::NONE))
        }
        ColumnType::RefList(_) | ColumnType::Attachments => {
            match column_type.target().and_then(|target| table(&target)) {
                Some(table) => RecordSet::unordered(table, [].into()),
                None => Value::list(Vec::new()),
            }
        }
        _ => Value::None,
    }
}
