//! Doing what is asked.
//!
//! [`begin`] reads a request and checks the role it needs; what it gives back is the work, which ends with an answer.

mod access;
mod editing;
mod opening;
mod reading;
mod tools;
mod windowing;

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use login::{By, Turnstile};
use model::Role;
use serde_json::{Map, Value};

use crate::answer::{Answer, Refusal, answer_text};
use crate::call::{Call, DocumentCall, Need};
use crate::connection::{Done, Peer, Running};
use crate::descriptor::{Descriptor, Mode};

/// Answers over more cells than that are written on a thread of their own.
const LARGE: usize = 20_000;

type Work = Pin<Box<dyn Future<Output = Answer> + Send>>;

/// Begins what a message asks for. Heartbeats, and what is no request, get no answer.
pub(crate) async fn begin(peer: &Peer, text: &str) -> Option<Running> {
    let Ok(Value::Object(mut request)) = serde_json::from_str(text) else { return None };
    if request.contains_key("beat") {
        return None;
    }
    let id = request.remove("reqId").filter(|id| !id.is_null());
    peer.client.note_request(id.as_ref());
    let (method, arguments) = method_and_arguments(request);
    let work = match Call::parse(&method, &arguments) {
        Ok(Call::OpenDoc(open)) => {
            let opening = opening::open(peer, open);
            return Some(Box::pin(async move {
                let (answer, opened) = match opening.await {
                    Ok((data, descriptor)) => (Ok(Some(data)), Some(descriptor)),
                    Err(refusal) => (Err(refusal), None),
                };
                Done { text: answer_text(id.as_ref(), answer), opened }
            }));
        }
        Ok(Call::Document(descriptor, call)) => on_document(peer, &descriptor, call).await,
        Err(refusal) => Err(refusal),
    };
    Some(Box::pin(async move {
        let answer = match work {
            Ok(work) => work.await,
            Err(refusal) => Err(refusal),
        };
        Done { text: answer_text(id.as_ref(), answer), opened: None }
    }))
}

fn method_and_arguments(mut request: Map<String, Value>) -> (String, Vec<Value>) {
    let method = request.get("method").and_then(Value::as_str).unwrap_or("undefined").to_owned();
    let arguments = match request.remove("args") {
        Some(Value::Array(arguments)) => arguments,
        _ => Vec::new(),
    };
    (method, arguments)
}

/// A request to an open document: the descriptor, then the role, then the arguments.
async fn on_document(
    peer: &Peer,
    number: &Value,
    call: Result<DocumentCall, Refusal>,
) -> Result<Work, Refusal> {
    let named = || Refusal::NoDescriptor(number.as_str().map_or_else(|| number.to_string(), str::to_owned));
    let at = number.as_u64().and_then(|number| usize::try_from(number).ok());
    let descriptor = at.and_then(|at| peer.client.descriptor(at)).ok_or_else(named)?;
    let need = call.as_ref().map_or(Need::View, DocumentCall::need);
    if need != Need::Nothing {
        may(&descriptor, need).await?;
    }
    let call = call?;
    let turnstile =
        match peer.identity.by {
            By::Key => Some(peer.live.rooms.throttle.enter(descriptor.handle.id()).ok_or_else(|| {
                Refusal::Status(429, "Too many backlogged requests for document".to_owned())
            })?),
            By::Cookie | By::Nothing => None,
        };
    Ok(held(turnstile, work(peer, descriptor, call)))
}

fn held(turnstile: Option<Turnstile>, work: Work) -> Work {
    Box::pin(async move {
        let answer = work.await;
        drop(turnstile);
        answer
    })
}

async fn may(descriptor: &Descriptor, need: Need) -> Result<(), Refusal> {
    let role = descriptor.role().await?;
    let mode = descriptor.mode;
    match need {
        Need::Edit if mode != Mode::Default || role < Role::Editor => Err(Refusal::NoEdit(mode.name())),
        Need::Own if mode.shown(role) < Role::Owner => Err(Refusal::NoOwner(mode.name())),
        _ => Ok(()),
    }
}

fn work(peer: &Peer, on: Arc<Descriptor>, call: DocumentCall) -> Work {
    use DocumentCall as C;
    let client = Arc::clone(&peer.client);
    let live = peer.live.clone();
    match call {
        C::CloseDoc => Box::pin(async move {
            opening::close(&client, &on);
            Ok(None)
        }),
        C::ReloadDoc => Box::pin(opening::reload(live, on)),
        C::Fork => Box::pin(opening::fork(live, client, on)),
        C::FetchTable(table) => Box::pin(reading::fetch_table(on, table)),
        C::UseQuerySet(query) => Box::pin(reading::use_query_set(on, query)),
        C::GetFormulaError { table, col, row } => Box::pin(reading::formula_error(on, table, col, row)),
        C::GetActionSummaries => Box::pin(reading::action_summaries(on)),
        C::ListActiveUserProfiles => Box::pin(reading::active_profiles(on)),
        C::ApplyUserActions(actions, options) => Box::pin(editing::apply(on, actions, options)),
        C::ApplyUserActionsById(by_id) => Box::pin(editing::apply_by_id(on, by_id)),
        C::StartBundle => Box::pin(editing::bundle(on, true)),
        C::StopBundle => Box::pin(editing::bundle(on, false)),
        C::AddAttachments(upload) => Box::pin(editing::add_attachments(on, upload)),
        C::OpenWindow(request) => Box::pin(windowing::open(on, request)),
        C::UpdateWindow(window, request) => Box::pin(windowing::update(on, window, request)),
        C::ReadWindow { window, start, count } => Box::pin(windowing::read(on, window, start, count)),
        C::SeekWindow { window, row } => Box::pin(windowing::seek(on, window, row)),
        C::RowIdsOfWindow { window, start, count } => Box::pin(windowing::row_ids(on, window, start, count)),
        C::CloseWindow(window) => Box::pin(windowing::close(on, window)),
        C::SearchColumn { table, col, text, limit } => {
            Box::pin(windowing::search(on, table, col, text, limit))
        }
        C::DistinctValues { table, col, limit } => Box::pin(windowing::distinct(on, table, col, limit)),
        C::CheckAclFormula(formula) => Box::pin(access::check_formula(on, formula)),
        C::StartTiming => Box::pin(tools::start_timing(on)),
        C::StopTiming => Box::pin(tools::stop_timing(on)),
        C::GetAclResources => Box::pin(access::resources(on)),
        C::Autocomplete { text, table, col, row } => Box::pin(tools::autocomplete(on, text, table, col, row)),
        C::FetchPythonCode => Box::pin(tools::python_code(on)),
        C::FindColFromValues { values, count, table } => {
            Box::pin(tools::columns_of_values(on, values, count, table))
        }
        // There is nothing to dispose of: a query is answered once and not followed. Documents are ready when they are open.
        C::DisposeQuerySet | C::WaitForInitialization => Box::pin(async { Ok(None) }),
        // Nothing is published, and there is no assistant.
        C::GetShare | C::GetAssistantState => Box::pin(async { Ok(Some("null".to_owned())) }),
        C::NotYet(method, _) => {
            Box::pin(async move { Err(Refusal::bad(format!("{method} is not supported yet"))) })
        }
    }
}

/// Writes an answer: at once if it is short, else on a thread of its own, so that other connections are not held up.
async fn write(cells: usize, make: impl FnOnce() -> String + Send + 'static) -> Answer {
    if cells < LARGE {
        return Ok(Some(make()));
    }
    tokio::task::spawn_blocking(make).await.map(Some).map_err(|error| Refusal::broken(&error))
}
