//! People, for the administrator; and removing oneself.

use axum::extract::{Path, State};
use axum::routing::{delete, post};
use axum::{Json, Router};
use serde_json::Value;

use crate::body::{JsonBody, integer, nothing};
use crate::caller::Caller;
use crate::create::remove_files;
use crate::error::ApiError;
use crate::state::Server;

pub(crate) fn routes() -> Router<Server> {
    Router::new()
        .route("/users/{uid}", delete(remove))
        .route("/users/{uid}/disable", post(disable))
        .route("/users/{uid}/enable", post(enable))
}

async fn remove(
    State(server): State<Server>,
    caller: Caller,
    Path(uid): Path<String>,
    body: JsonBody,
) -> Result<Json<Value>, ApiError> {
    let id = integer("uid", &uid)?;
    let name = body.text("name");
    let name = name.ok_or_else(|| ApiError::bad("to confirm deletion of a user, provide their name"))?;
    let person = caller.signed_in()?;
    if id != person.id {
        return Err(ApiError::forbidden("not permitted to delete this user"));
    }
    if name != person.name {
        return Err(ApiError::bad("user name did not match"));
    }
    let files = server.home.delete_person(id).await?;
    remove_files(&server, files).await;
    Ok(nothing())
}

async fn set_disabled(
    server: &Server,
    caller: &Caller,
    uid: &str,
    disabled: bool,
) -> Result<Json<Value>, ApiError> {
    let admin = caller.admin(server).await?;
    let id = integer("userId", uid)?;
    if id == admin.id && disabled {
        return Err(ApiError::bad("you cannot disable yourself"));
    }
    server.home.set_disabled(id, disabled).await?;
    Ok(nothing())
}

async fn disable(
    State(server): State<Server>,
    caller: Caller,
    Path(uid): Path<String>,
) -> Result<Json<Value>, ApiError> {
    set_disabled(&server, &caller, &uid, true).await
}

async fn enable(
    State(server): State<Server>,
    caller: Caller,
    Path(uid): Path<String>,
) -> Result<Json<Value>, ApiError> {
    set_disabled(&server, &caller, &uid, false).await
}
