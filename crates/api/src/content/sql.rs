//! Queries in SQL, on a connection of their own that can only read.

use std::time::Duration;

use axum::Router;
use axum::extract::{Query, State};
use axum::response::Response;
use axum::routing::get;
use model::storage::SqlValue;
use serde_json::Value;
use store::{Select, SelectError, SqlCell};

use super::cell_json::{write_float, write_number, write_text};
use super::edit::Parameters;
use super::payload;
use super::stream::{JSON, Sink, answer};
use crate::body::JsonBody;
use crate::document_caller::DocumentCaller;
use crate::error::ApiError;
use crate::state::Server;

pub(crate) fn routes() -> Router<Server> {
    Router::new().route("/docs/{did}/sql", get(by_address).post(by_body))
}

async fn by_address(
    State(server): State<Server>,
    caller: DocumentCaller,
    Query(query): Query<Parameters>,
) -> Result<Response, ApiError> {
    let sql = query.get("q").filter(|sql| !sql.is_empty());
    let sql = sql.ok_or_else(|| ApiError::bad("q parameter is required"))?.clone();
    let limit = limit(&server, None);
    run(&server, &caller, Select { sql, arguments: Vec::new(), limit }).await
}

async fn by_body(
    State(server): State<Server>,
    caller: DocumentCaller,
    body: JsonBody,
) -> Result<Response, ApiError> {
    let select = read(&body.0, |wanted| limit(&server, wanted))?;
    run(&server, &caller, select).await
}

fn limit(server: &Server, wanted: Option<u64>) -> Duration {
    let most = server.settings.sql_timeout;
    wanted.map_or(most, |wanted| Duration::from_millis(wanted).min(most))
}

/// `{"sql", "args"?, "timeout"?}`.
fn read(body: &Value, limit: impl Fn(Option<u64>) -> Duration) -> Result<Select, ApiError> {
    let sql = match body.get("sql") {
        None => return Err(payload::bad("body.sql is missing")),
        Some(sql) => sql.as_str().ok_or_else(|| payload::bad("body.sql is not a string"))?,
    };
    let arguments = match body.get("args") {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::Array(list)) => list.iter().enumerate().map(argument).collect::<Result<_, _>>()?,
        Some(_) => return Err(payload::bad("body.args is not an array")),
    };
    let timeout = match body.get("timeout") {
        None | Some(Value::Null) => None,
        Some(timeout) => Some(timeout.as_u64().ok_or_else(|| payload::bad("body.timeout is not a number"))?),
    };
    Ok(Select { sql: sql.to_owned(), arguments, limit: limit(timeout) })
}

fn argument((at, value): (usize, &Value)) -> Result<SqlValue, ApiError> {
    Ok(match value {
        Value::Null => SqlValue::Null,
        Value::Bool(truth) => SqlValue::Integer(i64::from(*truth)),
        Value::Number(number) => match number.as_i64() {
            Some(int) => SqlValue::Integer(int),
            None => SqlValue::Real(number.as_f64().unwrap_or(f64::NAN)),
        },
        Value::String(text) => SqlValue::Text(text.as_str().into()),
        _ => return Err(payload::bad(&format!("body.args[{at}] is none of number, string, boolean, null"))),
    })
}

async fn run(server: &Server, caller: &DocumentCaller, select: Select) -> Result<Response, ApiError> {
    // An open document is in its file as far as it was committed; a closed one may be in the middle of being replaced.
    let document = caller.open().await?;
    caller.require_everything(&document).await?;
    let path = server.document_path(caller.id());
    answer(JSON, move |sink| {
        let written = write(sink, &path, select);
        drop(document);
        written
    })
    .await
}

fn write(sink: &mut Sink, path: &std::path::Path, select: Select) -> Result<(), ApiError> {
    let out = sink.bytes();
    out.extend_from_slice(b"{\"statement\":");
    write_text(out, &select.sql);
    out.extend_from_slice(b",\"records\":[");
    let mut keys: Vec<Option<Vec<u8>>> = Vec::new();
    let mut first = true;
    store::select(path, select, |names, cells| {
        if keys.is_empty() {
            keys = names.iter().enumerate().map(|(at, name)| key(name, &names[at + 1..])).collect();
        }
        let out = sink.bytes();
        out.extend_from_slice(if first { b"{\"fields\":{" } else { b",{\"fields\":{" });
        first = false;
        let begun = out.len();
        for (key, cell) in keys.iter().zip(cells) {
            let Some(key) = key else { continue };
            if out.len() > begun {
                out.push(b',');
            }
            out.extend_from_slice(key);
            write_cell(out, *cell);
        }
        out.extend_from_slice(b"}}");
        sink.flow()
    })
    .map_err(refused)?;
    sink.bytes().extend_from_slice(b"]}");
    Ok(())
}

/// The key of a column; none if a later one has the same name.
fn key(name: &str, later: &[String]) -> Option<Vec<u8>> {
    if later.iter().any(|other| other == name) {
        return None;
    }
    let mut key = Vec::new();
    write_text(&mut key, name);
    key.push(b':');
    Some(key)
}

/// Bytes are written as Node's buffers are.
fn write_cell(out: &mut Vec<u8>, cell: SqlCell<'_>) {
    match cell {
        SqlCell::Null => out.extend_from_slice(b"null"),
        SqlCell::Integer(int) => write_number(out, int),
        SqlCell::Real(float) => write_float(out, float),
        SqlCell::Text(text) => write_text(out, &String::from_utf8_lossy(text)),
        SqlCell::Blob(bytes) => {
            out.extend_from_slice(b"{\"type\":\"Buffer\",\"data\":[");
            for (at, byte) in bytes.iter().enumerate() {
                if at > 0 {
                    out.push(b',');
                }
                write_number(out, i64::from(*byte));
            }
            out.extend_from_slice(b"]}");
        }
    }
}

fn refused(error: SelectError) -> ApiError {
    match error {
        SelectError::Store(error) => ApiError::from(&error),
        other => ApiError::bad(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn bodies_are_read() {
        let limit = |wanted: Option<u64>| Duration::from_millis(wanted.unwrap_or(1000).min(1000));
        let select = read(&json!({"sql": "select ?", "args": [true], "timeout": 5}), limit).unwrap();
        assert_eq!(select.arguments, [SqlValue::Integer(1)]);
        assert_eq!(select.limit, Duration::from_millis(5));
        let refused = [
            json!({}),
            json!({"sql": 3}),
            json!({"sql": "select 1", "args": [[]]}),
            json!({"sql": "select 1", "args": 1}),
            json!({"sql": "select 1", "timeout": "long"}),
        ];
        for body in refused {
            assert!(read(&body, limit).is_err(), "{body}");
        }
    }

    #[test]
    fn cells_are_written_as_json() {
        let cells = [
            (SqlCell::Integer(1 << 40), json!(1_099_511_627_776_i64)),
            (SqlCell::Real(2.5), json!(2.5)),
            (SqlCell::Text(b"a\"b"), json!("a\"b")),
            (SqlCell::Blob(&[0, 255]), json!({"type": "Buffer", "data": [0, 255]})),
            (SqlCell::Null, json!(null)),
        ];
        for (cell, expected) in cells {
            let mut out = Vec::new();
            write_cell(&mut out, cell);
            assert_eq!(serde_json::from_slice::<Value>(&out).unwrap(), expected);
        }
    }
}
