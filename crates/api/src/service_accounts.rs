//! Accounts for programs, managed by those who made them. Off unless `MOULIN_ENABLE_SERVICE_ACCOUNTS` is on.

use axum::extract::{Path, State};
use axum::routing::{get, post};
use axum::{Json, Router};
use home::{ServiceAccount, ServiceAccountChange};
use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::body::{JsonBody, integer, nothing};
use crate::caller::Caller;
use crate::error::ApiError;
use crate::show;
use crate::state::Server;

pub(crate) fn routes(server: &Server) -> Router<Server> {
    if !server.settings.enable_service_accounts {
        return Router::new();
    }
    Router::new()
        .route("/service-accounts", get(list).post(add))
        .route("/service-accounts/{id}", get(one).patch(change).delete(remove))
        .route("/service-accounts/{id}/apikey", post(make_key).delete(delete_key))
}

fn shown(account: &ServiceAccount, key: Option<&str>) -> Value {
    let mut shown = Map::new();
    shown.insert("id".into(), account.id.into());
    shown.insert("login".into(), account.email.clone().into());
    if let Some(key) = key {
        shown.insert("key".into(), key.into());
    }
    shown.insert("label".into(), account.label.clone().into());
    shown.insert("description".into(), account.description.clone().into());
    shown.insert("expiresAt".into(), show::instant(account.expires_at).into());
    shown.insert("hasValidKey".into(), account.has_valid_key().into());
    Value::Object(shown)
}

/// The fields that a body may have, and no others.
fn read(body: &JsonBody) -> Result<ServiceAccountChange, ApiError> {
    let mut change = ServiceAccountChange::default();
    for (name, value) in body.fields() {
        let text = || {
            value.as_str().map(str::to_owned).ok_or_else(|| ApiError::bad(format!("{name} must be a text")))
        };
        match name.as_str() {
            "label" => change.label = Some(text()?),
            "description" => change.description = Some(text()?),
            "expiresAt" => change.expires_at = Some(instant(value)?),
            other => return Err(ApiError::bad(format!("{other} is unknown here"))),
        }
    }
    Ok(change)
}

/// An instant as ISO 8601 (a date is the beginning of the day, UTC), or in milliseconds.
fn instant(value: &Value) -> Result<i64, ApiError> {
    let parsed = match value {
        Value::Number(number) => number.as_i64(),
        Value::String(text) => text
            .parse::<Timestamp>()
            .or_else(|_| format!("{text}T00:00:00Z").parse())
            .ok()
            .map(Timestamp::as_millisecond),
        _ => None,
    };
    parsed.ok_or_else(|| ApiError::bad(format!("expiresAt is no instant: {value}")))
}

async fn list(State(server): State<Server>, caller: Caller) -> Result<Json<Value>, ApiError> {
    let accounts = server.home.service_accounts(caller.signed_in()?.id).await?;
    Ok(Json(accounts.iter().map(|account| shown(account, None)).collect()))
}

async fn add(State(server): State<Server>, caller: Caller, body: JsonBody) -> Result<Json<Value>, ApiError> {
    let person = caller.signed_in()?;
    let fields = read(&body)?;
    let expires_at = fields.expires_at.ok_or_else(|| ApiError::bad("expiresAt is required"))?;
    let (label, description) = (fields.label.unwrap_or_default(), fields.description.unwrap_or_default());
    let made = server.home.add_service_account(person.id, &label, &description, expires_at).await?;
    new_key(&server, &made).await
}

async fn new_key(server: &Server, account: &ServiceAccount) -> Result<Json<Value>, ApiError> {
    let key = format!("{}{}", home::new_id(), home::new_id());
    server.home.set_api_key(account.id, Some(&key)).await?;
    let account = ServiceAccount { has_key: true, ..account.clone() };
    Ok(Json(shown(&account, Some(&key))))
}

/// The account that a path names, asked about by whoever made it.
async fn named(server: &Server, caller: &Caller, id: &str) -> Result<ServiceAccount, ApiError> {
    let person = caller.signed_in()?;
    let found = server.home.service_account(integer("id", id)?).await?;
    let found = found.ok_or_else(|| ApiError::not_found("service account not found"))?;
    if found.owner_id == person.id { Ok(found) } else { Err(ApiError::denied()) }
}

async fn one(
    State(server): State<Server>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<Value>, ApiError> {
    Ok(Json(shown(&named(&server, &caller, &id).await?, None)))
}

async fn change(
    State(server): State<Server>,
    caller: Caller,
    Path(id): Path<String>,
    body: JsonBody,
) -> Result<Json<Value>, ApiError> {
    let change = read(&body)?;
    let account = named(&server, &caller, &id).await?;
    server.home.change_service_account(account.id, &change).await?;
    if let Some(label) = &change.label {
        server.home.rename_person(account.id, label).await?;
    }
    Ok(nothing())
}

async fn remove(
    State(server): State<Server>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<Value>, ApiError> {
    let account = named(&server, &caller, &id).await?;
    server.home.delete_person(account.id).await?;
    Ok(nothing())
}

async fn make_key(
    State(server): State<Server>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<Value>, ApiError> {
    new_key(&server, &named(&server, &caller, &id).await?).await
}

async fn delete_key(
    State(server): State<Server>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<Value>, ApiError> {
    let account = named(&server, &caller, &id).await?;
    server.home.set_api_key(account.id, None).await?;
    Ok(nothing())
}
