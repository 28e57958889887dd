//! Sites: listing them, making, changing, removing.

use std::collections::HashMap;

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Router, routing};
use home::{OrgAccess, OrgChange, OrgKey, Person, PreferencesOf, Site, Standing, Within};
use model::Role;
use serde_json::{Map, Value, json};

use crate::body::{JsonBody, is_on, nothing};
use crate::caller::Caller;
use crate::create::remove_files;
use crate::error::ApiError;
use crate::show;
use crate::state::Server;
use crate::workspaces::list_item;

pub(crate) fn routes() -> Router<Server> {
    Router::new()
        .route("/orgs", get(list).post(add))
        .route("/orgs/{oid}", get(one).patch(change).delete(bare_delete))
        .route("/orgs/{oid}/{name}", routing::delete(delete))
        .route("/orgs/{oid}/workspaces", get(workspaces).post(add_workspace))
        .route("/orgs/{oid}/usage", get(usage))
        .route("/orgs/{oid}/configs/{key}", get(config).put(set_config).delete(delete_config))
        .route("/domains/check", routing::post(check_domain))
}

/// A site named in a path.
pub(crate) enum Named {
    /// All personal sites as one: `docs`, 0, or the `current` one when the address names none.
    Personal,
    /// One site.
    One(OrgAccess),
}

/// The site that a path names, seen by somebody who may see it.
pub(crate) async fn named(server: &Server, caller: &Caller, oid: &str) -> Result<Named, ApiError> {
    let key = match (oid, &caller.site) {
        ("current", Site::Domain(domain)) => OrgKey::Domain(domain.clone()),
        ("current" | "docs" | "0", _) => return Ok(Named::Personal),
        (other, _) => match other.parse() {
            Ok(id) => OrgKey::Id(id),
            Err(_) => OrgKey::Domain(other.to_owned()),
        },
    };
    let found = server.home.org(caller.person(), &key).await?;
    let found = found.ok_or_else(|| ApiError::not_found("organization not found"))?;
    if found.standing.is_none() { Err(ApiError::denied()) } else { Ok(Named::One(found)) }
}

/// The one site that a path names; of the personal ones that of the person.
pub(crate) async fn one_named(
    server: &Server,
    caller: &Caller,
    oid: &str,
    least: Role,
) -> Result<OrgAccess, ApiError> {
    let found = match named(server, caller, oid).await? {
        Named::One(found) => found,
        Named::Personal => {
            let key = OrgKey::Domain(format!("docs-{}", caller.signed_in()?.id));
            let found = server.home.org(caller.person(), &key).await?;
            found.ok_or_else(|| ApiError::not_found("organization not found"))?
        }
    };
    // A guest or member sees the site: that is what reading it means.
    let held = found.standing.map(Standing::role);
    if held >= Some(least) { Ok(found) } else { Err(ApiError::denied()) }
}

async fn list(
    State(server): State<Server>,
    caller: Caller,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Json<Value>, ApiError> {
    let merged = is_on(query.get("merged"));
    let mut shown = Vec::new();
    let mut personal_shown = false;
    for found in server.home.orgs(caller.person()).await? {
        if merged && found.org.owner_id.is_some() {
            if !personal_shown {
                shown.push(Value::Object(personal(caller.person())));
                personal_shown = true;
            }
            continue;
        }
        shown.push(Value::Object(show_org(&server, caller.person(), &found).await?));
    }
    Ok(Json(shown.into()))
}

async fn show_org(
    server: &Server,
    person: &Person,
    found: &OrgAccess,
) -> Result<Map<String, Value>, ApiError> {
    let owner = owner_of(server, person, found.org.owner_id).await?;
    let mut shown = show::org(&found.org, owner.as_ref());
    shown.insert("access".into(), show::role(found.standing.map(Standing::role)));
    Ok(shown)
}

/// The person who owns a personal site.
pub(crate) async fn owner_of(
    server: &Server,
    person: &Person,
    owner: Option<i64>,
) -> Result<Option<Person>, ApiError> {
    Ok(match owner {
        None => None,
        Some(owner) if owner == person.id => Some(person.clone()),
        Some(owner) => server.home.person(owner).await?,
    })
}

/// All personal sites as one.
fn personal(person: &Person) -> Map<String, Value> {
    let owner = (!person.is_anonymous()).then_some(person);
    let access = if owner.is_some() { Role::Owner } else { Role::Viewer };
    show::object(json!({
        "name": "Personal",
        "createdAt": show::instant(0),
        "updatedAt": show::instant(0),
        "id": 0,
        "domain": "docs",
        "host": null,
        "owner": show::owner(owner),
        "access": access.name(),
    }))
}

async fn one(
    State(server): State<Server>,
    caller: Caller,
    Path(oid): Path<String>,
) -> Result<Json<Value>, ApiError> {
    let (mut shown, id) = match named(&server, &caller, &oid).await? {
        Named::Personal => (personal(caller.person()), 0),
        Named::One(found) => (show_org(&server, caller.person(), &found).await?, found.org.id),
    };
    let person = caller.person();
    if !person.is_anonymous() {
        let kinds = [
            ("userPrefs", PreferencesOf::Person(person.id)),
            ("userOrgPrefs", PreferencesOf::PersonInOrg(person.id, id)),
            ("orgPrefs", PreferencesOf::Org(id)),
        ];
        for (name, of) in kinds {
            if id == 0 && name != "userPrefs" {
                continue;
            }
            if let Some(value) = server.home.preferences(of).await? {
                shown.insert(name.into(), value);
            }
        }
    }
    Ok(Json(Value::Object(shown)))
}

async fn add(State(server): State<Server>, caller: Caller, body: JsonBody) -> Result<Json<Value>, ApiError> {
    let person = caller.signed_in()?;
    if !server.settings.org_creation_anyone && !server.login.is_admin(person).await? {
        return Err(ApiError::denied());
    }
    let name = required_name(&body)?;
    let id = server.home.add_org(person, name, body.text("domain")).await?;
    Ok(Json(id.into()))
}

/// The name that a body must have.
pub(crate) fn required_name(body: &JsonBody) -> Result<&str, ApiError> {
    let name = body.text("name").filter(|name| !name.is_empty());
    name.ok_or_else(|| ApiError::bad("Bad request: name required"))
}

async fn change(
    State(server): State<Server>,
    caller: Caller,
    Path(oid): Path<String>,
    body: JsonBody,
) -> Result<Json<Value>, ApiError> {
    let change = OrgChange {
        name: body.text("name").map(str::to_owned),
        domain: body.text("domain").map(str::to_owned),
    };
    let preferences = |name: &str| body.fields().get(name).and_then(Value::as_object);
    let least = if change.name.is_some() || change.domain.is_some() || preferences("orgPrefs").is_some() {
        Role::Owner
    } else {
        Role::Viewer
    };
    let person = caller.signed_in()?;
    let org = one_named(&server, &caller, &oid, least).await?.org.id;
    if change.name.is_some() || change.domain.is_some() {
        server.home.change_org(org, &change).await?;
    }
    let kinds = [
        ("userPrefs", PreferencesOf::Person(person.id)),
        ("userOrgPrefs", PreferencesOf::PersonInOrg(person.id, org)),
        ("orgPrefs", PreferencesOf::Org(org)),
    ];
    for (name, of) in kinds {
        if let Some(value) = preferences(name) {
            server.home.set_preferences(of, value).await?;
        }
    }
    Ok(nothing())
}

async fn bare_delete() -> ApiError {
    ApiError::new(StatusCode::GONE, "deleting a site needs its name too: DELETE /api/orgs/:oid/:name")
}

async fn delete(
    State(server): State<Server>,
    caller: Caller,
    Path((oid, name)): Path<(String, String)>,
) -> Result<Json<Value>, ApiError> {
    let org = one_named(&server, &caller, &oid, Role::Owner).await?.org;
    if org.owner_id.is_some() {
        return Err(ApiError::bad("a personal site goes with its person"));
    }
    let confirmed = name == "force-delete" || name == org.name || Some(&name) == org.domain.as_ref();
    if !confirmed {
        return Err(ApiError::bad("Name does not match organization"));
    }
    let files = server.home.delete_org(org.id).await?;
    remove_files(&server, files).await;
    Ok(Json(org.id.into()))
}

async fn workspaces(
    State(server): State<Server>,
    caller: Caller,
    Path(oid): Path<String>,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Json<Value>, ApiError> {
    let within = match named(&server, &caller, &oid).await? {
        Named::Personal => Within::Personal,
        Named::One(found) => Within::Org(found.org.id),
    };
    let removed = is_on(query.get("showRemoved"));
    let mut shown = Vec::new();
    for found in server.home.workspaces(caller.person(), within, removed).await? {
        shown.push(Value::Object(list_item(&server, caller.person(), &found).await?));
    }
    Ok(Json(shown.into()))
}

async fn add_workspace(
    State(server): State<Server>,
    caller: Caller,
    Path(oid): Path<String>,
    body: JsonBody,
) -> Result<Json<Value>, ApiError> {
    let name = required_name(&body)?;
    let org = one_named(&server, &caller, &oid, Role::Editor).await?;
    Ok(Json(server.home.add_workspace(caller.person(), org.org.id, name).await?.into()))
}

/// Sites are not limited here, so that no document approaches a limit.
async fn usage(
    State(server): State<Server>,
    caller: Caller,
    Path(oid): Path<String>,
) -> Result<Json<Value>, ApiError> {
    one_named(&server, &caller, &oid, Role::Owner).await?;
    Ok(Json(json!({"countsByDataLimitStatus": {"approachingLimit": 0, "gracePeriod": 0, "deleteOnly": 0}})))
}

async fn check_domain(
    State(server): State<Server>,
    caller: Caller,
    body: JsonBody,
) -> Result<Json<Value>, ApiError> {
    caller.signed_in()?;
    let domain = body.text("domain").ok_or_else(|| ApiError::bad("domain is required"))?;
    let (valid, available) = server.home.check_domain(domain).await?;
    Ok(Json(json!({"valid": valid, "available": available})))
}

fn show_config(config: &home::Config, org: &home::Org) -> Value {
    json!({
        "id": config.id,
        "key": config.key,
        "value": show::kept(Some(&config.value)),
        "createdAt": show::instant(config.created_at),
        "updatedAt": show::instant(config.updated_at),
        "org": {"id": org.id, "name": org.name, "domain": org.domain},
    })
}

async fn config(
    State(server): State<Server>,
    caller: Caller,
    Path((oid, key)): Path<(String, String)>,
) -> Result<Json<Value>, ApiError> {
    let org = one_named(&server, &caller, &oid, Role::Owner).await?.org;
    let config = server.home.config(org.id, &key).await?;
    Ok(Json(show_config(&config.ok_or_else(|| ApiError::not_found("config not found"))?, &org)))
}

async fn set_config(
    State(server): State<Server>,
    caller: Caller,
    Path((oid, key)): Path<(String, String)>,
    body: JsonBody,
) -> Result<Response, ApiError> {
    let org = one_named(&server, &caller, &oid, Role::Owner).await?.org;
    let (config, is_new) = server.home.set_config(org.id, &key, &body.0.to_string()).await?;
    let status = if is_new { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json(show_config(&config, &org))).into_response())
}

async fn delete_config(
    State(server): State<Server>,
    caller: Caller,
    Path((oid, key)): Path<(String, String)>,
) -> Result<Json<Value>, ApiError> {
    let org = one_named(&server, &caller, &oid, Role::Owner).await?.org;
    if server.home.delete_config(org.id, &key).await? {
        Ok(nothing())
    } else {
        Err(ApiError::not_found("config not found"))
    }
}
