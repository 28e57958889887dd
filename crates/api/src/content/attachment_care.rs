//! Which attached files are used, removing those that are not, where they are kept, all of them as an archive.

use std::collections::HashSet;
use std::io::Write as _;

use axum::extract::Query;
use axum::http::header::CONTENT_DISPOSITION;
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Json, Router};
use document::{ApplyOptions, Handle};
use model::{CellValue, ColumnData, RowId, Text};
use serde_json::{Value, json};
use zip::write::SimpleFileOptions;

use super::attachments::{ATTACHMENTS, cell};
use super::disposition::content_disposition;
use super::edit::Parameters;
use super::payload;
use super::record_requests::{action, dict};
use super::stream::{Sink, answer};
use crate::body::{JsonBody, is_on, nothing};
use crate::document_caller::DocumentCaller;
use crate::error::ApiError;
use crate::state::Server;

/// How long a file that is not used any more is kept, in seconds: undo may bring its use back.
const KEPT_UNUSED: f64 = 7.0 * 24.0 * 3600.0;

pub(crate) fn routes() -> Router<Server> {
    Router::new()
        .route("/docs/{did}/attachments/updateUsed", post(update_used))
        .route("/docs/{did}/attachments/verifyFiles", post(verify))
        .route("/docs/{did}/attachments/removeUnused", post(remove_unused))
        .route("/docs/{did}/attachments/archive", get(archive))
        .route("/docs/{did}/attachments/store", get(store).post(set_store))
        .route("/docs/{did}/attachments/stores", get(stores))
        .route("/docs/{did}/attachments/transferStatus", get(transfers))
        .route("/docs/{did}/attachments/transferAll", post(transfer_all))
}

/// The files that cells refer to.
async fn used(document: &Handle) -> Result<HashSet<RowId>, ApiError> {
    let tables = document
        .with_engine(|engine, _| {
            let has_files = |table: &engine::Table| {
                table.columns().any(|(_, slot)| slot.spec.column_type == model::ColumnType::Attachments)
            };
            let tables = engine.tables().filter(|(_, table)| has_files(table));
            tables.map(|(_, table)| table.id.clone()).collect::<Vec<_>>()
        })
        .await?;
    let mut used = HashSet::new();
    for table in tables {
        let table = document.whole_table(&table).await?;
        for column in &table.columns {
            if column.column_type != model::ColumnType::Attachments {
                continue;
            }
            if let ColumnData::RefList(vector) = &column.cells.data {
                let lists = table.rows.iter().filter_map(|row| vector.get(row.index())?.as_ref());
                used.extend(lists.flat_map(|rows| rows.iter().copied()));
            }
        }
    }
    Ok(used)
}

#[expect(clippy::cast_precision_loss, reason = "milliseconds since 1970 fit")]
fn seconds() -> f64 {
    home::now() as f64 / 1000.0
}

/// Notes since when files have not been used; gives the rows that are not, with that instant.
async fn note_used(caller: &DocumentCaller, document: &Handle) -> Result<Vec<(RowId, f64)>, ApiError> {
    let used = used(document).await?;
    let table = document.whole_table(ATTACHMENTS).await?;
    let now = seconds();
    let (mut changed, mut values, mut unused) = (Vec::new(), Vec::new(), Vec::new());
    for row in table.rows.iter() {
        let since = cell(&table, "timeDeleted", row).as_number();
        match (used.contains(&row), since) {
            (true, Some(_)) => {
                changed.push(row);
                values.push(CellValue::Null);
            }
            (false, None) => {
                changed.push(row);
                values.push(CellValue::Float(now));
                unused.push((row, now));
            }
            (false, Some(since)) => unused.push((row, since)),
            (true, None) => {}
        }
    }
    if !changed.is_empty() {
        let columns = dict([("timeDeleted".to_owned(), CellValue::list(values))]);
        let rows = CellValue::list(changed.into_iter().map(CellValue::from));
        let update = action("BulkUpdateRecord", [CellValue::text(ATTACHMENTS), rows, columns]);
        by_itself(caller, document, update).await?;
    }
    Ok(unused)
}

/// What the server does on behalf of somebody.
async fn by_itself(
    caller: &DocumentCaller,
    document: &Handle,
    action: actions::UserAction,
) -> Result<(), ApiError> {
    let options = ApplyOptions { internal: true, ..ApplyOptions::default() };
    document.apply(caller.person(), None, vec![action], options).await?;
    Ok(())
}

async fn update_used(caller: DocumentCaller) -> Result<Json<Value>, ApiError> {
    caller.require_editor()?;
    note_used(&caller, &caller.open().await?).await?;
    Ok(nothing())
}

async fn remove_unused(
    caller: DocumentCaller,
    Query(query): Query<Parameters>,
) -> Result<Json<Value>, ApiError> {
    caller.require_owner()?;
    let document = caller.open().await?;
    let mut unused = note_used(&caller, &document).await?;
    if is_on(query.get("expiredonly")) {
        let oldest = seconds() - KEPT_UNUSED;
        unused.retain(|(_, since)| *since < oldest);
    }
    if !unused.is_empty() {
        let rows = CellValue::list(unused.into_iter().map(|(row, _)| CellValue::from(row)));
        let remove = action("BulkRemoveRecord", [CellValue::text(ATTACHMENTS), rows]);
        by_itself(&caller, &document, remove).await?;
    }
    let removed = document.with_file(store::DocFile::remove_unused_attachments).await?;
    removed.map_err(|error| ApiError::from(&error))?;
    if is_on(query.get("verifyfiles")) {
        check_files(&document).await?;
    }
    Ok(nothing())
}

async fn verify(caller: DocumentCaller) -> Result<Json<Value>, ApiError> {
    caller.require_owner()?;
    check_files(&caller.open().await?).await?;
    Ok(nothing())
}

/// Each row has its file, and each file a row.
async fn check_files(document: &Handle) -> Result<(), ApiError> {
    let table = document.whole_table(ATTACHMENTS).await?;
    let files = document.with_file(|file| file.attachments()).await?;
    let files: HashSet<Text> = files
        .map_err(|error| ApiError::from(&error))?
        .into_iter()
        .map(|file| Text::from(file.ident))
        .collect();
    let ident = |row: RowId| cell(&table, "fileIdent", row).as_text().map(Text::from);
    let named: HashSet<Text> = table.rows.iter().filter_map(ident).collect();
    if files == named {
        Ok(())
    } else {
        let (more, less) = (files.difference(&named).count(), named.difference(&files).count());
        let what = format!("{more} attached files have no row, {less} rows have no file");
        Err(ApiError::new(axum::http::StatusCode::CONFLICT, what))
    }
}

async fn archive(caller: DocumentCaller, Query(query): Query<Parameters>) -> Result<Response, ApiError> {
    let format = query.get("format").map_or("zip", String::as_str).to_owned();
    let content_type = match format.as_str() {
        "zip" => "application/zip",
        "tar" => "application/x-tar",
        other => {
            return Err(ApiError::bad(format!("format parameter {other} should be one of zip,tar")));
        }
    };
    let document = caller.open().await?;
    caller.require_everything(&document).await?;
    let table = document.whole_table(ATTACHMENTS).await?;
    let text = |col: &str, row: RowId| cell(&table, col, row).as_text().unwrap_or_default().to_owned();
    let files: Vec<(String, String)> = table
        .rows
        .iter()
        .map(|row| {
            let ident = text("fileIdent", row);
            let hash = ident.split('.').next().unwrap_or_default();
            // A name is one name, not a path.
            let name = text("fileName", row).replace(['/', '\\'], "_");
            (ident.clone(), format!("{hash}_{name}"))
        })
        .collect();
    let title = format!("{}-Attachments.{format}", caller.access.document.name);
    let mut response = answer(content_type, move |sink| {
        // Each file is fetched on its own: no more than one is in memory.
        let fetch = |ident: &str| {
            let ident = ident.to_owned();
            let found = document.with_file(move |file| file.attachment(&ident));
            let found = tokio::runtime::Handle::current().block_on(found)?;
            found.map_err(|error| ApiError::from(&error))
        };
        let written = if format == "zip" { zip(sink, &files, fetch) } else { tar(sink, &files, fetch) };
        written.map_err(|error| ApiError::internal(&error))
    })
    .await?;
    response.headers_mut().insert(CONTENT_DISPOSITION, content_disposition(false, &title));
    Ok(response)
}

/// Names that come twice get a number.
fn unique(names: &mut HashSet<String>, name: &str) -> String {
    let numbered = (2_u32..).map(|number| format!("{number}_{name}"));
    let free = std::iter::once(name.to_owned()).chain(numbered).find(|name| !names.contains(name));
    let free = free.unwrap_or_default();
    names.insert(free.clone());
    free
}

fn zip(
    sink: &mut Sink,
    files: &[(String, String)],
    fetch: impl Fn(&str) -> Result<Option<Vec<u8>>, ApiError>,
) -> std::io::Result<()> {
    let mut writer = zip::ZipWriter::new_stream(sink);
    let mut names = HashSet::new();
    for (ident, name) in files {
        let Some(bytes) = fetch(ident).map_err(std::io::Error::other)? else { continue };
        writer.start_file(unique(&mut names, name), SimpleFileOptions::default())?;
        writer.write_all(&bytes)?;
    }
    writer.finish()?;
    Ok(())
}

fn tar(
    sink: &mut Sink,
    files: &[(String, String)],
    fetch: impl Fn(&str) -> Result<Option<Vec<u8>>, ApiError>,
) -> std::io::Result<()> {
    let mut builder = tar::Builder::new(sink);
    let mut names = HashSet::new();
    for (ident, name) in files {
        let Some(bytes) = fetch(ident).map_err(std::io::Error::other)? else { continue };
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        builder.append_data(&mut header, unique(&mut names, name), bytes.as_slice())?;
    }
    builder.finish()
}

async fn store(_: DocumentCaller) -> Json<Value> {
    Json(json!({"type": "internal"}))
}

/// Files are kept in the document and nowhere else.
async fn set_store(caller: DocumentCaller, body: JsonBody) -> Result<Json<Value>, ApiError> {
    caller.require_owner()?;
    match body.text("type") {
        Some("internal") => Ok(Json(json!({}))),
        Some("external") => Err(ApiError::bad("No external store is configured on this server")),
        _ => Err(payload::bad("value.type is none of \"internal\", \"external\"")),
    }
}

async fn stores(caller: DocumentCaller) -> Result<Json<Value>, ApiError> {
    caller.require_owner()?;
    Ok(Json(json!({"stores": []})))
}

fn no_transfers() -> Json<Value> {
    Json(json!({
        "status": {"pendingTransferCount": 0, "isRunning": false, "successes": 0, "failures": 0},
        "locationSummary": "internal",
    }))
}

async fn transfers(_: DocumentCaller) -> Json<Value> {
    no_transfers()
}

async fn transfer_all(caller: DocumentCaller) -> Result<Json<Value>, ApiError> {
    caller.require_owner()?;
    Ok(no_transfers())
}
