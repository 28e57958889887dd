//! The one place where what went wrong becomes an HTTP answer: `{"error": "…", "details"?: {…}}`, as Grist's.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use document::DocumentError;
use home::HomeError;
use login::LoginError;
use serde_json::{Value, json};
use store::StoreError;

/// An answer that says why not.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct ApiError {
    /// HTTP status.
    pub status: StatusCode,
    /// What a person may read.
    pub message: String,
    /// More, for programs.
    pub details: Option<Value>,
}

impl ApiError {
    /// An answer with that status.
    #[must_use]
    pub fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Self { status, message: message.into(), details: None }
    }
    /// The request makes no sense.
    #[must_use]
    pub fn bad(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, message)
    }
    /// The person may not.
    #[must_use]
    pub fn denied() -> Self {
        Self::forbidden("access denied")
    }
    /// The person may not, in these words.
    #[must_use]
    pub fn forbidden(message: &str) -> Self {
        Self::new(StatusCode::FORBIDDEN, message)
    }
    /// There is no such thing.
    #[must_use]
    pub fn not_found(message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, message)
    }
    /// For signed-in people only.
    #[must_use]
    pub fn sign_in_first() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "user not authorized")
    }
    /// A fault of ours: logged, not shown.
    #[must_use]
    pub fn internal(error: &dyn std::fmt::Display) -> Self {
        tracing::error!("{error}");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal error")
    }
    /// With more for programs.
    #[must_use]
    pub fn with_details(self, details: Value) -> Self {
        Self { details: Some(details), ..self }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let mut body = json!({"error": self.message});
        if let Some(details) = self.details {
            body["details"] = details;
        }
        (self.status, Json(body)).into_response()
    }
}

impl From<HomeError> for ApiError {
    fn from(error: HomeError) -> Self {
        let status = match &error {
            HomeError::NotFound(_) => StatusCode::NOT_FOUND,
            HomeError::Denied => StatusCode::FORBIDDEN,
            HomeError::Bad(_) => StatusCode::BAD_REQUEST,
            HomeError::Conflict(_) => StatusCode::CONFLICT,
            _ => return Self::internal(&error),
        };
        Self::new(status, error.to_string())
    }
}

impl From<LoginError> for ApiError {
    fn from(error: LoginError) -> Self {
        match error {
            LoginError::Home(error) => error.into(),
            other => Self::new(
                StatusCode::from_u16(other.status()).unwrap_or(StatusCode::UNAUTHORIZED),
                other.to_string(),
            ),
        }
    }
}

impl From<DocumentError> for ApiError {
    fn from(error: DocumentError) -> Self {
        let status = match &error {
            DocumentError::NoView
            | DocumentError::NoEdit
            | DocumentError::NotOwner
            | DocumentError::Hidden => StatusCode::FORBIDDEN,
            // As Grist has it: rules are refused without a code of their own.
            DocumentError::Denied(access::Denied::Rules) => StatusCode::INTERNAL_SERVER_ERROR,
            DocumentError::Denied(denied) => {
                let memos: Vec<_> =
                    denied.memos().iter().map(|memo| json!({"kind": "reason", "text": memo})).collect();
                return Self::new(StatusCode::FORBIDDEN, error.to_string())
                    .with_details(json!({ "memos": memos }));
            }
            DocumentError::Rules(_) => StatusCode::BAD_REQUEST,
            DocumentError::Action(_) | DocumentError::Bad(_) => StatusCode::BAD_REQUEST,
            DocumentError::Engine(_) => StatusCode::NOT_FOUND,
            DocumentError::Closed => {
                return Self::new(StatusCode::SERVICE_UNAVAILABLE, "Document in flux - try again later");
            }
            DocumentError::Store(error) => return error.into(),
            DocumentError::Internal(_) => return Self::internal(&error),
        };
        Self::new(status, error.to_string())
    }
}

impl From<&StoreError> for ApiError {
    fn from(error: &StoreError) -> Self {
        match error {
            StoreError::Sqlite(_) | StoreError::Io(_) => Self::internal(error),
            StoreError::Missing(_) => {
                tracing::error!("{error}");
                Self::not_found("document not found")
            }
            other => Self::bad(other.to_string()),
        }
    }
}

impl From<std::io::Error> for ApiError {
    fn from(error: std::io::Error) -> Self {
        Self::internal(&error)
    }
}
