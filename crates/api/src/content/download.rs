//! Downloads: the document itself, and tables as text, as spreadsheets, and as descriptions.

use axum::extract::{Query, State};
use axum::http::HeaderValue;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_LENGTH};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::json;
use store::CopyOptions;

use super::disposition::content_disposition;
use super::edit::Parameters;
use super::export_table::{Plan, plan, plans, read};
use super::stream::answer;
use super::{delimited, spreadsheet, table_schema};
use crate::body::is_on;
use crate::document_caller::DocumentCaller;
use crate::error::ApiError;
use crate::state::Server;

pub(crate) fn routes() -> Router<Server> {
    Router::new()
        .route("/docs/{did}/download", get(document))
        .route("/docs/{did}/download/csv", get(csv))
        .route("/docs/{did}/download/tsv", get(tsv))
        .route("/docs/{did}/download/dsv", get(dsv))
        .route("/docs/{did}/download/xlsx", get(xlsx))
        .route("/docs/{did}/download/table-schema", get(schema))
}

/// What stands at the head of columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Header {
    /// What people see.
    Label,
    /// The id.
    Id,
}

impl Header {
    fn of(query: &Parameters) -> Result<Self, ApiError> {
        match query.get("header").map(String::as_str) {
            None | Some("" | "label") => Ok(Self::Label),
            Some("colId") => Ok(Self::Id),
            Some(other) => {
                Err(ApiError::bad(format!("header parameter {other} should be one of label,colId")))
            }
        }
    }

    /// The heads of the columns.
    pub(crate) fn names(self, plan: &Plan) -> Vec<&str> {
        plan.columns
            .iter()
            .map(|column| match self {
                Self::Label => column.label.as_str(),
                Self::Id => column.id.as_str(),
            })
            .collect()
    }
}

/// The name of a file: what was asked for, else that of the document and of what it holds.
fn file_name(caller: &DocumentCaller, query: &Parameters, part: Option<&str>, ending: &str) -> HeaderValue {
    let document = &caller.access.document.name;
    let title = match (query.get("title").filter(|title| !title.is_empty()), part) {
        (Some(title), _) => title.clone(),
        (None, Some(part)) => format!("{document}-{part}"),
        (None, None) => document.clone(),
    };
    content_disposition(false, &format!("{title}.{ending}"))
}

/// The whole file, as it is now, perhaps without history or data.
async fn document(
    State(server): State<Server>,
    caller: DocumentCaller,
    Query(query): Query<Parameters>,
) -> Result<Response, ApiError> {
    let opened = caller.open().await?;
    caller.require_copies(&opened).await?;
    if is_on(query.get("dryrun")) {
        return Ok(Json(json!({"dryRun": "allowed"})).into_response());
    }
    let options = CopyOptions {
        without_history: is_on(query.get("nohistory")),
        without_data: is_on(query.get("template")),
        without_copy_rules: is_on(query.get("removeFullCopiesSpecialRight")),
        ..CopyOptions::default()
    };
    let copy = Copy(server.upload_path());
    opened.copy_to(&copy.0, options).await?;
    let file = std::fs::File::open(&copy.0)?;
    let length = file.metadata()?.len();
    let mut response = answer("application/x-sqlite3", move |sink| {
        let mut file = file;
        std::io::copy(&mut file, sink)?;
        drop(copy);
        Ok(())
    })
    .await?;
    let headers = response.headers_mut();
    headers.insert(CONTENT_DISPOSITION, file_name(&caller, &query, None, "grist"));
    headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
    Ok(response)
}

/// A copy on its way out; removed when it is sent, or nobody wants it.
struct Copy(std::path::PathBuf);

impl Drop for Copy {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_file(&self.0) {
            tracing::warn!("a copy made for a download stays: {error}");
        }
    }
}

async fn csv(caller: DocumentCaller, Query(query): Query<Parameters>) -> Result<Response, ApiError> {
    text(&caller, &query, delimited::CSV).await
}

async fn tsv(caller: DocumentCaller, Query(query): Query<Parameters>) -> Result<Response, ApiError> {
    text(&caller, &query, delimited::TSV).await
}

async fn dsv(caller: DocumentCaller, Query(query): Query<Parameters>) -> Result<Response, ApiError> {
    text(&caller, &query, delimited::DSV).await
}

async fn text(
    caller: &DocumentCaller,
    query: &Parameters,
    form: delimited::Form,
) -> Result<Response, ApiError> {
    let header = Header::of(query)?;
    let document = caller.open().await?;
    let export = read(&document, &caller.person(), plan(&document, &caller.person(), query).await?).await?;
    let name = file_name(caller, query, Some(&export.plan.title), form.ending);
    let mut response = answer(form.content_type, move |sink| {
        delimited::write(sink, &export, header, form);
        Ok(())
    })
    .await?;
    response.headers_mut().insert(CONTENT_DISPOSITION, name);
    Ok(response)
}

async fn xlsx(caller: DocumentCaller, Query(query): Query<Parameters>) -> Result<Response, ApiError> {
    let header = Header::of(&query)?;
    let document = caller.open().await?;
    let person = caller.person();
    let names_part = ["tableId", "viewSection"].iter().any(|name| query.contains_key(*name));
    let chosen = if names_part {
        vec![plan(&document, &person, &query).await?]
    } else {
        plans(&document, &person).await?
    };
    let part = chosen.first().filter(|_| names_part).map(|plan| plan.title.clone());
    let mut exports = Vec::new();
    for plan in chosen {
        exports.push(read(&document, &person, plan).await?);
    }
    let mut response = answer(spreadsheet::CONTENT_TYPE, move |sink| {
        let bytes = spreadsheet::write(&exports, header).map_err(|error| ApiError::internal(&error))?;
        std::io::Write::write_all(sink, &bytes)?;
        Ok(())
    })
    .await?;
    let name = file_name(&caller, &query, part.as_deref(), "xlsx");
    response.headers_mut().insert(CONTENT_DISPOSITION, name);
    Ok(response)
}

async fn schema(
    State(server): State<Server>,
    caller: DocumentCaller,
    Query(query): Query<Parameters>,
) -> Result<Response, ApiError> {
    let header = Header::of(&query)?;
    let document = caller.open().await?;
    let plan = plan(&document, &caller.person(), &query).await?;
    let name = file_name(&caller, &query, Some(&plan.title), "json");
    let base = server.settings.home_url.clone().unwrap_or_default();
    let head = if header == Header::Id { "&header=colId" } else { "" };
    let path = format!("{base}/api/docs/{}/download/csv?tableId={}{head}", caller.id(), plan.table);
    let mut response = Json(table_schema::describe(&plan, header, &path)).into_response();
    response.headers_mut().insert(CONTENT_DISPOSITION, name);
    Ok(response)
}
