//! Whether the server is well, and lists that belong to no document.

use std::collections::HashMap;

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use home::{OrgKey, Within};
use serde_json::Value;

use crate::body::is_on;
use crate::caller::Caller;
use crate::error::ApiError;
use crate::state::Server;
use crate::workspaces::list_item;

pub(crate) fn routes() -> Router<Server> {
    Router::new().route("/templates", get(templates)).route("/widgets", get(widgets))
}

/// Plain text for machines that watch; `?db=1` asks the home database too.
pub(crate) async fn status(
    State(server): State<Server>,
    Query(query): Query<HashMap<String, String>>,
) -> Response {
    let db = if is_on(query.get("db")) { Some(server.home.setting("").await.is_ok()) } else { None };
    let (status, word) = if db == Some(false) {
        (StatusCode::INTERNAL_SERVER_ERROR, "not well")
    } else {
        (StatusCode::OK, "alive")
    };
    let db = match db {
        None => "",
        Some(true) => ", db ok",
        Some(false) => ", db not ok",
    };
    (status, Html(format!("Moulin server(home,docs,static) is {word}{db}."))).into_response()
}

/// The public documents of the site of templates.
async fn templates(State(server): State<Server>, caller: Caller) -> Result<Json<Value>, ApiError> {
    let missing = || ApiError::new(StatusCode::NOT_IMPLEMENTED, "Template org is not configured");
    let domain = server.settings.template_org.clone().ok_or_else(missing)?;
    let found = server.home.org(caller.person(), &OrgKey::Domain(domain)).await?;
    let found = found.ok_or_else(missing)?;
    let mut shown = Vec::new();
    for workspace in server.home.workspaces(caller.person(), Within::Org(found.org.id), false).await? {
        shown.push(Value::Object(list_item(&server, caller.person(), &workspace).await?));
    }
    Ok(Json(shown.into()))
}

/// Custom widgets offered by the installation: none are bundled, and no list of others is read.
async fn widgets(_caller: Caller) -> Json<Value> {
    Json(Value::Array(Vec::new()))
}
