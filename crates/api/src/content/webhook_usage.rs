//! How it goes with webhooks, as Grist shows it; and clearing what waits.

use std::collections::HashMap;

use axum::Json;
use axum::extract::{Path, State};
use document::Handle;
use outbox::{LastBatch, Status};
use serde_json::{Value, json};

use crate::document_caller::DocumentCaller;
use crate::error::ApiError;
use crate::state::Server;

/// How many events wait, by webhook.
pub(crate) async fn waiting(document: &Handle) -> Result<HashMap<String, u64>, ApiError> {
    let counts = document.with_file(|file| file.outgoing_counts()).await?;
    Ok(counts.map_err(|error| ApiError::from(&error))?.into_iter().collect())
}

pub(crate) fn usage(status: Option<Status>, waiting: u64) -> Value {
    let Some(status) = status else {
        return json!({"status": "idle", "numWaiting": waiting, "lastEventBatch": null});
    };
    json!({
        "status": status.phase.word(),
        "numWaiting": waiting,
        "updatedTime": status.updated,
        "lastEventBatch": status.last_batch.as_ref().map(batch),
        "lastSuccessTime": status.last_success,
        "lastFailureTime": status.last_failure,
        "lastErrorMessage": status.last_error,
        "lastHttpStatus": status.last_http_status,
    })
}

fn batch(batch: &LastBatch) -> Value {
    json!({
        "status": batch.status.word(),
        "httpStatus": batch.http_status,
        "errorMessage": batch.error.as_deref().filter(|error| !error.is_empty()),
        "size": batch.size,
        "attempts": batch.attempts,
    })
}

/// Forgets what waits for a webhook, or for all of a document.
pub(crate) async fn forget(
    server: &Server,
    caller: &DocumentCaller,
    webhook: Option<&str>,
) -> Result<(), ApiError> {
    let document = caller.open().await?;
    server.outbox.stop(caller.id(), webhook);
    let id = webhook.map(str::to_owned);
    let cleared = document.with_file(move |file| file.clear_outgoing(id.as_deref())).await?;
    cleared.map_err(|error| ApiError::from(&error))
}

pub(crate) async fn clear(
    State(server): State<Server>,
    caller: DocumentCaller,
) -> Result<Json<Value>, ApiError> {
    caller.require_owner()?;
    forget(&server, &caller, None).await?;
    Ok(Json(json!({"success": true})))
}

pub(crate) async fn clear_one(
    State(server): State<Server>,
    caller: DocumentCaller,
    Path((_, id)): Path<(String, String)>,
) -> Result<Json<Value>, ApiError> {
    caller.require_owner()?;
    forget(&server, &caller, Some(&id)).await?;
    Ok(Json(json!({"success": true})))
}
