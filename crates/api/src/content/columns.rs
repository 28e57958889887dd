//! Columns of a table: listing, adding, changing, putting, removing.

use axum::extract::{Path, Query};
use axum::routing::{delete, get};
use axum::{Json, Router};
use serde_json::{Value, json};

use super::edit::{Parameters, apply_to_table};
use super::schema_reads::{column_refs, is_hidden, show_columns, table_ref};
use super::schema_requests::{PutOptions, add_columns, put_columns, remove_column, update_columns};
use super::tables::text_of;
use crate::body::{JsonBody, is_on, nothing};
use crate::document_caller::DocumentCaller;
use crate::error::ApiError;
use crate::state::Server;

pub(crate) fn routes() -> Router<Server> {
    Router::new()
        .route("/docs/{did}/tables/{tid}/columns", get(list).post(add).patch(update).put(put))
        .route("/docs/{did}/tables/{tid}/columns/{cid}", delete(remove))
}

async fn list(
    caller: DocumentCaller,
    Path((_, table)): Path<(String, String)>,
    Query(query): Query<Parameters>,
) -> Result<Json<Value>, ApiError> {
    let hidden = is_on(query.get("hidden"));
    let id = table.clone();
    let columns = caller
        .open()
        .await?
        .with_sight(&caller.person(), move |engine, sight| {
            let table = table_ref(engine, &id).filter(|_| sight.sees_table(&id))?;
            Some(show_columns(engine, sight, table, hidden))
        })
        .await?;
    let columns = columns.ok_or_else(|| ApiError::not_found(format!("Table not found \"{table}\"")))?;
    Ok(Json(json!({"columns": columns})))
}

async fn add(
    caller: DocumentCaller,
    Path((_, table)): Path<(String, String)>,
    Query(query): Query<Parameters>,
    body: JsonBody,
) -> Result<Json<Value>, ApiError> {
    caller.require_editor()?;
    let made = apply_to_table(&caller, &query, &table, add_columns(&table, &body.0)?).await?;
    let columns: Vec<Value> = made.iter().map(|made| json!({"id": text_of(made, "colId")})).collect();
    Ok(Json(json!({"columns": columns})))
}

async fn update(
    caller: DocumentCaller,
    Path((_, table)): Path<(String, String)>,
    Query(query): Query<Parameters>,
    body: JsonBody,
) -> Result<Json<Value>, ApiError> {
    caller.require_editor()?;
    let refs = column_refs(&caller.open().await?, &table).await?;
    apply_to_table(&caller, &query, &table, update_columns(&body.0, &refs)?).await?;
    Ok(nothing())
}

async fn put(
    caller: DocumentCaller,
    Path((_, table)): Path<(String, String)>,
    Query(query): Query<Parameters>,
    body: JsonBody,
) -> Result<Json<Value>, ApiError> {
    caller.require_editor()?;
    let mut refs = column_refs(&caller.open().await?, &table).await?;
    refs.retain(|col, _| !is_hidden(col));
    let options = PutOptions {
        no_add: is_on(query.get("noadd")),
        no_update: is_on(query.get("noupdate")),
        replace_all: is_on(query.get("replaceall")),
    };
    let actions = put_columns(&table, &body.0, &refs, options)?;
    if !actions.is_empty() {
        apply_to_table(&caller, &query, &table, actions).await?;
    }
    Ok(nothing())
}

async fn remove(
    caller: DocumentCaller,
    Path((_, table, col)): Path<(String, String, String)>,
) -> Result<Json<Value>, ApiError> {
    caller.require_editor()?;
    let missing = || ApiError::not_found(format!("Table or column not found \"{table}.{col}\""));
    let refs = column_refs(&caller.open().await?, &table).await.map_err(|_| missing())?;
    if !refs.contains_key(&col) {
        return Err(missing());
    }
    apply_to_table(&caller, &Parameters::new(), &table, vec![remove_column(&table, &col)]).await?;
    Ok(nothing())
}
