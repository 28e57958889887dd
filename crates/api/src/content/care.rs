//! Looking after a document as a whole: replacing, reloading, who may be tried out.

use std::path::Path;

use axum::extract::State;
use axum::routing::{get, post};
use axum::{Json, Router};
use engine::Engine;
use home::{ANONYMOUS, EVERYONE, Resource, Standing};
use model::{CellValue, DocAction, Role, RowId};
use serde_json::{Value, json};
use store::{CopyOptions, DocFile, StoreError};

use crate::body::{JsonBody, nothing};
use crate::create::blocking;
use crate::document_caller::DocumentCaller;
use crate::error::ApiError;
use crate::show;
use crate::state::Server;

const TRIGGERS: &str = "_grist_Triggers";

pub(crate) fn routes() -> Router<Server> {
    Router::new()
        .route("/docs/{did}/replace", post(replace))
        .route("/docs/{did}/force-reload", post(reload))
        .route("/docs/{did}/recover", post(recover))
        .route("/docs/{did}/flush", post(flush))
        .route("/docs/{did}/assign", post(assign))
        .route("/docs/{did}/snapshots", get(snapshots))
        .route("/docs/{did}/usersForViewAs", get(users_for_view_as))
}

/// Puts the content of another document in the place of this one's. Those connected open it anew.
async fn replace(
    State(server): State<Server>,
    caller: DocumentCaller,
    body: JsonBody,
) -> Result<Json<Value>, ApiError> {
    caller.require_editor()?;
    caller.require_owner()?;
    let Some(source) = body.text("sourceDocId") else {
        return Err(if body.text("snapshotId").is_some() {
            ApiError::not_found("there is no such snapshot")
        } else {
            ApiError::bad("sourceDocId or snapshotId is required")
        });
    };
    let source = DocumentCaller::named(&server, caller.caller.clone(), source).await?;
    if source.id() == caller.id() {
        return Err(ApiError::bad("a document cannot be replaced with itself"));
    }
    // The copy is whole before the document is closed; renaming it is one step.
    let copy = server.upload_path();
    let original = source.open().await?;
    source.require_copies(&original).await?;
    original.copy_to(&copy, CopyOptions::default()).await?;
    let enabled = caller.open().await?.with_engine(|engine, _| enabled_triggers(engine)).await?;
    if !enabled.is_empty() {
        let copy = copy.clone();
        blocking(move || switch_on(&copy, &enabled).map_err(|error| ApiError::from(&error))).await?;
    }
    let target = server.document_path(caller.id());
    let renamed = server
        .documents
        .close_and(caller.id(), false, async || {
            // What is under way is of the old content; its numbers mean others in the new one.
            server.outbox.stop(caller.id(), None);
            tokio::fs::rename(&copy, &target).await
        })
        .await;
    if let Err(error) = renamed {
        let _ = tokio::fs::remove_file(&copy).await;
        return Err(error.into());
    }
    server.home.note_changes([caller.id()], home::now()).await?;
    Ok(nothing())
}

/// The triggers that are switched on, by what they do.
fn enabled_triggers(engine: &Engine) -> Vec<CellValue> {
    let Some(triggers) = engine.table(TRIGGERS) else { return Vec::new() };
    let enabled = triggers.rows().iter().filter(|row| triggers.cell("enabled", *row).is_true());
    enabled.map(|row| triggers.cell("actions", row)).collect()
}

/// A fork has its triggers switched off; when it takes the place of its trunk, those that were on there are on again.
fn switch_on(path: &Path, enabled: &[CellValue]) -> Result<(), StoreError> {
    let (mut file, _) = DocFile::open(path)?;
    let triggers = file.table(TRIGGERS)?;
    let rows: Vec<RowId> = match triggers.columns.get("actions") {
        Some(actions) => triggers
            .rows
            .iter()
            .enumerate()
            .filter(|(at, _)| actions.get(*at).is_some_and(|actions| enabled.contains(&actions)))
            .map(|(_, row)| *row)
            .collect(),
        None => Vec::new(),
    };
    let on = vec![CellValue::Bool(true); rows.len()];
    let columns = [("enabled".into(), on.into())].into_iter().collect();
    file.apply_unrecorded(&[DocAction::BulkUpdateRecord(TRIGGERS.into(), rows, columns)])?;
    file.close()
}

/// Closes the document and cuts everybody off; the next request opens it from its file.
async fn reload(State(server): State<Server>, caller: DocumentCaller) -> Result<Json<Value>, ApiError> {
    caller.require_editor()?;
    server.documents.close(caller.id(), true).await;
    Ok(nothing())
}

/// Formulas cannot keep a document from opening, since what they may cost is bounded: to recover is to reload.
async fn recover(
    State(server): State<Server>,
    caller: DocumentCaller,
    body: JsonBody,
) -> Result<Json<Value>, ApiError> {
    caller.require_owner()?;
    let wanted = body.fields().get("recoveryMode").and_then(Value::as_bool).unwrap_or(true);
    server.documents.close(caller.id(), true).await;
    Ok(Json(json!({"recoveryMode": wanted})))
}

/// All turns are on disk when they are answered: there is nothing to do.
async fn flush(caller: DocumentCaller) -> Result<Json<Value>, ApiError> {
    caller.require_editor()?;
    Ok(Json(true.into()))
}

/// There is one server, which has the document: it goes nowhere.
async fn assign(caller: DocumentCaller) -> Result<Json<Value>, ApiError> {
    caller.require_editor()?;
    Ok(Json(false.into()))
}

/// No versions are kept beside the document's own history.
async fn snapshots(_: DocumentCaller) -> Json<Value> {
    Json(json!({"snapshots": []}))
}

/// People made up, to see a document as somebody with such a role would: name, e-mail, role.
const EXAMPLES: [(&str, &str, Option<Role>); 5] = [
    ("Owner", "owner@example.com", Some(Role::Owner)),
    ("Editor 1", "editor1@example.com", Some(Role::Editor)),
    ("Editor 2", "editor2@example.com", Some(Role::Editor)),
    ("Viewer", "viewer@example.com", Some(Role::Viewer)),
    ("Unknown User", "unknown@example.com", None),
];

async fn users_for_view_as(
    State(server): State<Server>,
    caller: DocumentCaller,
) -> Result<Json<Value>, ApiError> {
    caller.require_owner()?;
    let document = &caller.access.document;
    let id = document.trunk_id.clone().unwrap_or_else(|| document.id.clone());
    let list = server.home.access_list(&Resource::Document(id)).await?;
    let users: Vec<Value> = list
        .people
        .iter()
        .filter(|entry| ![ANONYMOUS, EVERYONE].contains(&entry.person.id))
        .filter_map(|entry| {
            let given = entry.given.map(Standing::role);
            let role = given.max(entry.inherited.min(list.max_inherited_role))?;
            let person = &entry.person;
            Some(json!({
                "id": person.id,
                "email": person.email,
                "name": person.name,
                "picture": person.picture,
                "ref": person.reference,
                "disabledAt": person.disabled_at.map(show::instant),
                "access": role.name(),
                "isMember": entry.is_member,
            }))
        })
        .collect();
    let examples: Vec<Value> = EXAMPLES
        .iter()
        .map(
            |(name, email, role)| json!({"id": 0, "email": email, "name": name, "access": show::role(*role)}),
        )
        .collect();
    Ok(Json(json!({"users": users, "attributeTableUsers": [], "exampleUsers": examples})))
}
