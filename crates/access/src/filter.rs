//! The part of a turn that somebody may hear of.
//!
//! Rows that come into sight are told as added, those that go out of it as removed; hidden cells of rows in sight are told as `["C"]`.

use std::rc::Rc;

use indexmap::IndexMap;
use model::{CellValue, Cells as Values, ColId, ColumnValues, DocAction, RowId, TableId};

use crate::metadata::Hidden;
use crate::permission::Permission;
use crate::steps::{RowState, Source, Step, Steps};
use crate::view::{Verdict, View};

/// Rows with cells that were hidden or shown, by row.
type Turned = (Vec<RowId>, Vec<Vec<CellValue>>);

impl View {
    /// The doc actions of a turn for this person.
    #[must_use]
    pub fn filter(&self, actions: &[DocAction], steps: &Steps, source: &dyn Source) -> Vec<DocAction> {
        // Most turns change no metadata.
        let hidden = std::cell::LazyCell::new(|| Hidden::of(self, source));
        let none = Step::default();
        let mut told = Vec::new();
        for (at, action) in actions.iter().enumerate() {
            if action.table().is_metadata() {
                told.extend(hidden.action(action));
            } else {
                self.filter_action(action, steps.steps.get(at).unwrap_or(&none), source, &mut told);
            }
        }
        told
    }

    fn filter_action(&self, action: &DocAction, step: &Step, source: &dyn Source, told: &mut Vec<DocAction>) {
        let table = action.table();
        match self.table(table, Permission::Read) {
            Verdict::Allow => return told.push(action.clone()),
            Verdict::Deny(_) => return,
            Verdict::Mixed => {}
        }
        let denied =
            |col: &ColId| matches!(self.column(table, Some(col), Permission::Read), Verdict::Deny(_));
        match action {
            DocAction::AddColumn(_, col, _)
            | DocAction::RemoveColumn(_, col)
            | DocAction::ModifyColumn(_, col, _)
            | DocAction::RenameColumn(_, col, _) => {
                if !denied(col) {
                    told.push(action.clone());
                }
            }
            DocAction::AddTable(table, columns) => {
                let shown = |info: &&model::ColumnInfo| {
                    let id = info.get("id").and_then(CellValue::as_text).unwrap_or_default();
                    !denied(&ColId::new(id))
                };
                told.push(DocAction::AddTable(
                    table.clone(),
                    columns.iter().filter(shown).cloned().collect(),
                ));
            }
            DocAction::RemoveTable(_) | DocAction::RenameTable(..) => told.push(action.clone()),
            _ => {
                let by_row = self.by_row(table);
                let action = without_columns(action, &denied);
                match action {
                    Some(action) if by_row => self.filter_rows(&action, step, source, told),
                    Some(action) => told.push(action),
                    None => {}
                }
            }
        }
    }

    fn filter_rows(&self, action: &DocAction, step: &Step, source: &dyn Source, told: &mut Vec<DocAction>) {
        let table = action.table().clone();
        let sees = |state: Option<&Rc<RowState>>| state.is_some_and(|state| self.sees_row(&table, &**state));
        let bulk = action.clone().bulk();
        let (rows, columns) = match &bulk {
            DocAction::BulkAddRecord(_, rows, columns)
            | DocAction::BulkUpdateRecord(_, rows, columns)
            | DocAction::ReplaceTableData(_, rows, columns) => (rows.clone(), columns.clone()),
            DocAction::BulkRemoveRecord(_, rows) => (rows.clone(), ColumnValues::default()),
            _ => return,
        };
        let (mut kept, mut come, mut gone) = (Vec::new(), Vec::new(), Vec::new());
        for (at, row) in rows.iter().enumerate() {
            let (before, after) = (sees(step.before.get(row)), sees(step.after.get(row)));
            match &bulk {
                DocAction::BulkUpdateRecord(..) => match (before, after) {
                    (true, true) => kept.push(at),
                    (false, true) => come.push(*row),
                    (true, false) => gone.push(*row),
                    (false, false) => {}
                },
                DocAction::BulkRemoveRecord(..) if before => kept.push(at),
                DocAction::BulkRemoveRecord(..) => {}
                _ if after => kept.push(at),
                _ => {}
            }
        }
        if !come.is_empty() {
            told.push(self.as_added(&table, &come, step, source));
        }
        if !kept.is_empty() {
            let ids: Vec<RowId> = kept.iter().map(|at| rows[*at]).collect();
            let all = kept.len() == rows.len();
            let values: ColumnValues = columns
                .iter()
                .map(|(col, values)| {
                    (col.clone(), self.shown(&table, col, &ids, values.select(kept.iter().copied()), step))
                })
                .collect();
            let turned = self.turned(&table, &ids, &values, step, source);
            let part = match &bulk {
                DocAction::BulkUpdateRecord(..) => DocAction::BulkUpdateRecord(table.clone(), ids, values),
                DocAction::BulkAddRecord(..) => DocAction::BulkAddRecord(table.clone(), ids, values),
                DocAction::ReplaceTableData(..) => DocAction::ReplaceTableData(table.clone(), ids, values),
                _ => DocAction::BulkRemoveRecord(table.clone(), ids),
            };
            // An action on one row stays one, where it was one.
            let single = all && *action != bulk;
            told.push(if single { part.simplified() } else { part });
            if !matches!(bulk, DocAction::BulkRemoveRecord(..)) {
                told.extend(turned);
            }
        } else if matches!(bulk, DocAction::ReplaceTableData(..)) {
            told.push(DocAction::ReplaceTableData(table.clone(), Vec::new(), ColumnValues::default()));
        }
        if !gone.is_empty() {
            told.push(DocAction::BulkRemoveRecord(table, gone));
        }
    }

    /// The values of a column, hidden ones censored.
    fn shown(&self, table: &TableId, col: &ColId, rows: &[RowId], values: Values, step: &Step) -> Values {
        let aspect = self.aspect_of(table, col);
        rows.iter()
            .zip(values)
            .map(|(row, value)| match step.after.get(row) {
                Some(state) if self.sees_cell(table, aspect, &**state) => value,
                _ => CellValue::Censored,
            })
            .collect()
    }

    /// Rows that came into sight, whole.
    fn as_added(&self, table: &TableId, rows: &[RowId], step: &Step, source: &dyn Source) -> DocAction {
        let mut columns = ColumnValues::default();
        for col in self.columns_in_sight(table, source) {
            let value =
                |row: &RowId| step.after.get(row).and_then(|state| crate::Cells::cell(&**state, &col));
            let values: Values = rows.iter().map(|row| value(row).unwrap_or_default()).collect();
            let values = self.shown(table, &col, rows, values, step);
            columns.insert(col, values);
        }
        DocAction::BulkAddRecord(table.clone(), rows.to_vec(), columns)
    }

    fn columns_in_sight(&self, table: &TableId, source: &dyn Source) -> Vec<ColId> {
        let mut columns = source.columns(table).unwrap_or_default();
        columns.retain(|col| !matches!(self.column(table, Some(col), Permission::Read), Verdict::Deny(_)));
        columns
    }

    /// Cells that the action does not name, but that were hidden or shown by it.
    fn turned(
        &self,
        table: &TableId,
        rows: &[RowId],
        named: &ColumnValues,
        step: &Step,
        source: &dyn Source,
    ) -> Vec<DocAction> {
        let columns = self.columns_in_sight(table, source);
        let mut groups: IndexMap<Vec<ColId>, Turned> = IndexMap::new();
        for row in rows {
            let Some(after) = step.after.get(row) else { continue };
            let mut turned = Vec::new();
            let mut cells = Vec::new();
            for col in columns.iter().filter(|col| !named.contains_key(*col)) {
                let aspect = self.aspect_of(table, col);
                // A row that is new hid nothing.
                let before =
                    step.before.get(row).is_none_or(|before| self.sees_cell(table, aspect, &**before));
                let now = self.sees_cell(table, aspect, &**after);
                if before != now {
                    let value = crate::Cells::cell(&**after, col).unwrap_or_default();
                    turned.push(col.clone());
                    cells.push(if now { value } else { CellValue::Censored });
                }
            }
            if !turned.is_empty() {
                let group = groups.entry(turned).or_default();
                group.0.push(*row);
                group.1.push(cells);
            }
        }
        groups
            .into_iter()
            .map(|(columns, (rows, cells))| {
                let column = |at: usize| cells.iter().map(|row| row[at].clone()).collect();
                let values = columns.into_iter().enumerate().map(|(at, col)| (col, column(at))).collect();
                DocAction::BulkUpdateRecord(table.clone(), rows, values)
            })
            .collect()
    }
}

/// A record action without the columns that somebody may not see; nothing if nothing is left of an update.
fn without_columns(action: &DocAction, denied: &dyn Fn(&ColId) -> bool) -> Option<DocAction> {
    let mut action = action.clone();
    match &mut action {
        DocAction::AddRecord(_, _, values) => values.retain(|col, _| !denied(col)),
        DocAction::UpdateRecord(_, _, values) => {
            values.retain(|col, _| !denied(col));
            if values.is_empty() {
                return None;
            }
        }
        DocAction::BulkAddRecord(_, _, columns) | DocAction::ReplaceTableData(_, _, columns) => {
            columns.retain(|col, _| !denied(col));
        }
        DocAction::BulkUpdateRecord(_, _, columns) => {
            columns.retain(|col, _| !denied(col));
            if columns.is_empty() {
                return None;
            }
        }
        _ => {}
    }
    Some(action)
}
