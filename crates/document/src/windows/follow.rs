//! Keeping windows in step with the turns.

use model::{ColId, DocAction, RowId};
use rustc_hash::{FxHashMap, FxHashSet};

use super::filter::Test;
use super::order::Sorter;
use super::window::{Window, WindowId, deciding};
use super::{Splice, WindowChange};
use crate::outlet::Push;
use crate::person::ClientId;
use crate::snapshot::TableSnapshot;
use crate::state::Document;

/// A turn that moves more rows than this makes the order anew.
const FEW: usize = 200;

/// What a turn did to a table, as far as windows are concerned.
#[derive(Debug, Default)]
struct Touched {
    /// Rows that came or went.
    rows: FxHashSet<RowId>,
    /// Rows of which cells changed, by the columns that did.
    columns: FxHashMap<ColId, FxHashSet<RowId>>,
    everything: bool,
}

impl Document {
    /// Brings the windows up to date after a turn, and gives what their clients must know.
    pub(crate) fn follow_windows(&mut self, actions: &[DocAction]) -> Vec<(ClientId, WindowChange)> {
        if self.windows.is_empty() || actions.is_empty() {
            return Vec::new();
        }
        let (touched, renamed) = touched(actions);
        for window in self.windows.values_mut() {
            if let Some(name) = renamed.get(window.request.table.as_str()) {
                window.request.table.clone_from(name);
            }
        }
        let mut keys: Vec<(ClientId, WindowId)> = self
            .windows
            .iter()
            .filter(|(_, window)| touched.contains_key(&window.request.table))
            .map(|(key, _)| *key)
            .collect();
        keys.sort_unstable();
        // With rules, each client has another table.
        let guarded = self.rules.is_some();
        let mut snapshots: FxHashMap<(Option<ClientId>, String), Option<TableSnapshot>> =
            FxHashMap::default();
        let mut changes = Vec::new();
        for key in keys {
            let Some(window) = self.windows.get(&key) else { continue };
            let name = window.request.table.clone();
            let Some(touched) = touched.get(&name) else { continue };
            let by_row = self.rules.as_ref().is_some_and(|rules| rules.look_at_rows_of(&name));
            let whose = (guarded.then_some(key.0), name.clone());
            if !snapshots.contains_key(&whose) {
                let snapshot = if guarded { self.snapshot_of(key.0, &name) } else { self.snapshot(&name) };
                snapshots.insert(whose.clone(), snapshot.ok());
            }
            let (Some(window), Some(table)) = (self.windows.get_mut(&key), snapshots.get(&whose)) else {
                continue;
            };
            if let Some(change) = window.follow(key.1, touched, table.as_ref(), by_row) {
                changes.push((key.0, change));
            }
        }
        changes
    }
}

impl Document {
    /// What somebody may see has become another: their windows show that from now on.
    pub(crate) fn renew_windows(&mut self, client: ClientId) {
        let ids: Vec<WindowId> =
            self.windows.keys().filter(|(owner, _)| *owner == client).map(|(_, id)| *id).collect();
        for id in ids {
            let Some(name) = self.windows.get(&(client, id)).map(|window| window.request.table.clone())
            else {
                continue;
            };
            let table = self.snapshot_of(client, &name).ok();
            let Some(window) = self.windows.get_mut(&(client, id)) else { continue };
            let change =
                window.follow(id, &Touched { everything: true, ..Touched::default() }, table.as_ref(), false);
            if let (Some(change), Some(client)) = (change, self.clients.get(&client)) {
                client.listener.hear(Push::Window(change));
            }
        }
    }
}

impl Window {
    fn follow(
        &mut self,
        id: WindowId,
        touched: &Touched,
        table: Option<&TableSnapshot>,
        by_row: bool,
    ) -> Option<WindowChange> {
        let mut rows = touched.rows.clone();
        if by_row {
            // Any cell may bring a row into sight, or out of it.
            rows.extend(touched.columns.values().flatten().copied());
        }
        let deciding = deciding(&self.request);
        rows.extend(deciding.iter().filter_map(|col| touched.columns.get(col)).flatten().copied());
        if !touched.everything && rows.is_empty() {
            return None;
        }
        let splices = match table {
            Some(table) if !touched.everything && rows.len() <= FEW => self.splice(&rows, table),
            Some(table) => {
                let order = Self::select(table, &self.request);
                if order == self.order {
                    return None;
                }
                self.order = order;
                None
            }
            // The table is gone.
            None => {
                self.order.clear();
                None
            }
        };
        if splices.as_ref().is_some_and(Vec::is_empty) {
            return None;
        }
        self.version += 1;
        Some(WindowChange { window: id, version: self.version, row_count: self.order.len(), splices })
    }

    /// Takes the rows out and puts them in again where they belong now.
    fn splice(&mut self, rows: &FxHashSet<RowId>, table: &TableSnapshot) -> Option<Vec<Splice>> {
        let tests = Test::all(table, &Self::filters(&self.request));
        let sorter = Sorter::for_few(table, &self.request.sort);
        let mut stays: Vec<RowId> = rows
            .iter()
            .copied()
            .filter(|row| table.rows.contains(*row))
            .filter(|row| tests.iter().all(|test| test.passes(*row)) || self.request.keep.contains(row))
            .collect();
        stays.sort_by(|a, b| sorter.compare(*a, *b));
        let places = self.order.iter().enumerate().filter(|(_, row)| rows.contains(row)).map(|(at, _)| at);
        let places: Vec<usize> = places.collect();
        let before = self.order.clone();
        self.order.retain(|row| !rows.contains(row));
        let mut inserted: Vec<(usize, RowId)> = Vec::new();
        for row in stays {
            let at = self.order.partition_point(|other| sorter.compare(*other, row).is_lt());
            self.order.insert(at, row);
            inserted.push((at, row));
        }
        if self.order == before {
            return Some(Vec::new());
        }
        let mut splices: Vec<Splice> = Vec::new();
        // From the end, so that the places before stay right.
        for at in places.into_iter().rev() {
            match splices.last_mut() {
                Some(last) if last.index == at + 1 => {
                    last.index = at;
                    last.removed += 1;
                }
                _ => splices.push(Splice { index: at, removed: 1, inserted: Vec::new() }),
            }
        }
        // In the order of their places: each is then right on the result of those before.
        for (at, row) in inserted {
            match splices.last_mut() {
                Some(last) if !last.inserted.is_empty() && last.index + last.inserted.len() == at => {
                    last.inserted.push(row);
                }
                _ => splices.push(Splice { index: at, removed: 0, inserted: vec![row] }),
            }
        }
        Some(splices)
    }
}

/// What was touched, by the tables' names in the end, and how tables were renamed.
fn touched(actions: &[DocAction]) -> (FxHashMap<String, Touched>, FxHashMap<String, String>) {
    let mut touched: FxHashMap<String, Touched> = FxHashMap::default();
    let mut renamed: FxHashMap<String, String> = FxHashMap::default();
    for action in actions {
        if let DocAction::RenameTable(old, new) = action {
            if let Some(so_far) = touched.remove(old.as_str()) {
                touched.insert(new.to_string(), so_far);
            }
            renamed.retain(|_, name| *name != **new);
            for name in renamed.values_mut().filter(|name| **name == **old) {
                *name = new.to_string();
            }
            renamed.insert(old.to_string(), new.to_string());
            continue;
        }
        let table = touched.entry(action.table().to_string()).or_default();
        match action {
            DocAction::AddRecord(_, row, _) | DocAction::RemoveRecord(_, row) => {
                table.rows.insert(*row);
            }
            DocAction::BulkAddRecord(_, rows, _) | DocAction::BulkRemoveRecord(_, rows) => {
                table.rows.extend(rows.iter().copied());
            }
            DocAction::UpdateRecord(_, row, values) => {
                for col in values.keys() {
                    table.columns.entry(col.clone()).or_default().insert(*row);
                }
            }
            DocAction::BulkUpdateRecord(_, rows, columns) => {
                for col in columns.keys() {
                    table.columns.entry(col.clone()).or_default().extend(rows.iter().copied());
                }
            }
            _ => table.everything = true,
        }
    }
    (touched, renamed)
}
