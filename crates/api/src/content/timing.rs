//! How long formulas take: measured between a start and a stop, for owners.

use axum::routing::{get, post};
use axum::{Json, Router};
use document::timings_json;
use serde_json::{Value, json};

use crate::document_caller::DocumentCaller;
use crate::error::ApiError;
use crate::state::Server;

pub(crate) fn routes() -> Router<Server> {
    Router::new()
        .route("/docs/{did}/timing", get(show))
        .route("/docs/{did}/timing/start", post(start))
        .route("/docs/{did}/timing/stop", post(stop))
}

async fn show(caller: DocumentCaller) -> Result<Json<Value>, ApiError> {
    caller.require_owner()?;
    Ok(Json(match caller.open().await?.timings().await? {
        Some(measured) => json!({"status": "active", "timing": timings_json(&measured)}),
        None => json!({"status": "disabled"}),
    }))
}

async fn start(caller: DocumentCaller) -> Result<&'static str, ApiError> {
    caller.require_owner()?;
    if caller.open().await?.start_timing().await? {
        Ok("OK")
    } else {
        Err(ApiError::bad(format!("Timing already started for {}", caller.id())))
    }
}

async fn stop(caller: DocumentCaller) -> Result<Json<Value>, ApiError> {
    caller.require_owner()?;
    match caller.open().await?.stop_timing().await? {
        Some(measured) => Ok(Json(timings_json(&measured))),
        None => Err(ApiError::bad(format!("Timing not started for {}", caller.id()))),
    }
}
