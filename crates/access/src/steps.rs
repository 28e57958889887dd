//! What a turn did to the rows it touched, action by action.

use std::rc::Rc;

use model::{CellValue, ColId, DocAction, RowId, TableData, TableId};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::predicate::Cells;

/// Reads a document as it is now.
pub trait Source {
    /// A whole table.
    fn data(&self, table: &str) -> Option<TableData>;
    /// The columns of a table that people see.
    fn columns(&self, table: &str) -> Option<Vec<ColId>>;
    /// A cell of a row that is there.
    fn cell(&self, table: &str, col: &str, row: RowId) -> Option<CellValue>;
    /// What a cell holds that nobody has set.
    fn default(&self, table: &str, col: &str) -> Option<CellValue>;
    /// Whether a row is there.
    fn has_row(&self, table: &str, row: RowId) -> bool;
    /// The first row with a value in a column.
    fn find(&self, table: &str, col: &str, value: &CellValue) -> Option<RowId>;
}

/// The cells of a row at one moment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RowState(FxHashMap<ColId, CellValue>);

impl Cells for RowState {
    fn cell(&self, col: &str) -> Option<CellValue> {
        self.0.get(col).cloned()
    }
}

/// The rows of an action before it and after it, as far as they were there.
#[derive(Clone, Debug, Default)]
pub(crate) struct Step {
    pub(crate) before: FxHashMap<RowId, Rc<RowState>>,
    pub(crate) after: FxHashMap<RowId, Rc<RowState>>,
}

/// The steps of a turn, parallel to its doc actions.
#[derive(Clone, Debug, Default)]
pub struct Steps {
    pub(crate) steps: Vec<Step>,
}

type Tables = FxHashMap<TableId, FxHashMap<RowId, Rc<RowState>>>;

impl Steps {
    /// Reads the rows of the `wanted` tables as they are after the turn, goes back by `undo` (last to first), and forth again.
    #[must_use]
    pub fn of(
        stored: &[DocAction],
        undo: &[DocAction],
        source: &dyn Source,
        wanted: &dyn Fn(&str) -> bool,
    ) -> Self {
        let mut now: Tables = touched(stored, wanted)
            .into_iter()
            .map(|(table, rows)| {
                let columns = source.columns(&table).unwrap_or_default();
                let state = |row: RowId| {
                    let cell = |col: &ColId| Some((col.clone(), source.cell(&table, col, row)?));
                    (row, Rc::new(RowState(columns.iter().filter_map(cell).collect())))
                };
                let there = rows.into_iter().filter(|row| source.has_row(&table, *row)).map(state).collect();
                (table, there)
            })
            .collect();
        for action in undo.iter().rev() {
            apply(&mut now, action, source);
        }
        let steps = stored
            .iter()
            .map(|action| {
                let before = rows_of(&now, action);
                apply(&mut now, action, source);
                Step { before, after: rows_of(&now, action) }
            })
            .collect();
        Self { steps }
    }
}

pub(crate) fn row_ids(action: &DocAction) -> &[RowId] {
    match action {
        DocAction::AddRecord(_, row, _)
        | DocAction::UpdateRecord(_, row, _)
        | DocAction::RemoveRecord(_, row) => std::slice::from_ref(row),
        DocAction::BulkAddRecord(_, rows, _)
        | DocAction::BulkUpdateRecord(_, rows, _)
        | DocAction::ReplaceTableData(_, rows, _)
        | DocAction::BulkRemoveRecord(_, rows) => rows,
        _ => &[],
    }
}

/// Which rows are touched, by the names that tables have in the end.
fn touched(stored: &[DocAction], wanted: &dyn Fn(&str) -> bool) -> FxHashMap<TableId, FxHashSet<RowId>> {
    let mut touched: FxHashMap<TableId, FxHashSet<RowId>> = FxHashMap::default();
    for action in stored {
        if let DocAction::RenameTable(old, new) = action {
            if let Some(rows) = touched.remove(old) {
                touched.insert(new.clone(), rows);
            }
        } else if wanted(action.table()) {
            touched.entry(action.table().clone()).or_default().extend(row_ids(action));
        }
    }
    touched
}

fn rows_of(tables: &Tables, action: &DocAction) -> FxHashMap<RowId, Rc<RowState>> {
    let Some(rows) = tables.get(action.table()) else { return FxHashMap::default() };
    let state = |row: &RowId| Some((*row, Rc::clone(rows.get(row)?)));
    row_ids(action).iter().filter_map(state).collect()
}

fn apply(tables: &mut Tables, action: &DocAction, source: &dyn Source) {
    match action {
        DocAction::RenameTable(old, new) => {
            if let Some(rows) = tables.remove(old) {
                tables.insert(new.clone(), rows);
            }
            return;
        }
        DocAction::RemoveTable(table) => {
            if let Some(rows) = tables.get_mut(table) {
                rows.clear();
            }
            return;
        }
        _ => {}
    }
    let Some(rows) = tables.get_mut(action.table()) else { return };
    match action.clone().bulk() {
        DocAction::BulkAddRecord(table, ids, columns) | DocAction::ReplaceTableData(table, ids, columns) => {
            let known = source.columns(&table).unwrap_or_default();
            let defaults: FxHashMap<ColId, CellValue> = known
                .into_iter()
                .filter_map(|col| Some((col.clone(), source.default(&table, &col)?)))
                .collect();
            for (at, row) in ids.iter().enumerate() {
                let mut cells = defaults.clone();
                cells.extend(columns.iter().map(|(col, values)| (col.clone(), values.at(at))));
                rows.insert(*row, Rc::new(RowState(cells)));
            }
        }
        DocAction::BulkUpdateRecord(_, ids, columns) => {
            for (at, row) in ids.iter().enumerate() {
                let Some(state) = rows.get_mut(row) else { continue };
                let cells = &mut Rc::make_mut(state).0;
                cells.extend(columns.iter().map(|(col, values)| (col.clone(), values.at(at))));
            }
        }
        DocAction::BulkRemoveRecord(_, ids) => {
            for row in &ids {
                rows.remove(row);
            }
        }
        DocAction::RenameColumn(_, old, new) => {
            for state in rows.values_mut() {
                let cells = &mut Rc::make_mut(state).0;
                if let Some(cell) = cells.remove(&old) {
                    cells.insert(new.clone(), cell);
                }
            }
        }
        DocAction::RemoveColumn(_, col) => {
            for state in rows.values_mut() {
                Rc::make_mut(state).0.remove(&col);
            }
        }
        DocAction::AddColumn(table, col, _) => {
            let default = source.default(&table, &col).unwrap_or_default();
            for state in rows.values_mut() {
                Rc::make_mut(state).0.insert(col.clone(), default.clone());
            }
        }
        _ => {}
    }
}
