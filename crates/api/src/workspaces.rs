//! Workspaces: showing, renaming, removing, and out of the trash again.

use std::collections::HashMap;

use axum::extract::{Path, Query, State};
use axum::routing::{get, post};
use axum::{Json, Router};
use home::{Person, Standing, WorkspaceAccess};
use model::Role;
use serde_json::{Map, Value};

use crate::body::{JsonBody, integer, is_on, nothing};
use crate::caller::Caller;
use crate::create::remove_files;
use crate::error::ApiError;
use crate::orgs::{owner_of, required_name};
use crate::show;
use crate::state::Server;

pub(crate) fn routes() -> Router<Server> {
    Router::new()
        .route("/workspaces/{wid}", get(one).patch(rename).delete(delete))
        .route("/workspaces/{wid}/remove", post(remove))
        .route("/workspaces/{wid}/unremove", post(unremove))
}

/// The workspace that a path names, seen by somebody with at least that role. Guests see it.
pub(crate) async fn named(
    server: &Server,
    caller: &Caller,
    wid: &str,
    least: Role,
    removed: bool,
) -> Result<WorkspaceAccess, ApiError> {
    let id = integer("wid", wid)?;
    let found = server.home.workspace(caller.person(), id, removed).await?;
    let found = found.ok_or_else(|| ApiError::not_found("workspace not found"))?;
    if found.standing.map(Standing::role) >= Some(least) { Ok(found) } else { Err(ApiError::denied()) }
}

/// A workspace with its documents, as lists show it.
pub(crate) async fn list_item(
    server: &Server,
    person: &Person,
    found: &WorkspaceAccess,
) -> Result<Map<String, Value>, ApiError> {
    let documents = found
        .documents
        .iter()
        .map(|(document, role, public)| Value::Object(show::document(document, Some(*role), *public)));
    let owner = owner_of(server, person, found.org.owner_id).await?;
    let mut shown = show::workspace(&found.workspace);
    shown.insert("docs".into(), documents.collect());
    shown.insert("orgDomain".into(), found.org.domain.clone().into());
    shown.insert("owner".into(), show::owner(owner.as_ref()));
    shown.insert("access".into(), show::role(found.standing.map(Standing::role)));
    Ok(shown)
}

async fn one(
    State(server): State<Server>,
    caller: Caller,
    Path(wid): Path<String>,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Json<Value>, ApiError> {
    let removed = is_on(query.get("showRemoved"));
    let found = named(&server, &caller, &wid, Role::Viewer, removed).await?;
    let mut shown = list_item(&server, caller.person(), &found).await?;
    let owner = owner_of(&server, caller.person(), found.org.owner_id).await?;
    shown.remove("owner");
    shown.insert("org".into(), Value::Object(show::org(&found.org, owner.as_ref())));
    Ok(Json(Value::Object(shown)))
}

async fn rename(
    State(server): State<Server>,
    caller: Caller,
    Path(wid): Path<String>,
    body: JsonBody,
) -> Result<Json<Value>, ApiError> {
    let found = named(&server, &caller, &wid, Role::Editor, false).await?;
    server.home.rename_workspace(found.workspace.id, required_name(&body)?).await?;
    Ok(Json(found.workspace.id.into()))
}

async fn delete(
    State(server): State<Server>,
    caller: Caller,
    Path(wid): Path<String>,
) -> Result<Json<Value>, ApiError> {
    let found = named(&server, &caller, &wid, Role::Owner, true).await?;
    let files = server.home.delete_workspace(found.workspace.id).await?;
    remove_files(&server, files).await;
    Ok(Json(found.workspace.id.into()))
}

async fn remove(
    state: State<Server>,
    caller: Caller,
    wid: Path<String>,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Json<Value>, ApiError> {
    if is_on(query.get("permanent")) {
        return delete(state, caller, wid).await;
    }
    let server = state.0;
    let found = named(&server, &caller, &wid, Role::Owner, true).await?;
    server.home.set_workspace_removed(found.workspace.id, true).await?;
    for (document, ..) in found.documents {
        server.documents.close(&document.id, true).await;
    }
    Ok(nothing())
}

async fn unremove(
    State(server): State<Server>,
    caller: Caller,
    Path(wid): Path<String>,
) -> Result<Json<Value>, ApiError> {
    let found = named(&server, &caller, &wid, Role::Owner, true).await?;
    server.home.set_workspace_removed(found.workspace.id, false).await?;
    Ok(nothing())
}
