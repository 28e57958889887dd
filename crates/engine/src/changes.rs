//! Computed cells that changed during a turn, to be reported once, at its end.
//!
//! Keyed by slots, so that renames need no care. Rows and columns that were created or removed in the same turn are left out of what is stored or undone,
//! as Grist does: nothing is stored for a row that is gone, nothing is undone for a row that is new.

use std::sync::Arc;

use formula::{ColIx, TableIx};
use model::{CellValue, Cells, ColId, Column, ColumnValues, DocAction, RowId, TableId};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::engine::Engine;
use crate::graph::Node;
use crate::rows::Rows;

/// A cell before and after. The same row may come several times: the first `before` and the last `after` count.
type Delta = (RowId, CellValue, CellValue);

/// A column that was removed, with the names it had.
#[derive(Debug)]
struct Removed {
    table_id: TableId,
    col_id: ColId,
}

/// What changed of a column.
#[derive(Debug)]
enum Changed {
    /// Cell by cell.
    Cells(Vec<Delta>),
    /// Many cells of a formula column.
    Column(Whole),
}

/// A column that changed as a whole.
#[derive(Debug)]
struct Whole {
    before: Arc<Column>,
    /// The rows that may differ from what the column is now.
    rows: Rows,
    /// Whether some of them may have come back to what they were.
    unsure: bool,
}

/// Which rows of a table came and went.
#[derive(Debug, Default)]
struct RowChanges {
    /// Rows that were added or removed.
    touched: Rows,
    /// Those that were not there when the turn began.
    new: Rows,
    /// Those that are not there now.
    gone: Rows,
}

/// Changes of computed cells during a turn.
#[derive(Debug, Default)]
pub(crate) struct Changes {
    columns: FxHashMap<Node, Changed>,
    rows: FxHashMap<TableIx, RowChanges>,
    created: FxHashSet<Node>,
    created_tables: FxHashSet<TableIx>,
    removed: FxHashMap<Node, Removed>,
}

impl Changes {
    pub(crate) fn cell(&mut self, node: Node, row: RowId, before: CellValue, after: CellValue) {
        match self.columns.entry(node).or_insert_with(|| Changed::Cells(Vec::new())) {
            Changed::Cells(deltas) => deltas.push((row, before, after)),
            Changed::Column(whole) => {
                whole.rows.insert(row);
                whole.unsure = true;
            }
        }
    }
    /// Before many cells of a formula column change: the column as it is. The rows are named later, by [`Changes::cells`].
    pub(crate) fn column(&mut self, node: Node, before: Arc<Column>) {
        match self.columns.get_mut(&node) {
            Some(Changed::Column(..)) => {}
            Some(Changed::Cells(deltas)) => {
                let (mut before, mut rows) = (before, Rows::default());
                let column = Arc::make_mut(&mut before);
                for (row, cell, _) in std::mem::take(deltas).into_iter().rev() {
                    column.set(row, cell);
                    rows.insert(row);
                }
                self.columns.insert(node, Changed::Column(Whole { before, rows, unsure: true }));
            }
            None => {
                let whole = Whole { before, rows: Rows::default(), unsure: false };
                self.columns.insert(node, Changed::Column(whole));
            }
        }
    }
    /// Rows whose cells changed, of a column that is noted as a whole.
    pub(crate) fn cells(&mut self, node: Node, changed: &Rows) {
        if let Some(Changed::Column(whole)) = self.columns.get_mut(&node) {
            whole.unsure |= !whole.rows.is_empty();
            whole.rows.union_with(changed);
        }
    }
    pub(crate) fn rows_added(&mut self, table: TableIx, rows: &[RowId]) {
        let changes = self.rows.entry(table).or_default();
        for row in rows {
            if changes.touched.insert(*row) {
                changes.new.insert(*row);
            }
            changes.gone.remove(*row);
        }
    }
    pub(crate) fn rows_removed(&mut self, table: TableIx, rows: &[RowId]) {
        let changes = self.rows.entry(table).or_default();
        for row in rows {
            changes.touched.insert(*row);
            changes.gone.insert(*row);
        }
    }
    /// Whether a row was added in this turn.
    pub(crate) fn is_new(&self, table: TableIx, row: RowId) -> bool {
        self.rows.get(&table).is_some_and(|changes| changes.new.contains(row))
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
    pub(crate) fn take_column(&mut self, engine: &Engine, node: Node, log: &mut Log) {
        let Some((table, col)) = engine.names(node.0, node.1) else { return };
        if let Some(changed) = self.columns.remove(&node) {
            self.column_to_actions(engine, node, (&table, &col), false, changed, log);
        }
    }

    /// Takes everything out, as actions: by table id, then by column id. Helper columns (`#…`) are nobody's business.
    pub(crate) fn take_all(&mut self, engine: &Engine, log: &mut Log) {
        let mut named: Vec<_> = std::mem::take(&mut self.columns)
            .into_iter()
            .filter_map(|(node, changed)| match self.removed.get(&node) {
                // A removed column or table sorts before all that exists, as its name with a dash does.
                Some(Removed { table_id, col_id }) => {
                    let key = (table_id.clone(), format!("-{col_id}"));
                    Some((key, node, (table_id.clone(), col_id.clone()), true, changed))
                }
                None => {
                    let names = engine.names(node.0, node.1).filter(|(_, col)| !col.starts_with('#'))?;
                    Some(((names.0.clone(), names.1.to_string()), node, names, false, changed))
                }
            })
            .collect();
        named.sort_by(|a, b| a.0.cmp(&b.0));
        for (_, node, (table_id, col_id), gone, changed) in named {
            self.column_to_actions(engine, node, (&table_id, &col_id), gone, changed, log);
        }
    }

    fn column_to_actions(
        &self,
        engine: &Engine,
        node: Node,
        (table_id, col_id): (&TableId, &ColId),
        gone: bool,
        changed: Changed,
        log: &mut Log,
    ) {
        let none = RowChanges::default();
        let rows = self.rows.get(&node.0).unwrap_or(&none);
        let created = self.created_tables.contains(&node.0) || self.created.contains(&node);
        let (stored, undone) = match changed {
            Changed::Cells(deltas) => split_cells(deltas, rows),
            Changed::Column(whole) => {
                let now = engine.at(node.0).and_then(|table| table.slot(node.1)).map(|slot| &*slot.cells);
                split_column(whole, now, rows, !created || gone)
            }
        };
        if !gone && !stored.0.is_empty() {
            log.stored.push(update(table_id, col_id, stored));
            log.direct.push(false);
        }
        if created && !gone {
            return;
        }
        // The values of removed columns and rows come back after these themselves do: undo runs backwards.
        let (removed, kept) =
            if gone { (undone, Default::default()) } else { split_gone(undone, &rows.gone) };
        if !removed.0.is_empty() {
            log.undo.insert(0, update(table_id, col_id, removed));
        }
        if !kept.0.is_empty() {
            log.undo.push(update(table_id, col_id, kept));
        }
    }
}

/// Rows with their values.
type Values = (Vec<RowId>, Cells);

/// What is stored (of rows that are there) and undone (of rows that were there), from changes cell by cell.
fn split_cells(deltas: Vec<Delta>, rows: &RowChanges) -> (Values, Values) {
    let (mut stored, mut undone) = (Values::default(), Values::default());
    for (row, before, after) in merged(deltas) {
        if !rows.new.contains(row) {
            undone.0.push(row);
            undone.1.push(before);
        }
        if !rows.gone.contains(row) {
            stored.0.push(row);
            stored.1.push(after);
        }
    }
    (stored, undone)
}

/// The same from a column before and now.
fn split_column(whole: Whole, now: Option<&Column>, rows: &RowChanges, undo: bool) -> (Values, Values) {
    let Whole { before, rows: mut changed, unsure } = whole;
    let same = |row: &RowId| now.map_or_else(|| before.is_default(*row), |now| before.same(now, *row));
    if unsure || now.is_none() {
        changed.subtract(&changed.iter().filter(same).collect());
    }
    let of = |column: &Column, without: &Rows| -> Values {
        let mut chosen = changed.clone();
        chosen.subtract(without);
        let ids = chosen.to_vec();
        let cells = column.select(&ids);
        (ids, cells)
    };
    let stored = now.map(|now| of(now, &rows.gone)).unwrap_or_default();
    (stored, if undo { of(&before, &rows.new) } else { Values::default() })
}

/// Values of rows that are gone, and the others.
fn split_gone(values: Values, gone: &Rows) -> (Values, Values) {
    if gone.is_empty() {
        return (Values::default(), values);
    }
    let (mut removed, mut kept) = (Values::default(), Values::default());
    for (row, value) in values.0.into_iter().zip(values.1) {
        let side = if gone.contains(row) { &mut removed } else { &mut kept };
        side.0.push(row);
        side.1.push(value);
    }
    (removed, kept)
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

fn update(table: &TableId, col: &ColId, (rows, cells): Values) -> DocAction {
    let columns = ColumnValues::from_iter([(col.clone(), cells)]);
    DocAction::BulkUpdateRecord(table.clone(), rows, columns).simplified()
}

/// What a turn reports.
#[derive(Debug, Default)]
pub(crate) struct Log {
    pub(crate) stored: Vec<DocAction>,
    pub(crate) direct: Vec<bool>,
    pub(crate) undo: Vec<DocAction>,
}
