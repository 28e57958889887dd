//! Rows of a table by column: the older form of records.

use axum::extract::{Path, Query};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Json, Router};
use model::json::Dialect;
use model::json::raw::raw_to_json;
use serde_json::Value;

use super::edit::{Parameters, apply_to_table};
use super::record_json::write_columns;
use super::record_requests::{add_data, update_data};
use super::records::{remove, select};
use super::row_query::RowQuery;
use super::stream::{JSON, answer};
use crate::body::{JsonBody, nothing};
use crate::document_caller::DocumentCaller;
use crate::error::ApiError;
use crate::state::Server;

pub(crate) fn routes() -> Router<Server> {
    Router::new()
        .route("/docs/{did}/tables/{tid}/data", get(read).post(add).patch(update))
        .route("/docs/{did}/tables/{tid}/data/delete", post(remove))
}

async fn read(
    caller: DocumentCaller,
    Path((_, table)): Path<(String, String)>,
    Query(query): Query<Parameters>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let mut query = RowQuery::of_request(&query, &headers)?;
    let snapshot = select(&caller, &table, &mut query).await?;
    answer(JSON, move |sink| {
        let rows = query.rows(&snapshot);
        write_columns(sink, &snapshot, &rows, query.format);
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
    let action = add_data(&table, &body.0)?;
    let results = apply_to_table(&caller, &query, &table, vec![action]).await?;
    let ids = results.first().map(|ids| raw_to_json(ids, Dialect::Grist));
    Ok(Json(ids.unwrap_or_else(|| Value::Array(Vec::new()))))
}

async fn update(
    caller: DocumentCaller,
    Path((_, table)): Path<(String, String)>,
    Query(query): Query<Parameters>,
    body: JsonBody,
) -> Result<Json<Value>, ApiError> {
    caller.require_editor()?;
    let action = update_data(&table, &body.0)?;
    apply_to_table(&caller, &query, &table, vec![action]).await?;
    Ok(nothing())
}
