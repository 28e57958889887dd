//! Changing a document on behalf of a request, and saying what went wrong in the words that Grist's clients know.

use std::collections::HashMap;

use actions::{ActionError, UserAction};
use axum::http::StatusCode;
use document::{Applied, ApplyOptions, DocumentError};
use engine::EngineError;
use model::CellValue;

use super::record_requests::names_of;
use crate::body::is_on;
use crate::document_caller::DocumentCaller;
use crate::error::ApiError;

/// Parameters of an address.
pub(crate) type Parameters = HashMap<String, String>;

/// Applies user actions as one turn. Texts are read as the columns' types say, unless the address says `noparse`.
pub(crate) async fn apply(
    caller: &DocumentCaller,
    parameters: &Parameters,
    actions: Vec<UserAction>,
) -> Result<Applied, ApiError> {
    caller.require_editor()?;
    let options =
        ApplyOptions { parse_strings: !is_on(parameters.get("noparse")), ..ApplyOptions::default() };
    Ok(caller.open().await?.apply(caller.person(), None, actions, options).await?)
}

/// Applies user actions about one table; what is wrong with the table or its columns is told apart.
pub(crate) async fn apply_to_table(
    caller: &DocumentCaller,
    parameters: &Parameters,
    table: &str,
    actions: Vec<UserAction>,
) -> Result<Vec<CellValue>, ApiError> {
    caller.require_editor()?;
    let columns: Vec<String> = actions.iter().flat_map(names_of).collect();
    let options =
        ApplyOptions { parse_strings: !is_on(parameters.get("noparse")), ..ApplyOptions::default() };
    let applied = caller.open().await?.apply(caller.person(), None, actions, options).await;
    applied.map(|applied| applied.results).map_err(|error| table_error(error, table, &columns))
}

/// What goes wrong with a table, as an answer.
pub(crate) fn table_error(error: DocumentError, table: &str, columns: &[String]) -> ApiError {
    let no_table = || ApiError::not_found(format!("Table not found \"{table}\""));
    match &error {
        DocumentError::Engine(EngineError::NoTable(_)) => no_table(),
        DocumentError::Action(action) => {
            let text = action.to_string();
            if let ActionError::Key(key) = action {
                // `'T'`, or `Table T has no column 'C'`.
                let quoted = key.split('\'').nth(1).unwrap_or(key);
                if quoted == table {
                    return no_table();
                }
                if columns.iter().any(|column| column == quoted) {
                    return ApiError::bad(format!("Invalid column \"{quoted}\""));
                }
                return ApiError::not_found(format!("Table or column not found \"{quoted}\""));
            }
            if let Some((_, row)) = text.split_once("non-existent record #") {
                return ApiError::bad(format!("Invalid row id {row}"));
            }
            ApiError::new(StatusCode::BAD_REQUEST, format!("Error manipulating data: {error}"))
        }
        _ => error.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_went_wrong_is_told_apart() {
        let columns = vec!["A".to_owned(), "Nope".to_owned()];
        let key = |text: &str| DocumentError::Action(ActionError::Key(text.to_owned()));
        let cases = [
            (key("'T'"), 404, "Table not found \"T\""),
            (key("'Nope'"), 400, "Invalid column \"Nope\""),
            (key("'Other'"), 404, "Table or column not found \"Other\""),
            (
                DocumentError::Action(ActionError::Assertion(
                    "docactions.[Bulk]UpdateRecord for non-existent record #999".into(),
                )),
                400,
                "Invalid row id 999",
            ),
            (
                DocumentError::Action(ActionError::Value("Can't save value to formula column A".into())),
                400,
                "Error manipulating data: [Sandbox] ValueError Can't save value to formula column A",
            ),
            (DocumentError::Engine(EngineError::NoTable("T".into())), 404, "Table not found \"T\""),
            (DocumentError::NoEdit, 403, "No write access"),
        ];
        for (error, status, message) in cases {
            let found = table_error(error, "T", &columns);
            assert_eq!((found.status.as_u16(), found.message.as_str()), (status, message));
        }
    }
}
