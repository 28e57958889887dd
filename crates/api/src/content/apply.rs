//! User actions as they are.

use actions::UserAction;
use axum::extract::{DefaultBodyLimit, Query};
use axum::routing::post;
use axum::{Json, Router};
use model::json::Dialect;
use model::json::raw::{raw_from_json, raw_to_json};
use serde_json::{Value, json};

use super::edit::{self, Parameters};
use crate::body::JsonBody;
use crate::document_caller::DocumentCaller;
use crate::error::ApiError;
use crate::state::Server;

/// The largest body: bundles of actions carry whole tables.
const LIMIT: usize = 64 << 20;

pub(crate) fn routes() -> Router<Server> {
    Router::new().route("/docs/{did}/apply", post(apply)).layer(DefaultBodyLimit::max(LIMIT))
}

async fn apply(
    caller: DocumentCaller,
    Query(query): Query<Parameters>,
    body: JsonBody,
) -> Result<Json<Value>, ApiError> {
    caller.require_editor()?;
    let actions = read(&body.0)?;
    drop(body);
    let applied = edit::apply(&caller, &query, actions).await?;
    let results: Vec<Value> =
        applied.results.iter().map(|result| raw_to_json(result, Dialect::Grist)).collect();
    Ok(Json(json!({
        "actionNum": applied.action_num,
        "actionHash": applied.action_hash,
        "retValues": results,
        "isModification": applied.is_modification,
    })))
}

fn read(body: &Value) -> Result<Vec<UserAction>, ApiError> {
    let list = body.as_array().ok_or_else(|| ApiError::bad("`actions` parameter should be an array."))?;
    let read = |action: &Value| {
        UserAction::from_raw(&raw_from_json(action)).map_err(|error| ApiError::bad(error.to_string()))
    };
    list.iter().map(read).collect()
}
