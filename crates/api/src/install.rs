//! The installation, for its administrator: what it is set to, and whether it is well.

use axum::extract::{Path, State};
use axum::routing::{any, get};
use axum::{Json, Router};
use serde_json::{Value, json};

use crate::caller::Caller;
use crate::error::ApiError;
use crate::state::Server;

pub(crate) fn routes() -> Router<Server> {
    Router::new()
        .route("/install/prefs", get(preferences))
        .route("/install/users/exists", get(user_exists))
        .route("/probes", get(probes))
        .route("/probes/{id}", get(probe))
        .route("/admin/{*rest}", any(nothing_there))
        .route("/install/{*rest}", any(nothing_there))
}

/// Nothing is sent anywhere, and nothing is set from here.
async fn preferences(State(server): State<Server>, caller: Caller) -> Result<Json<Value>, ApiError> {
    caller.admin(&server).await?;
    Ok(Json(json!({
        "telemetry": {"telemetryLevel": {"value": "off", "source": "preferences"}},
        "checkForLatestVersion": false,
        "envVars": {},
    })))
}

async fn user_exists(
    State(server): State<Server>,
    caller: Caller,
    axum::extract::Query(query): axum::extract::Query<std::collections::HashMap<String, String>>,
) -> Result<Json<Value>, ApiError> {
    caller.admin(&server).await?;
    let email = query.get("email").ok_or_else(|| ApiError::bad("email required"))?;
    Ok(Json(json!({"exists": server.home.person_by_email(email).await?.is_some()})))
}

/// What can be asked about, with its name.
const PROBES: &[(&str, &str)] = &[
    ("health-check", "Is the home database well?"),
    ("persist-data", "Can the data directory be written to?"),
    ("session-secret", "Is the secret of cookies our own?"),
    ("admins", "Who administers?"),
    ("home-url", "Is the public address known?"),
];

async fn probes(State(server): State<Server>, caller: Caller) -> Result<Json<Value>, ApiError> {
    caller.admin(&server).await?;
    let probes: Vec<Value> = PROBES.iter().map(|(id, name)| json!({"id": id, "name": name})).collect();
    Ok(Json(json!({"probes": probes})))
}

async fn probe(
    State(server): State<Server>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<Value>, ApiError> {
    let admin = caller.admin(&server).await?;
    let (status, verdict) = match id.as_str() {
        "health-check" => match server.home.setting("").await {
            Ok(_) => ("success", "the home database answers".to_owned()),
            Err(error) => ("fault", error.to_string()),
        },
        "persist-data" => {
            let path = server.upload_path();
            let written = tokio::fs::write(&path, b"probe").await;
            // Nothing else to be done about a probe that stays.
            let _ = tokio::fs::remove_file(&path).await;
            match written {
                Ok(()) => ("success", "files can be written".to_owned()),
                Err(error) => ("fault", error.to_string()),
            }
        }
        "session-secret" => {
            let given = server.settings.session_secret.is_some();
            let whence = if given { "given in the settings" } else { "made here, kept in the home database" };
            ("success", whence.to_owned())
        }
        "admins" => ("success", admin.email.clone()),
        "home-url" => match &server.settings.home_url {
            Some(url) => ("success", url.clone()),
            None => {
                ("hmm", "MOULIN_HOME_URL is not set: needed behind a proxy that changes the host".to_owned())
            }
        },
        _ => return Err(ApiError::not_found("no such probe")),
    };
    Ok(Json(json!({"status": status, "verdict": verdict})))
}

/// Others are told that they may not before they are told that there is nothing.
async fn nothing_there(
    State(server): State<Server>,
    caller: Caller,
    uri: axum::http::Uri,
) -> Result<Json<Value>, ApiError> {
    caller.admin(&server).await?;
    Err(ApiError::not_found(format!("not found: /api{}", uri.path())))
}
