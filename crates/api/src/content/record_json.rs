//! Rows of a table as JSON text: as records, or by column.

use document::{SnapshotColumn, TableSnapshot};
use model::RowId;

use super::cell_json::{CellFormat, write_cell, write_number, write_text, write_typed_cell};
use super::stream::Sink;

/// Whether people see a column: not what the program keeps for itself.
pub(crate) fn is_visible(column: &SnapshotColumn) -> bool {
    column.id != "manualSort" && !column.id.starts_with("gristHelper_")
}

/// Writes `{"records": [{"id", "fields", "errors"?}, …]}`.
pub(crate) fn write_records(
    sink: &mut Sink,
    table: &TableSnapshot,
    rows: impl Iterator<Item = RowId>,
    hidden: bool,
    format: CellFormat,
) {
    let columns: Vec<(&SnapshotColumn, Vec<u8>)> = table
        .columns
        .iter()
        .filter(|column| hidden || is_visible(column))
        .enumerate()
        .map(|(at, column)| {
            let mut key = Vec::new();
            if at > 0 {
                key.push(b',');
            }
            write_text(&mut key, &column.id);
            key.push(b':');
            (column, key)
        })
        .collect();
    sink.bytes().extend_from_slice(b"{\"records\":[");
    let mut errors: Vec<(&str, &str)> = Vec::new();
    for (at, row) in rows.enumerate() {
        let out = sink.bytes();
        out.extend_from_slice(if at == 0 { b"{\"id\":" } else { b",{\"id\":" });
        write_number(out, i64::from(row.0));
        out.extend_from_slice(b",\"fields\":{");
        for (column, key) in &columns {
            out.extend_from_slice(key);
            match format {
                CellFormat::Typed => write_typed_cell(out, &column.cells, &column.column_type, row),
                CellFormat::Normal => {
                    let begun = out.len();
                    if let Some(error) = write_cell(out, &column.cells, row) {
                        out.truncate(begun);
                        out.extend_from_slice(b"null");
                        errors.push((&column.id, error));
                    }
                }
            }
        }
        out.push(b'}');
        if !errors.is_empty() {
            write_errors(out, &errors);
            errors.clear();
        }
        out.push(b'}');
        if !sink.flow() {
            return;
        }
    }
    sink.bytes().extend_from_slice(b"]}");
}

fn write_errors(out: &mut Vec<u8>, errors: &[(&str, &str)]) {
    out.extend_from_slice(b",\"errors\":{");
    for (at, (col, name)) in errors.iter().enumerate() {
        if at > 0 {
            out.push(b',');
        }
        write_text(out, col);
        out.push(b':');
        write_text(out, name);
    }
    out.push(b'}');
}

/// Writes `{"id": […], "<column>": […], …}`, all columns.
pub(crate) fn write_columns(sink: &mut Sink, table: &TableSnapshot, rows: &[RowId], format: CellFormat) {
    sink.bytes().extend_from_slice(b"{\"id\":[");
    for (at, row) in rows.iter().enumerate() {
        let out = sink.bytes();
        if at > 0 {
            out.push(b',');
        }
        write_number(out, i64::from(row.0));
        if !sink.flow() {
            return;
        }
    }
    sink.bytes().push(b']');
    for column in &table.columns {
        let out = sink.bytes();
        out.push(b',');
        write_text(out, &column.id);
        out.extend_from_slice(b":[");
        for (at, row) in rows.iter().enumerate() {
            let out = sink.bytes();
            if at > 0 {
                out.push(b',');
            }
            match format {
                CellFormat::Typed => write_typed_cell(out, &column.cells, &column.column_type, *row),
                CellFormat::Normal => {
                    write_cell(out, &column.cells, *row);
                }
            }
            if !sink.flow() {
                return;
            }
        }
        sink.bytes().push(b']');
    }
    sink.bytes().push(b'}');
}
