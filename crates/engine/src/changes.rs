//! Computed cells that changed during a turn, to be reported once, at its end.
//!
//! Keyed by slots, so that renames need no care. Rows and columns that were created or removed in the same turn are left out of what is stored or undone,
//! as Grist does: nothing is stored for a row that is gone, nothing is undone for a row that is new.

use std::sync::Arc;

use formula::{ColIx, TableIx};
use model::{CellValue, ColId, Column, ColumnValues, DocAction, RowId, TableId};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::rows::Rows;

/// A cell before and after. The same row may come several times: the first `before` and the last `after` count.
type Delta = (RowId, CellValue, CellValue);

/// A column that was removed, with the names it had.
#[derive(Debug)]
struct Removed {
    table_id: TableId,
    col_id: ColId,
}

/// A column before and after, with the rows that differ.
#[derive(Debug)]
struct Whole {
    before: Arc<Column>,
    after: Arc<Column>,
    rows: Rows,
}

/// Changes of computed cells during a turn.
#[derive(Debug, Default)]
pub(crate) struct Changes {
    cells: FxHashMap<(TableIx, ColIx), Vec<Delta>>,
    /// Whole columns that changed at once, and in no other way.
    columns: FxHashMap<(TableIx, ColIx), Whole>,
    /// Whether a row existed when the turn began, for rows that were added or removed.
    before: FxHashMap<(TableIx, RowId), bool>,
    /// Whether it exists now.
    after: FxHashMap<(TableIx, RowId), bool>,
    created: FxHashSet<(TableIx, ColIx)>,
    created_tables: FxHashSet<TableIx>,
    removed: FxHashMap<(TableIx, ColIx), Removed>,
}

impl Changes {
    pub(crate) fn cell(
        &mut self,
        table: TableIx,
        col: ColIx,
        row: RowId,
        before: CellValue,
        after: CellValue,
    ) {
        if !self.columns.is_empty() {
            self.settle((table, col));
        }
        self.cells.entry((table, col)).or_default().push((row, before, after));
    }
    /// Many cells of a column at once.
    pub(crate) fn column(
        &mut self,
        node: (TableIx, ColIx),
        before: Arc<Column>,
        after: Arc<Column>,
        rows: Rows,
    ) {
        self.settle(node);
        let whole = Whole { before, after, rows };
        if self.cells.contains_key(&node) {
            self.spread(node, &whole);
        } else {
            self.columns.insert(node, whole);
        }
    }
    /// A column that changed at once, cell by cell.
    fn settle(&mut self, node: (TableIx, ColIx)) {
        if let Some(whole) = self.columns.remove(&node) {
            self.spread(node, &whole);
        }
    }
    fn spread(&mut self, node: (TableIx, ColIx), whole: &Whole) {
        let deltas = whole.rows.iter().map(|row| (row, whole.before.get(row), whole.after.get(row)));
        self.cells.entry(node).or_default().extend(deltas);
    }
    pub(crate) fn rows_added(&mut self, table: TableIx, rows: &[RowId]) {
        for row in rows {
            self.before.entry((table, *row)).or_insert(false);
            self.after.insert((table, *row), true);
        }
    }
    pub(crate) fn rows_removed(&mut self, table: TableIx, rows: &[RowId]) {
        for row in rows {
            self.before.entry((table, *row)).or_insert(true);
            self.after.insert((table, *row), false);
        }
    }
    /// Whether a row was added in this turn.
    pub(crate) fn is_new(&self, table: TableIx, row: RowId) -> bool {
        self.before.get(&(table, row)) == Some(&false)
    }
    pub(crate) fn column_added(&mut self, table: TableIx, col: ColIx) {
        self.created.insert((table, col));
    }
    pub(crate) fn table_added(&mut self, table: TableIx) {
        self.created_tables.insert(table);
    }
    pub(crate) fn column_removed(&mut self, table: TableIx, col: ColIx, table_id: &TableId, col_id: &ColId) {
        let names = Removed { table_id: table_id.clone(), col_id: col_id.clone() };
        self.removed.insert((table, col), names);
    }

    /// Takes the changes of one column out, as actions.
    pub(crate) fn take_column(
        &mut self,
        table: TableIx,
        col: ColIx,
        names: (&TableId, &ColId),
        log: &mut Log,
    ) {
        self.settle((table, col));
        if let Some(deltas) = self.cells.remove(&(table, col)) {
            self.column_to_actions(table, col, names, false, deltas, log);
        }
    }

    /// Takes everything out, as actions: by table id, then by column id.
    pub(crate) fn take_all(
        &mut self,
        name: impl Fn(TableIx, ColIx) -> Option<(TableId, ColId)>,
        log: &mut Log,
    ) {
        let wholes: Vec<(TableIx, ColIx)> = self.columns.keys().copied().collect();
        for node in wholes {
            self.settle(node);
        }
        let cells = std::mem::take(&mut self.cells);
        let mut named: Vec<_> = cells
            .into_iter()
            .filter_map(|((table, col), deltas)| match self.removed.get(&(table, col)) {
                // A removed column or table sorts before all that exists, as its name with a dash does.
                Some(removed) => {
                    let key = (removed.table_id.clone(), format!("-{}", removed.col_id));
                    Some((
                        key,
                        (table, col),
                        (removed.table_id.clone(), removed.col_id.clone()),
                        true,
                        deltas,
                    ))
                }
                None => {
                    let (table_id, col_id) = name(table, col)?;
                    Some((
                        (table_id.clone(), col_id.to_string()),
                        (table, col),
                        (table_id, col_id),
                        false,
                        deltas,
                    ))
                }
            })
            .collect();
        named.sort_by(|a, b| a.0.cmp(&b.0));
        for (_, (table, col), (table_id, col_id), gone, deltas) in named {
            self.column_to_actions(table, col, (&table_id, &col_id), gone, deltas, log);
        }
    }

    fn column_to_actions(
        &self,
        table: TableIx,
        col: ColIx,
        (table_id, col_id): (&TableId, &ColId),
        gone: bool,
        deltas: Vec<Delta>,
        log: &mut Log,
    ) {
        let changed = merged(deltas);
        let created = self.created_tables.contains(&table) || self.created.contains(&(table, col));
        let undone: Vec<(RowId, CellValue)> = if created && !gone {
            Vec::new()
        } else {
            let there = |row: RowId| self.before.get(&(table, row)) != Some(&false);
            changed
                .iter()
                .filter(|(row, ..)| there(*row))
                .map(|(row, before, _)| (*row, before.clone()))
                .collect()
        };
        if !gone {
            let there = |row: RowId| self.after.get(&(table, row)) != Some(&false);
            let stored: Vec<_> = changed
                .into_iter()
                .filter(|(row, ..)| there(*row))
                .map(|(row, _, after)| (row, after))
                .collect();
            if !stored.is_empty() {
                log.stored.push(update(table_id, col_id, stored));
                log.direct.push(false);
            }
        }
        // The values of removed columns and rows come back after these themselves do: undo runs backwards.
        let is_gone = |row: RowId| gone || self.after.get(&(table, row)) == Some(&false);
        let (removed, kept): (Vec<_>, Vec<_>) = undone.into_iter().partition(|(row, _)| is_gone(*row));
        if !removed.is_empty() {
            log.undo.insert(0, update(table_id, col_id, removed));
        }
        if !kept.is_empty() {
            log.undo.push(update(table_id, col_id, kept));
        }
    }
}

/// One delta a row, ascending; those that change nothing left out.
fn merged(mut deltas: Vec<Delta>) -> Vec<Delta> {
    if !deltas.is_sorted_by(|a, b| a.0 < b.0) {
        deltas.sort_by_key(|delta| delta.0);
        deltas.dedup_by(|later, first| {
            let same = later.0 == first.0;
            if same {
                first.2 = std::mem::take(&mut later.2);
            }
            same
        });
    }
    deltas.retain(|(_, before, after)| before != after);
    deltas
}

fn update(table: &TableId, col: &ColId, cells: Vec<(RowId, CellValue)>) -> DocAction {
    let (rows, values) = cells.into_iter().unzip();
    let columns = ColumnValues::from_iter([(col.clone(), values)]);
    DocAction::BulkUpdateRecord(table.clone(), rows, columns).simplified()
}

/// What a turn reports.
#[derive(Debug, Default)]
pub(crate) struct Log {
    pub(crate) stored: Vec<DocAction>,
    pub(crate) direct: Vec<bool>,
    pub(crate) undo: Vec<DocAction>,
}
