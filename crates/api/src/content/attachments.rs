//! Files attached to a document: uploading, listing, downloading.
//!
//! The bytes lie in the document, once for each content; a row of `_grist_Attachments` names them. Whoever may read the document may read its files.

use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, Path, Query, Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use document::{ApplyOptions, Handle, TableSnapshot};
use model::json::Dialect;
use model::json::raw::raw_to_json;
use model::{CellValue, RowId};
use serde_json::{Map, Value, json};

use super::disposition::content_disposition;
use super::edit::Parameters;
use super::image_size::image_size;
use super::record_requests::{action, dict};
use super::records::select;
use super::row_query::RowQuery;
use crate::body::{integer, is_on};
use crate::document_caller::DocumentCaller;
use crate::error::ApiError;
use crate::show;
use crate::state::Server;
use crate::upload::{Upload, receive};

/// The table of files.
pub(super) const ATTACHMENTS: &str = "_grist_Attachments";

pub(crate) fn routes() -> Router<Server> {
    let uploads =
        Router::new().route("/docs/{did}/attachments", post(upload)).layer(DefaultBodyLimit::disable());
    Router::new()
        .route("/docs/{did}/attachments", get(list))
        .route("/docs/{did}/attachments/{aid}", get(one))
        .route("/docs/{did}/attachments/{aid}/download", get(download))
        .merge(uploads)
}

async fn upload(
    State(server): State<Server>,
    caller: DocumentCaller,
    request: Request,
) -> Result<Json<Value>, ApiError> {
    caller.require_editor()?;
    let kind = request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if !kind.starts_with("multipart/form-data") {
        return Err(ApiError::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported content-type"));
    }
    let multipart =
        Multipart::from_request(request, &()).await.map_err(|error| ApiError::bad(error.to_string()))?;
    let form = receive(&server, multipart).await?;
    if form.files.is_empty() {
        return Err(ApiError::bad("missing payload"));
    }
    let document = caller.open().await?;
    let mut rows = Vec::new();
    for file in form.files {
        rows.push(keep(&document, file).await?);
    }
    let ids = CellValue::list(rows.iter().map(|_| CellValue::Null));
    let columns = by_column(&rows);
    let add = action("BulkAddRecord", [CellValue::text(ATTACHMENTS), ids, columns]);
    let applied = document.apply(caller.person(), None, vec![add], ApplyOptions::default()).await?;
    let ids = applied.results.first().map(|ids| raw_to_json(ids, Dialect::Grist));
    Ok(Json(ids.unwrap_or_default()))
}

/// Puts a file into the document; what is to be said of it.
async fn keep(document: &Handle, file: Upload) -> Result<Vec<(&'static str, CellValue)>, ApiError> {
    let bytes = tokio::fs::read(file.path()).await?;
    let name = if file.name.is_empty() { "file".to_owned() } else { file.name.clone() };
    let path = std::path::Path::new(&name);
    let extension = path.extension().map_or(String::new(), |ending| format!(".{}", ending.to_string_lossy()));
    let kind = mime_guess::from_path(path).first_or_octet_stream().to_string();
    let size = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
    let image = image_size(&bytes);
    let ending = extension.clone();
    let ident = document.with_file(move |store| store.attach(&bytes, &ending)).await?;
    let ident = ident.map_err(|error| ApiError::from(&error))?;
    let (width, height) = image.unwrap_or((0, 0));
    #[expect(clippy::cast_precision_loss, reason = "milliseconds since 1970 fit")]
    let now = home::now() as f64 / 1000.0;
    Ok(vec![
        ("fileIdent", CellValue::text(&ident)),
        ("fileName", CellValue::text(&name)),
        ("fileType", CellValue::text(&kind)),
        ("fileSize", CellValue::Int(size)),
        ("fileExt", CellValue::text(&extension)),
        ("imageWidth", CellValue::Int(i64::from(width))),
        ("imageHeight", CellValue::Int(i64::from(height))),
        ("timeUploaded", CellValue::Float(now)),
    ])
}

fn by_column(rows: &[Vec<(&'static str, CellValue)>]) -> CellValue {
    let Some(first) = rows.first() else { return dict([]) };
    dict(first.iter().enumerate().map(|(at, (name, _))| {
        ((*name).to_owned(), CellValue::list(rows.iter().map(|row| row[at].1.clone())))
    }))
}

async fn list(
    caller: DocumentCaller,
    Query(query): Query<Parameters>,
    headers: HeaderMap,
) -> Result<Json<Value>, ApiError> {
    let mut query = RowQuery::of_request(&query, &headers)?;
    let table = select(&caller, ATTACHMENTS, &mut query).await?;
    let shown = |row: RowId| json!({"id": row.0, "fields": show_file(&table, row)});
    Ok(Json(json!({"records": query.rows(&table).into_iter().map(shown).collect::<Vec<_>>()})))
}

/// A cell of a file's row.
pub(super) fn cell(table: &TableSnapshot, col: &str, row: RowId) -> CellValue {
    table.column(col).map_or(CellValue::Null, |column| column.cells.get(row))
}

fn show_file(table: &TableSnapshot, row: RowId) -> Map<String, Value> {
    #[expect(clippy::cast_possible_truncation, reason = "milliseconds since 1970")]
    let instant = |seconds: f64| show::instant((seconds * 1000.0) as i64);
    let uploaded = cell(table, "timeUploaded", row).as_number().map(instant);
    let mut fields = Map::new();
    fields.insert("fileName".into(), cell(table, "fileName", row).as_text().into());
    fields.insert("fileSize".into(), cell(table, "fileSize", row).as_int().into());
    fields.insert("timeUploaded".into(), uploaded.into());
    fields
}

/// The row of a file.
async fn find(caller: &DocumentCaller, id: &str) -> Result<(Handle, TableSnapshot, RowId), ApiError> {
    let number = integer("attId", id)?;
    let document = caller.open().await?;
    let table = document.snapshot(&caller.person(), ATTACHMENTS).await?;
    let row = u32::try_from(number).map(RowId).ok().filter(|row| table.rows.contains(*row));
    let row = row.ok_or_else(|| ApiError::not_found(format!("Attachment not found: {id}")))?;
    Ok((document, table, row))
}

async fn one(caller: DocumentCaller, Path((_, id)): Path<(String, String)>) -> Result<Json<Value>, ApiError> {
    let (_, table, row) = find(&caller, &id).await?;
    Ok(Json(Value::Object(show_file(&table, row))))
}

async fn download(
    caller: DocumentCaller,
    Path((_, id)): Path<(String, String)>,
    Query(query): Query<Parameters>,
) -> Result<Response, ApiError> {
    let (document, table, row) = find(&caller, &id).await?;
    let ident = cell(&table, "fileIdent", row).as_text().unwrap_or_default().to_owned();
    let bytes = document.with_file(move |file| file.attachment(&ident)).await?;
    let bytes = bytes.map_err(|error| ApiError::from(&error))?;
    let bytes = bytes.ok_or_else(|| ApiError::not_found(format!("Attachment not found: {id}")))?;
    let kind = cell(&table, "fileType", row);
    let kind = kind.as_text().filter(|kind| !kind.is_empty()).unwrap_or("application/octet-stream");
    let name = cell(&table, "fileName", row);
    let name = query.get("name").filter(|name| !name.is_empty()).map(String::as_str).or(name.as_text());
    // A page that is shown could do what it likes in the person's name.
    let may_show = !["text/html", "application/xhtml", "image/svg", "text/xml", "application/xml"]
        .iter()
        .any(|risky| kind.starts_with(risky));
    let inline = is_on(query.get("inline")) && may_show;
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    let kind = HeaderValue::from_str(kind).unwrap_or(HeaderValue::from_static("application/octet-stream"));
    headers.insert(CONTENT_TYPE, kind);
    headers.insert(CONTENT_DISPOSITION, content_disposition(inline, name.unwrap_or("file")));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, max-age=3600"));
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static("sandbox; default-src 'none'"));
    Ok(response)
}
