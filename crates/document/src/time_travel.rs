//! Undo and redo: turns of the past taken back or done again, as turns of their own.

use actions::UserAction;
use model::CellValue;
use model::json::Dialect;
use model::json::action_to_json;
use model::json::raw::raw_from_json;
use store::HistoryEntry;

use crate::apply::Applied;
use crate::error::DocumentError;
use crate::state::Document;
use crate::turns::TravelInTime;

impl Document {
    /// Undoes turns, the newest first, or does them again, the oldest first.
    pub(crate) fn travel_in_time(&mut self, travel: TravelInTime) -> Result<Applied, DocumentError> {
        let TravelInTime { person, client, numbers, hashes, undo, options } = travel;
        if !person.may_edit() {
            return Err(DocumentError::NoEdit);
        }
        let mut entries = self.entries(&numbers, &hashes)?;
        let actions: Vec<UserAction> = if undo {
            let all = entries.iter().flat_map(|entry| &entry.undo);
            let all = all.map(|action| raw_from_json(&action_to_json(action, Dialect::Stdio))).collect();
            vec![UserAction { name: "ApplyUndoActions".into(), arguments: vec![CellValue::List(all)] }]
        } else {
            let again = entries.drain(..).flat_map(|entry| entry.user_actions);
            again.map(|action| UserAction::from_raw(&raw_from_json(&action))).collect::<Result<_, _>>()?
        };
        self.turn(&person, client, &actions, &actions, options, undo)
    }

    /// The entries of these numbers, oldest first, if they are what the client believes them to be.
    fn entries(&self, numbers: &[i64], hashes: &[String]) -> Result<Vec<HistoryEntry>, DocumentError> {
        if numbers.is_empty() || numbers.len() != hashes.len() {
            return Err(DocumentError::Bad("each action needs its number and its hash".into()));
        }
        let file = self.file.borrow();
        let entry = |(number, hash): (&i64, &String)| match file.history_entry(*number)? {
            None => Err(DocumentError::Bad(format!("action {number} is not in the history any more"))),
            Some(entry) if entry.action_hash != *hash => {
                Err(DocumentError::Bad(format!("Hash mismatch for action {number}")))
            }
            Some(entry) => Ok(entry),
        };
        let mut entries: Vec<HistoryEntry> =
            numbers.iter().zip(hashes).map(entry).collect::<Result<_, _>>()?;
        entries.sort_by_key(|entry| entry.action_num);
        Ok(entries)
    }
}
