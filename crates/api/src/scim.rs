//! SCIM 2.0: an identity provider puts people in, changes them, and takes them out. Off unless `MOULIN_ENABLE_SCIM` is on.
//!
//! The administrator (or the person of `MOULIN_SCIM_EMAIL`) may do everything; whoever is signed in may look at themselves and at what is spoken here. Groups and roles
//! are announced, as Grist's are, but cannot be managed yet.

mod description;
mod filter;
mod patch;
mod users;

use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get, post};
use home::{HomeError, Person, normalise_email};
use serde_json::{Value, json};

use crate::caller::Caller;
use crate::error::ApiError;
use crate::state::Server;

pub(crate) fn routes(server: &Server) -> Router<Server> {
    if !server.settings.enable_scim {
        return Router::new().route("/scim/v2/{*rest}", any(off));
    }
    Router::new()
        .route("/scim/v2/Me", get(users::me))
        .route("/scim/v2/Users", get(users::list).post(users::add))
        .route("/scim/v2/Users/.search", post(users::search))
        .route(
            "/scim/v2/Users/{id}",
            get(users::one).put(users::replace).patch(users::change).delete(users::remove),
        )
        .route("/scim/v2/ServiceProviderConfig", get(description::provider))
        .route("/scim/v2/ResourceTypes", get(description::resource_types))
        .route("/scim/v2/ResourceTypes/{id}", get(description::resource_type))
        .route("/scim/v2/Schemas", get(description::schemas))
        .route("/scim/v2/Schemas/{id}", get(description::schema))
        .route("/scim/v2/{*rest}", any(unknown))
}

async fn off() -> ApiError {
    ApiError::new(StatusCode::NOT_IMPLEMENTED, "SCIM API is not enabled")
}

async fn unknown(uri: Uri) -> ScimError {
    ScimError::new(StatusCode::NOT_FOUND, None, format!("there is nothing at {}", uri.path()))
}

const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
const LIST: &str = "urn:ietf:params:scim:api:messages:2.0:ListResponse";

/// An answer in SCIM's own type.
struct Scim(StatusCode, Value);

impl IntoResponse for Scim {
    fn into_response(self) -> Response {
        (self.0, [(CONTENT_TYPE, "application/scim+json")], self.1.to_string()).into_response()
    }
}

/// Why not, in SCIM's own form.
struct ScimError {
    status: StatusCode,
    kind: Option<&'static str>,
    detail: String,
}

impl ScimError {
    fn new(status: StatusCode, kind: Option<&'static str>, detail: impl Into<String>) -> Self {
        Self { status, kind, detail: detail.into() }
    }
    fn bad(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, Some("invalidValue"), detail)
    }
}

impl IntoResponse for ScimError {
    fn into_response(self) -> Response {
        let mut body = json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"],
            "status": self.status.as_u16().to_string(),
        });
        if let Some(kind) = self.kind {
            body["scimType"] = kind.into();
        }
        body["detail"] = self.detail.into();
        Scim(self.status, body).into_response()
    }
}

impl From<ApiError> for ScimError {
    fn from(error: ApiError) -> Self {
        Self::new(error.status, None, error.message)
    }
}

impl From<HomeError> for ScimError {
    fn from(error: HomeError) -> Self {
        match error {
            HomeError::Conflict(detail) => Self::new(StatusCode::CONFLICT, Some("uniqueness"), detail),
            HomeError::Bad(detail) => Self::bad(detail),
            other => ApiError::from(other).into(),
        }
    }
}

/// Whoever is signed in.
fn signed_in(caller: &Caller) -> Result<&Person, ScimError> {
    let nobody =
        || ScimError::new(StatusCode::UNAUTHORIZED, None, "Anonymous users cannot access SCIM resources");
    caller.signed_in().map_err(|_| nobody())
}

/// Whoever may manage people.
async fn manager<'a>(server: &Server, caller: &'a Caller) -> Result<&'a Person, ScimError> {
    let person = signed_in(caller)?;
    let named = server.settings.scim_email.as_ref();
    let is_named = named.is_some_and(|email| normalise_email(email) == normalise_email(&person.email));
    if is_named || server.login.is_admin(person).await.map_err(ApiError::from)? {
        return Ok(person);
    }
    Err(ScimError::new(StatusCode::FORBIDDEN, None, "You are not authorized to access this resource"))
}
