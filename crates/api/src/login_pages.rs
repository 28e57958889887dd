//! Signing in and out. Until there is a sign-in service, whoever signs in is the default person.

use std::collections::HashMap;

use axum::Router;
use axum::extract::{Query, State};
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;

use crate::error::ApiError;
use crate::state::Server;

pub(crate) fn routes() -> Router<Server> {
    Router::new()
        .route("/login", get(sign_in))
        .route("/signin", get(sign_in))
        .route("/signup", get(sign_in))
        .route("/logout", get(sign_out))
}

/// Whether the browser came by HTTPS.
pub(crate) fn is_secure(server: &Server, headers: &HeaderMap) -> bool {
    let forwarded = headers.get("x-forwarded-proto").and_then(|value| value.to_str().ok());
    match forwarded {
        Some(scheme) => scheme.eq_ignore_ascii_case("https"),
        None => server.settings.home_url.as_deref().is_some_and(|url| url.starts_with("https://")),
    }
}

/// Where to go next: a path of ours, never another host.
fn next(query: &HashMap<String, String>) -> &str {
    let asked = query.get("next").map(String::as_str);
    let is_path =
        |path: &&str| path.starts_with('/') && !path.starts_with("//") && !path.contains(['\\', '\r', '\n']);
    asked.filter(is_path).unwrap_or("/")
}

async fn sign_in(
    State(server): State<Server>,
    headers: HeaderMap,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response, ApiError> {
    let Some(person) = server.login.default_person().await? else {
        return Err(ApiError::new(StatusCode::NOT_IMPLEMENTED, "no way of signing in is set up"));
    };
    let mut response = Redirect::to(next(&query)).into_response();
    if let Some(cookie) = server.login.sign_in(&person, is_secure(&server, &headers)) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    Ok(response)
}

async fn sign_out(
    State(server): State<Server>,
    headers: HeaderMap,
    Query(query): Query<HashMap<String, String>>,
) -> Response {
    let mut response = Redirect::to(next(&query)).into_response();
    if let Some(cookie) = server.login.sign_out(is_secure(&server, &headers)) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    response
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::next;

    #[test]
    fn only_paths_of_ours_are_gone_to() {
        let cases =
            [("/doc/x", "/doc/x"), ("//evil.org", "/"), ("https://evil.org", "/"), ("/\\evil.org", "/")];
        for (asked, gone) in cases {
            let query = HashMap::from([("next".to_owned(), asked.to_owned())]);
            assert_eq!(next(&query), gone, "{asked}");
        }
    }
}
