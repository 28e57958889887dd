//! Everything that speaks HTTP: the REST interface, sign-in, and the web app's files.
//!
//! One file per group of routes; each has a `routes()` that [`router`] merges. Who asks is [`Caller`], who asks about a document is [`DocumentEntry`] (as an entry) or
//! [`DocumentCaller`] (what is in it). What goes wrong becomes an answer in [`ApiError`], and nowhere else. Knows no SQL.

mod body;
mod caller;
mod content;
mod create;
mod deliveries;
mod docs;
mod document_caller;
mod error;
mod housekeeping;
mod import;
mod install;
mod login_pages;
mod orgs;
mod prefixes;
mod profile;
mod scim;
mod service_accounts;
mod sharing;
mod show;
mod state;
mod status;
mod upload;
mod users;
mod web_app;
mod workspaces;

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, OriginalUri};
use axum::middleware::from_fn_with_state;
use axum::routing::get;
use tower::util::MapRequest;

pub use body::JsonBody;
pub use caller::Caller;
pub use deliveries::{deliver, outbox};
pub use document_caller::{DocumentCaller, DocumentEntry};
pub use error::ApiError;
pub use housekeeping::{keep_house, note_changes};
pub use prefixes::LIVE;
pub use state::Server;

/// All routes. `live` answers at [`LIVE`], where every WebSocket is led.
pub fn router(server: &Server, live: Router) -> Router {
    let api = Router::new()
        .merge(orgs::routes())
        .merge(workspaces::routes())
        .merge(docs::routes())
        .merge(create::routes())
        .merge(sharing::routes())
        .merge(profile::routes())
        .merge(users::routes())
        .merge(content::routes())
        .merge(status::routes())
        .merge(install::routes())
        .merge(service_accounts::routes(server))
        .merge(scim::routes(server))
        .fallback(not_found)
        .method_not_allowed_fallback(not_found)
        .layer(DefaultBodyLimit::max(body::LIMIT))
        .layer(from_fn_with_state(server.clone(), caller::authenticate));
    let inner = Router::new()
        .nest("/api", api)
        .route("/status", get(status::status))
        .merge(login_pages::routes())
        .fallback(web_app::serve)
        .with_state(server.clone())
        .merge(live);
    let settings = Arc::clone(&server.settings);
    // The path is cut before a route is looked for, so that this must lie outside.
    Router::new().fallback_service(MapRequest::new(inner, move |request| prefixes::strip(&settings, request)))
}

async fn not_found(OriginalUri(uri): OriginalUri) -> ApiError {
    ApiError::not_found(format!("not found: {uri}"))
}
