//! Changing: user actions, undo and redo, bundles, attachments.

use std::sync::Arc;

use actions::UserAction;
use document::{Applied, ApplyOptions};
use model::json::Dialect;
use model::json::raw::raw_to_json;
use serde_json::{Value, json};

use crate::answer::{Answer, Refusal, Rendered};
use crate::call::ById;
use crate::descriptor::Descriptor;

pub(super) async fn apply(on: Arc<Descriptor>, actions: Vec<UserAction>, options: ApplyOptions) -> Answer {
    let applied = on.handle.apply(on.person(), Some(on.seat()?), actions, options).await?;
    Ok(Some(applied_text(&applied)))
}

pub(super) async fn apply_by_id(on: Arc<Descriptor>, by_id: ById) -> Answer {
    let ById { numbers, hashes, undo, options } = by_id;
    let which = (numbers, hashes);
    let applied = on.handle.apply_by_id(on.person(), Some(on.seat()?), which, undo, options).await?;
    Ok(Some(applied_text(&applied)))
}

fn applied_text(applied: &Applied) -> Rendered {
    let results: Vec<Value> =
        applied.results.iter().map(|result| raw_to_json(result, Dialect::Grist)).collect();
    json!({
        "actionNum": applied.action_num,
        "actionHash": applied.action_hash,
        "retValues": results,
        "isModification": applied.is_modification,
    })
    .to_string()
}

/// Begins or ends a bundle: its actions are one step of undo.
pub(super) async fn bundle(on: Arc<Descriptor>, start: bool) -> Answer {
    on.handle.bundle(on.seat()?, start).await?;
    Ok(None)
}

/// Uploads are not kept yet: none is known.
pub(super) async fn add_attachments(_on: Arc<Descriptor>, upload: u64) -> Answer {
    Err(Refusal::Status(404, format!("Unknown upload {upload}")))
}
