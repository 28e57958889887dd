//! Cells as SQLite stores them, both ways, by the Grist type of the column.
//!
//! The SQL type that a column was declared with decides nothing here: old files have other ones. What matters is that SQLite does not convert what is
//! written: text that looks like a number goes into a number column as a marshalled blob, numbers into text columns as well.

use ecow::EcoString;
use serde_json::Value;

use crate::cell::CellValue;
use crate::column_type::ColumnType;
use crate::json::{Dialect, cell_from_json, cell_to_json};
use crate::marshal;

/// A value of SQLite.
#[derive(Clone, Debug, PartialEq)]
pub enum SqlValue {
    /// NULL.
    Null,
    /// INTEGER.
    Integer(i64),
    /// REAL.
    Real(f64),
    /// TEXT.
    Text(EcoString),
    /// BLOB.
    Blob(Vec<u8>),
}

/// What SQLite converts the values of a column to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Affinity {
    Text,
    Number,
    None,
}

/// The SQL type with which a column is declared.
#[must_use]
pub fn sql_type(column_type: &ColumnType) -> &'static str {
    match column_type {
        ColumnType::Text
        | ColumnType::Choice
        | ColumnType::ChoiceList
        | ColumnType::RefList(_)
        | ColumnType::Attachments => "TEXT",
        ColumnType::Numeric | ColumnType::ManualSortPos | ColumnType::PositionNumber => "NUMERIC",
        ColumnType::Int | ColumnType::Ref(_) | ColumnType::Id => "INTEGER",
        ColumnType::Bool => "BOOLEAN",
        ColumnType::Date => "DATE",
        ColumnType::DateTime(zone) if zone.is_empty() => "DATETIME",
        ColumnType::DateTime(_) | ColumnType::Any | ColumnType::Blob => "BLOB",
    }
}

/// The default with which a column is declared, as SQL.
#[must_use]
pub fn sql_default(column_type: &ColumnType) -> &'static str {
    match column_type {
        ColumnType::Text | ColumnType::Choice => "''",
        ColumnType::Numeric | ColumnType::Int | ColumnType::Bool | ColumnType::Ref(_) | ColumnType::Id => "0",
        ColumnType::ManualSortPos | ColumnType::PositionNumber => "1e999",
        _ => "NULL",
    }
}

/// Whether columns of both types are declared alike and store every cell alike: then a change between them leaves the file as it is.
#[must_use]
pub fn stored_alike(a: &ColumnType, b: &ColumnType) -> bool {
    use ColumnType as T;
    match (a, b) {
        (T::Text | T::Choice, T::Text | T::Choice)
        | (T::Int | T::Id | T::Ref(_), T::Int | T::Id | T::Ref(_))
        | (T::RefList(_) | T::Attachments, T::RefList(_) | T::Attachments)
        | (T::ManualSortPos | T::PositionNumber, T::ManualSortPos | T::PositionNumber) => true,
        (T::DateTime(a), T::DateTime(b)) => a.is_empty() == b.is_empty(),
        _ => a == b,
    }
}

fn affinity(column_type: &ColumnType) -> Affinity {
    match sql_type(column_type) {
        "TEXT" => Affinity::Text,
        "BLOB" => Affinity::None,
        _ => Affinity::Number,
    }
}

/// A cell, ready to be written to a column of this type.
#[must_use]
pub fn to_sql(cell: &CellValue, column_type: &ColumnType) -> SqlValue {
    let affinity = affinity(column_type);
    let is_bool = *column_type == ColumnType::Bool;
    match cell {
        CellValue::Null => SqlValue::Null,
        CellValue::Bool(truth) if is_bool => SqlValue::Integer(i64::from(*truth)),
        CellValue::Int(int) if affinity != Affinity::Text && !(is_bool && matches!(int, 0 | 1)) => {
            SqlValue::Integer(*int)
        }
        CellValue::Float(float) if plain_float(*float, affinity, is_bool) => SqlValue::Real(*float),
        CellValue::Text(text) if plain_text(text, affinity, column_type) => SqlValue::Text(text.clone()),
        CellValue::List(items) if is_plain_list(items, column_type) => {
            let items: Vec<Value> = items.iter().map(|item| cell_to_json(item, Dialect::Grist)).collect();
            SqlValue::Text(Value::Array(items).to_string().into())
        }
        other => SqlValue::Blob(marshal::encode_cell(other)),
    }
}

fn plain_float(float: f64, affinity: Affinity, is_bool: bool) -> bool {
    let negative_zero = float == 0.0 && float.is_sign_negative();
    affinity != Affinity::Text
        && !float.is_nan()
        && !negative_zero
        && !(is_bool && (float == 0.0 || float == 1.0))
}

fn plain_text(text: &str, affinity: Affinity, column_type: &ColumnType) -> bool {
    let first = text.chars().next();
    match affinity {
        Affinity::Number => {
            !first.is_some_and(|c| c.is_ascii_digit() || matches!(c, '+' | '-' | '.') || c.is_whitespace())
        }
        Affinity::Text => !(column_type.is_list() && first == Some('[')),
        Affinity::None => true,
    }
}

fn is_plain_list(items: &[CellValue], column_type: &ColumnType) -> bool {
    match column_type {
        ColumnType::ChoiceList => items.iter().all(|item| matches!(item, CellValue::Text(_))),
        ColumnType::RefList(_) | ColumnType::Attachments => {
            items.iter().all(|item| matches!(item, CellValue::Int(int) if i32::try_from(*int).is_ok()))
        }
        _ => false,
    }
}

/// A cell as read from a column of this type.
#[must_use]
pub fn from_sql(value: SqlValue, column_type: &ColumnType) -> CellValue {
    match value {
        SqlValue::Null => CellValue::Null,
        SqlValue::Integer(int) => from_integer(int, column_type),
        SqlValue::Real(float) => from_real(float, column_type),
        SqlValue::Text(text) if column_type.is_list() && text.starts_with('[') => {
            match serde_json::from_str(&text) {
                Ok(Value::Array(items)) => CellValue::List(items.iter().map(cell_from_json).collect()),
                _ => CellValue::Text(text),
            }
        }
        SqlValue::Text(text) => CellValue::Text(text),
        SqlValue::Blob(bytes) => match from_blob(&bytes) {
            // Toggles have no other 0 and 1 than false and true, however they were stored.
            CellValue::Int(int) if *column_type == ColumnType::Bool => from_integer(int, column_type),
            CellValue::Float(float) if *column_type == ColumnType::Bool => from_real(float, column_type),
            cell => cell,
        },
    }
}

/// A blob of a user table: marshalled; one that is not is taken as text.
#[must_use]
pub fn from_blob(bytes: &[u8]) -> CellValue {
    marshal::decode(bytes)
        .map_or_else(|_| CellValue::text(&String::from_utf8_lossy(bytes)), |value| cell_from_json(&value))
}

fn from_integer(int: i64, column_type: &ColumnType) -> CellValue {
    match column_type {
        ColumnType::Bool if int == 0 || int == 1 => CellValue::Bool(int == 1),
        ColumnType::Numeric
        | ColumnType::Date
        | ColumnType::DateTime(_)
        | ColumnType::ManualSortPos
        | ColumnType::PositionNumber =>
        {
            #[expect(
                clippy::cast_precision_loss,
                reason = "these columns hold floats; SQLite made an integer of a whole one"
            )]
            CellValue::Float(int as f64)
        }
        _ => CellValue::Int(int),
    }
}

fn from_real(float: f64, column_type: &ColumnType) -> CellValue {
    match column_type {
        ColumnType::Bool if float == 0.0 || float == 1.0 => CellValue::Bool(float == 1.0),
        ColumnType::Int | ColumnType::Ref(_) | ColumnType::Id => {
            CellValue::Float(float).as_int().map_or(CellValue::Float(float), CellValue::Int)
        }
        _ => CellValue::Float(float),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn cell() -> impl Strategy<Value = CellValue> {
        let leaf = prop_oneof![
            Just(CellValue::Null),
            any::<bool>().prop_map(CellValue::Bool),
            any::<i32>().prop_map(|int| CellValue::Int(int.into())),
            any::<f64>().prop_map(CellValue::Float),
            "[-+ 0-9a-z.\\[]{0,5}".prop_map(|text| CellValue::text(&text)),
            "[A-Z][a-z]{0,5}Error".prop_map(|name| CellValue::error(&name)),
            (any::<i32>(), any::<u16>()).prop_map(|(at, _)| CellValue::Date(f64::from(at))),
            Just(CellValue::Record("T".into(), crate::RowId(3))),
            Just(CellValue::Unmarshallable("<x>".into())),
        ];
        leaf.prop_recursive(3, 20, 4, |inner| prop::collection::vec(inner, 0..4).prop_map(CellValue::list))
    }

    /// What SQLite would do to a value in a column declared with this type.
    fn through_sqlite(value: SqlValue, column_type: &ColumnType) -> SqlValue {
        match (affinity(column_type), value) {
            #[expect(clippy::cast_possible_truncation, reason = "whole and small")]
            (Affinity::Number, SqlValue::Real(float)) if float.fract() == 0.0 && float.abs() < 1e15 => {
                SqlValue::Integer(float as i64)
            }
            (_, value) => value,
        }
    }

    proptest! {
        #[test]
        fn reading_is_the_inverse(cell in cell(), kind in prop::sample::select(vec![
            "Text", "Numeric", "Int", "Bool", "Date", "DateTime:UTC", "DateTime", "Choice", "ChoiceList", "Ref:T", "RefList:T", "Any", "ManualSortPos",
        ])) {
            let column_type = ColumnType::parse(kind);
            // Number columns hold floats or integers, whichever is theirs.
            let cell = match (&column_type, cell) {
                (ColumnType::Int | ColumnType::Ref(_), CellValue::Float(float)) if float.fract() == 0.0 => CellValue::Float(float + 0.5),
                (ColumnType::Bool, CellValue::Float(float)) if float.fract() == 0.0 => CellValue::Float(0.5),
                (ColumnType::Bool, CellValue::Int(int @ (0 | 1))) => CellValue::Bool(int == 1),
                (ColumnType::Numeric | ColumnType::Date | ColumnType::DateTime(_) | ColumnType::ManualSortPos, CellValue::Int(int)) => {
                    CellValue::Float(f64::from(i32::try_from(int).unwrap_or_default()))
                }
                (_, cell) => cell,
            };
            prop_assume!(!matches!(cell, CellValue::Float(float) if float.fract() != 0.0 && (float + 0.5).fract() == 0.0 && float.abs() > 1e15));
            let stored = through_sqlite(to_sql(&cell, &column_type), &column_type);
            prop_assert_eq!(from_sql(stored, &column_type), cell, "{}", kind);
        }
    }
}
