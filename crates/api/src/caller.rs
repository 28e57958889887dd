//! Who asks, for routes that are not about one document.

use axum::extract::{FromRequestParts, Request, State};
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, ORIGIN, VARY,
};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use home::{Person, Site};
use login::Identity;

use crate::error::ApiError;
use crate::state::Server;

/// Who asks, and which site the address names.
#[derive(Clone, Debug)]
pub struct Caller {
    /// Who.
    pub identity: Identity,
    /// The site.
    pub site: Site,
}

impl Caller {
    /// The person.
    #[must_use]
    pub fn person(&self) -> &Person {
        &self.identity.person
    }

    /// The person, who must have signed in.
    ///
    /// # Errors
    /// 401.
    pub fn signed_in(&self) -> Result<&Person, ApiError> {
        if self.person().is_anonymous() { Err(ApiError::sign_in_first()) } else { Ok(self.person()) }
    }

    /// The person, who must administer the installation.
    ///
    /// # Errors
    /// 403.
    pub async fn admin(&self, server: &Server) -> Result<&Person, ApiError> {
        if server.login.is_admin(self.person()).await? {
            Ok(self.person())
        } else {
            Err(ApiError::forbidden("Access denied"))
        }
    }
}

impl FromRequestParts<Server> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, server: &Server) -> Result<Self, ApiError> {
        // The layer below has found out already; routes outside /api have no layer.
        if let Some(caller) = parts.extensions.get::<Self>() {
            return Ok(caller.clone());
        }
        let identity = server.login.identify(&parts.headers).await?;
        let site = parts.extensions.get::<Site>().cloned().unwrap_or_default();
        Ok(Self { identity, site })
    }
}

/// For everything below `/api`: finds out who asks, refuses what pages of other sites must not do, and says what they may.
pub(crate) async fn authenticate(State(server): State<Server>, mut request: Request, next: Next) -> Response {
    let origin = request.headers().get(ORIGIN).cloned();
    let is_own = server.login.is_own_origin(request.headers());
    let mut response = match admit(&server, &mut request).await {
        Err(error) => error.into_response(),
        Ok(()) if request.method() == Method::OPTIONS => StatusCode::OK.into_response(),
        Ok(()) => next.run(request).await,
    };
    let headers = response.headers_mut();
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-cache"));
    if let Some(origin) = origin {
        if is_own {
            headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
            headers.insert(ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
            headers.insert(
                ACCESS_CONTROL_ALLOW_HEADERS,
                HeaderValue::from_static("Authorization, Content-Type, X-Requested-With"),
            );
        } else {
            headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
            headers.insert(
                ACCESS_CONTROL_ALLOW_HEADERS,
                HeaderValue::from_static("Content-Type, X-Requested-With"),
            );
        }
        headers.insert(
            ACCESS_CONTROL_ALLOW_METHODS,
            HeaderValue::from_static("GET, PATCH, PUT, POST, DELETE, OPTIONS"),
        );
        headers.append(VARY, HeaderValue::from_static("Origin"));
    }
    response
}

async fn admit(server: &Server, request: &mut Request) -> Result<(), ApiError> {
    let login = &server.login;
    login.check_origin(request.headers())?;
    if request.method() == Method::OPTIONS {
        return Ok(());
    }
    let identity = login.identify(request.headers()).await?;
    login.check_forgery(request.method(), request.headers(), &identity)?;
    let site = request.extensions().get::<Site>().cloned().unwrap_or_default();
    request.extensions_mut().insert(Caller { identity, site });
    Ok(())
}
