//! What a document's metadata says of its tables and columns, read between two turns.

use std::collections::HashMap;

use document::{Handle, Sight};
use engine::{Engine, Table};
use model::json::{Dialect, cell_to_json};
use model::{CellValue, RowId};
use serde_json::{Map, Value, json};

use crate::error::ApiError;

/// Whether a column is one that the program keeps for itself.
pub(crate) fn is_hidden(col: &str) -> bool {
    col == "manualSort" || col.starts_with("gristHelper_")
}

/// Records of metadata by the text in one of their columns.
fn by_name(table: &Table, name: &str, wanted: impl Fn(RowId) -> bool) -> HashMap<String, RowId> {
    table
        .rows()
        .iter()
        .filter(|row| wanted(*row))
        .filter_map(|row| Some((table.cell(name, row).as_text()?.to_owned(), row)))
        .collect()
}

/// The record of a table.
pub(crate) fn table_ref(engine: &Engine, table: &str) -> Option<RowId> {
    let tables = engine.table("_grist_Tables")?;
    tables.rows().iter().find(|row| tables.cell("tableId", *row).as_text() == Some(table))
}

/// The records of all tables by table id.
pub(crate) async fn table_refs(document: &Handle) -> Result<HashMap<String, RowId>, ApiError> {
    let read = |engine: &mut Engine, _: &engine::Moment| {
        engine.table("_grist_Tables").map(|tables| by_name(tables, "tableId", |_| true)).unwrap_or_default()
    };
    Ok(document.with_engine(read).await?)
}

/// The records of a table's columns by column id.
pub(crate) fn columns_of(engine: &Engine, table: &str) -> Option<HashMap<String, RowId>> {
    let parent = CellValue::from(table_ref(engine, table)?);
    let columns = engine.table("_grist_Tables_column")?;
    Some(by_name(columns, "colId", |row| columns.cell("parentId", row) == parent))
}

/// The records of a table's columns by column id.
pub(crate) async fn column_refs(document: &Handle, table: &str) -> Result<HashMap<String, RowId>, ApiError> {
    let id = table.to_owned();
    let refs = document.with_engine(move |engine, _| columns_of(engine, &id)).await?;
    refs.ok_or_else(|| ApiError::not_found(format!("Table not found \"{table}\"")))
}

/// The fields of a record but one, its id under another name.
fn fields(table: &Table, row: RowId, id: &str, id_name: &str) -> Map<String, Value> {
    let mut fields = Map::new();
    fields.insert(id_name.to_owned(), row.0.into());
    for (_, slot) in table.columns() {
        if slot.id != *id && !slot.id.starts_with('#') {
            fields.insert(slot.id.to_string(), cell_to_json(&slot.cells.get(row), Dialect::Grist));
        }
    }
    fields
}

/// All tables, with their columns if asked for, as the interface shows them.
pub(crate) fn show_tables(engine: &Engine, sight: &Sight, with_columns: bool) -> Vec<Value> {
    let Some(tables) = engine.table("_grist_Tables") else { return Vec::new() };
    let shown = |row: RowId| {
        let id = tables.cell("tableId", row);
        let id = id.as_text().filter(|id| !id.is_empty() && sight.sees_table(id))?;
        let mut table = json!({"id": id, "fields": fields(tables, row, "tableId", "tableRef")});
        if with_columns {
            table["columns"] = show_columns(engine, sight, row, false).into();
        }
        Some(table)
    };
    tables.rows().iter().filter_map(shown).collect()
}

/// The columns of a table.
pub(crate) fn show_columns(engine: &Engine, sight: &Sight, table: RowId, hidden: bool) -> Vec<Value> {
    let Some(columns) = engine.table("_grist_Tables_column") else { return Vec::new() };
    let of = engine.table("_grist_Tables").map(|tables| tables.cell("tableId", table)).unwrap_or_default();
    let of = of.as_text().unwrap_or_default();
    let parent = CellValue::from(table);
    let mut rows: Vec<RowId> =
        columns.rows().iter().filter(|row| columns.cell("parentId", *row) == parent).collect();
    let place = |row: &RowId| columns.cell("parentPos", *row).as_number().unwrap_or(f64::INFINITY);
    rows.sort_by(|a, b| place(a).total_cmp(&place(b)));
    let shown = |row: RowId| {
        let id = columns.cell("colId", row);
        let id = id
            .as_text()
            .filter(|id| !id.is_empty() && (hidden || !is_hidden(id)) && sight.sees_column(of, id))?;
        Some(json!({"id": id, "fields": fields(columns, row, "colId", "colRef")}))
    };
    rows.into_iter().filter_map(shown).collect()
}

/// The choices of a column, in their order.
pub(crate) fn choices_of(engine: &Engine, table: &str, col: &str) -> Option<Vec<String>> {
    let record = *columns_of(engine, table)?.get(col)?;
    let options = engine.table("_grist_Tables_column")?.cell("widgetOptions", record);
    let options: Value = serde_json::from_str(options.as_text()?).ok()?;
    let choices = options.get("choices")?.as_array()?;
    Some(choices.iter().filter_map(|choice| choice.as_str().map(str::to_owned)).collect())
}
