//! The history of a document: its states, what changed between two of them, what another document has that this one has not.

use axum::extract::{Path, Query, State};
use axum::routing::{get, post};
use axum::{Json, Router};
use document::{ActionSummary, Handle};
use serde_json::{Value, json};

use super::edit::Parameters;
use super::summary_json::summary_json;
use crate::body::{JsonBody, is_on, nothing};
use crate::document_caller::DocumentCaller;
use crate::error::ApiError;
use crate::state::Server;

pub(crate) fn routes() -> Router<Server> {
    Router::new()
        .route("/docs/{did}/states", get(states))
        .route("/docs/{did}/states/remove", post(remove))
        .route("/docs/{did}/compare", get(compare))
        .route("/docs/{did}/compare/{other}", get(compare_with))
}

/// Number and hash, newest first.
type States = Vec<(i64, String)>;

fn state_json((number, hash): &(i64, String)) -> Value {
    json!({"n": number, "h": hash})
}

async fn states(caller: DocumentCaller) -> Result<Json<Value>, ApiError> {
    let states = caller.open().await?.states().await?;
    Ok(Json(json!({"states": states.iter().map(state_json).collect::<Vec<_>>()})))
}

async fn remove(caller: DocumentCaller, body: JsonBody) -> Result<Json<Value>, ApiError> {
    caller.require_owner()?;
    let keep = body.fields().get("keep");
    let number = keep.and_then(|keep| match keep {
        Value::String(text) => text.parse().ok(),
        other => other.as_u64().and_then(|keep| u32::try_from(keep).ok()),
    });
    let keep: u32 = number.filter(|keep| *keep > 0).ok_or_else(|| {
        let shown = keep.map_or_else(|| "undefined".to_owned(), Value::to_string);
        ApiError::bad(format!("keep parameter cannot be understood as an integer: {shown}"))
    })?;
    let removed = caller.open().await?.with_file(move |file| file.remove_history(keep)).await?;
    removed.map_err(|error| ApiError::from(&error))?;
    Ok(nothing())
}

/// `HEAD`, `HEAD~2`, a hash, or a hash with such an ending: its place among the states.
fn place_of(states: &States, name: &str) -> Option<usize> {
    let (base, back) = match name.split_once('~') {
        Some((base, back)) => (base, back.parse::<usize>().ok()?),
        None => (name.strip_suffix('^').unwrap_or(name), usize::from(name.ends_with('^'))),
    };
    let base = match base {
        "HEAD" => 0,
        hash => states.iter().position(|(_, known)| known == hash)?,
    };
    base.checked_add(back).filter(|place| *place < states.len())
}

/// What the newest turns of a document did, all but the oldest of them up to some place.
async fn changes(document: &Handle, newest: usize, before: usize, extent: Extent) -> Result<Value, ApiError> {
    let count = u32::try_from(before).unwrap_or(u32::MAX);
    let entries = if newest < before { document.history(count).await? } else { Vec::new() };
    let entries = &entries[..entries.len().saturating_sub(newest)];
    let stored: Vec<_> = entries.iter().flat_map(|entry| entry.stored.iter().cloned()).collect();
    let undo: Vec<_> = entries.iter().flat_map(|entry| entry.undo.iter().cloned()).collect();
    let summary = match extent {
        Extent::Some => ActionSummary::of(&stored, &undo),
        Extent::Whole => ActionSummary::whole(&stored, &undo),
    };
    Ok(summary_json(&summary))
}

async fn compare(caller: DocumentCaller, Query(query): Query<Parameters>) -> Result<Json<Value>, ApiError> {
    let document = caller.open().await?;
    caller.require_everything(&document).await?;
    let states = document.states().await?;
    let place = |name: &str| {
        let wanted = query.get(name).map_or("HEAD", String::as_str);
        place_of(&states, wanted).ok_or_else(|| ApiError::bad(format!("there is no state {wanted}")))
    };
    let (left, right) = (place("left")?, place("right")?);
    let summary = if left == right { "same" } else { "right" };
    let nothing = summary_json(&ActionSummary::default());
    Ok(Json(json!({
        "left": state_json(&states[left]),
        "right": state_json(&states[right]),
        "parent": state_json(&states[left]),
        "summary": summary,
        "details": {"leftChanges": nothing, "rightChanges": changes(&document, right, left, Extent::Some).await?},
    })))
}

async fn compare_with(
    State(server): State<Server>,
    caller: DocumentCaller,
    Path((_, other)): Path<(String, String)>,
    Query(query): Query<Parameters>,
) -> Result<Json<Value>, ApiError> {
    let other = DocumentCaller::named(&server, caller.caller.clone(), &other).await?;
    let (left, right) = (caller.open().await?, other.open().await?);
    if is_on(query.get("detail")) {
        caller.require_everything(&left).await?;
        other.require_everything(&right).await?;
    }
    let extent = is_on(query.get("detail")).then_some(Extent::Some);
    Ok(Json(comparison(&left, &right, extent).await?))
}

/// How many of the rows of big changes are told.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Extent {
    /// A few.
    Some,
    /// All.
    Whole,
}

/// What each of two documents has that the other has not; in detail if an extent is given.
pub(crate) async fn comparison(
    left: &Handle,
    right: &Handle,
    extent: Option<Extent>,
) -> Result<Value, ApiError> {
    let (ours, theirs) = (left.states().await?, right.states().await?);
    let parent = ours
        .iter()
        .enumerate()
        .find_map(|(at, (_, hash))| Some((at, theirs.iter().position(|(_, known)| known == hash)?)));
    let summary = match parent {
        None => "unrelated",
        Some((0, 0)) => "same",
        Some((_, 0)) => "left",
        Some((0, _)) => "right",
        Some(_) => "both",
    };
    let mut answer = json!({
        "left": ours.first().map(state_json),
        "right": theirs.first().map(state_json),
        "parent": parent.map(|(at, _)| state_json(&ours[at])),
        "summary": summary,
    });
    if let Some(extent) = extent {
        let (ours, theirs) = parent.unwrap_or((0, 0));
        answer["details"] = json!({
            "leftChanges": changes(left, 0, ours, extent).await?,
            "rightChanges": changes(right, 0, theirs, extent).await?,
        });
    }
    Ok(answer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_are_found_by_name() {
        let states = vec![(3, "ccc".to_owned()), (2, "bbb".to_owned()), (1, "aaa".to_owned())];
        let cases = [
            ("HEAD", Some(0)),
            ("HEAD~2", Some(2)),
            ("HEAD~3", None),
            ("HEAD^", Some(1)),
            ("bbb", Some(1)),
            ("bbb~1", Some(2)),
            ("zzz", None),
            ("HEAD~x", None),
        ];
        for (name, place) in cases {
            assert_eq!(place_of(&states, name), place, "{name}");
        }
    }
}
