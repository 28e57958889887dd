//! Which rows are asked for: filter, order, how many, in what form; from the address, from headers, or from a body.

use std::collections::HashMap;

use axum::http::HeaderMap;
use document::{SortKey, TableSnapshot, sort_rows};
use model::RowId;
use serde_json::{Map, Value};

use super::cell_json::CellFormat;
use super::payload;
use super::row_filter::RowFilter;
use crate::body::is_on;
use crate::error::ApiError;

/// What is asked of the rows of a table.
#[derive(Debug, Default)]
pub(crate) struct RowQuery {
    filter: Map<String, Value>,
    sort: Vec<SortKey>,
    limit: Option<usize>,
    offset: usize,
    /// Whether columns that people do not see are wanted.
    pub(crate) hidden: bool,
    /// The form of cells.
    pub(crate) format: CellFormat,
}

impl RowQuery {
    /// From the parameters of an address and the headers `X-Sort` and `X-Limit`.
    pub(crate) fn of_request(query: &HashMap<String, String>, headers: &HeaderMap) -> Result<Self, ApiError> {
        let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        let parameter = |name: &str| query.get(name).map(String::as_str).filter(|text| !text.is_empty());
        let filter = match parameter("filter") {
            None => Map::new(),
            Some(text) => match serde_json::from_str(text) {
                Ok(Value::Object(filter)) => filter,
                Ok(_) => return Err(ApiError::bad("Invalid query: filter must be an object")),
                Err(error) => return Err(ApiError::bad(format!("filter is not valid JSON: {error}"))),
            },
        };
        if filter.values().any(|values| !values.is_array()) {
            return Err(ApiError::bad("Invalid query: filter values must be arrays"));
        }
        let count = |name: &str, text: Option<&str>| -> Result<usize, ApiError> {
            text.map_or(Ok(0), |text| {
                text.trim().parse().map_err(|_| ApiError::bad(format!("{name} is not a number")))
            })
        };
        let sort = parameter("sort").or(header("x-sort")).unwrap_or_default();
        Ok(Self {
            filter,
            sort: sort.split(',').filter(|key| !key.is_empty()).map(sort_key).collect(),
            limit: some_limit(count("limit", parameter("limit").or(header("x-limit")))?),
            offset: count("offset", parameter("offset"))?,
            hidden: is_on(query.get("hidden")),
            format: format(parameter("cellFormat"))?,
        })
    }

    /// From the body of a request.
    pub(crate) fn of_body(body: &Value) -> Result<Self, ApiError> {
        let fields = body.as_object().ok_or_else(|| payload::bad("body is not an object"))?;
        let filter = match fields.get("filter") {
            None | Some(Value::Null) => Map::new(),
            Some(Value::Object(filter)) => filter.clone(),
            Some(_) => return Err(payload::bad("body.filter is not an object")),
        };
        if let Some((col, _)) = filter.iter().find(|(_, values)| !values.is_array()) {
            return Err(payload::bad(&format!("body.filter.{col} is not an array")));
        }
        let sort = match fields.get("sort") {
            None | Some(Value::Null) => Vec::new(),
            Some(Value::Array(keys)) => keys
                .iter()
                .enumerate()
                .map(|(at, key)| {
                    let text = key.as_str();
                    text.ok_or_else(|| payload::bad(&format!("body.sort[{at}] is not a string")))
                        .map(sort_key)
                })
                .collect::<Result<_, _>>()?,
            Some(_) => return Err(payload::bad("body.sort is not an array")),
        };
        let count = |name: &str| match fields.get(name) {
            None | Some(Value::Null) => Ok(0),
            Some(number) => {
                let count = number.as_u64().and_then(|count| usize::try_from(count).ok());
                count.ok_or_else(|| payload::bad(&format!("body.{name} is not a number")))
            }
        };
        Ok(Self {
            filter,
            sort,
            limit: some_limit(count("limit")?),
            offset: count("offset")?,
            hidden: fields.get("hidden").is_some_and(|hidden| hidden.as_bool() == Some(true)),
            format: format(fields.get("cellFormat").and_then(Value::as_str))?,
        })
    }

    /// Goes on if the table has all columns that are named.
    pub(crate) fn check(&self, table: &TableSnapshot) -> Result<(), ApiError> {
        let known = |col: &str| col == "id" || table.column(col).is_some();
        if let Some(col) = self.filter.keys().find(|col| !known(col)) {
            return Err(ApiError::bad(format!("Error manipulating data: [Sandbox] KeyError '{col}'")));
        }
        match self.sort.iter().find(|key| !known(&key.col)) {
            Some(key) => Err(ApiError::bad(format!("unknown key {}", key.col))),
            None => Ok(()),
        }
    }

    /// Gives keys with the flag `orderByChoice` the order of the choices.
    pub(crate) fn order_choices(&mut self, choices: impl Fn(&str) -> Option<Vec<String>>) {
        for key in &mut self.sort {
            if key.choices.is_some() {
                key.choices = choices(&key.col);
            }
        }
    }

    /// Whether a key has the flag `orderByChoice`.
    pub(crate) fn orders_choices(&self) -> bool {
        self.sort.iter().any(|key| key.choices.is_some())
    }

    /// The rows, in order.
    pub(crate) fn rows(&self, table: &TableSnapshot) -> Vec<RowId> {
        let filter = RowFilter::new(table, &self.filter);
        let passing = table.rows.iter().filter(|row| filter.passes(*row));
        let limit = self.limit.unwrap_or(usize::MAX);
        if self.sort.is_empty() {
            return passing.skip(self.offset).take(limit).collect();
        }
        let upto = self.limit.map(|limit| limit.saturating_add(self.offset));
        let mut rows = sort_rows(table, &self.sort, passing.collect(), upto);
        rows.drain(..self.offset.min(rows.len()));
        rows
    }
}

/// 0 stands for no limit.
fn some_limit(limit: usize) -> Option<usize> {
    (limit > 0).then_some(limit)
}

fn format(text: Option<&str>) -> Result<CellFormat, ApiError> {
    match text {
        None | Some("normal") => Ok(CellFormat::Normal),
        Some("typed") => Ok(CellFormat::Typed),
        Some(other) => {
            Err(ApiError::bad(format!("cellFormat parameter {other} should be one of normal,typed")))
        }
    }
}

/// `-Name:naturalSort;emptyLast`: descending, column, flags.
fn sort_key(text: &str) -> SortKey {
    let text = text.trim();
    let (descending, text) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (col, flags) = text.split_once(':').unwrap_or((text, ""));
    let mut key = SortKey { col: col.to_owned(), descending, ..SortKey::default() };
    for flag in flags.split(';') {
        match flag {
            "naturalSort" => key.natural = true,
            "emptyLast" => key.empty_last = true,
            "orderByChoice" => key.choices = Some(Vec::new()),
            _ => {}
        }
    }
    key
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn keys_of_the_order() {
        let plain = SortKey::default();
        let cases = [
            ("Name", SortKey { col: "Name".into(), ..plain.clone() }),
            ("-Name", SortKey { col: "Name".into(), descending: true, ..plain.clone() }),
            (
                "-Name:naturalSort;emptyLast",
                SortKey {
                    col: "Name".into(),
                    descending: true,
                    natural: true,
                    empty_last: true,
                    ..plain.clone()
                },
            ),
            ("id:unknown", SortKey { col: "id".into(), ..plain }),
        ];
        for (text, expected) in cases {
            assert_eq!(sort_key(text), expected, "{text}");
        }
    }

    #[test]
    fn what_an_address_asks_for() {
        // Parameters; limit, offset, number of keys, whether it is refused.
        let cases: [(&[(&str, &str)], _); 8] = [
            (&[], Some((None, 0, 0))),
            (&[("limit", "0")], Some((None, 0, 0))),
            (&[("limit", "5"), ("offset", "10"), ("sort", "A,-B")], Some((Some(5), 10, 2))),
            (&[("limit", "many")], None),
            (&[("filter", "{oops")], None),
            (&[("filter", r#"{"A": 1}"#)], None),
            (&[("filter", "[]")], None),
            (&[("cellFormat", "cats")], None),
        ];
        for (parameters, expected) in cases {
            let query = parameters.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
            let read = RowQuery::of_request(&query.collect(), &HeaderMap::new()).ok();
            let found = read.map(|read| (read.limit, read.offset, read.sort.len()));
            assert_eq!(found, expected, "{parameters:?}");
        }
        let headers = HeaderMap::from_iter([
            (axum::http::HeaderName::from_static("x-sort"), "-A".parse().unwrap()),
            (axum::http::HeaderName::from_static("x-limit"), "3".parse().unwrap()),
        ]);
        let read = RowQuery::of_request(&HashMap::new(), &headers).unwrap();
        assert_eq!((read.limit, read.sort[0].descending), (Some(3), true));
    }

    #[test]
    fn what_a_body_asks_for() {
        let cases = [
            (json!({}), true),
            (json!({"filter": {"A": [1]}, "sort": ["-A"], "limit": 5, "hidden": true}), true),
            (json!({"filter": {"A": 1}}), false),
            (json!({"sort": "A"}), false),
            (json!({"sort": [1]}), false),
            (json!({"limit": "many"}), false),
            (json!([]), false),
        ];
        for (body, accepted) in cases {
            assert_eq!(RowQuery::of_body(&body).is_ok(), accepted, "{body}");
        }
    }
}
