//! The web app's files, held in the program, compressed when it was built (`build.rs`).
//!
//! `MOULIN_WEB_DIR` names a folder that is read instead. Names with a hash in them never change and may be kept for ever; the page itself is asked for each time. Nothing is loaded from another host.

use std::path::{Component, Path};

use axum::extract::{Request, State};
use axum::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG,
    IF_NONE_MATCH, REFERRER_POLICY, SET_COOKIE, VARY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};

use crate::error::ApiError;
use crate::login_pages::is_secure;
use crate::state::Server;

/// A file of the web app.
struct Asset {
    /// Path with its slash.
    path: &'static str,
    kind: &'static str,
    etag: &'static str,
    plain: &'static [u8],
    gzip: Option<&'static [u8]>,
    brotli: Option<&'static [u8]>,
}

include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// Styles may be set by script: the editor of formulas makes its own.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
    img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; \
    base-uri 'none'; form-action 'self'; frame-ancestors 'self'; object-src 'none'";

/// Shown when the program was built without the web app.
const MISSING: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Moulin</title>\
    <p>This server was built without its web app; its REST interface works. To build both: <code>cargo xtask serve</code>.</p></html>";

/// Everything that is not a route: a file of the web app, or the page, which knows itself what its address means.
pub(crate) async fn serve(State(server): State<Server>, request: Request) -> Result<Response, ApiError> {
    let path = request.uri().path();
    if request.method() != Method::GET && request.method() != Method::HEAD {
        return Err(ApiError::not_found(format!("not found: {path}")));
    }
    if let Some(file) = answer_for(&server, path, request.headers()).await {
        return Ok(file);
    }
    let is_file =
        path.rsplit('/').next().is_some_and(|name| name.contains('.')) || path.starts_with("/assets/");
    if is_file {
        return Err(ApiError::not_found(format!("not found: {path}")));
    }
    let mut response = match answer_for(&server, "/index.html", request.headers()).await {
        Some(page) => page,
        None => ([(CONTENT_TYPE, "text/html; charset=utf-8")], MISSING).into_response(),
    };
    if server.login.is_new_here(request.headers())
        && let Some(person) = server.login.default_person().await?
        && let Some(cookie) = server.login.sign_in(&person, is_secure(&server, request.headers()))
    {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    Ok(response)
}

async fn answer_for(server: &Server, path: &str, asked: &HeaderMap) -> Option<Response> {
    match &server.settings.web_dir {
        Some(folder) => from_folder(folder, path).await,
        None => find(path).map(|asset| answer(asset, asked)),
    }
}

/// A file of a folder that may change at any time.
async fn from_folder(folder: &Path, path: &str) -> Option<Response> {
    let inside = Path::new(path.trim_start_matches('/'));
    if !inside.components().all(|part| matches!(part, Component::Normal(_))) {
        return None;
    }
    let bytes = tokio::fs::read(folder.join(inside)).await.ok()?;
    let kind = mime_guess::from_path(inside).first_or_octet_stream();
    let headers = [
        (CACHE_CONTROL, "no-cache"),
        (CONTENT_TYPE, kind.as_ref()),
        (CONTENT_SECURITY_POLICY, POLICY),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    Some((headers, bytes).into_response())
}

fn find(path: &str) -> Option<&'static Asset> {
    ASSETS.binary_search_by(|asset| asset.path.cmp(path)).ok().map(|at| &ASSETS[at])
}

fn answer(asset: &'static Asset, asked: &HeaderMap) -> Response {
    let mut headers = HeaderMap::new();
    let text = |headers: &HeaderMap, name| {
        headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok()).unwrap_or_default().to_owned()
    };
    let is_page = asset.kind.starts_with("text/html");
    let cache =
        if asset.path.starts_with("/assets/") { "public, max-age=31536000, immutable" } else { "no-cache" };
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(cache));
    headers.insert(ETAG, HeaderValue::from_static(asset.etag));
    headers.insert(VARY, HeaderValue::from_static("Accept-Encoding"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if is_page {
        headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
        headers.insert(REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    }
    if text(asked, IF_NONE_MATCH).split(',').any(|etag| etag.trim().trim_start_matches("W/") == asset.etag) {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(asset.kind));
    let accepted = text(asked, ACCEPT_ENCODING);
    let takes = |name: &str| {
        accepted.split(',').any(|part| {
            let mut words = part.split(';').map(str::trim);
            words.next() == Some(name) && !words.any(|word| word == "q=0")
        })
    };
    let (body, encoding) = match (asset.brotli, asset.gzip) {
        (Some(brotli), _) if takes("br") => (brotli, Some("br")),
        (_, Some(gzip)) if takes("gzip") => (gzip, Some("gzip")),
        _ => (asset.plain, None),
    };
    if let Some(encoding) = encoding {
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    (headers, body).into_response()
}
