//! One turn: user actions become doc actions, which are kept and told.

use actions::UserAction;
use engine::Outcome;
use model::CellValue;
use model::json::Dialect;
use model::json::raw::raw_to_json;
use store::{Committed, DocFile, Info, Outgoing, Record};

use crate::action_group::ActionGroup;
use crate::error::DocumentError;
use crate::outgoing::triggered;
use crate::person::{ClientId, Person};
use crate::state::Document;
use crate::turns::Apply;
use crate::verdict::judge;

/// What a client says of its request.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ApplyOptions {
    /// What it does, for people.
    pub desc: Option<String>,
    /// The turn with which it is bundled; 0: none.
    pub link_id: i64,
    /// The turn that it undoes or redoes; 0: none.
    pub other_id: i64,
    /// Whether texts are to be read as the columns' types say, as if typed.
    pub parse_strings: bool,
    /// Whether the server does it by itself, on behalf of somebody.
    pub internal: bool,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Applied {
    /// The number of the turn; 0 when there was nothing to do.
    pub action_num: i64,
    /// Its hash.
    pub action_hash: Option<String>,
    /// What each user action returns (raw values).
    pub results: Vec<CellValue>,
    /// Whether anything changed.
    pub is_modification: bool,
}

impl Document {
    pub(crate) fn apply(&mut self, apply: Apply) -> Result<Applied, DocumentError> {
        let Apply { person, client, mut actions, options } = apply;
        if !person.may_edit() {
            return Err(DocumentError::NoEdit);
        }
        if actions.is_empty() {
            return Ok(self.apply_nothing(&person, client, options));
        }
        if options.parse_strings {
            actions::parse_strings(&self.engine, &mut actions);
        }
        self.turn(&person, client, &actions, &actions, options, false)
    }

    /// `asked` is what the history says was asked for; `actions` what is done.
    pub(crate) fn turn(
        &mut self,
        person: &Person,
        client: Option<ClientId>,
        actions: &[UserAction],
        asked: &[UserAction],
        mut options: ApplyOptions,
        is_undo: bool,
    ) -> Result<Applied, DocumentError> {
        if let Some(before) = client.and_then(|client| self.clients.get(&client)?.bundle) {
            options.link_id = before;
        }
        let view = if options.internal { None } else { self.require_asking(person, actions)? };
        let before = self.views();
        let moment = self.moment(Some(person));
        let time_ms = milliseconds(moment.now);
        let mut turn = self.engine.begin(moment);
        let results = actions::apply_user_actions(&mut turn, actions)?;
        let outcome = turn.outcome();
        let judged = judge(turn.engine(), self.rules.as_ref(), view.as_ref(), &outcome)?;
        let triggered = triggered(turn.engine_mut(), &outcome);
        let info = Info {
            time_ms,
            user: person.email.clone(),
            desc: options.desc.clone(),
            other_id: options.other_id,
            link_id: options.link_id,
        };
        // The file is written while the turn can still be taken back: dropping it does.
        let committed = keep(&mut self.file.borrow_mut(), &outcome, asked, info.clone(), &triggered.events)?;
        turn.keep();
        if let Some(client) = client.and_then(|client| self.clients.get_mut(&client))
            && client.bundle.is_some()
        {
            client.bundle = Some(committed.action_num);
        }
        let is_modification = !outcome.stored.is_empty();
        let applied = Applied {
            action_num: committed.action_num,
            action_hash: Some(committed.action_hash.clone()),
            results,
            is_modification,
        };
        let group = ActionGroup {
            from_client: client.is_some() && !options.internal,
            is_undo,
            internal: options.internal,
            ..ActionGroup::of_turn(committed, info, outcome, asked, &applied.results)
        };
        self.sizes.note_turn();
        self.seat.note_turn();
        if judged.changes_rules {
            self.follow_rules(client);
        } else {
            self.tell_changed_users(&before);
            self.broadcast(client, group, &judged.steps);
        }
        self.tell_triggered(&triggered);
        Ok(applied)
    }

    /// No action at all is told as well, under the number 0, and not kept.
    fn apply_nothing(&mut self, person: &Person, client: Option<ClientId>, options: ApplyOptions) -> Applied {
        let info = Info {
            time_ms: milliseconds((self.now)()),
            user: person.email.clone(),
            desc: options.desc,
            other_id: options.other_id,
            link_id: options.link_id,
        };
        self.broadcast(client, ActionGroup::of_nothing(info), &access::Steps::default());
        Applied { action_num: 0, action_hash: None, results: Vec::new(), is_modification: false }
    }
}

fn keep(
    file: &mut DocFile,
    outcome: &Outcome,
    asked: &[UserAction],
    info: Info,
    outgoing: &[Outgoing],
) -> Result<Committed, DocumentError> {
    let user_actions = asked
        .iter()
        .map(|action| {
            let mut list = vec![serde_json::Value::from(action.name.as_str())];
            list.extend(action.arguments.iter().map(|argument| raw_to_json(argument, Dialect::Grist)));
            serde_json::Value::Array(list)
        })
        .collect();
    Ok(file.commit(&Record { stored: &outcome.stored, undo: &outcome.undo, user_actions, info, outgoing })?)
}

#[expect(clippy::cast_possible_truncation, reason = "milliseconds since 1970")]
pub(crate) fn milliseconds(seconds: f64) -> i64 {
    (seconds * 1000.0) as i64
}
