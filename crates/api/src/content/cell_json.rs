//! Cells as JSON text, written straight from the typed vectors of columns.
//!
//! The same values that `model::json` makes, without a tree in between: a table of a million cells is written in a fraction of a second. `typed` is the format
//! `cellFormat=typed`, in which the type of a column shows in the cell.

use std::io::Write;

use model::column::{BLANK_FLOAT, BLANK_INT};
use model::json::{Dialect, cell_to_json};
use model::{CellValue, Column, ColumnData, ColumnType, RowId};

/// How cells are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum CellFormat {
    /// Plain values; errors are told beside the record.
    #[default]
    Normal,
    /// The type shows in the value; errors are values.
    Typed,
}

/// Writes the cell of a row; says the name of the error if it is one.
pub(crate) fn write_cell<'c>(out: &mut Vec<u8>, column: &'c Column, row: RowId) -> Option<&'c str> {
    if !column.odd.is_empty()
        && let Some(odd) = column.odd.get(&row)
    {
        return write_odd(out, odd);
    }
    let at = row.index();
    match &column.data {
        ColumnData::Float(vector) => match vector.get(at) {
            Some(float) if float.to_bits() != BLANK_FLOAT => write_float(out, *float),
            Some(_) => out.extend_from_slice(b"null"),
            None => return write_default(out, column, row),
        },
        ColumnData::Int(vector) => match vector.get(at) {
            Some(&BLANK_INT) => out.extend_from_slice(b"null"),
            Some(int) => write_int(out, *int),
            None => return write_default(out, column, row),
        },
        ColumnData::Bool(vector) => {
            out.extend_from_slice(if vector.get(at) == Some(&true) { b"true" } else { b"false" });
        }
        ColumnData::Ref(vector) => write_number(out, i64::from(vector.get(at).copied().unwrap_or(0))),
        ColumnData::RefList(vector) => match vector.get(at) {
            Some(Some(rows)) => {
                out.extend_from_slice(b"[\"L\"");
                for row in rows.iter() {
                    out.push(b',');
                    write_number(out, i64::from(row.0));
                }
                out.push(b']');
            }
            _ => out.extend_from_slice(b"null"),
        },
        ColumnData::Text(vector) => write_text(out, vector.get(at).map_or("", |text| text.as_str())),
        ColumnData::Any(vector) => match vector.get(at) {
            Some(value) => return write_odd(out, value),
            None => return write_default(out, column, row),
        },
    }
    None
}

/// A cell that was never set.
fn write_default<'c>(out: &mut Vec<u8>, column: &'c Column, row: RowId) -> Option<&'c str> {
    write_value(out, &column.get(row));
    None
}

fn write_odd<'c>(out: &mut Vec<u8>, value: &'c CellValue) -> Option<&'c str> {
    write_value(out, value);
    match value {
        CellValue::Error(error) => Some(&error.name),
        _ => None,
    }
}

/// Writes the cell of a row so that the type of its column shows.
pub(crate) fn write_typed_cell(out: &mut Vec<u8>, column: &Column, column_type: &ColumnType, row: RowId) {
    let value = || column.get(row);
    match column_type {
        ColumnType::Date => match value().as_number() {
            Some(seconds) => write_value(out, &CellValue::Date(seconds)),
            None => write_value(out, &value()),
        },
        ColumnType::DateTime(zone) => match value().as_number() {
            Some(seconds) => {
                let zone = if zone.is_empty() { "UTC".into() } else { zone.clone() };
                write_value(out, &CellValue::DateTime(seconds, zone));
            }
            None => write_value(out, &value()),
        },
        ColumnType::Ref(table) => match value() {
            CellValue::Int(id) => {
                out.extend_from_slice(b"[\"R\",");
                write_text(out, table);
                out.push(b',');
                write_number(out, id);
                out.push(b']');
            }
            other => write_value(out, &other),
        },
        ColumnType::RefList(_) | ColumnType::Attachments => {
            let items = match value() {
                CellValue::Null => Vec::new(),
                CellValue::List(items) => items.to_vec(),
                other => return write_value(out, &other),
            };
            let Some(rows) = items.iter().map(CellValue::as_row_id).collect::<Option<Vec<_>>>() else {
                return write_value(out, &value());
            };
            let table = column_type.target().unwrap_or_default();
            write_value(out, &CellValue::RecordSet(table, rows.into()));
        }
        ColumnType::ChoiceList => match value() {
            CellValue::Null => out.extend_from_slice(b"[\"L\"]"),
            other => write_value(out, &other),
        },
        _ => {
            write_cell(out, column, row);
        }
    }
}

/// Writes any value as a cell.
pub(crate) fn write_value(out: &mut Vec<u8>, value: &CellValue) {
    match value {
        CellValue::Null => out.extend_from_slice(b"null"),
        CellValue::Bool(true) => out.extend_from_slice(b"true"),
        CellValue::Bool(false) => out.extend_from_slice(b"false"),
        CellValue::Int(int) => write_int(out, *int),
        CellValue::Float(float) => write_float(out, *float),
        CellValue::Text(text) => write_text(out, text),
        CellValue::List(items) => {
            out.extend_from_slice(b"[\"L\"");
            for item in items.iter() {
                out.push(b',');
                write_value(out, item);
            }
            out.push(b']');
        }
        CellValue::Date(seconds) => {
            out.extend_from_slice(b"[\"d\",");
            write_float(out, *seconds);
            out.push(b']');
        }
        CellValue::DateTime(seconds, zone) => {
            out.extend_from_slice(b"[\"D\",");
            write_float(out, *seconds);
            out.push(b',');
            write_text(out, zone);
            out.push(b']');
        }
        other => {
            let _ = serde_json::to_writer(out, &cell_to_json(other, Dialect::Grist));
        }
    }
}

/// Integers beyond 32 bits have a form of their own.
fn write_int(out: &mut Vec<u8>, int: i64) {
    if i32::try_from(int).is_ok() {
        write_number(out, int);
    } else {
        write_value(out, &CellValue::Unmarshallable(int.to_string().into()));
    }
}

/// Decimal digits, without the detour through formatting.
pub(crate) fn write_number(out: &mut Vec<u8>, int: i64) {
    let mut digits = [0_u8; 20];
    let mut at = digits.len();
    let mut left = int.unsigned_abs();
    loop {
        at -= 1;
        digits[at] = b'0' + u8::try_from(left % 10).unwrap_or(0);
        left /= 10;
        if left == 0 {
            break;
        }
    }
    if int < 0 {
        out.push(b'-');
    }
    out.extend_from_slice(&digits[at..]);
}

/// Whole numbers have no fraction, as in JavaScript; what JSON lacks is null.
pub(crate) fn write_float(out: &mut Vec<u8>, float: f64) {
    #[expect(clippy::cast_possible_truncation, reason = "whole, and small enough to be exact")]
    if float.fract() == 0.0 && float.abs() < 1e15 {
        write_number(out, float as i64);
    } else if float.is_finite() {
        let _ = serde_json::to_writer(out, &float);
    } else {
        out.extend_from_slice(b"null");
    }
}

/// A JSON string.
pub(crate) fn write_text(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    let bytes = text.as_bytes();
    let mut from = 0;
    for (at, byte) in bytes.iter().enumerate() {
        if *byte >= 0x20 && *byte != b'"' && *byte != b'\\' {
            continue;
        }
        out.extend_from_slice(&bytes[from..at]);
        from = at + 1;
        match byte {
            b'"' => out.extend_from_slice(b"\\\""),
            b'\\' => out.extend_from_slice(b"\\\\"),
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\r' => out.extend_from_slice(b"\\r"),
            b'\t' => out.extend_from_slice(b"\\t"),
            other => {
                let _ = write!(out, "\\u{other:04x}");
            }
        }
    }
    out.extend_from_slice(&bytes[from..]);
    out.push(b'"');
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn written(write: impl FnOnce(&mut Vec<u8>)) -> Value {
        let mut out = Vec::new();
        write(&mut out);
        serde_json::from_slice(&out).unwrap()
    }

    #[test]
    fn values_are_written_as_the_model_has_them() {
        let values = [
            CellValue::Null,
            CellValue::Bool(true),
            CellValue::Int(-7),
            CellValue::Int(i64::from(i32::MIN)),
            CellValue::Int(1 << 40),
            CellValue::Float(2100.0),
            CellValue::Float(-0.5),
            CellValue::Float(1e300),
            CellValue::Float(f64::INFINITY),
            CellValue::text("a \"quoted\" \\ line\n\t\u{1} été 🎉"),
            CellValue::list([CellValue::Int(1), CellValue::Null, CellValue::text("x")]),
            CellValue::Date(86_400.0),
            CellValue::DateTime(1.5, "Europe/Paris".into()),
            CellValue::Record("T".into(), RowId(3)),
            CellValue::error("ZeroDivisionError"),
            CellValue::Dict([("a".into(), CellValue::Float(2.0))].into()),
        ];
        for value in values {
            let expected = cell_to_json(&value, Dialect::Grist);
            let found = written(|out| write_value(out, &value));
            match (expected.as_f64(), found.as_f64()) {
                (Some(expected), Some(found)) => assert_eq!(expected.to_bits(), found.to_bits()),
                _ => assert_eq!(found.to_string().replace(".0", ""), expected.to_string().replace(".0", "")),
            }
        }
    }

    #[test]
    fn columns_are_written_plain_and_typed() {
        let list = |items: &[i64]| CellValue::list(items.iter().map(|item| CellValue::Int(*item)));
        // Type, value, plain, typed.
        let cases = [
            ("Numeric", CellValue::Float(1.25), json!(1.25), json!(1.25)),
            ("Numeric", CellValue::text("n/a"), json!("n/a"), json!("n/a")),
            ("Int", CellValue::Null, json!(null), json!(null)),
            ("Bool", CellValue::Bool(true), json!(true), json!(true)),
            ("Date", CellValue::Float(86_400.0), json!(86_400), json!(["d", 86_400])),
            ("Date", CellValue::text("soon"), json!("soon"), json!("soon")),
            ("DateTime:Europe/Paris", CellValue::Float(1.5), json!(1.5), json!(["D", 1.5, "Europe/Paris"])),
            ("Ref:T", CellValue::Int(0), json!(0), json!(["R", "T", 0])),
            ("Ref:T", CellValue::text("Rome"), json!("Rome"), json!("Rome")),
            ("RefList:T", list(&[2, 1]), json!(["L", 2, 1]), json!(["r", "T", [2, 1]])),
            ("RefList:T", CellValue::Null, json!(null), json!(["r", "T", []])),
            ("Attachments", CellValue::Null, json!(null), json!(["r", "_grist_Attachments", []])),
            ("ChoiceList", CellValue::Null, json!(null), json!(["L"])),
            ("Any", CellValue::error("NameError"), json!(["E", "NameError"]), json!(["E", "NameError"])),
        ];
        for (kind, value, plain, typed) in cases {
            let column_type = ColumnType::parse(kind);
            let mut column = Column::new(&column_type);
            column.set(RowId(1), value.clone());
            let found = written(|out| {
                write_cell(out, &column, RowId(1));
            });
            assert_eq!(found, plain, "{kind} {value:?}");
            let found = written(|out| write_typed_cell(out, &column, &column_type, RowId(1)));
            assert_eq!(found, typed, "{kind} {value:?}, typed");
            // A row that no vector reaches has the default of the type.
            let found = written(|out| {
                write_cell(out, &column, RowId(99));
            });
            assert_eq!(found, written(|out| write_value(out, &column_type.default_value())), "{kind}");
        }
    }
}
