//! Records of a table: reading, adding, changing, adding or changing, removing.

use axum::extract::{Path, Query};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Json, Router};
use document::TableSnapshot;
use model::CellValue;
use model::json::Dialect;
use model::json::raw::raw_to_json;
use serde_json::{Value, json};

use super::edit::{Parameters, apply_to_table, table_error};
use super::record_json::write_records;
use super::record_requests::{UpsertOptions, add_records, remove_records, update_records, upsert_records};
use super::row_query::RowQuery;
use super::schema_reads::choices_of;
use super::stream::{JSON, answer};
use crate::body::{JsonBody, is_on, nothing};
use crate::document_caller::DocumentCaller;
use crate::error::ApiError;
use crate::state::Server;

pub(crate) fn routes() -> Router<Server> {
    Router::new()
        .route("/docs/{did}/tables/{tid}/records", get(read).post(add).patch(update).put(upsert))
        .route("/docs/{did}/tables/{tid}/records/list", post(list))
        .route("/docs/{did}/tables/{tid}/records/delete", post(remove))
}

/// A table as it is now, and the query made ready for it.
pub(crate) async fn select(
    caller: &DocumentCaller,
    table: &str,
    query: &mut RowQuery,
) -> Result<TableSnapshot, ApiError> {
    let document = caller.open().await?;
    let snapshot =
        document.snapshot(&caller.person(), table).await.map_err(|error| table_error(error, table, &[]))?;
    query.check(&snapshot)?;
    if query.orders_choices() {
        let id = table.to_owned();
        let columns: Vec<String> = snapshot.columns.iter().map(|column| column.id.to_string()).collect();
        let choices = document
            .with_engine(move |engine, _| {
                let choices = |col: String| choices_of(engine, &id, &col).map(|choices| (col, choices));
                columns.into_iter().filter_map(choices).collect::<std::collections::HashMap<_, _>>()
            })
            .await?;
        query.order_choices(|col| choices.get(col).cloned());
    }
    Ok(snapshot)
}

async fn read(
    caller: DocumentCaller,
    Path((_, table)): Path<(String, String)>,
    Query(query): Query<Parameters>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    show(&caller, &table, RowQuery::of_request(&query, &headers)?).await
}

async fn list(
    caller: DocumentCaller,
    Path((_, table)): Path<(String, String)>,
    body: JsonBody,
) -> Result<Response, ApiError> {
    show(&caller, &table, RowQuery::of_body(&body.0)?).await
}

async fn show(caller: &DocumentCaller, table: &str, mut query: RowQuery) -> Result<Response, ApiError> {
    let snapshot = select(caller, table, &mut query).await?;
    answer(JSON, move |sink| {
        let rows = query.rows(&snapshot);
        write_records(sink, &snapshot, rows.into_iter(), query.hidden, query.format);
        Ok(())
    })
    .await
}

async fn add(
    caller: DocumentCaller,
    Path((_, table)): Path<(String, String)>,
    Query(query): Query<Parameters>,
    body: JsonBody,
) -> Result<Json<Value>, ApiError> {
    caller.require_editor()?;
    let action = add_records(&table, &body.0, is_on(query.get("flat")))?;
    let results = apply_to_table(&caller, &query, &table, vec![action]).await?;
    let ids = match results.first() {
        Some(CellValue::List(ids)) => ids.iter().map(|id| json!({"id": id.as_int()})).collect(),
        _ => Vec::new(),
    };
    Ok(Json(json!({"records": ids})))
}

async fn update(
    caller: DocumentCaller,
    Path((_, table)): Path<(String, String)>,
    Query(query): Query<Parameters>,
    body: JsonBody,
) -> Result<Json<Value>, ApiError> {
    caller.require_editor()?;
    let action = update_records(&table, &body.0)?;
    apply_to_table(&caller, &query, &table, vec![action]).await?;
    Ok(nothing())
}

async fn upsert(
    caller: DocumentCaller,
    Path((_, table)): Path<(String, String)>,
    Query(query): Query<Parameters>,
    body: JsonBody,
) -> Result<Json<Value>, ApiError> {
    caller.require_editor()?;
    let options = UpsertOptions {
        on_many: query.get("onmany").cloned(),
        no_add: is_on(query.get("noadd")),
        no_update: is_on(query.get("noupdate")),
        allow_empty_require: is_on(query.get("allow_empty_require")),
    };
    let (actions, groups): (Vec<_>, Vec<_>) = upsert_records(&table, &body.0, &options)?.into_iter().unzip();
    let results = apply_to_table(&caller, &query, &table, actions).await?;
    let results: Vec<Value> = results.iter().map(|result| raw_to_json(result, Dialect::Grist)).collect();
    Ok(Json(joined(&results, &groups)))
}

/// The answers of several groups as one, in the order of the request.
fn joined(results: &[Value], groups: &[Vec<usize>]) -> Value {
    let mut records = vec![Value::Null; groups.iter().map(Vec::len).sum()];
    let list = |result: &Value, name: &str| result[name].as_array().cloned().unwrap_or_default();
    let mut added = Vec::new();
    let mut updated = Vec::new();
    for (result, group) in results.iter().zip(groups) {
        for (place, ids) in group.iter().zip(list(result, "recordIds")) {
            records[*place] = ids;
        }
        added.extend(list(result, "addRecordIds"));
        updated.extend(list(result, "updateRecordIds"));
    }
    json!({"recordIds": records, "addRecordIds": added, "updateRecordIds": updated})
}

/// Also `POST …/data/delete`.
pub(crate) async fn remove(
    caller: DocumentCaller,
    Path((_, table)): Path<(String, String)>,
    body: JsonBody,
) -> Result<Json<Value>, ApiError> {
    caller.require_editor()?;
    let action = remove_records(&table, &body.0)?;
    apply_to_table(&caller, &Parameters::new(), &table, vec![action]).await?;
    Ok(nothing())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_of_groups_are_joined_in_the_order_of_the_request() {
        let results = [
            json!({"recordIds": [[2], [7]], "addRecordIds": [7], "updateRecordIds": [[2]]}),
            json!({"recordIds": [[4, 6]], "addRecordIds": [], "updateRecordIds": [[4, 6]]}),
        ];
        let expected =
            json!({"recordIds": [[2], [4, 6], [7]], "addRecordIds": [7], "updateRecordIds": [[2], [4, 6]]});
        assert_eq!(joined(&results, &[vec![0, 2], vec![1]]), expected);
    }
}
