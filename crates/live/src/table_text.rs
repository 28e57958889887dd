//! Tables as text, cell by cell, without a tree of values in between: they may have millions.

use document::TableSnapshot;
use model::json::{Dialect, cell_to_json};
use model::{CellValue, RowId};
use serde_json::Value;

/// `["TableData", table, rows, columns]` of some rows.
pub(crate) fn table_text(table: &TableSnapshot, rows: &[RowId]) -> String {
    let mut text = Vec::with_capacity(64 + rows.len() * (4 + 8 * table.columns.len()));
    text.extend_from_slice(b"[\"TableData\",");
    write_text(&mut text, &table.table);
    text.push(b',');
    write_rows(&mut text, rows);
    text.extend_from_slice(b",{");
    for (at, column) in table.columns.iter().enumerate() {
        if at > 0 {
            text.push(b',');
        }
        write_text(&mut text, &column.id);
        text.extend_from_slice(b":[");
        for (at, row) in rows.iter().enumerate() {
            if at > 0 {
                text.push(b',');
            }
            write_cell(&mut text, &column.cells.get(*row));
        }
        text.push(b']');
    }
    text.extend_from_slice(b"}]");
    into_text(text)
}

/// `{"start": …, "rowIds": […], "columns": {…}}`: a page of a window.
pub(crate) fn page_text(page: &document::Page) -> String {
    let mut text = Vec::with_capacity(64 + page.rows.len() * (4 + 8 * page.columns.len()));
    text.extend_from_slice(b"{\"start\":");
    text.extend_from_slice(page.start.to_string().as_bytes());
    text.extend_from_slice(b",\"rowIds\":");
    write_rows(&mut text, &page.rows);
    text.extend_from_slice(b",\"columns\":{");
    for (at, (col, cells)) in page.columns.iter().enumerate() {
        if at > 0 {
            text.push(b',');
        }
        write_text(&mut text, col);
        text.extend_from_slice(b":[");
        for (at, cell) in cells.iter().enumerate() {
            if at > 0 {
                text.push(b',');
            }
            write_cell(&mut text, &cell);
        }
        text.push(b']');
    }
    text.extend_from_slice(b"}}");
    into_text(text)
}

/// Row ids as a list.
pub(crate) fn rows_text(rows: &[RowId]) -> String {
    let mut text = Vec::with_capacity(2 + 6 * rows.len());
    write_rows(&mut text, rows);
    into_text(text)
}

fn write_rows(text: &mut Vec<u8>, rows: &[RowId]) {
    text.push(b'[');
    for (at, row) in rows.iter().enumerate() {
        if at > 0 {
            text.push(b',');
        }
        write_int(text, i64::from(row.0));
    }
    text.push(b']');
}

fn write_cell(text: &mut Vec<u8>, cell: &CellValue) {
    match cell {
        CellValue::Null => text.extend_from_slice(b"null"),
        CellValue::Bool(true) => text.extend_from_slice(b"true"),
        CellValue::Bool(false) => text.extend_from_slice(b"false"),
        CellValue::Int(int) if i32::try_from(*int).is_ok() => write_int(text, *int),
        CellValue::Float(float) if float.is_finite() => write_json(text, &Value::from(*float)),
        CellValue::Text(string) => write_text(text, string),
        other => write_json(text, &cell_to_json(other, Dialect::Grist)),
    }
}

fn write_int(text: &mut Vec<u8>, int: i64) {
    let _ = std::io::Write::write_fmt(text, format_args!("{int}"));
}

fn write_text(text: &mut Vec<u8>, string: &str) {
    // Writing into memory does not fail.
    let _ = serde_json::to_writer(text, string);
}

fn write_json(text: &mut Vec<u8>, value: &Value) {
    let _ = serde_json::to_writer(text, value);
}

fn into_text(text: Vec<u8>) -> String {
    String::from_utf8(text).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_written_as_elsewhere() {
        let cells = [
            CellValue::Null,
            CellValue::Bool(true),
            CellValue::Int(-5),
            CellValue::Int(1 << 40),
            CellValue::Float(2.0),
            CellValue::Float(0.1),
            CellValue::Float(f64::NAN),
            CellValue::text("\"é\n\u{1}"),
            CellValue::list([CellValue::Int(1), CellValue::text("x")]),
            CellValue::Date(86400.0),
            CellValue::Censored,
        ];
        for cell in cells {
            let mut text = Vec::new();
            write_cell(&mut text, &cell);
            assert_eq!(into_text(text), cell_to_json(&cell, Dialect::Grist).to_string(), "{cell:?}");
        }
    }
}
