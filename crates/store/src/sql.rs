//! Names and values in SQL.

use ecow::EcoString;
use model::storage::SqlValue;
use rusqlite::types::{ToSql, ToSqlOutput, Value, ValueRef};

/// A quoted identifier.
pub(crate) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A value of ours as a parameter of SQLite.
pub(crate) struct Parameter<'v>(pub(crate) &'v SqlValue);

impl ToSql for Parameter<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self.0 {
            SqlValue::Null => ToSqlOutput::Owned(Value::Null),
            SqlValue::Integer(int) => ToSqlOutput::Owned(Value::Integer(*int)),
            SqlValue::Real(float) => ToSqlOutput::Owned(Value::Real(*float)),
            SqlValue::Text(text) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
            SqlValue::Blob(bytes) => ToSqlOutput::Borrowed(ValueRef::Blob(bytes)),
        })
    }
}

/// A value read from SQLite. Text that is not UTF-8 is repaired.
pub(crate) fn value_of(value: ValueRef<'_>) -> SqlValue {
    match value {
        ValueRef::Null => SqlValue::Null,
        ValueRef::Integer(int) => SqlValue::Integer(int),
        ValueRef::Real(float) => SqlValue::Real(float),
        ValueRef::Text(bytes) => SqlValue::Text(text_of(bytes)),
        ValueRef::Blob(bytes) => SqlValue::Blob(bytes.to_vec()),
    }
}

pub(crate) fn text_of(bytes: &[u8]) -> EcoString {
    std::str::from_utf8(bytes)
        .map_or_else(|_| String::from_utf8_lossy(bytes).as_ref().into(), EcoString::from)
}
