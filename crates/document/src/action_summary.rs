//! What a turn changed, for people: rows by table, cells before and after, renames.
//!
//! Made from the doc actions and from what takes them back; the form is that of Grist's `ActionSummary`. Actions on many rows are represented by a few.

use indexmap::{IndexMap, IndexSet};
use model::{CellValue, ColId, ColumnValues, DocAction, RowId, TableId};
use rustc_hash::FxBuildHasher;

/// Rows of one action whose cells are shown.
const SHOWN: usize = 10;

type Map<K, V> = IndexMap<K, V, FxBuildHasher>;

/// What changed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ActionSummary {
    /// Tables made (no old name), renamed, removed (no new name).
    pub table_renames: Vec<(Option<TableId>, Option<TableId>)>,
    /// By table, under the name it has in the end.
    pub tables: Map<TableId, TableDelta>,
}

/// What changed in a table.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TableDelta {
    /// Rows of which cells changed.
    pub updated: IndexSet<RowId, FxBuildHasher>,
    /// Rows that are gone.
    pub removed: IndexSet<RowId, FxBuildHasher>,
    /// Rows that are new.
    pub added: IndexSet<RowId, FxBuildHasher>,
    /// Cells by column, under the name it has in the end (`-` before it where the column is gone), and row.
    pub columns: Map<ColId, Map<RowId, ColumnDelta>>,
    /// Columns made, renamed, removed.
    pub column_renames: Vec<(Option<ColId>, Option<ColId>)>,
}

/// A cell before and after; nothing where there was none, or is none any more.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ColumnDelta {
    /// Before.
    pub before: Option<CellValue>,
    /// After.
    pub after: Option<CellValue>,
}

impl ActionSummary {
    /// The summary of what happened (`stored`, in order) and of what takes it back (`undo`, to be applied last to first).
    #[must_use]
    pub fn of(stored: &[DocAction], undo: &[DocAction]) -> Self {
        Self::showing(SHOWN, stored, undo)
    }

    /// The same with all rows, for who acts upon them.
    #[must_use]
    pub fn whole(stored: &[DocAction], undo: &[DocAction]) -> Self {
        Self::showing(usize::MAX, stored, undo)
    }

    fn showing(most: usize, stored: &[DocAction], undo: &[DocAction]) -> Self {
        let mut summary = Self::default();
        for action in stored {
            summary.forward(action, most);
        }
        let mut names = Names::default();
        for action in undo.iter().rev() {
            summary.backward(action, &mut names, most);
        }
        summary
    }

    fn table(&mut self, id: &TableId) -> &mut TableDelta {
        self.tables.entry(id.clone()).or_default()
    }

    fn forward(&mut self, action: &DocAction, most: usize) {
        match action.clone().bulk() {
            DocAction::BulkAddRecord(table, rows, columns) => {
                let delta = self.table(&table);
                delta.added.extend(rows.iter().copied());
                delta.set((&rows, most), columns, |cell, value| cell.after = Some(value));
            }
            DocAction::BulkUpdateRecord(table, rows, columns) => {
                let delta = self.table(&table);
                delta.updated.extend(rows.iter().copied());
                delta.set((&rows, most), columns, |cell, value| cell.after = Some(value));
            }
            DocAction::BulkRemoveRecord(table, rows) => self.table(&table).remove(&rows),
            DocAction::ReplaceTableData(table, rows, columns) => {
                let delta = self.table(&table);
                delta.added.extend(rows.iter().copied());
                delta.set((&rows, most), columns, |cell, value| cell.after = Some(value));
            }
            DocAction::AddColumn(table, col, _) => self.table(&table).column_renames.push((None, Some(col))),
            DocAction::RemoveColumn(table, col) => {
                let delta = self.table(&table);
                let gone = ColId::from(format!("-{col}"));
                if let Some(cells) = delta.columns.shift_remove(&col) {
                    delta.columns.insert(gone, cells);
                }
                delta.column_renames.push((Some(col), None));
            }
            DocAction::RenameColumn(table, old, new) => {
                let delta = self.table(&table);
                if let Some(cells) = delta.columns.shift_remove(&old) {
                    delta.columns.insert(new.clone(), cells);
                }
                delta.column_renames.push((Some(old), Some(new)));
            }
            DocAction::AddTable(table, columns) => {
                let made = columns.iter().filter_map(|info| info.get("id")?.as_text());
                let made = made.map(|col| (None, Some(ColId::new(col)))).collect::<Vec<_>>();
                self.table(&table).column_renames.extend(made);
                self.table_renames.push((None, Some(table)));
            }
            DocAction::RemoveTable(table) => {
                let gone = TableId::from(format!("-{table}"));
                if let Some(delta) = self.tables.shift_remove(&table) {
                    self.tables.insert(gone, delta);
                }
                self.table_renames.push((Some(table), None));
            }
            DocAction::RenameTable(old, new) => {
                if let Some(delta) = self.tables.shift_remove(&old) {
                    self.tables.insert(new.clone(), delta);
                }
                self.table_renames.push((Some(old), Some(new)));
            }
            _ => {}
        }
    }

    /// What takes something back tells how cells were before it.
    fn backward(&mut self, action: &DocAction, names: &mut Names, most: usize) {
        match action.clone().bulk() {
            DocAction::BulkAddRecord(table, rows, columns)
            | DocAction::BulkUpdateRecord(table, rows, columns)
            | DocAction::ReplaceTableData(table, rows, columns) => {
                let columns =
                    columns.into_iter().map(|(col, values)| (names.col(&table, &col), values)).collect();
                let delta = self.table(&names.table(&table));
                delta.set((&rows, most), columns, |cell, value| cell.before = Some(value));
            }
            DocAction::RenameTable(new, old) => names.note_table(&old, &new),
            DocAction::AddTable(table, _) => {
                let gone = TableId::from(format!("-{table}"));
                names.note_table(&table, &gone);
            }
            DocAction::RenameColumn(table, new, old) => names.note_col(&table, &old, &new),
            DocAction::AddColumn(table, col, _) => {
                let gone = ColId::from(format!("-{col}"));
                names.note_col(&table, &col, &gone);
            }
            _ => {}
        }
    }
}

impl TableDelta {
    fn set(
        &mut self,
        (rows, most): (&[RowId], usize),
        columns: ColumnValues,
        put: impl Fn(&mut ColumnDelta, CellValue),
    ) {
        for (col, values) in columns {
            let cells = self.columns.entry(col).or_default();
            for (at, (row, value)) in rows.iter().zip(values).enumerate() {
                if rows.len() <= most || at < most - 1 || at == rows.len() - 1 {
                    put(cells.entry(*row).or_default(), value);
                }
            }
        }
    }

    fn remove(&mut self, rows: &[RowId]) {
        for row in rows {
            self.updated.shift_remove(row);
            if !self.added.shift_remove(row) {
                self.removed.insert(*row);
            }
            for cells in self.columns.values_mut() {
                if let Some(cell) = cells.get_mut(row) {
                    cell.after = None;
                }
            }
        }
    }
}

/// How tables and columns are called in the end that have other names earlier.
#[derive(Default)]
struct Names {
    tables: Map<TableId, TableId>,
    columns: Map<(TableId, ColId), ColId>,
}

impl Names {
    fn table(&self, id: &TableId) -> TableId {
        self.tables.get(id).unwrap_or(id).clone()
    }
    fn col(&self, table: &TableId, id: &ColId) -> ColId {
        self.columns.get(&(self.table(table), id.clone())).unwrap_or(id).clone()
    }
    fn note_table(&mut self, earlier: &TableId, later: &TableId) {
        let last = self.table(later);
        self.tables.insert(earlier.clone(), last);
    }
    fn note_col(&mut self, table: &TableId, earlier: &ColId, later: &ColId) {
        let last = self.col(table, later);
        self.columns.insert((self.table(table), earlier.clone()), last);
    }
}

#[cfg(test)]
mod tests {
    use model::RowValues;

    use super::*;

    fn values(pairs: &[(&str, i64)]) -> RowValues {
        pairs.iter().map(|(col, int)| (ColId::new(col), CellValue::Int(*int))).collect()
    }

    #[test]
    fn a_cell_before_and_after_a_rename() {
        let stored = [
            DocAction::UpdateRecord("T".into(), RowId(1), values(&[("A", 5)])),
            DocAction::RenameColumn("T".into(), "A".into(), "B".into()),
            DocAction::UpdateRecord("T".into(), RowId(1), values(&[("B", 6)])),
        ];
        let undo = [
            DocAction::UpdateRecord("T".into(), RowId(1), values(&[("A", 4)])),
            DocAction::RenameColumn("T".into(), "B".into(), "A".into()),
            DocAction::UpdateRecord("T".into(), RowId(1), values(&[("B", 5)])),
        ];
        let summary = ActionSummary::of(&stored, &undo);
        let cell = &summary.tables["T"].columns["B"][&RowId(1)];
        assert_eq!((&cell.before, &cell.after), (&Some(CellValue::Int(4)), &Some(CellValue::Int(6))));
        assert_eq!(summary.tables["T"].columns.len(), 1);
    }

    #[test]
    fn a_row_that_comes_and_goes_is_neither_new_nor_gone() {
        let stored = [
            DocAction::AddRecord("T".into(), RowId(7), values(&[("A", 1)])),
            DocAction::RemoveRecord("T".into(), RowId(7)),
        ];
        let summary = ActionSummary::of(&stored, &[]);
        let delta = &summary.tables["T"];
        assert!(delta.added.is_empty() && delta.removed.is_empty());
    }
}
