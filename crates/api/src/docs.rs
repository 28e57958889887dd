//! Documents as entries: showing, renaming, pinning, moving, removing, switching off.

use std::collections::HashMap;

use axum::extract::{Query, State};
use axum::routing::{get, patch, post};
use axum::{Json, Router};
use home::{DocumentAccess, DocumentChange, Person, Standing};
use model::Role;
use serde_json::{Map, Value, json};

use crate::body::{JsonBody, is_on, nothing};
use crate::caller::Caller;
use crate::create::remove_files;
use crate::document_caller::DocumentEntry;
use crate::error::ApiError;
use crate::orgs::owner_of;
use crate::show;
use crate::state::Server;
use crate::workspaces;

pub(crate) fn routes() -> Router<Server> {
    Router::new()
        .route("/docs/{did}", get(one).patch(change).delete(delete))
        .route("/docs/{did}/remove", post(remove))
        .route("/docs/{did}/unremove", post(unremove))
        .route("/docs/{did}/disable", post(disable))
        .route("/docs/{did}/enable", post(enable))
        .route("/docs/{did}/move", patch(move_to))
        .route("/docs/{did}/pin", patch(pin))
        .route("/docs/{did}/unpin", patch(unpin))
        .route("/worker/{did}", get(worker))
}

async fn one(
    State(server): State<Server>,
    entry: DocumentEntry,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Json<Value>, ApiError> {
    if !is_on(query.get("showRemoved")) {
        entry.not_removed()?;
    }
    entry.require(Role::Viewer)?;
    Ok(Json(Value::Object(describe(&server, entry.caller.person(), &entry.access).await?)))
}

/// A document with its workspace, site, names and forks.
pub(crate) async fn describe(
    server: &Server,
    person: &Person,
    access: &DocumentAccess,
) -> Result<Map<String, Value>, ApiError> {
    let document = &access.document;
    let mut shown = show::document(document, access.role, access.public_role.is_some());
    if document.trunk_id.is_some() {
        shown.insert("trunkAccess".into(), show::role(access.trunk_role));
    }
    let workspace = match document.workspace_id {
        Some(id) => server.home.workspace_of_document(person, id).await?,
        None => None,
    };
    if let Some(found) = workspace {
        let owner = owner_of(server, person, found.org.owner_id).await?;
        let mut org = show::org(&found.org, owner.as_ref());
        // Whoever sees the document is a guest of the site at least.
        org.insert("access".into(), show::role(found.org_role.or(Some(Role::Viewer))));
        let mut workspace = show::workspace(&found.workspace);
        workspace.insert("org".into(), Value::Object(org));
        workspace.insert("access".into(), show::role(found.standing.map(Standing::role)));
        workspace.insert("owner".into(), show::owner(owner.as_ref()));
        shown.insert("workspace".into(), Value::Object(workspace));
    }
    let trunk = document.trunk_id.as_deref().unwrap_or(&document.id);
    let aliases = server.home.aliases(trunk).await?.into_iter().map(|alias| {
        json!({"orgId": alias.org_id, "urlId": alias.url_id, "docId": trunk, "createdAt": show::instant(alias.created_at)})
    });
    shown.insert("aliases".into(), aliases.collect());
    let forks = if document.trunk_id.is_none() && !person.is_anonymous() {
        server.home.forks(&document.id, person.id).await?
    } else {
        Vec::new()
    };
    let forks = forks.into_iter().map(|fork| {
        json!({"id": fork.id, "trunkId": document.id, "createdBy": fork.created_by,
            "updatedAt": show::instant(fork.updated_at), "options": show::kept(fork.options.as_ref())})
    });
    shown.insert("forks".into(), forks.collect());
    Ok(shown)
}

async fn change(
    State(server): State<Server>,
    entry: DocumentEntry,
    body: JsonBody,
) -> Result<Json<Value>, ApiError> {
    let change = read_change(&body)?;
    entry.not_removed()?;
    entry.require(Role::Owner)?;
    entry.not_disabled()?;
    server.home.change_document(&entry.access.document.id, &change).await?;
    Ok(Json(entry.access.document.id.into()))
}

fn read_change(body: &JsonBody) -> Result<DocumentChange, ApiError> {
    let text_or_null = |name: &str| match body.fields().get(name) {
        None => Ok(None),
        Some(Value::Null) => Ok(Some(None)),
        Some(Value::String(text)) => Ok(Some(Some(text.clone()))),
        Some(_) => Err(ApiError::bad(format!("{name} must be a text or null"))),
    };
    let kind = text_or_null("type")?;
    if let Some(Some(kind)) = &kind
        && !["template", "tutorial"].contains(&kind.as_str())
    {
        return Err(ApiError::bad("'type' may be 'template', 'tutorial' or null"));
    }
    Ok(DocumentChange {
        // An empty name changes nothing.
        name: body.text("name").filter(|name| !name.is_empty()).map(str::to_owned),
        is_pinned: body.fields().get("isPinned").and_then(Value::as_bool),
        url_id: text_or_null("urlId")?,
        kind,
        options: body.fields().get("options").and_then(Value::as_object).cloned(),
    })
}

async fn delete(State(server): State<Server>, entry: DocumentEntry) -> Result<Json<Value>, ApiError> {
    entry.require(Role::Owner)?;
    let files = server.home.delete_document(&entry.access.document.id).await?;
    remove_files(&server, files).await;
    Ok(Json(entry.access.document.id.into()))
}

async fn remove(
    state: State<Server>,
    entry: DocumentEntry,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Json<Value>, ApiError> {
    if is_on(query.get("permanent")) {
        let _deleted = delete(state, entry).await?;
        return Ok(nothing());
    }
    entry.require(Role::Owner)?;
    let id = &entry.access.document.id;
    state.home.set_document_removed(id, true).await?;
    state.documents.close(id, true).await;
    // What waits goes on waiting.
    state.outbox.stop(id, None);
    Ok(nothing())
}

async fn unremove(State(server): State<Server>, entry: DocumentEntry) -> Result<Json<Value>, ApiError> {
    entry.require(Role::Owner)?;
    server.home.set_document_removed(&entry.access.document.id, false).await?;
    Ok(nothing())
}

async fn disable(State(server): State<Server>, entry: DocumentEntry) -> Result<Json<Value>, ApiError> {
    entry.caller.admin(&server).await?;
    let id = &entry.access.document.id;
    server.home.set_document_disabled(id, true).await?;
    server.documents.close(id, true).await;
    server.outbox.stop(id, None);
    Ok(nothing())
}

async fn enable(State(server): State<Server>, entry: DocumentEntry) -> Result<Json<Value>, ApiError> {
    entry.caller.admin(&server).await?;
    server.home.set_document_disabled(&entry.access.document.id, false).await?;
    Ok(nothing())
}

async fn move_to(
    State(server): State<Server>,
    entry: DocumentEntry,
    body: JsonBody,
) -> Result<Json<Value>, ApiError> {
    let target = body.fields().get("workspace");
    let target = target.and_then(|id| id.as_i64().or_else(|| id.as_str()?.parse().ok()));
    let target =
        target.ok_or_else(|| ApiError::bad("workspace parameter cannot be understood as an integer"))?;
    entry.not_removed()?;
    entry.require(Role::Owner)?;
    let wid = target.to_string();
    workspaces::named(&server, &entry.caller, &wid, Role::Editor, false).await?;
    server.home.move_document(&entry.access.document.id, target).await?;
    Ok(Json(entry.access.document.id.into()))
}

async fn set_pinned(
    server: &Server,
    entry: &DocumentEntry,
    is_pinned: bool,
) -> Result<Json<Value>, ApiError> {
    entry.not_removed()?;
    entry.require(Role::Editor)?;
    let change = DocumentChange { is_pinned: Some(is_pinned), ..DocumentChange::default() };
    server.home.change_document(&entry.access.document.id, &change).await?;
    Ok(nothing())
}

async fn pin(State(server): State<Server>, entry: DocumentEntry) -> Result<Json<Value>, ApiError> {
    set_pinned(&server, &entry, true).await
}

async fn unpin(State(server): State<Server>, entry: DocumentEntry) -> Result<Json<Value>, ApiError> {
    set_pinned(&server, &entry, false).await
}

/// Where the document is served: here.
async fn worker(_caller: Caller) -> Json<Value> {
    Json(json!({"docWorkerUrl": null, "selfPrefix": "/dw/self/v/unknown", "docWorkerId": null}))
}
