//! Undo and redo: turns of the past taken back or done again, as turns of their own.

use actions::UserAction;
use model::json::Dialect;
use model::json::action_to_json;
use model::json::raw::raw_from_json;
use model::{CellValue, DocAction};
use store::HistoryEntry;

use crate::apply::Applied;
use crate::error::DocumentError;
use crate::person::Person;
use crate::state::Document;
use crate::turns::TravelInTime;
use crate::verdict::judge;

impl Document {
    /// Undoes turns, the newest first, or does them again, the oldest first.
    pub(crate) fn travel_in_time(&mut self, travel: TravelInTime) -> Result<Applied, DocumentError> {
        let TravelInTime { person, client, numbers, hashes, undo, options } = travel;
        if !person.may_edit() {
            return Err(DocumentError::NoEdit);
        }
        let mut entries = self.entries(&numbers, &hashes)?;
        let actions: Vec<UserAction> = if undo {
            let all: Vec<&DocAction> = entries.iter().flat_map(|entry| &entry.undo).collect();
            let allowed = self.allowed_of_undo(&person, &all)?;
            if allowed.is_empty() && !all.is_empty() {
                // Nothing of it may be done: a turn in which nothing happens, as in Grist.
                return self.turn(&person, client, &[], &[], options, undo);
            }
            vec![undoing(&allowed)]
        } else {
            let again = entries.drain(..).flat_map(|entry| entry.user_actions);
            again.map(|action| UserAction::from_raw(&raw_from_json(&action))).collect::<Result<_, _>>()?
        };
        self.turn(&person, client, &actions, &actions, options, undo)
    }

    /// The actions of an undo that rules allow. Somebody who may do only a part of it does that part, as in Grist.
    fn allowed_of_undo<'a>(
        &mut self,
        person: &Person,
        all: &[&'a DocAction],
    ) -> Result<Vec<&'a DocAction>, DocumentError> {
        let Some(view) = self.view(person) else { return Ok(all.to_vec()) };
        let mut kept = all.to_vec();
        if self.would_be_allowed(person, &view, &kept)? {
            return Ok(kept);
        }
        // Undo runs from its end: what comes later in the list is done first.
        let mut at = kept.len();
        while at > 0 {
            at -= 1;
            let one = [kept[at]];
            if !self.would_be_allowed(person, &view, &one)? {
                kept.remove(at);
            }
        }
        Ok(kept)
    }

    /// Tries an undo, and takes it back.
    fn would_be_allowed(
        &mut self,
        person: &Person,
        view: &access::View,
        actions: &[&DocAction],
    ) -> Result<bool, DocumentError> {
        let moment = self.moment(Some(person));
        let mut turn = self.engine.begin(moment);
        if actions::apply_user_actions(&mut turn, &[undoing(actions)]).is_err() {
            // By itself it cannot be done, which the whole will tell.
            return Ok(true);
        }
        let outcome = turn.outcome();
        match judge(turn.engine(), self.rules.as_ref(), Some(view), &outcome) {
            Ok(_) => Ok(true),
            Err(DocumentError::Denied(_)) => Ok(false),
            Err(error) => Err(error),
        }
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

fn undoing(actions: &[&DocAction]) -> UserAction {
    let list = actions.iter().map(|action| raw_from_json(&action_to_json(action, Dialect::Stdio))).collect();
    UserAction { name: "ApplyUndoActions".into(), arguments: vec![CellValue::List(list)] }
}
