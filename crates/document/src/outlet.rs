//! The one door out: what leaves for whom.
//!
//! Everybody connected hears of every turn, in the order of the turns, before its author gets the answer. Who works through windows is told of metadata, of
//! schema changes, and of the rows that their windows hold.

use std::fmt;
use std::sync::Arc;

use model::{DocAction, RowId};
use rustc_hash::FxHashSet;

use crate::action_group::ActionGroup;
use crate::person::ClientId;
use crate::presence::Profile;
use crate::state::Document;
use crate::usage::Usage;
use crate::windows::WindowChange;

/// What somebody connected is told.
#[derive(Clone, Debug)]
pub enum Push {
    /// A turn. `from_self`: by this very connection.
    Actions {
        /// What happened, as all may know it.
        group: Arc<ActionGroup>,
        /// The doc actions for this client, where they are not all of the group's.
        part: Option<Vec<DocAction>>,
        /// Whether this client did it.
        from_self: bool,
        /// Which client did it, if one did.
        author: Option<ClientId>,
        /// How full the document is now.
        usage: Arc<Usage>,
    },
    /// The rows or the order of one of the client's windows changed.
    Window(WindowChange),
    /// Somebody came, or changed their name (a profile), or went (none).
    Presence(String, Option<Profile>),
    /// What the client may see has changed: open the document again. Until then it hears what it may as it is now.
    Reload {
        /// Which client changed it, if one did.
        author: Option<ClientId>,
    },
    /// The document is closed or was replaced: open it again. `cut`: the connection is to be cut as well.
    Shutdown {
        /// Whether to cut the connection.
        cut: bool,
    },
    /// Something else that is going on, as `{"timing": {"status": "active"}}`.
    Chatter(serde_json::Value),
}

/// Hears what happens. Called from the document's thread: must not block.
pub trait Listener: Send + Sync + fmt::Debug {
    /// Takes a message.
    fn hear(&self, push: Push);
}

impl Document {
    /// Tells everybody of a turn.
    pub(crate) fn broadcast(&mut self, author: Option<ClientId>, group: ActionGroup, steps: &access::Steps) {
        let group = Arc::new(group);
        let usage = Arc::new(self.usage());
        let changes = self.follow_windows(&group.doc_actions);
        let everybody: Vec<ClientId> = self.clients.keys().copied().collect();
        for id in everybody {
            let Some(group) = self.part_for(id, &group, steps) else { continue };
            let Some(client) = self.clients.get(&id) else { continue };
            let part = client.windows.then(|| {
                let held = self.held_rows(id);
                let rows = |table: &str| held.get(table);
                group.doc_actions.iter().filter_map(|action| for_windows(action, rows)).collect()
            });
            client.listener.hear(Push::Actions {
                group,
                part,
                from_self: author == Some(id),
                author,
                usage: Arc::clone(&usage),
            });
        }
        for (client, change) in changes {
            if let Some(client) = self.clients.get(&client) {
                client.listener.hear(Push::Window(change));
            }
        }
    }

    /// Tells everybody.
    pub(crate) fn tell_all(&self, push: &Push) {
        for client in self.clients.values() {
            client.listener.hear(push.clone());
        }
    }
}

/// The part of a doc action that concerns the rows held.
fn for_windows<'h>(
    action: &DocAction,
    held: impl Fn(&str) -> Option<&'h FxHashSet<RowId>>,
) -> Option<DocAction> {
    if action.is_schema() || action.table().is_metadata() {
        return Some(action.clone());
    }
    match action {
        DocAction::UpdateRecord(table, row, _) => held(table)?.contains(row).then(|| action.clone()),
        DocAction::BulkUpdateRecord(table, rows, columns) => {
            let held = held(table)?;
            let places: Vec<usize> = (0..rows.len()).filter(|at| held.contains(&rows[*at])).collect();
            if places.is_empty() {
                return None;
            }
            let pick = |values: &model::Cells| values.select(places.iter().copied());
            let columns = columns.iter().map(|(col, values)| (col.clone(), pick(values))).collect();
            Some(DocAction::BulkUpdateRecord(
                table.clone(),
                places.iter().map(|at| rows[*at]).collect(),
                columns,
            ))
        }
        // Rows that come and go are told by changes of the windows; their cells are read when they are shown.
        DocAction::RemoveRecord(table, row) => held(table)?.contains(row).then(|| action.clone()),
        DocAction::BulkRemoveRecord(table, rows) => {
            let held = held(table)?;
            let rows: Vec<RowId> = rows.iter().copied().filter(|row| held.contains(row)).collect();
            (!rows.is_empty()).then(|| DocAction::BulkRemoveRecord(table.clone(), rows))
        }
        _ => None,
    }
}
