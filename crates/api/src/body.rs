//! Bodies of requests and short answers, as Grist has them.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value};

use crate::error::ApiError;

/// The largest JSON body, where a route does not say otherwise.
pub(crate) const LIMIT: usize = 1 << 20;

/// The JSON of a request; an empty object when there is none, or it is of another type.
#[derive(Debug)]
pub struct JsonBody(pub Value);

impl JsonBody {
    /// The fields; of something else than an object, none.
    #[must_use]
    pub fn fields(&self) -> &Map<String, Value> {
        static NONE: std::sync::LazyLock<Map<String, Value>> = std::sync::LazyLock::new(Map::new);
        self.0.as_object().unwrap_or(&NONE)
    }

    /// A text of that name.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        self.fields().get(name).and_then(Value::as_str)
    }
}

impl<S: Send + Sync> FromRequest<S> for JsonBody {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let is_json =
            request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).is_some_and(|value| {
                value.split(';').next().is_some_and(|kind| kind.trim().ends_with("json"))
            });
        if !is_json {
            return Ok(Self(Value::Object(Map::new())));
        }
        let bytes = Bytes::from_request(request, state)
            .await
            .map_err(|error| ApiError::new(error.status(), "request entity too large"))?;
        if bytes.iter().all(u8::is_ascii_whitespace) {
            return Ok(Self(Value::Object(Map::new())));
        }
        serde_json::from_slice(&bytes)
            .map(Self)
            .map_err(|error| ApiError::bad(format!("the body is not valid JSON: {error}")))
    }
}

/// The answer of a route that has nothing to say: JSON `null`.
pub(crate) fn nothing() -> Json<Value> {
    Json(Value::Null)
}

/// The answer `OK`, as text.
pub(crate) fn ok_text() -> Response {
    (StatusCode::OK, [(CONTENT_TYPE, "text/plain; charset=utf-8")], "OK").into_response()
}

/// Whether a parameter of the query is on.
pub(crate) fn is_on(value: Option<&String>) -> bool {
    value.is_some_and(|value| matches!(value.to_lowercase().as_str(), "1" | "true" | "yes" | "on"))
}

/// A number in a path.
pub(crate) fn integer(name: &str, text: &str) -> Result<i64, ApiError> {
    text.parse()
        .map_err(|_| ApiError::bad(format!("{name} parameter cannot be understood as an integer: {text}")))
}
