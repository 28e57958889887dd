//! Tables: listing, adding, changing.

use axum::extract::{Query, State};
use axum::routing::get;
use axum::{Json, Router};
use model::CellValue;
use serde_json::{Value, json};

use super::edit::{Parameters, apply_to_table};
use super::schema_reads::{show_tables, table_refs};
use super::schema_requests::{add_tables, update_tables};
use crate::body::{JsonBody, nothing};
use crate::document_caller::DocumentCaller;
use crate::error::ApiError;
use crate::state::Server;

pub(crate) fn routes() -> Router<Server> {
    Router::new().route("/docs/{did}/tables", get(list).post(add).patch(update))
}

async fn list(
    State(_): State<Server>,
    caller: DocumentCaller,
    Query(query): Query<Parameters>,
) -> Result<Json<Value>, ApiError> {
    let with_columns = match query.get("expand").map(String::as_str) {
        None | Some("") => false,
        Some("column") => true,
        Some(other) => return Err(ApiError::bad(format!("expand parameter {other} should be column"))),
    };
    let show =
        move |engine: &mut engine::Engine, sight: &document::Sight| show_tables(engine, sight, with_columns);
    let tables = caller.open().await?.with_sight(&caller.person(), show).await?;
    Ok(Json(json!({"tables": tables})))
}

async fn add(
    caller: DocumentCaller,
    Query(query): Query<Parameters>,
    body: JsonBody,
) -> Result<Json<Value>, ApiError> {
    caller.require_editor()?;
    let made = apply_to_table(&caller, &query, "", add_tables(&body.0)?).await?;
    let tables: Vec<Value> = made.iter().map(|made| json!({"id": text_of(made, "table_id")})).collect();
    Ok(Json(json!({"tables": tables})))
}

async fn update(
    caller: DocumentCaller,
    Query(query): Query<Parameters>,
    body: JsonBody,
) -> Result<Json<Value>, ApiError> {
    caller.require_editor()?;
    let refs = table_refs(&caller.open().await?).await?;
    apply_to_table(&caller, &query, "_grist_Tables", update_tables(&body.0, &refs)?).await?;
    Ok(nothing())
}

/// A text that an action returned under some name.
pub(crate) fn text_of(result: &CellValue, name: &str) -> Option<String> {
    let CellValue::Dict(entries) = result else { return None };
    entries.iter().find(|(key, _)| key == name).and_then(|(_, value)| value.as_text().map(str::to_owned))
}
