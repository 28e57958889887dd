//! The person themselves: name, language, API key, sessions.

use axum::extract::State;
use axum::http::header::{CONTENT_TYPE, SET_COOKIE};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use home::{OrgKey, PreferencesOf, Site, Standing};
use serde_json::{Map, Value, json};

use crate::body::{JsonBody, is_on, ok_text};
use crate::caller::Caller;
use crate::error::ApiError;
use crate::show;
use crate::state::Server;

pub(crate) fn routes() -> Router<Server> {
    Router::new()
        .route("/profile/user", get(user))
        .route("/profile/user/name", post(rename))
        .route("/profile/user/locale", post(set_locale))
        .route("/profile/allowGoogleLogin", post(allow_google_login))
        .route("/profile/apikey", get(api_key).post(make_api_key).delete(delete_api_key))
        .route("/session/access/active", get(active).post(set_active))
        .route("/session/access/all", get(all))
}

fn options(caller: &Caller) -> Map<String, Value> {
    show::kept(caller.person().options.as_ref()).map(show::object).unwrap_or_default()
}

async fn user(State(server): State<Server>, caller: Caller) -> Result<Json<Value>, ApiError> {
    let person = caller.person();
    let mut shown = show::person(person);
    let allow = options(&caller).get("allowGoogleLogin").and_then(Value::as_bool).unwrap_or(true);
    shown.insert("allowGoogleLogin".into(), allow.into());
    if !person.is_anonymous() {
        shown.insert("loginEmail".into(), home::normalise_email(&person.email).into());
        if let Some(preferences) = server.home.preferences(PreferencesOf::Person(person.id)).await? {
            shown.insert("prefs".into(), preferences);
        }
        if server.login.is_admin(person).await? {
            shown.insert("isInstallAdmin".into(), true.into());
        }
    }
    Ok(Json(Value::Object(shown)))
}

async fn rename(State(server): State<Server>, caller: Caller, body: JsonBody) -> Result<Response, ApiError> {
    let person = caller.signed_in()?;
    let name = body.text("name").filter(|name| !name.is_empty());
    let name = name.ok_or_else(|| ApiError::bad("Name expected in the body"))?;
    server.home.rename_person(person.id, name).await?;
    Ok(ok_text())
}

async fn set_locale(
    State(server): State<Server>,
    caller: Caller,
    body: JsonBody,
) -> Result<Response, ApiError> {
    let person = caller.signed_in()?;
    let locale = body.text("locale").filter(|locale| !locale.is_empty());
    let is_tag = |text: &str| {
        text.len() <= 35
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
    };
    if locale.is_some_and(|locale| !is_tag(locale)) {
        return Err(ApiError::bad("locale must be a language such as fr or fr-CA"));
    }
    server.home.set_locale(person.id, locale).await?;
    let cookie = match locale {
        Some(locale) => format!("grist_user_locale={locale}; Path=/; SameSite=Lax; Max-Age=31536000"),
        None => "grist_user_locale=; Path=/; SameSite=Lax; Max-Age=0".to_owned(),
    };
    let mut response = ok_text();
    if let Ok(cookie) = cookie.parse() {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    Ok(response)
}

async fn allow_google_login(
    State(server): State<Server>,
    caller: Caller,
    body: JsonBody,
) -> Result<Response, ApiError> {
    let person = caller.signed_in()?;
    let allow = body.fields().get("allowGoogleLogin").and_then(Value::as_bool);
    let allow = allow.ok_or_else(|| ApiError::bad("Missing body param: allowGoogleLogin"))?;
    let mut options = options(&caller);
    options.insert("allowGoogleLogin".into(), allow.into());
    server.home.set_person_options(person.id, &Value::Object(options).to_string()).await?;
    Ok(ok_text())
}

fn text(text: &str) -> Response {
    ([(CONTENT_TYPE, "text/html; charset=utf-8")], text.to_owned()).into_response()
}

/// The key itself is shown once, when it is made: only its hash is kept. Afterwards dots say that there is one.
async fn api_key(State(server): State<Server>, caller: Caller) -> Result<Response, ApiError> {
    let has = server.home.has_api_key(caller.person().id).await?;
    Ok(text(if has { "••••••••••••" } else { "" }))
}

async fn make_api_key(
    State(server): State<Server>,
    caller: Caller,
    body: JsonBody,
) -> Result<Response, ApiError> {
    let person = caller.signed_in()?;
    let force = match body.fields().get("force") {
        Some(Value::Bool(force)) => *force,
        Some(other) => is_on(Some(&other.to_string())),
        None => false,
    };
    if !force && server.home.has_api_key(person.id).await? {
        return Err(ApiError::bad("An API key is already set, use `{force: true}` to override it."));
    }
    let key = format!("{}{}", home::new_id(), home::new_id());
    server.home.set_api_key(person.id, Some(&key)).await?;
    Ok(text(&key))
}

async fn delete_api_key(State(server): State<Server>, caller: Caller) -> Result<Response, ApiError> {
    server.home.set_api_key(caller.signed_in()?.id, None).await?;
    Ok(ok_text())
}

/// The person and the site of the request.
async fn active(State(server): State<Server>, caller: Caller) -> Result<Json<Value>, ApiError> {
    let person = caller.person();
    let mut user = show::person(person);
    if !person.is_anonymous() {
        user.insert("isInstallAdmin".into(), server.login.is_admin(person).await?.into());
        if let Some(preferences) = server.home.preferences(PreferencesOf::Person(person.id)).await? {
            user.insert("prefs".into(), preferences);
        }
    }
    let mut shown = Map::new();
    shown.insert("user".into(), Value::Object(user));
    let mut org = Value::Null;
    if let Site::Domain(domain) = &caller.site {
        match server.home.org(person, &OrgKey::Domain(domain.clone())).await? {
            Some(found) if found.standing.is_some() => {
                let mut site = show::org(&found.org, None);
                site.insert("access".into(), show::role(found.standing.map(Standing::role)));
                org = Value::Object(site);
            }
            Some(_) => {
                shown.insert("orgError".into(), json!({"error": "access denied", "status": 403}));
            }
            None => {
                shown.insert("orgError".into(), json!({"error": "organization not found", "status": 404}));
            }
        }
    }
    shown.insert("org".into(), org);
    Ok(Json(Value::Object(shown)))
}

/// A browser is signed in as one person here: that one can be chosen, nobody else.
async fn set_active(caller: Caller, body: JsonBody) -> Result<Json<Value>, ApiError> {
    let person = caller.signed_in()?;
    let email = body.text("email").ok_or_else(|| ApiError::bad("email required"))?;
    if home::normalise_email(email) != home::normalise_email(&person.email) {
        return Err(ApiError::forbidden("not signed in as that person"));
    }
    Ok(Json(json!({"email": email})))
}

async fn all(State(server): State<Server>, caller: Caller) -> Result<Json<Value>, ApiError> {
    let person = caller.person();
    let users = if person.is_anonymous() { Vec::new() } else { vec![Value::Object(show::person(person))] };
    let mut orgs = Vec::new();
    for found in server.home.orgs(person).await? {
        let owner = crate::orgs::owner_of(&server, person, found.org.owner_id).await?;
        let mut site = show::org(&found.org, owner.as_ref());
        site.insert("access".into(), show::role(found.standing.map(Standing::role)));
        orgs.push(Value::Object(site));
    }
    Ok(Json(json!({"users": users, "orgs": orgs})))
}
