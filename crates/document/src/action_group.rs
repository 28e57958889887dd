//! A turn as those connected are told of it.

use std::sync::{Arc, OnceLock};

use actions::UserAction;
use engine::Outcome;
use model::{CellValue, DocAction};
use store::{Committed, HistoryEntry, HistoryHead, Info};

use crate::action_summary::ActionSummary;

/// A turn: its head, a summary for people, and what happened.
#[derive(Debug, Default)]
pub struct ActionGroup {
    /// Its number; 0 when nothing was asked for.
    pub action_num: i64,
    /// Its hash.
    pub action_hash: Option<String>,
    /// What the client says it does.
    pub desc: Option<String>,
    /// Whether somebody connected did it (not a request over REST, nor the server).
    pub from_client: bool,
    /// The turn with which it is bundled; 0: none.
    pub link_id: i64,
    /// The turn that it undoes or redoes; 0: none.
    pub other_id: i64,
    /// Milliseconds since 1970.
    pub time_ms: i64,
    /// The e-mail address of who did it.
    pub user: String,
    /// The row that it added first; 0: none.
    pub row_id_hint: u32,
    /// The name of the first user action.
    pub primary_action: String,
    /// Whether it undoes another turn.
    pub is_undo: bool,
    /// Whether the server did it by itself.
    pub internal: bool,
    /// What changed, for people.
    pub summary: ActionSummary,
    /// What happened, in order.
    pub doc_actions: Vec<DocAction>,
    /// What the rim makes of the head and the summary for everybody, so that it is made once and not once a client.
    pub rendered_head: OnceLock<Arc<str>>,
    /// What the rim makes of the doc actions.
    pub rendered_actions: OnceLock<Arc<str>>,
    /// What the rim makes of how full the document was after it, for those who may know.
    pub rendered_usage: OnceLock<Arc<str>>,
    /// About how many characters that is or will be.
    pub weight: OnceLock<usize>,
}

impl ActionGroup {
    pub(crate) fn of_turn(
        committed: Committed,
        info: Info,
        outcome: Outcome,
        asked: &[UserAction],
        results: &[CellValue],
    ) -> Self {
        let primary = asked.first().map(|action| action.name.as_str()).unwrap_or_default();
        Self {
            action_num: committed.action_num,
            action_hash: Some(committed.action_hash),
            desc: info.desc,
            link_id: info.link_id,
            other_id: info.other_id,
            time_ms: info.time_ms,
            user: info.user,
            row_id_hint: row_id_hint(primary, results.first()),
            primary_action: primary.to_owned(),
            summary: ActionSummary::of(&outcome.stored, &outcome.undo),
            doc_actions: outcome.stored,
            ..Self::default()
        }
    }

    /// A turn in which nothing was asked for.
    pub(crate) fn of_nothing(info: Info) -> Self {
        Self {
            desc: info.desc,
            link_id: info.link_id,
            other_id: info.other_id,
            time_ms: info.time_ms,
            user: info.user,
            internal: true,
            ..Self::default()
        }
    }

    /// A turn of the past.
    #[must_use]
    pub fn of_entry(entry: HistoryEntry) -> Self {
        let primary =
            entry.user_actions.first().and_then(|action| action.get(0)?.as_str()).unwrap_or_default();
        Self {
            action_num: entry.action_num,
            action_hash: Some(entry.action_hash),
            desc: entry.info.desc,
            link_id: entry.info.link_id,
            other_id: entry.info.other_id,
            time_ms: entry.info.time_ms,
            user: entry.info.user,
            primary_action: primary.to_owned(),
            is_undo: primary == "ApplyUndoActions",
            internal: primary.is_empty(),
            summary: ActionSummary::of(&entry.stored, &entry.undo),
            doc_actions: entry.stored,
            ..Self::default()
        }
    }
}

/// The first row that an adding action has made, so that a client can show it.
fn row_id_hint(primary: &str, result: Option<&CellValue>) -> u32 {
    let row = match (primary, result) {
        ("AddRecord", Some(row)) => row.as_row_id(),
        ("BulkAddRecord", Some(CellValue::List(rows))) => rows.first().and_then(CellValue::as_row_id),
        _ => None,
    };
    row.unwrap_or_default().0
}

/// The head of a turn of the past, enough to undo it.
#[derive(Clone, Debug, PartialEq)]
pub struct LogEntry {
    /// Its number.
    pub action_num: i64,
    /// Its hash.
    pub action_hash: String,
    /// What the client said it does.
    pub desc: Option<String>,
    /// The turn with which it is bundled; 0: none.
    pub link_id: i64,
    /// The turn that it undoes or redoes; 0: none.
    pub other_id: i64,
    /// Whether it undoes another turn.
    pub is_undo: bool,
}

impl LogEntry {
    pub(crate) fn of(head: HistoryHead) -> Self {
        Self {
            action_num: head.action_num,
            action_hash: head.action_hash,
            desc: head.info.desc,
            link_id: head.info.link_id,
            other_id: head.info.other_id,
            is_undo: head.is_undo,
        }
    }
}
