//! JSON: cell values, doc actions and table data as they travel.
//!
//! Two dialects. [`Dialect::Grist`] is what Grist's REST and WebSocket speak; it has no form for NaN and infinities (they become `null`,
//! as JavaScript does). [`Dialect::Stdio`] is that of `engine --stdio`, where `["F", "nan"]`, `["F", "inf"]` and `["F", "-inf"]` stand for them.
//! Integers outside 32 bits are `["U", digits]` in both.

pub mod raw;

use std::sync::Arc;

use serde_json::{Map, Number, Value, json};

use crate::cell::{CellError, CellLookup, CellValue, Text};
use crate::cells::Cells;
use crate::doc_action::{ColumnInfo, ColumnValues, DocAction, RowValues, TableData};
use crate::ids::{ColId, RowId, TableId};

/// How numbers that JSON lacks are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// Grist's REST and WebSocket.
    Grist,
    /// The engine protocol over stdio.
    Stdio,
}

/// What is wrong with a JSON value that should have been an action or table data.
#[derive(Debug, thiserror::Error)]
pub enum JsonError {
    /// The shape is not that of the thing.
    #[error("not a valid {what}: {value}")]
    Shape {
        /// What was expected.
        what: &'static str,
        /// The beginning of what was found.
        value: String,
    },
}

fn shape(what: &'static str, value: &Value) -> JsonError {
    let mut text = value.to_string();
    if let Some((end, _)) = text.char_indices().nth(120) {
        text.truncate(end);
    }
    JsonError::Shape { what, value: text }
}

/// Writes a cell value.
#[must_use]
pub fn cell_to_json(cell: &CellValue, dialect: Dialect) -> Value {
    let nested = |items: &[CellValue], code: &str| {
        let mut list = Vec::with_capacity(items.len() + 1);
        list.push(Value::from(code));
        list.extend(items.iter().map(|item| cell_to_json(item, dialect)));
        Value::Array(list)
    };
    match cell {
        CellValue::Null => Value::Null,
        CellValue::Bool(truth) => Value::Bool(*truth),
        CellValue::Int(int) if i32::try_from(*int).is_ok() => Value::from(*int),
        CellValue::Int(int) => json!(["U", int.to_string()]),
        CellValue::Float(float) => float_to_json(*float, dialect),
        CellValue::Text(text) => Value::from(text.as_str()),
        CellValue::List(items) => nested(items, "L"),
        CellValue::Dict(entries) => json!(["O", entries_to_json(entries, dialect)]),
        CellValue::Date(seconds) => json!(["d", float_to_json(*seconds, dialect)]),
        CellValue::DateTime(seconds, zone) => json!(["D", float_to_json(*seconds, dialect), zone.as_str()]),
        CellValue::Record(table, row) => json!(["R", table.as_str(), row.0]),
        CellValue::RecordSet(table, rows) => {
            json!(["r", table.as_str(), rows.iter().map(|row| row.0).collect::<Vec<_>>()])
        }
        CellValue::Error(error) => error_to_json(error, dialect),
        CellValue::Pending => json!(["P"]),
        CellValue::Censored => json!(["C"]),
        CellValue::Skip => json!(["S"]),
        CellValue::Unmarshallable(repr) => json!(["U", repr.as_str()]),
        CellValue::Lookup(lookup) => {
            let mut options = Map::new();
            if let Some(column) = &lookup.column {
                options.insert("column".into(), Value::from(column.as_str()));
            }
            if let Some(raw) = &lookup.raw {
                options.insert("raw".into(), Value::from(raw.as_str()));
            }
            json!(["l", cell_to_json(&lookup.value, dialect), options])
        }
        CellValue::Versions(entries) => json!(["V", entries_to_json(entries, dialect)]),
    }
}

fn float_to_json(float: f64, dialect: Dialect) -> Value {
    if let Some(number) = Number::from_f64(float) {
        return Value::Number(number);
    }
    match dialect {
        Dialect::Grist => Value::Null,
        Dialect::Stdio if float.is_nan() => json!(["F", "nan"]),
        Dialect::Stdio if float > 0.0 => json!(["F", "inf"]),
        Dialect::Stdio => json!(["F", "-inf"]),
    }
}

fn entries_to_json(entries: &[(Text, CellValue)], dialect: Dialect) -> Map<String, Value> {
    entries.iter().map(|(key, value)| (key.to_string(), cell_to_json(value, dialect))).collect()
}

fn error_to_json(error: &CellError, dialect: Dialect) -> Value {
    let text = |part: &Option<Text>| part.as_ref().map_or(Value::Null, |text| Value::from(text.as_str()));
    let mut list = vec![
        Value::from("E"),
        Value::from(error.name.as_str()),
        text(&error.message),
        text(&error.details),
        error.user_input.as_ref().map_or(Value::Null, |input| json!({"u": cell_to_json(input, dialect)})),
    ];
    while list.len() > 2 && list.last().is_some_and(Value::is_null) {
        list.pop();
    }
    Value::Array(list)
}

/// Reads a cell value. An array without a known code becomes a list of its elements, as Grist decodes it leniently.
#[must_use]
pub fn cell_from_json(value: &Value) -> CellValue {
    match value {
        Value::Null => CellValue::Null,
        Value::Bool(truth) => CellValue::Bool(*truth),
        Value::Number(number) => match number.as_i64() {
            Some(int) => CellValue::Int(int),
            None => CellValue::Float(number.as_f64().unwrap_or(f64::NAN)),
        },
        Value::String(text) => CellValue::text(text),
        Value::Array(list) => cell_from_coded(list),
        Value::Object(map) => CellValue::Dict(entries_from_json(map)),
    }
}

fn entries_from_json(map: &Map<String, Value>) -> Arc<[(Text, CellValue)]> {
    map.iter().map(|(key, value)| (Text::from(key.as_str()), cell_from_json(value))).collect()
}

fn cell_from_coded(list: &[Value]) -> CellValue {
    let text = |at: usize| list.get(at).and_then(Value::as_str);
    let number = |at: usize| list.get(at).and_then(float_from_json);
    let items = |from: usize| list.iter().skip(from).map(cell_from_json).collect();
    let coded = match (text(0), list.len()) {
        (Some("L"), _) => Some(CellValue::List(items(1))),
        (Some("O"), 2) => list[1].as_object().map(|map| CellValue::Dict(entries_from_json(map))),
        (Some("d"), 2) => number(1).map(CellValue::Date),
        (Some("D"), 2 | 3) => number(1).map(|at| CellValue::DateTime(at, text(2).unwrap_or("UTC").into())),
        (Some("R"), 3) => {
            text(1).zip(row_from_json(&list[2])).map(|(table, row)| CellValue::Record(table.into(), row))
        }
        (Some("r"), 3) => text(1)
            .zip(list[2].as_array().and_then(|rows| rows.iter().map(row_from_json).collect()))
            .map(|(table, rows)| CellValue::RecordSet(table.into(), rows)),
        (Some("E"), 2..) => Some(error_from_json(list)),
        (Some("P"), _) => Some(CellValue::Pending),
        (Some("C"), _) => Some(CellValue::Censored),
        (Some("S"), _) => Some(CellValue::Skip),
        (Some("U"), 2) => text(1).map(|repr| CellValue::Unmarshallable(repr.into())),
        (Some("l"), 2 | 3) => Some(lookup_from_json(list)),
        (Some("V"), 2) => list[1].as_object().map(|map| CellValue::Versions(entries_from_json(map))),
        (Some("F"), 2) => number_word(text(1)).map(CellValue::Float),
        _ => None,
    };
    coded.unwrap_or_else(|| CellValue::List(items(0)))
}

fn error_from_json(list: &[Value]) -> CellValue {
    let text = |at: usize| list.get(at).and_then(Value::as_str).map(Text::from);
    let user_input = list.get(4).and_then(|options| options.get("u")).map(cell_from_json);
    CellValue::Error(Arc::new(CellError {
        spoken: None,
        name: text(1).unwrap_or_default(),
        message: text(2),
        details: text(3),
        user_input,
    }))
}

fn lookup_from_json(list: &[Value]) -> CellValue {
    let option =
        |key: &str| list.get(2).and_then(|options| options.get(key)).and_then(Value::as_str).map(Text::from);
    CellValue::Lookup(Arc::new(CellLookup {
        value: cell_from_json(&list[1]),
        column: option("column"),
        raw: option("raw"),
    }))
}

fn float_from_json(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::Array(list) if list.len() == 2 && list[0] == "F" => number_word(list[1].as_str()),
        _ => None,
    }
}

fn number_word(word: Option<&str>) -> Option<f64> {
    match word {
        Some("nan") => Some(f64::NAN),
        Some("inf") => Some(f64::INFINITY),
        Some("-inf") => Some(f64::NEG_INFINITY),
        _ => None,
    }
}

fn row_from_json(value: &Value) -> Option<RowId> {
    value.as_u64().and_then(|row| u32::try_from(row).ok()).map(RowId)
}

/// Writes a doc action as `[name, …]`.
#[must_use]
pub fn action_to_json(action: &DocAction, dialect: Dialect) -> Value {
    let rows = |rows: &[RowId]| Value::from(rows.iter().map(|row| row.0).collect::<Vec<_>>());
    let name = action.name();
    match action {
        DocAction::AddRecord(table, row, values) | DocAction::UpdateRecord(table, row, values) => {
            json!([name, table.as_str(), row.0, values_to_json(values, dialect)])
        }
        DocAction::BulkAddRecord(table, ids, columns)
        | DocAction::BulkUpdateRecord(table, ids, columns)
        | DocAction::ReplaceTableData(table, ids, columns) => {
            json!([name, table.as_str(), rows(ids), columns_to_json(columns, dialect)])
        }
        DocAction::RemoveRecord(table, row) => json!([name, table.as_str(), row.0]),
        DocAction::BulkRemoveRecord(table, ids) => json!([name, table.as_str(), rows(ids)]),
        DocAction::AddColumn(table, col, info) | DocAction::ModifyColumn(table, col, info) => {
            json!([name, table.as_str(), col.as_str(), values_to_json(info, dialect)])
        }
        DocAction::RemoveColumn(table, col) => json!([name, table.as_str(), col.as_str()]),
        DocAction::RenameColumn(table, old, new) => json!([name, table.as_str(), old.as_str(), new.as_str()]),
        DocAction::AddTable(table, columns) => {
            let columns: Vec<_> = columns.iter().map(|info| values_to_json(info, dialect)).collect();
            json!([name, table.as_str(), columns])
        }
        DocAction::RemoveTable(table) => json!([name, table.as_str()]),
        DocAction::RenameTable(old, new) => json!([name, old.as_str(), new.as_str()]),
    }
}

/// Writes the values of one row, or the properties of a column.
#[must_use]
pub fn values_to_json(values: &RowValues, dialect: Dialect) -> Map<String, Value> {
    values.iter().map(|(col, value)| (col.to_string(), cell_to_json(value, dialect))).collect()
}

/// Writes values by column.
#[must_use]
pub fn columns_to_json(columns: &ColumnValues, dialect: Dialect) -> Map<String, Value> {
    let list =
        |values: &Cells| Value::Array(values.iter().map(|value| cell_to_json(&value, dialect)).collect());
    columns.iter().map(|(col, values)| (col.to_string(), list(values))).collect()
}

/// Writes table data as `["TableData", table, rows, columns]`.
#[must_use]
pub fn table_to_json(data: &TableData, dialect: Dialect) -> Value {
    let rows: Vec<_> = data.rows.iter().map(|row| row.0).collect();
    json!(["TableData", data.table.as_str(), rows, columns_to_json(&data.columns, dialect)])
}

/// Reads the values of one row, or the properties of a column.
///
/// # Errors
/// When it is no object.
pub fn values_from_json(value: &Value) -> Result<ColumnInfo, JsonError> {
    let map = value.as_object().ok_or_else(|| shape("set of values", value))?;
    Ok(map.iter().map(|(col, value)| (ColId::new(col), cell_from_json(value))).collect())
}

/// Reads values by column.
///
/// # Errors
/// When it is no object of lists.
pub fn columns_from_json(value: &Value) -> Result<ColumnValues, JsonError> {
    let map = value.as_object().ok_or_else(|| shape("set of columns", value))?;
    map.iter()
        .map(|(col, values)| {
            let list = values.as_array().ok_or_else(|| shape("list of cells", values))?;
            Ok((ColId::new(col), list.iter().map(cell_from_json).collect()))
        })
        .collect()
}

/// Reads row ids.
///
/// # Errors
/// When it is no list of non-negative integers within 32 bits.
pub fn rows_from_json(value: &Value) -> Result<Vec<RowId>, JsonError> {
    let list = value.as_array().ok_or_else(|| shape("list of row ids", value))?;
    list.iter().map(|row| row_from_json(row).ok_or_else(|| shape("row id", row))).collect()
}

/// Reads `["TableData", table, rows, columns]`. Columns shorter or longer than the rows are refused.
///
/// # Errors
/// When the shape is another.
pub fn table_from_json(value: &Value) -> Result<TableData, JsonError> {
    let bad = || shape("table data", value);
    let list = value.as_array().filter(|list| list.len() == 4).ok_or_else(bad)?;
    let table = list[1].as_str().ok_or_else(bad)?;
    let rows = rows_from_json(&list[2])?;
    let columns = columns_from_json(&list[3])?;
    if columns.values().any(|values| values.len() != rows.len()) {
        return Err(bad());
    }
    Ok(TableData { table: TableId::new(table), rows, columns })
}

/// Reads a doc action.
///
/// # Errors
/// When the name is unknown or the arguments do not fit.
pub fn action_from_json(value: &Value) -> Result<DocAction, JsonError> {
    let bad = || shape("doc action", value);
    let list = value.as_array().ok_or_else(bad)?;
    let name = list.first().and_then(Value::as_str).ok_or_else(bad)?;
    let text = |at: usize| list.get(at).and_then(Value::as_str).ok_or_else(bad);
    let at = |at: usize| list.get(at).ok_or_else(bad);
    let row = |i: usize| row_from_json(at(i)?).ok_or_else(bad);
    let bulk = || -> Result<_, JsonError> {
        let (rows, columns) = (rows_from_json(at(2)?)?, columns_from_json(at(3)?)?);
        if columns.values().any(|values| values.len() != rows.len()) {
            return Err(bad());
        }
        Ok((rows, columns))
    };
    let table: TableId = text(1)?.into();
    Ok(match name {
        "AddRecord" => DocAction::AddRecord(table, row(2)?, values_from_json(at(3)?)?),
        "UpdateRecord" => DocAction::UpdateRecord(table, row(2)?, values_from_json(at(3)?)?),
        "RemoveRecord" => DocAction::RemoveRecord(table, row(2)?),
        "BulkAddRecord" => bulk().map(|(rows, columns)| DocAction::BulkAddRecord(table, rows, columns))?,
        "BulkUpdateRecord" => {
            bulk().map(|(rows, columns)| DocAction::BulkUpdateRecord(table, rows, columns))?
        }
        "ReplaceTableData" | "TableData" => {
            bulk().map(|(rows, columns)| DocAction::ReplaceTableData(table, rows, columns))?
        }
        "BulkRemoveRecord" => DocAction::BulkRemoveRecord(table, rows_from_json(at(2)?)?),
        "AddColumn" => DocAction::AddColumn(table, text(2)?.into(), values_from_json(at(3)?)?),
        "ModifyColumn" => DocAction::ModifyColumn(table, text(2)?.into(), values_from_json(at(3)?)?),
        "RemoveColumn" => DocAction::RemoveColumn(table, text(2)?.into()),
        "RenameColumn" => DocAction::RenameColumn(table, text(2)?.into(), text(3)?.into()),
        "AddTable" => {
            let columns = at(2)?.as_array().ok_or_else(bad)?;
            DocAction::AddTable(table, columns.iter().map(values_from_json).collect::<Result<_, _>>()?)
        }
        "RemoveTable" => DocAction::RemoveTable(table),
        "RenameTable" => DocAction::RenameTable(table, text(2)?.into()),
        _ => return Err(bad()),
    })
}
