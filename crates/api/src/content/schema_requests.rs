//! From requests about tables and columns to user actions. Pure: what the document has is given.

use std::collections::HashMap;

use actions::UserAction;
use model::json::raw::raw_from_json;
use model::{CellValue, RowId};
use serde_json::{Map, Value};

use super::payload::{self, Place};
use super::record_requests::{action, dict};
use crate::error::ApiError;

/// An item with a text id, which may be missing where `needs_id` is false, and fields.
type Item<'b> = (Option<&'b str>, Option<&'b Map<String, Value>>);

fn item<'b>(
    place: Place<'_>,
    value: &'b Value,
    needs_id: bool,
    needs_fields: bool,
) -> Result<Item<'b>, ApiError> {
    let object = place.object(value)?;
    let id = match object.get("id") {
        None if needs_id => return Err(place.bad(".id", "is missing")),
        None => None,
        Some(Value::String(id)) => Some(id.as_str()),
        Some(_) => return Err(place.bad(".id", "is not a string")),
    };
    let fields = match object.get("fields") {
        None if needs_fields => return Err(place.bad(".fields", "is missing")),
        None => None,
        Some(Value::Object(fields)) => Some(fields),
        Some(_) => return Err(place.bad(".fields", "is not an object")),
    };
    Ok((id, fields))
}

fn items<'b>(
    body: &'b Value,
    name: &str,
    kind: &str,
    needs_id: bool,
    needs_fields: bool,
) -> Result<Vec<Item<'b>>, ApiError> {
    payload::items(body, name, kind)?
        .iter()
        .enumerate()
        .map(|(at, value)| {
            let path = format!("body.{name}[{at}]");
            item(Place { path: &path, kind }, value, needs_id, needs_fields)
        })
        .collect()
}

/// Properties as records of columns have them; colours and choices may come as objects where the document keeps JSON as text.
fn properties(fields: &Map<String, Value>) -> Vec<(String, CellValue)> {
    fields
        .iter()
        .map(|(name, value)| {
            let value = match value {
                Value::Object(_) if name == "widgetOptions" => CellValue::text(&value.to_string()),
                other => raw_from_json(other),
            };
            (name.clone(), value)
        })
        .collect()
}

/// `{"tables": [{"id"?, "columns": [{"id"?, "fields"?}]}]}`: one action for each table.
pub(crate) fn add_tables(body: &Value) -> Result<Vec<UserAction>, ApiError> {
    let tables = payload::items(body, "tables", "TablePost")?;
    let mut made = Vec::new();
    for (at, table) in tables.iter().enumerate() {
        let path = format!("body.tables[{at}]");
        let place = Place { path: &path, kind: "TablePost" };
        let (id, _) = item(place, table, false, false)?;
        let columns = match table.get("columns") {
            None => return Err(place.bad(".columns", "is missing")),
            Some(columns) => columns.as_array().ok_or_else(|| place.bad(".columns", "is not an array"))?,
        };
        if columns.is_empty() {
            return Err(place.bad(".columns[0]", "is not a NewRecordWithStringId"));
        }
        let columns = columns
            .iter()
            .enumerate()
            .map(|(at, column)| {
                let path = format!("{path}.columns[{at}]");
                let place = Place { path: &path, kind: "NewRecordWithStringId" };
                let (id, fields) = item(place, column, false, false)?;
                let mut info = fields.map(properties).unwrap_or_default();
                info.retain(|(name, _)| name != "id");
                info.insert(0, ("id".to_owned(), id.map_or(CellValue::Null, CellValue::text)));
                Ok(dict(info))
            })
            .collect::<Result<Vec<_>, ApiError>>()?;
        let id = id.map_or(CellValue::Null, CellValue::text);
        made.push(action("AddTable", [id, CellValue::list(columns)]));
    }
    Ok(made)
}

/// `{"tables": [{"id", "fields"}]}`: changes of records of `_grist_Tables`.
pub(crate) fn update_tables(
    body: &Value,
    refs: &HashMap<String, RowId>,
) -> Result<Vec<UserAction>, ApiError> {
    let tables = items(body, "tables", "RecordWithStringId", true, true)?;
    tables.into_iter().map(|(id, fields)| update(refs, "_grist_Tables", "Table", id, fields)).collect()
}

fn update(
    refs: &HashMap<String, RowId>,
    table: &str,
    what: &str,
    id: Option<&str>,
    fields: Option<&Map<String, Value>>,
) -> Result<UserAction, ApiError> {
    let id = id.unwrap_or_default();
    let record = refs.get(id).ok_or_else(|| ApiError::not_found(format!("{what} not found \"{id}\"")))?;
    let fields = dict(fields.map(properties).unwrap_or_default());
    Ok(action("UpdateRecord", [CellValue::text(table), CellValue::from(*record), fields]))
}

/// `{"columns": [{"id"?, "fields"?}]}`: columns to add, shown in the views.
pub(crate) fn add_columns(table: &str, body: &Value) -> Result<Vec<UserAction>, ApiError> {
    let columns = items(body, "columns", "NewRecordWithStringId", false, false)?;
    Ok(columns.into_iter().map(|(id, fields)| add_column(table, id, fields)).collect())
}

fn add_column(table: &str, id: Option<&str>, fields: Option<&Map<String, Value>>) -> UserAction {
    let info = dict(fields.map(properties).unwrap_or_default());
    let id = id.map_or(CellValue::Null, CellValue::text);
    action("AddVisibleColumn", [CellValue::text(table), id, info])
}

/// `{"columns": [{"id", "fields"}]}`: changes of records of `_grist_Tables_column`.
pub(crate) fn update_columns(
    body: &Value,
    refs: &HashMap<String, RowId>,
) -> Result<Vec<UserAction>, ApiError> {
    let columns = items(body, "columns", "RecordWithStringId", true, true)?;
    columns
        .into_iter()
        .map(|(id, fields)| update(refs, "_grist_Tables_column", "Column", id, fields))
        .collect()
}

/// How columns are put.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct PutOptions {
    /// Nothing is added.
    pub(crate) no_add: bool,
    /// Nothing is changed.
    pub(crate) no_update: bool,
    /// Columns that are not named are removed.
    pub(crate) replace_all: bool,
}

/// `{"columns": [{"id", "fields"}]}`: columns to add or change. `refs`: the columns that people see.
pub(crate) fn put_columns(
    table: &str,
    body: &Value,
    refs: &HashMap<String, RowId>,
    options: PutOptions,
) -> Result<Vec<UserAction>, ApiError> {
    let columns = items(body, "columns", "RecordWithStringId", true, true)?;
    let mut made = Vec::new();
    for (id, fields) in &columns {
        let known = refs.contains_key(id.unwrap_or_default());
        if known && !options.no_update {
            made.push(update(refs, "_grist_Tables_column", "Column", *id, *fields)?);
        } else if !known && !options.no_add {
            made.push(add_column(table, *id, *fields));
        }
    }
    if options.replace_all {
        let mut gone: Vec<(&String, &RowId)> =
            refs.iter().filter(|(col, _)| !columns.iter().any(|(id, _)| *id == Some(col.as_str()))).collect();
        gone.sort_by_key(|(_, record)| **record);
        made.extend(gone.into_iter().map(|(col, _)| remove_column(table, col)));
    }
    Ok(made)
}

/// A column to remove.
pub(crate) fn remove_column(table: &str, col: &str) -> UserAction {
    action("RemoveColumn", [CellValue::text(table), CellValue::text(col)])
}

#[cfg(test)]
mod tests {
    use model::json::Dialect;
    use model::json::raw::raw_to_json;
    use serde_json::json;

    use super::*;

    fn shown(result: Result<Vec<UserAction>, ApiError>) -> Value {
        match result {
            Ok(actions) => actions
                .iter()
                .map(|action| {
                    let mut list = vec![Value::from(action.name.as_str())];
                    list.extend(action.arguments.iter().map(|raw| raw_to_json(raw, Dialect::Grist)));
                    Value::Array(list)
                })
                .collect(),
            Err(error) => json!(error.status.as_u16()),
        }
    }

    #[test]
    fn requests_become_user_actions() {
        let refs = HashMap::from([("A".to_owned(), RowId(2)), ("B".to_owned(), RowId(3))]);
        let put = |options: PutOptions| move |body: &Value, refs: &_| put_columns("T", body, refs, options);
        type Made = Result<Vec<UserAction>, ApiError>;
        type Request<'r> = Box<dyn Fn(&Value, &HashMap<String, RowId>) -> Made + 'r>;
        let tables: Request<'_> = Box::new(|body, _| add_tables(body));
        let renamed: Request<'_> = Box::new(update_tables);
        let columns: Request<'_> = Box::new(|body, _| add_columns("T", body));
        let changed: Request<'_> = Box::new(update_columns);
        let placed: Request<'_> = Box::new(put(PutOptions::default()));
        let replaced: Request<'_> = Box::new(put(PutOptions { replace_all: true, ..PutOptions::default() }));
        let nothing: Request<'_> =
            Box::new(put(PutOptions { no_add: true, no_update: true, replace_all: false }));
        let cases = [
            (
                &tables,
                json!({"tables": [{"id": "P", "columns": [{"id": "x", "fields": {"type": "Int"}}, {}]}]}),
                json!([["AddTable", "P", [{"id": "x", "type": "Int"}, {"id": null}]]]),
            ),
            (
                &tables,
                json!({"tables": [{"columns": [{"id": "x"}]}]}),
                json!([["AddTable", null, [{"id": "x"}]]]),
            ),
            (&tables, json!({"tables": []}), json!(400)),
            (&tables, json!({"tables": [{"id": "X"}]}), json!(400)),
            (&tables, json!({"tables": [{"id": "X", "columns": []}]}), json!(400)),
            (&tables, json!({"tables": [{"id": 3, "columns": [{"id": "a"}]}]}), json!(400)),
            (
                &tables,
                json!({"tables": [{"id": "X", "columns": [{"id": "a", "fields": "text"}]}]}),
                json!(400),
            ),
            (
                &renamed,
                json!({"tables": [{"id": "A", "fields": {"tableId": "Z"}}]}),
                json!([["UpdateRecord", "_grist_Tables", 2, {"tableId": "Z"}]]),
            ),
            (&renamed, json!({"tables": [{"id": "Nope", "fields": {}}]}), json!(404)),
            (
                &columns,
                json!({"columns": [{"id": "x", "fields": {"widgetOptions": {"a": 1}}}, {"fields": {}}]}),
                json!([["AddVisibleColumn", "T", "x", {"widgetOptions": "{\"a\":1}"}],
                    ["AddVisibleColumn", "T", null, {}]]),
            ),
            (&columns, json!({"columns": []}), json!(400)),
            (
                &changed,
                json!({"columns": [{"id": "B", "fields": {"label": "Bee"}}]}),
                json!([["UpdateRecord", "_grist_Tables_column", 3, {"label": "Bee"}]]),
            ),
            (&changed, json!({"columns": [{"id": "Q", "fields": {}}]}), json!(404)),
            (&changed, json!({"columns": [{"id": "A"}]}), json!(400)),
            (
                &placed,
                json!({"columns": [{"id": "A", "fields": {"label": "L"}}, {"id": "N", "fields": {}}]}),
                json!([["UpdateRecord", "_grist_Tables_column", 2, {"label": "L"}],
                    ["AddVisibleColumn", "T", "N", {}]]),
            ),
            (&nothing, json!({"columns": [{"id": "A", "fields": {}}, {"id": "N", "fields": {}}]}), json!([])),
            (
                &replaced,
                json!({"columns": [{"id": "N", "fields": {}}]}),
                json!([
                    ["AddVisibleColumn", "T", "N", {}],
                    ["RemoveColumn", "T", "A"],
                    ["RemoveColumn", "T", "B"]
                ]),
            ),
        ];
        for (request, body, expected) in cases {
            assert_eq!(shown(request(&body, &refs)), expected, "{body}");
        }
    }
}
