//! Who has access to sites, workspaces and documents, and changing it.

use std::collections::BTreeMap;

use axum::extract::{Path, State};
use axum::routing::get;
use axum::{Json, Router};
use home::{ANONYMOUS, AccessChange, AccessList, Person, PersonAccess, Resource, Standing};
use model::Role;
use serde_json::{Map, Value, json};

use crate::body::{JsonBody, nothing};
use crate::caller::Caller;
use crate::document_caller::DocumentEntry;
use crate::error::ApiError;
use crate::state::Server;
use crate::{orgs, show, workspaces};

pub(crate) fn routes() -> Router<Server> {
    Router::new()
        .route("/orgs/{oid}/access", get(org).patch(change_org))
        .route("/workspaces/{wid}/access", get(workspace).patch(change_workspace))
        .route("/docs/{did}/access", get(document).patch(change_document))
}

async fn org(
    State(server): State<Server>,
    caller: Caller,
    Path(oid): Path<String>,
) -> Result<Json<Value>, ApiError> {
    let found = orgs::one_named(&server, &caller, &oid, Role::Viewer).await?;
    let list = server.home.access_list(&Resource::Org(found.org.id)).await?;
    Ok(show_list(list, caller.person(), found.standing, false))
}

async fn workspace(
    State(server): State<Server>,
    caller: Caller,
    Path(wid): Path<String>,
) -> Result<Json<Value>, ApiError> {
    let found = workspaces::named(&server, &caller, &wid, Role::Viewer, false).await?;
    let list = server.home.access_list(&Resource::Workspace(found.workspace.id)).await?;
    Ok(show_list(list, caller.person(), found.standing, true))
}

async fn document(State(server): State<Server>, entry: DocumentEntry) -> Result<Json<Value>, ApiError> {
    entry.not_removed()?;
    entry.require(Role::Viewer)?;
    let id = shared_id(&entry);
    let list = server.home.access_list(&Resource::Document(id)).await?;
    let standing = entry.access.trunk_role.map(Standing::Role);
    Ok(show_list(list, entry.caller.person(), standing, true))
}

/// A fork is shared as its trunk is.
fn shared_id(entry: &DocumentEntry) -> String {
    let document = &entry.access.document;
    document.trunk_id.clone().unwrap_or_else(|| document.id.clone())
}

/// Owners see everybody; others see themselves.
fn show_list(list: AccessList, person: &Person, standing: Option<Standing>, inherits: bool) -> Json<Value> {
    let mut shown = Map::new();
    let owns = standing >= Some(Standing::Role(Role::Owner));
    let mut people = list.people;
    if !owns {
        people.retain(|entry| entry.person.id == person.id && !person.is_anonymous());
        let inside = people.first().is_some_and(|entry| has_access(entry, list.max_inherited_role));
        shown.insert("personal".into(), true.into());
        shown.insert("public".into(), (!inside && standing != Some(Standing::Guest)).into());
    }
    if inherits {
        shown.insert("maxInheritedRole".into(), show::role(list.max_inherited_role));
    }
    let mut users: Vec<Value> =
        people.iter().map(|entry| show_person(entry, person, standing, inherits)).collect();
    if !owns && users.is_empty() && standing == Some(Standing::Guest) && !person.is_anonymous() {
        let guest = PersonAccess { person: person.clone(), given: None, inherited: None, is_member: false };
        users.push(show_person(&guest, person, standing, inherits));
    }
    shown.insert("users".into(), users.into());
    Json(Value::Object(shown))
}

fn has_access(entry: &PersonAccess, cap: Option<Role>) -> bool {
    entry.given.is_some() || entry.inherited.min(cap).is_some()
}

fn show_person(entry: &PersonAccess, by: &Person, standing: Option<Standing>, inherits: bool) -> Value {
    let person = &entry.person;
    let guest = (person.id == by.id && standing == Some(Standing::Guest)).then_some(Standing::Guest);
    let access = entry.given.or(guest).map(Standing::name);
    let mut shown = show::object(json!({
        "id": person.id,
        "email": person.email,
        "name": person.name,
        "picture": person.picture,
        "ref": person.reference,
        "access": access,
    }));
    if inherits {
        shown.insert("parentAccess".into(), show::role(entry.inherited));
    }
    if person.id == ANONYMOUS {
        shown.insert("anonymous".into(), true.into());
    }
    if let Some(at) = person.disabled_at {
        shown.insert("disabledAt".into(), show::instant(at).into());
    }
    shown.insert("isMember".into(), entry.is_member.into());
    Value::Object(shown)
}

async fn change_org(
    State(server): State<Server>,
    caller: Caller,
    Path(oid): Path<String>,
    body: JsonBody,
) -> Result<Json<Value>, ApiError> {
    let change = read_change(&body, true)?;
    let least = least_role(&change, caller.person());
    let found = orgs::one_named(&server, &caller, &oid, least).await?;
    apply(&server, &caller, &Resource::Org(found.org.id), &change).await
}

async fn change_workspace(
    State(server): State<Server>,
    caller: Caller,
    Path(wid): Path<String>,
    body: JsonBody,
) -> Result<Json<Value>, ApiError> {
    let change = read_change(&body, false)?;
    let least = least_role(&change, caller.person());
    let found = workspaces::named(&server, &caller, &wid, least, false).await?;
    apply(&server, &caller, &Resource::Workspace(found.workspace.id), &change).await
}

async fn change_document(
    State(server): State<Server>,
    entry: DocumentEntry,
    body: JsonBody,
) -> Result<Json<Value>, ApiError> {
    let change = read_change(&body, false)?;
    entry.not_removed()?;
    if entry.access.trunk_role < Some(least_role(&change, entry.caller.person())) {
        return Err(ApiError::denied());
    }
    let id = shared_id(&entry);
    apply(&server, &entry.caller, &Resource::Document(id), &change).await
}

/// Everybody may give up what they have; all else is for owners.
fn least_role(change: &AccessChange, person: &Person) -> Role {
    let own = |email: &String| home::normalise_email(email) == home::normalise_email(&person.email);
    let leaves = change.max_inherited_role.is_none()
        && !person.is_anonymous()
        && !change.people.is_empty()
        && change.people.iter().all(|(email, given)| given.is_none() && own(email));
    if leaves { Role::Viewer } else { Role::Owner }
}

async fn apply(
    server: &Server,
    caller: &Caller,
    resource: &Resource,
    change: &AccessChange,
) -> Result<Json<Value>, ApiError> {
    server.home.change_access(caller.person(), resource, change).await?;
    Ok(nothing())
}

fn read_change(body: &JsonBody, is_org: bool) -> Result<AccessChange, ApiError> {
    let delta = body.fields().get("delta").and_then(Value::as_object);
    let delta = delta.ok_or_else(|| ApiError::bad("Bad request: missing permission delta"))?;
    let max_inherited_role = match delta.get("maxInheritedRole") {
        None => None,
        Some(_) if is_org => return Err(ApiError::bad("Bad request: a site inherits nothing")),
        Some(Value::Null) => Some(None),
        Some(Value::String(name)) => match Role::parse(name) {
            Some(role) => Some(Some(role)),
            None => return Err(ApiError::bad(format!("Invalid maxInheritedRole {name}"))),
        },
        Some(other) => return Err(ApiError::bad(format!("Invalid maxInheritedRole {other}"))),
    };
    let mut people = BTreeMap::new();
    match delta.get("users") {
        None => {}
        Some(Value::Object(users)) => {
            for (email, given) in users {
                let standing = match given {
                    Value::Null => None,
                    Value::String(name) => Some(read_standing(name, is_org)?),
                    other => return Err(ApiError::bad(format!("Invalid user role {other}"))),
                };
                people.insert(email.clone(), standing);
            }
        }
        Some(_) => return Err(ApiError::bad("Bad request: users must be an object")),
    }
    if max_inherited_role.is_none() && people.is_empty() {
        return Err(ApiError::bad("Bad request: missing permission delta"));
    }
    Ok(AccessChange { max_inherited_role, people })
}

fn read_standing(name: &str, is_org: bool) -> Result<Standing, ApiError> {
    let standing = Standing::parse_given(name).filter(|standing| is_org || *standing != Standing::Member);
    standing.ok_or_else(|| ApiError::bad(format!("Invalid user role {name}")))
}
