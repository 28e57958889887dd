//! New documents: empty, from a file, or as a copy of another.

use std::path::Path as FilePath;

use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, Path, Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::routing::post;
use axum::{Json, Router};
use home::{NewDocument, Person};
use model::Role;
use serde_json::{Value, json};
use store::CopyOptions;

use crate::body::JsonBody;
use crate::caller::Caller;
use crate::document_caller::DocumentCaller;
use crate::error::ApiError;
use crate::import;
use crate::orgs::required_name;
use crate::state::Server;
use crate::upload::{Form, Upload, receive};
use crate::workspaces;

pub(crate) fn routes() -> Router<Server> {
    let uploads = Router::new()
        .route("/docs", post(add))
        .route("/workspaces/{wid}/import", post(import))
        .layer(DefaultBodyLimit::disable());
    Router::new()
        .route("/workspaces/{wid}/docs", post(add_to_workspace))
        .route("/docs/{did}/copy", post(copy))
        .route("/docs/{did}/fork", post(fork))
        .merge(uploads)
}

/// What a document is called when nobody has said.
const UNTITLED: &str = "Untitled document";

async fn add_to_workspace(
    State(server): State<Server>,
    caller: Caller,
    Path(wid): Path<String>,
    body: JsonBody,
) -> Result<Json<Value>, ApiError> {
    let workspace = workspaces::named(&server, &caller, &wid, Role::Editor, false).await?.workspace.id;
    let new = NewDocument {
        name: required_name(&body)?.to_owned(),
        url_id: body.text("urlId").map(str::to_owned),
        kind: body.text("type").map(str::to_owned),
        options: body.fields().get("options").filter(|options| options.is_object()).map(Value::to_string),
        is_pinned: body.fields().get("isPinned").and_then(Value::as_bool).unwrap_or(false),
        id: None,
    };
    let source = Source::Empty(begin(&body));
    Ok(Json(make(&server, caller.person(), Place::Workspace(workspace), new, source).await?.into()))
}

/// How a new document begins, from what a request says of the browser.
fn begin(body: &JsonBody) -> document::NewDocument {
    let browser = body.fields().get("browserSettings");
    let text = |name: &str| {
        let inner = browser.and_then(|browser| browser.get(name)).and_then(Value::as_str);
        body.text(name).or(inner).unwrap_or_default().to_owned()
    };
    document::NewDocument { zone: text("timezone"), locale: text("locale"), now: seconds(), bare: false }
}

/// The same from a form, which brings the tables.
fn beginning(form: &Form) -> document::NewDocument {
    let text = |name: &str| form.field(name).unwrap_or_default().to_owned();
    document::NewDocument { zone: text("timezone"), locale: text("locale"), now: seconds(), bare: true }
}

#[expect(clippy::cast_precision_loss, reason = "milliseconds since 1970 fit")]
fn seconds() -> f64 {
    home::now() as f64 / 1000.0
}

/// What a new document is made from.
enum Source<'a> {
    Empty(document::NewDocument),
    File(Upload),
    /// A file of another program.
    Import(Upload, document::NewDocument),
    Copy(&'a DocumentCaller, CopyOptions),
}

impl Source<'_> {
    /// What a file that came in is made into.
    fn of(upload: Upload, new: document::NewDocument) -> Self {
        if upload.is_document() { Self::File(upload) } else { Self::Import(upload, new) }
    }
}

/// Where a new document goes.
#[derive(Clone, Copy, Debug)]
enum Place<'a> {
    /// Into a workspace.
    Workspace(i64),
    /// Nowhere: it is not saved, and belongs to whoever made it.
    Unsaved,
    /// Beside the document it is a fork of.
    ForkOf(&'a str),
}

/// Makes the file and the entry, or neither. Gives the whole id.
async fn make(
    server: &Server,
    person: &Person,
    place: Place<'_>,
    new: NewDocument,
    source: Source<'_>,
) -> Result<String, ApiError> {
    let id = match place {
        Place::Workspace(_) => home::new_id(),
        Place::Unsaved => server.home.add_fork(person, "new", &new.name).await?,
        Place::ForkOf(trunk) => server.home.add_fork(person, trunk, &new.name).await?,
    };
    let path = server.document_path(&id);
    let made = write_file(server, person, (&id, &path), source).await;
    let made = match (made, place) {
        (Ok(()), Place::Workspace(workspace)) => {
            let new = NewDocument { id: Some(id.clone()), ..new };
            server.home.add_document(person, workspace, &new).await.map(drop).map_err(ApiError::from)
        }
        (made, _) => made,
    };
    if let Err(error) = made {
        // What was half made goes again; the first error is the one to tell of.
        let _ = tokio::fs::remove_file(&path).await;
        if !matches!(place, Place::Workspace(_)) {
            let _ = server.home.delete_document(&id).await;
        }
        return Err(error);
    }
    Ok(id)
}

async fn write_file(
    server: &Server,
    person: &Person,
    (id, path): (&str, &FilePath),
    source: Source<'_>,
) -> Result<(), ApiError> {
    match source {
        Source::Import(upload, new) => {
            let imported = import::read(upload, new.locale.clone(), new.zone.clone()).await?;
            let empty = path.to_path_buf();
            blocking(move || document::create(&empty, &new).map_err(ApiError::from)).await?;
            let filled = import::fill(&server.documents.get(id, path).await?, person, imported).await;
            if filled.is_err() {
                server.documents.close(id, false).await;
            }
            filled
        }
        Source::Copy(original, options) => {
            let document = original.open().await?;
            original.require_copies(&document).await?;
            Ok(document.copy_to(path, options).await?)
        }
        Source::Empty(new) => {
            let path = path.to_path_buf();
            blocking(move || document::create(&path, &new).map_err(ApiError::from)).await
        }
        Source::File(upload) => {
            let path = path.to_path_buf();
            blocking(move || {
                // As Grist has it: whoever has a file that does not open is told to ask for help.
                let tips = json!({"tips": [{"action": "ask-for-help", "message": "Ask for help"}]});
                store::check_upload(upload.path())
                    .map_err(|error| ApiError::from(&error).with_details(tips))?;
                upload.keep_as(&path)?;
                Ok(())
            })
            .await
        }
    }
}

/// Work that waits for the disk.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, ApiError> + Send + 'static,
) -> Result<T, ApiError> {
    tokio::task::spawn_blocking(work).await.map_err(|error| ApiError::internal(&error))?
}

/// `POST /docs`: everything at once.
async fn add(
    State(server): State<Server>,
    caller: Caller,
    request: Request,
) -> Result<Json<Value>, ApiError> {
    if is_multipart(&request) {
        let form = receive(&server, multipart(request).await?).await?;
        let workspace = form.field("workspaceId").map(Value::from);
        let workspace = target(&server, &caller, workspace.as_ref()).await?;
        let name = form.field("documentName").map(str::to_owned);
        let begin = beginning(&form);
        let upload = form.into_document()?;
        let new = NewDocument { name: name.unwrap_or_else(|| upload.title()), ..NewDocument::default() };
        let id = make(&server, caller.person(), workspace, new, Source::of(upload, begin)).await?;
        return Ok(Json(id.into()));
    }
    let body = JsonBody::from_request(request, &server).await?;
    if let Some(source) = body.text("sourceDocumentId") {
        let source = DocumentCaller::named(&server, caller, source).await?;
        return copy_of(&server, &source, &body).await;
    }
    let workspace = target(&server, &caller, body.fields().get("workspaceId")).await?;
    let name = body.text("documentName").filter(|name| !name.is_empty()).unwrap_or(UNTITLED);
    let new = NewDocument { name: name.to_owned(), ..NewDocument::default() };
    let source = Source::Empty(begin(&body));
    Ok(Json(make(&server, caller.person(), workspace, new, source).await?.into()))
}

/// The workspace that a new document goes to. Without one it is not saved, which the anonymous may be refused.
async fn target(
    server: &Server,
    caller: &Caller,
    workspace: Option<&Value>,
) -> Result<Place<'static>, ApiError> {
    let wid = match workspace {
        None | Some(Value::Null) => {
            if caller.person().is_anonymous() && !server.settings.anon_playground {
                return Err(ApiError::forbidden("Anonymous document creation is disabled"));
            }
            return Ok(Place::Unsaved);
        }
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    };
    if wid.parse::<i64>().is_err() {
        let message = format!("workspaceId parameter cannot be understood as an integer: {wid}");
        return Err(ApiError::bad(message));
    }
    let found = workspaces::named(server, caller, &wid, Role::Editor, false).await?;
    Ok(Place::Workspace(found.workspace.id))
}

async fn import(
    State(server): State<Server>,
    caller: Caller,
    Path(wid): Path<String>,
    request: Request,
) -> Result<Json<Value>, ApiError> {
    let workspace = workspaces::named(&server, &caller, &wid, Role::Editor, false).await?.workspace.id;
    if !is_multipart(&request) {
        return Err(ApiError::bad("send the file as multipart/form-data, in a part named upload"));
    }
    let form = receive(&server, multipart(request).await?).await?;
    let name = form.field("documentName").filter(|name| !name.is_empty()).map(str::to_owned);
    let begin = beginning(&form);
    let upload = form.into_document()?;
    let title = name.unwrap_or_else(|| upload.title());
    let new = NewDocument { name: title.clone(), ..NewDocument::default() };
    let id =
        make(&server, caller.person(), Place::Workspace(workspace), new, Source::of(upload, begin)).await?;
    Ok(Json(json!({"id": id, "title": title})))
}

fn is_multipart(request: &Request) -> bool {
    let kind = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    kind.is_some_and(|kind| kind.starts_with("multipart/form-data"))
}

async fn multipart(request: Request) -> Result<Multipart, ApiError> {
    Multipart::from_request(request, &()).await.map_err(|error| ApiError::bad(error.to_string()))
}

async fn copy(
    State(server): State<Server>,
    source: DocumentCaller,
    body: JsonBody,
) -> Result<Json<Value>, ApiError> {
    copy_of(&server, &source, &body).await
}

async fn copy_of(server: &Server, source: &DocumentCaller, body: &JsonBody) -> Result<Json<Value>, ApiError> {
    let name = body.text("documentName").filter(|name| !name.is_empty());
    let name = name.ok_or_else(|| ApiError::bad("documentName parameter is required"))?;
    let workspace = target(server, &source.caller, body.fields().get("workspaceId")).await?;
    let as_template = body.fields().get("asTemplate").and_then(Value::as_bool).unwrap_or(false);
    let options = CopyOptions { without_data: as_template, triggers_off: true, ..CopyOptions::default() };
    let new = NewDocument {
        name: name.to_owned(),
        options: source.access.document.options.clone(),
        ..NewDocument::default()
    };
    let made = make(server, source.caller.person(), workspace, new, Source::Copy(source, options)).await?;
    Ok(Json(made.into()))
}

/// A copy to try things in, beside the original.
async fn fork(State(server): State<Server>, source: DocumentCaller) -> Result<Json<Value>, ApiError> {
    let document = &source.access.document;
    if document.trunk_id.is_some() {
        return Err(ApiError::bad("Cannot fork a document that is already a fork"));
    }
    let new = NewDocument { name: document.name.clone(), ..NewDocument::default() };
    let copied = Source::Copy(&source, CopyOptions { triggers_off: true, ..CopyOptions::default() });
    let id = make(&server, source.caller.person(), Place::ForkOf(&document.id), new, copied).await?;
    Ok(Json(json!({"forkId": home::DocumentName::parse(&id).fork, "docId": id, "urlId": id})))
}

/// Closes documents that are entries no more, and removes their files.
pub(crate) async fn remove_files(server: &Server, ids: Vec<String>) {
    for id in ids {
        let path = server.document_path(&id);
        let remove = async || {
            for suffix in ["", "-wal", "-shm"] {
                let mut name = path.clone().into_os_string();
                name.push(suffix);
                if let Err(error) = tokio::fs::remove_file(&name).await
                    && error.kind() != std::io::ErrorKind::NotFound
                {
                    tracing::warn!("the file of a removed document stays: {error}");
                }
            }
        };
        server.documents.close_and(&id, true, remove).await;
        server.outbox.stop(&id, None);
    }
}
