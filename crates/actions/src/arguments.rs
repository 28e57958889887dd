//! The arguments of a user action: raw values, read as what the action expects.

use model::json::raw;
use model::{CellValue, ColId, ColumnValues, RowId, RowValues};

use crate::error::ActionError;

/// The arguments, with the action's name for error texts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Arguments<'a> {
    pub(crate) name: &'a str,
    pub(crate) values: &'a [CellValue],
}

impl<'a> Arguments<'a> {
    fn bad(&self, what: &str) -> ActionError {
        ActionError::Type(format!("{}: {what}", self.name))
    }
    pub(crate) fn get(&self, at: usize) -> Option<&'a CellValue> {
        self.values.get(at).filter(|value| !value.is_null())
    }
    pub(crate) fn text(&self, at: usize, what: &str) -> Result<&'a str, ActionError> {
        self.values
            .get(at)
            .and_then(CellValue::as_text)
            .ok_or_else(|| self.bad(&format!("{what} must be text")))
    }
    pub(crate) fn optional_text(&self, at: usize) -> Option<&'a str> {
        self.get(at).and_then(CellValue::as_text)
    }
    pub(crate) fn list(&self, at: usize, what: &str) -> Result<&'a [CellValue], ActionError> {
        match self.values.get(at) {
            Some(CellValue::List(items)) => Ok(items),
            _ => Err(self.bad(&format!("{what} must be a list"))),
        }
    }
    /// A row id; 0 where there is none.
    pub(crate) fn row(&self, at: usize, what: &str) -> Result<RowId, ActionError> {
        match self.get(at) {
            None => Ok(RowId::NONE),
            Some(value) => value.as_row_id().ok_or_else(|| self.bad(&format!("{what} must be a row id"))),
        }
    }
    /// Row ids.
    pub(crate) fn rows(&self, at: usize, what: &str) -> Result<Vec<RowId>, ActionError> {
        let row =
            |value: &CellValue| value.as_row_id().ok_or_else(|| self.bad(&format!("{what} must be row ids")));
        self.list(at, what)?.iter().map(row).collect()
    }
    /// Values of one row by column.
    pub(crate) fn values(&self, at: usize, what: &str) -> Result<RowValues, ActionError> {
        match self.values.get(at) {
            Some(CellValue::Dict(entries)) => Ok(entries
                .iter()
                .map(|(col, value)| (ColId::from(col.clone()), raw::decode(value)))
                .collect()),
            None | Some(CellValue::Null) => Ok(RowValues::default()),
            _ => Err(self.bad(&format!("{what} must be an object"))),
        }
    }
    /// Values of several rows by column; all columns as long as the rows.
    pub(crate) fn columns(&self, at: usize, rows: usize) -> Result<ColumnValues, ActionError> {
        let entries = match self.values.get(at) {
            Some(CellValue::Dict(entries)) => entries,
            None | Some(CellValue::Null) => return Ok(ColumnValues::default()),
            _ => return Err(self.bad("column values must be an object")),
        };
        entries
            .iter()
            .map(|(col, values)| match values {
                CellValue::List(values) if values.len() == rows => {
                    Ok((ColId::from(col.clone()), values.iter().map(raw::decode).collect()))
                }
                CellValue::List(values) => Err(ActionError::Value(format!(
                    "{}: column {col} has {} values for {rows} rows",
                    self.name,
                    values.len()
                ))),
                _ => Err(self.bad(&format!("the values of column {col} must be a list"))),
            })
            .collect()
    }
}
