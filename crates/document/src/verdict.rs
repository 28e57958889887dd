//! Turns under rules: whether somebody may do what they ask for, and what each one hears of it.

use std::sync::Arc;

use access::{Rules, Steps, View};
use actions::UserAction;
use engine::{Engine, Outcome};
use model::CellValue;

use crate::action_group::ActionGroup;
use crate::action_summary::ActionSummary;
use crate::error::DocumentError;
use crate::guard::Seen;
use crate::outlet::Push;
use crate::person::{ClientId, Person};
use crate::state::Document;

/// User actions that look for rows by their values: who may not see all of a table learns from them what is there.
const SEEKING: [&str; 3] = ["AddOrUpdateRecord", "BulkAddOrUpdateRecord", "LookupOrAddRecord"];

/// What rules make of a turn.
#[derive(Debug)]
pub(crate) struct Judged {
    /// What it did to rows, as far as rules look at them.
    pub(crate) steps: Steps,
    pub(crate) changes_rules: bool,
}

/// Judges what a turn did, while it can still be taken back. `view`: whom it must be allowed to; nothing: anybody.
pub(crate) fn judge(
    engine: &Engine,
    rules: Option<&Arc<Rules>>,
    view: Option<&View>,
    outcome: &Outcome,
) -> Result<Judged, DocumentError> {
    let changes_rules = access::change_rules(&outcome.stored);
    let seen = Seen(engine);
    if changes_rules {
        Rules::check(&seen)?;
    }
    let Some(rules) = rules else { return Ok(Judged { steps: Steps::default(), changes_rules }) };
    let steps = Steps::of(&outcome.stored, &outcome.undo, &seen, &|table| rules.look_at_rows_of(table));
    if let Some(view) = view {
        view.check(&outcome.stored, &outcome.direct, &steps)?;
    }
    Ok(Judged { steps, changes_rules })
}

impl Document {
    /// Before a turn: whether somebody may ask for this at all; and the rules as they are for them.
    pub(crate) fn require_asking(
        &mut self,
        person: &Person,
        actions: &[UserAction],
    ) -> Result<Option<View>, DocumentError> {
        let Some(view) = self.view(person) else { return Ok(None) };
        for action in actions.iter().filter(|action| SEEKING.contains(&action.name.as_str())) {
            if let Some(CellValue::Text(table)) = action.arguments.first() {
                view.check_reads(table)?;
            }
        }
        Ok(Some(view))
    }

    /// A turn as somebody connected may hear of it; nothing if they may not hear anything of it.
    pub(crate) fn part_for(
        &mut self,
        client: ClientId,
        group: &Arc<ActionGroup>,
        steps: &Steps,
    ) -> Option<Arc<ActionGroup>> {
        if self.rules.is_none() {
            return Some(Arc::clone(group));
        }
        let person = self.clients.get(&client)?.person.clone();
        let Some(view) = self.view(&person).filter(|view| !self.reads_all(view)) else {
            return Some(Arc::clone(group));
        };
        let doc_actions = view.filter(&group.doc_actions, steps, &Seen(&self.engine));
        if doc_actions.is_empty() && !group.doc_actions.is_empty() {
            return None;
        }
        Some(Arc::new(ActionGroup {
            action_num: group.action_num,
            action_hash: group.action_hash.clone(),
            desc: Some(String::new()),
            from_client: group.from_client,
            link_id: group.link_id,
            other_id: group.other_id,
            time_ms: group.time_ms,
            user: group.user.clone(),
            row_id_hint: group.row_id_hint,
            primary_action: group.primary_action.clone(),
            is_undo: group.is_undo,
            internal: group.internal,
            summary: ActionSummary::default(),
            doc_actions,
            ..ActionGroup::default()
        }))
    }

    /// After a turn that changed rules: everybody comes again, and sees from now on what the rules let them.
    pub(crate) fn follow_rules(&mut self, author: Option<ClientId>) {
        self.read_rules();
        let everybody: Vec<ClientId> = self.clients.keys().copied().collect();
        for client in everybody {
            self.renew_windows(client);
        }
        self.tell_all(&Push::Reload { author });
    }

    /// What rules make of everybody connected, where records describe users.
    pub(crate) fn views(&mut self) -> Vec<(ClientId, View)> {
        if self.rules.as_ref().is_none_or(|rules| rules.attribute_tables().next().is_none()) {
            return Vec::new();
        }
        let people: Vec<(ClientId, Person)> =
            self.clients.iter().map(|(id, client)| (*id, client.person.clone())).collect();
        people.into_iter().filter_map(|(id, person)| Some((id, self.view(&person)?))).collect()
    }

    /// Tells those to come again whom the records describe otherwise than before.
    pub(crate) fn tell_changed_users(&mut self, before: &[(ClientId, View)]) {
        for (id, view) in before {
            let Some(person) = self.clients.get(id).map(|client| client.person.clone()) else { continue };
            if self.view(&person).is_some_and(|now| now.same_user(view)) {
                continue;
            }
            self.renew_windows(*id);
            if let Some(client) = self.clients.get(id) {
                client.listener.hear(Push::Reload { author: None });
            }
        }
    }
}
