//! Checking the shape of bodies. What is wrong is told as Grist tells it: `Invalid payload`, and where.

use axum::http::StatusCode;
use serde_json::{Map, Value, json};

use crate::error::ApiError;

/// A body of the wrong shape.
pub(crate) fn bad(what: &str) -> ApiError {
    ApiError::new(StatusCode::BAD_REQUEST, "Invalid payload")
        .with_details(json!({"userError": format!("Error: {what}")}))
}

/// A list of items under a name, with one at least.
pub(crate) fn items<'b>(body: &'b Value, name: &str, kind: &str) -> Result<&'b [Value], ApiError> {
    let list = match body.get(name) {
        None => return Err(bad(&format!("body.{name} is missing"))),
        Some(list) => list.as_array().ok_or_else(|| bad(&format!("body.{name} is not an array")))?,
    };
    if list.is_empty() {
        return Err(bad(&format!("body.{name}[0] is not a {kind}; body.{name}[0] is not an object")));
    }
    Ok(list)
}

/// The place of an item in a body, for telling what is wrong with it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place<'p> {
    /// Where it is.
    pub(crate) path: &'p str,
    /// What it should be.
    pub(crate) kind: &'p str,
}

impl Place<'_> {
    /// What is wrong with a part of the item.
    pub(crate) fn bad(self, part: &str, what: &str) -> ApiError {
        let Self { path, kind } = self;
        bad(&format!("{path} is not a {kind}; {path}{part} {what}"))
    }

    /// The fields of the item itself.
    pub(crate) fn object(self, value: &Value) -> Result<&Map<String, Value>, ApiError> {
        value.as_object().ok_or_else(|| self.bad("", "is not an object"))
    }

    /// A set of cells by column.
    pub(crate) fn cells<'v>(
        self,
        item: &'v Map<String, Value>,
        name: &str,
        required: bool,
    ) -> Result<Option<&'v Map<String, Value>>, ApiError> {
        match item.get(name) {
            None if required => Err(self.bad(&format!(".{name}"), "is missing")),
            None => Ok(None),
            Some(Value::Object(cells)) => {
                for (col, cell) in cells {
                    if !is_cell(cell) {
                        let part = format!(".{name}.{col}");
                        return Err(self.bad(&part, "is not a CellValue"));
                    }
                }
                Ok(Some(cells))
            }
            Some(_) => Err(self.bad(&format!(".{name}"), "is not an object")),
        }
    }
}

/// Whether JSON is a cell: a plain value, or a list that begins with a code.
pub(crate) fn is_cell(value: &Value) -> bool {
    match value {
        Value::Object(_) => false,
        Value::Array(list) => list.first().is_some_and(Value::is_string),
        _ => true,
    }
}
