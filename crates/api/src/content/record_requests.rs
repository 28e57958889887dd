//! From requests about rows to user actions. Pure: nothing is looked up.

use actions::UserAction;
use indexmap::IndexMap;
use model::CellValue;
use model::json::raw::raw_from_json;
use serde_json::{Map, Value};

use super::payload::{self, Place};
use crate::error::ApiError;

/// A user action from its name and arguments.
pub(crate) fn action(name: &str, arguments: impl IntoIterator<Item = CellValue>) -> UserAction {
    UserAction { name: name.to_owned(), arguments: arguments.into_iter().collect() }
}

/// Values by name.
pub(crate) fn dict(entries: impl IntoIterator<Item = (String, CellValue)>) -> CellValue {
    CellValue::Dict(entries.into_iter().map(|(key, value)| (key.into(), value)).collect())
}

/// Columns made of records. A cell that a record does not name is null.
#[derive(Debug, Default)]
struct Columns<'b> {
    cells: IndexMap<&'b str, Vec<CellValue>>,
    rows: usize,
}

impl<'b> Columns<'b> {
    fn push(&mut self, record: Option<&'b Map<String, Value>>) {
        for (col, value) in record.into_iter().flatten() {
            let cells = self.cells.entry(col).or_default();
            cells.resize(self.rows, CellValue::Null);
            cells.push(raw_from_json(value));
        }
        self.rows += 1;
    }
    fn finish(self) -> CellValue {
        let rows = self.rows;
        dict(self.cells.into_iter().map(|(col, mut cells)| {
            cells.resize(rows, CellValue::Null);
            (col.to_owned(), CellValue::list(cells))
        }))
    }
}

/// The columns that a request names, to tell a wrong column from a wrong table.
pub(crate) fn names_of(action: &UserAction) -> Vec<String> {
    let columns = action.arguments.iter().filter_map(|argument| match argument {
        CellValue::Dict(entries) => Some(entries.iter().map(|(col, _)| col.to_string())),
        _ => None,
    });
    columns.flatten().collect()
}

/// `{"records": [{"fields"?}]}`: rows to add. `flat`: a list of plain objects.
pub(crate) fn add_records(table: &str, body: &Value, flat: bool) -> Result<UserAction, ApiError> {
    let mut columns = Columns::default();
    match body.as_array().filter(|_| flat) {
        Some(records) => {
            for (at, record) in records.iter().enumerate() {
                let path = format!("body[{at}]");
                let place = Place { path: &path, kind: "FlatRecord" };
                columns.push(Some(place.object(record)?));
            }
        }
        None => {
            for (at, record) in payload::items(body, "records", "NewRecord")?.iter().enumerate() {
                let path = format!("body.records[{at}]");
                let place = Place { path: &path, kind: "NewRecord" };
                columns.push(place.cells(place.object(record)?, "fields", false)?);
            }
        }
    }
    let ids = CellValue::list(std::iter::repeat_n(CellValue::Null, columns.rows));
    Ok(action("BulkAddRecord", [CellValue::text(table), ids, columns.finish()]))
}

/// `{"records": [{"id", "fields"}]}`: rows to change, all with the same fields.
pub(crate) fn update_records(table: &str, body: &Value) -> Result<UserAction, ApiError> {
    let mut columns = Columns::default();
    let mut ids = Vec::new();
    let mut first: Option<&Map<String, Value>> = None;
    let records = payload::items(body, "records", "Record")?;
    for (at, record) in records.iter().enumerate() {
        let path = format!("body.records[{at}]");
        let place = Place { path: &path, kind: "Record" };
        let record = place.object(record)?;
        match record.get("id") {
            None => return Err(place.bad(".id", "is missing")),
            Some(id) if id.is_number() => ids.push(raw_from_json(id)),
            Some(_) => return Err(place.bad(".id", "is not a number")),
        }
        let fields = place.cells(record, "fields", true)?;
        let same = |first: &Map<String, Value>| {
            fields.is_some_and(|fields| {
                fields.len() == first.len() && fields.keys().all(|col| first.contains_key(col))
            })
        };
        if !first.is_none_or(same) {
            return Err(ApiError::bad("PATCH requires all records to have same fields"));
        }
        first = first.or(fields);
        columns.push(fields);
    }
    Ok(action("BulkUpdateRecord", [CellValue::text(table), CellValue::list(ids), columns.finish()]))
}

/// How an upsert is done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct UpsertOptions {
    /// `first`, `none` or `all`: which of several rows that match is changed.
    pub(crate) on_many: Option<String>,
    /// Nothing is added.
    pub(crate) no_add: bool,
    /// Nothing is changed.
    pub(crate) no_update: bool,
    /// A record may require nothing: all rows match it.
    pub(crate) allow_empty_require: bool,
}

impl UpsertOptions {
    fn to_raw(&self) -> Result<CellValue, ApiError> {
        let on_many = self.on_many.as_deref().unwrap_or("first");
        if !["first", "none", "all"].contains(&on_many) {
            return Err(ApiError::bad(format!("onmany parameter {on_many} should be one of first,none,all")));
        }
        Ok(dict([
            ("add".to_owned(), CellValue::Bool(!self.no_add)),
            ("update".to_owned(), CellValue::Bool(!self.no_update)),
            ("on_many".to_owned(), CellValue::text(on_many)),
            ("allow_empty_require".to_owned(), CellValue::Bool(self.allow_empty_require)),
        ]))
    }
}

/// `{"records": [{"require", "fields"?}]}`: rows to change, or to add where none matches. Records that name the same columns are done together; the second part of
/// each pair says which records those are.
pub(crate) fn upsert_records(
    table: &str,
    body: &Value,
    options: &UpsertOptions,
) -> Result<Vec<(UserAction, Vec<usize>)>, ApiError> {
    let options = options.to_raw()?;
    type Shape<'b> = (Vec<&'b str>, Vec<&'b str>);
    let mut groups: IndexMap<Shape<'_>, (Columns<'_>, Columns<'_>, Vec<usize>)> = IndexMap::new();
    let records = payload::items(body, "records", "AddOrUpdateRecord")?;
    for (at, record) in records.iter().enumerate() {
        let path = format!("body.records[{at}]");
        let place = Place { path: &path, kind: "AddOrUpdateRecord" };
        let record = place.object(record)?;
        let require = place.cells(record, "require", true)?;
        let fields = place.cells(record, "fields", false)?;
        let group = groups.entry((sorted_names(require), sorted_names(fields))).or_default();
        group.0.push(require);
        group.1.push(fields);
        group.2.push(at);
    }
    Ok(groups
        .into_values()
        .map(|(require, fields, records)| {
            let arguments = [CellValue::text(table), require.finish(), fields.finish(), options.clone()];
            (action("BulkAddOrUpdateRecord", arguments), records)
        })
        .collect())
}

/// The columns of a set of cells, in a fixed order.
fn sorted_names(cells: Option<&Map<String, Value>>) -> Vec<&str> {
    let mut names: Vec<&str> = cells.into_iter().flatten().map(|(col, _)| col.as_str()).collect();
    names.sort_unstable();
    names
}

/// `[ids]`: rows to remove.
pub(crate) fn remove_records(table: &str, body: &Value) -> Result<UserAction, ApiError> {
    let ids = body.as_array().ok_or_else(|| ApiError::bad("the body must be a list of row ids"))?;
    if let Some(id) = ids.iter().find(|id| !id.is_number()) {
        return Err(ApiError::bad(format!("Invalid row id {id}")));
    }
    let ids = CellValue::list(ids.iter().map(raw_from_json));
    Ok(action("BulkRemoveRecord", [CellValue::text(table), ids]))
}

/// `{"A": […], …}`: rows to add, by column.
pub(crate) fn add_data(table: &str, body: &Value) -> Result<UserAction, ApiError> {
    let columns = columns_of(body)?;
    let rows = columns.values().next().map_or(0, |cells| cells.as_array().map_or(0, Vec::len));
    let ids = CellValue::list(std::iter::repeat_n(CellValue::Null, rows));
    Ok(action("BulkAddRecord", [CellValue::text(table), ids, raw_columns(columns)]))
}

/// `{"id": […], "A": […], …}`: rows to change, by column.
pub(crate) fn update_data(table: &str, body: &Value) -> Result<UserAction, ApiError> {
    let columns = columns_of(body)?;
    let ids = columns.get("id").and_then(Value::as_array);
    let ids = ids.ok_or_else(|| ApiError::bad("the body must have a list of row ids under \"id\""))?;
    let ids = CellValue::list(ids.iter().map(raw_from_json));
    Ok(action("BulkUpdateRecord", [CellValue::text(table), ids, raw_columns(columns)]))
}

fn columns_of(body: &Value) -> Result<&Map<String, Value>, ApiError> {
    let columns = body.as_object().filter(|columns| columns.values().all(Value::is_array));
    columns.ok_or_else(|| ApiError::bad("the body must be an object of lists, one for each column"))
}

fn raw_columns(columns: &Map<String, Value>) -> CellValue {
    let others = columns.iter().filter(|(col, _)| *col != "id");
    dict(others.map(|(col, cells)| (col.clone(), raw_from_json(cells))))
}

#[cfg(test)]
mod tests {
    use model::json::Dialect;
    use model::json::raw::raw_to_json;
    use serde_json::json;

    use super::*;

    fn shown(action: &UserAction) -> Value {
        let mut list = vec![Value::from(action.name.as_str())];
        list.extend(action.arguments.iter().map(|argument| raw_to_json(argument, Dialect::Grist)));
        Value::Array(list)
    }

    fn outcome(result: Result<UserAction, ApiError>) -> Value {
        match result {
            Ok(action) => shown(&action),
            Err(error) => {
                json!(error.details.map_or(error.message, |details| details["userError"].to_string()))
            }
        }
    }

    #[test]
    fn requests_become_user_actions() {
        let cases = [
            (
                "add",
                json!({"records": [{"fields": {"A": 1}}, {"fields": {"B": ["L", "x"]}}, {}]}),
                json!(["BulkAddRecord", "T", [null, null, null],
                    {"A": [1, null, null], "B": [null, ["L", "x"], null]}]),
            ),
            ("add", json!({"records": [{}]}), json!(["BulkAddRecord", "T", [null], {}])),
            (
                "flat",
                json!([{"A": 1}, {"A": 2, "B": 3}]),
                json!(["BulkAddRecord", "T", [null, null],
                {"A": [1, 2], "B": [null, 3]}]),
            ),
            ("add", json!({}), json!("\"Error: body.records is missing\"")),
            ("add", json!([]), json!("\"Error: body.records is missing\"")),
            ("add", json!({"records": {}}), json!("\"Error: body.records is not an array\"")),
            (
                "add",
                json!({"records": []}),
                json!("\"Error: body.records[0] is not a NewRecord; body.records[0] is not an object\""),
            ),
            (
                "add",
                json!({"records": [{"fields": {"A": {"x": 1}}}]}),
                json!(
                    "\"Error: body.records[0] is not a NewRecord; body.records[0].fields.A is not a CellValue\""
                ),
            ),
            (
                "update",
                json!({"records": [{"id": 1, "fields": {"A": 1, "B": 2}}, {"id": 2, "fields": {"B": 4, "A": 3}}]}),
                json!(["BulkUpdateRecord", "T", [1, 2], {"A": [1, 3], "B": [2, 4]}]),
            ),
            (
                "update",
                json!({"records": [{"id": 1, "fields": {"A": 1}}, {"id": 2, "fields": {"B": 1}}]}),
                json!("PATCH requires all records to have same fields"),
            ),
            (
                "update",
                json!({"records": [{"id": 1, "fields": {"A": 1}}, {"id": 2, "fields": {}}]}),
                json!("PATCH requires all records to have same fields"),
            ),
            (
                "update",
                json!({"records": [{"id": "1", "fields": {}}]}),
                json!("\"Error: body.records[0] is not a Record; body.records[0].id is not a number\""),
            ),
            (
                "update",
                json!({"records": [{"id": 1}]}),
                json!("\"Error: body.records[0] is not a Record; body.records[0].fields is missing\""),
            ),
            ("remove", json!([1, 3]), json!(["BulkRemoveRecord", "T", [1, 3]])),
            ("remove", json!(["x"]), json!("Invalid row id \"x\"")),
            (
                "add data",
                json!({"A": [1, 2], "B": ["x", "y"]}),
                json!(["BulkAddRecord", "T", [null, null], {"A": [1, 2], "B": ["x", "y"]}]),
            ),
            ("update data", json!({"id": [7], "A": [1]}), json!(["BulkUpdateRecord", "T", [7], {"A": [1]}])),
            ("update data", json!({"A": [1]}), json!("the body must have a list of row ids under \"id\"")),
        ];
        for (kind, body, expected) in cases {
            let found = outcome(match kind {
                "add" => add_records("T", &body, false),
                "flat" => add_records("T", &body, true),
                "update" => update_records("T", &body),
                "remove" => remove_records("T", &body),
                "add data" => add_data("T", &body),
                _ => update_data("T", &body),
            });
            assert_eq!(found, expected, "{kind} {body}");
        }
    }

    #[test]
    fn upserts_of_one_shape_are_done_together() {
        let body = json!({"records": [
            {"require": {"A": 1}, "fields": {"B": 2}},
            {"require": {"C": 1}},
            {"require": {"A": 3}, "fields": {"B": 4}},
        ]});
        let options = UpsertOptions { on_many: Some("all".into()), no_add: true, ..UpsertOptions::default() };
        let found: Vec<(Value, Vec<usize>)> = upsert_records("T", &body, &options)
            .unwrap()
            .iter()
            .map(|(action, records)| (shown(action), records.clone()))
            .collect();
        let raw = json!({"add": false, "update": true, "on_many": "all", "allow_empty_require": false});
        assert_eq!(found[0].0, json!(["BulkAddOrUpdateRecord", "T", {"A": [1, 3]}, {"B": [2, 4]}, raw]));
        assert_eq!(found[1].0, json!(["BulkAddOrUpdateRecord", "T", {"C": [1]}, {}, raw]));
        assert_eq!((&found[0].1, &found[1].1), (&vec![0, 2], &vec![1]));
        let refused = UpsertOptions { on_many: Some("some".into()), ..UpsertOptions::default() };
        assert!(upsert_records("T", &body, &refused).is_err());
        assert!(upsert_records("T", &json!({"records": [{"fields": {}}]}), &options).is_err());
    }
}
