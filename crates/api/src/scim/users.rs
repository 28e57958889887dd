//! People as SCIM users. The user name is the e-mail.

use std::collections::HashMap;

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use home::{Person, PersonChange, PersonKind, normalise_email};
use serde_json::{Map, Value, json};

use super::filter::Filter;
use super::{LIST, Scim, ScimError, USER, manager, patch, signed_in};
use crate::body::JsonBody;
use crate::caller::Caller;
use crate::state::Server;

/// How many are listed when nobody has said.
const PAGE: usize = 20;
/// The most that are listed at once.
const LARGEST_PAGE: usize = 200;

/// A person as SCIM shows one.
pub(super) fn shown(person: &Person) -> Value {
    let locale = person.locale.as_deref().unwrap_or("en");
    let email = normalise_email(&person.email);
    let mut shown = json!({
        "schemas": [USER],
        "id": person.id.to_string(),
        "meta": {"resourceType": "User", "location": format!("/api/scim/v2/Users/{}", person.id)},
        "userName": email,
        "name": {"formatted": person.name},
        "displayName": person.name,
        "preferredLanguage": locale,
        "locale": locale,
        "emails": [{"value": person.email, "primary": true}],
    });
    if let Some(picture) = &person.picture {
        shown["photos"] = json!([{"value": picture, "primary": true, "type": "photo"}]);
    }
    shown
}

/// What a user resource says of a person.
struct Said {
    email: String,
    name: Option<String>,
    picture: Option<String>,
    locale: Option<String>,
}

fn read(resource: &Map<String, Value>) -> Result<Said, ScimError> {
    let text = |name: &str| resource.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
    let primary = |name: &str| {
        let list = resource.get(name).and_then(Value::as_array)?;
        let chosen = list.iter().find(|entry| entry["primary"] == true).or_else(|| list.first())?;
        chosen["value"].as_str().map(str::to_owned)
    };
    let user_name = text("userName").ok_or_else(|| ScimError::bad("userName is required"))?;
    let email = primary("emails").unwrap_or_else(|| user_name.to_owned());
    if normalise_email(&email) != normalise_email(user_name) {
        return Err(ScimError::bad("userName and the primary e-mail must be the same"));
    }
    let formatted = resource.get("name").and_then(|name| name["formatted"].as_str());
    let name = text("displayName").or(formatted).map(str::to_owned);
    let locale = text("locale").or_else(|| text("preferredLanguage")).map(str::to_owned);
    Ok(Said { email, name, picture: primary("photos"), locale })
}

async fn find(server: &Server, id: &str) -> Result<Person, ScimError> {
    let number: i64 = id.parse().map_err(|_| ScimError::bad("Invalid passed user ID"))?;
    let found = server.home.person(number).await?.filter(|person| person.kind == PersonKind::Login);
    found.ok_or_else(|| {
        ScimError::new(StatusCode::NOT_FOUND, None, format!("User with ID {number} not found"))
    })
}

pub(super) async fn me(caller: Caller) -> Result<Scim, ScimError> {
    Ok(Scim(StatusCode::OK, shown(signed_in(&caller)?)))
}

pub(super) async fn one(
    State(server): State<Server>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Scim, ScimError> {
    manager(&server, &caller).await?;
    Ok(Scim(StatusCode::OK, shown(&find(&server, &id).await?)))
}

pub(super) async fn list(
    State(server): State<Server>,
    caller: Caller,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Scim, ScimError> {
    manager(&server, &caller).await?;
    let number = |name: &str| query.get(name).and_then(|value| value.parse().ok());
    listed(&server, query.get("filter").map(String::as_str), number("startIndex"), number("count")).await
}

pub(super) async fn search(
    State(server): State<Server>,
    caller: Caller,
    body: JsonBody,
) -> Result<Scim, ScimError> {
    manager(&server, &caller).await?;
    let number = |name: &str| body.fields().get(name).and_then(Value::as_i64);
    listed(&server, body.text("filter"), number("startIndex"), number("count")).await
}

async fn listed(
    server: &Server,
    filter: Option<&str>,
    start: Option<i64>,
    count: Option<i64>,
) -> Result<Scim, ScimError> {
    let filter = filter.filter(|filter| !filter.trim().is_empty()).map(Filter::parse).transpose()?;
    let start = usize::try_from(start.unwrap_or(1)).unwrap_or(1).max(1);
    let count = count.map_or(PAGE, |count| usize::try_from(count).unwrap_or(0)).min(LARGEST_PAGE);
    let people = server.home.people().await?;
    let found: Vec<Value> = people
        .iter()
        .filter(|person| person.kind == PersonKind::Login)
        .map(shown)
        .filter(|user| filter.as_ref().is_none_or(|filter| filter.matches(user)))
        .collect();
    let page: Vec<&Value> = found.iter().skip(start - 1).take(count).collect();
    let answer = json!({
        "schemas": [LIST],
        "totalResults": found.len(),
        "startIndex": start,
        "itemsPerPage": count,
        "Resources": page,
    });
    Ok(Scim(StatusCode::OK, answer))
}

pub(super) async fn add(
    State(server): State<Server>,
    caller: Caller,
    body: JsonBody,
) -> Result<Scim, ScimError> {
    manager(&server, &caller).await?;
    let said = read(body.fields())?;
    if server.home.person_by_email(&said.email).await?.is_some() {
        let detail = "An existing user with the passed email exist.";
        return Err(ScimError::new(StatusCode::CONFLICT, Some("uniqueness"), detail));
    }
    let person = server.home.ensure_person(&said.email, said.name.as_deref()).await?;
    if said.picture.is_some() {
        // The language is the person's own to choose, when they come.
        let change = PersonChange { picture: Some(said.picture), ..PersonChange::default() };
        server.home.change_person(person.id, &change).await?;
    }
    Ok(Scim(StatusCode::CREATED, shown(&find(&server, &person.id.to_string()).await?)))
}

async fn write(server: &Server, person: &Person, said: Said) -> Result<Scim, ScimError> {
    let change = PersonChange {
        email: Some(said.email),
        name: said.name,
        picture: Some(said.picture),
        locale: said.locale.map(Some),
    };
    server.home.change_person(person.id, &change).await?;
    Ok(Scim(StatusCode::OK, shown(&find(server, &person.id.to_string()).await?)))
}

pub(super) async fn replace(
    State(server): State<Server>,
    caller: Caller,
    Path(id): Path<String>,
    body: JsonBody,
) -> Result<Scim, ScimError> {
    manager(&server, &caller).await?;
    let person = find(&server, &id).await?;
    let said = read(body.fields())?;
    write(&server, &person, said).await
}

pub(super) async fn change(
    State(server): State<Server>,
    caller: Caller,
    Path(id): Path<String>,
    body: JsonBody,
) -> Result<Scim, ScimError> {
    manager(&server, &caller).await?;
    let person = find(&server, &id).await?;
    let mut resource = shown(&person);
    patch::apply(&mut resource, body.fields())?;
    let said = read(resource.as_object().unwrap_or(&Map::new()))?;
    write(&server, &person, said).await
}

pub(super) async fn remove(
    State(server): State<Server>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Response, ScimError> {
    let manager = manager(&server, &caller).await?;
    let person = find(&server, &id).await?;
    if person.id == manager.id {
        return Err(ScimError::new(StatusCode::FORBIDDEN, None, "nobody removes themselves"));
    }
    let files = server.home.delete_person(person.id).await?;
    crate::create::remove_files(&server, files).await;
    Ok(StatusCode::NO_CONTENT.into_response())
}
