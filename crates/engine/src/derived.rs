//! Rows that formulas add (`lookupOrAddDerived`), and take back when they fail.

use formula::{Exception, TableIx, exception};
use model::{CellValue, Cells, ColId, ColumnType, ColumnValues, DocAction, RowId};

use crate::turn::Turn;

impl Turn<'_> {
    /// Adds a row with these cells, at the end of the table.
    pub(crate) fn add_derived(
        &mut self,
        table: TableIx,
        mut columns: ColumnValues,
    ) -> Result<RowId, Exception> {
        let Some(held) = self.engine.at(table) else {
            return Err(exception::value_error("there is no such table"));
        };
        let (id, row) = (held.id.clone(), held.next_row_id());
        let given: Vec<ColId> = columns.keys().cloned().collect();
        for (_, slot) in held.columns() {
            let positions =
                matches!(slot.spec.column_type, ColumnType::ManualSortPos | ColumnType::PositionNumber);
            if positions && !slot.spec.is_formula && !columns.contains_key(&slot.id) {
                let last =
                    held.rows().iter().filter_map(|row| slot.cells.get(row).as_number()).fold(0.0, f64::max);
                columns.insert(slot.id.clone(), Cells::one(CellValue::Float(last + 1.0)));
            }
        }
        self.apply(DocAction::BulkAddRecord(id.clone(), vec![row], columns), true)
            .map_err(|error| exception::value_error(error.to_string()))?;
        self.trigger_added(&id, &[row], &given);
        Ok(row)
    }

    /// Takes back a row that was added in this turn: nothing of it is reported.
    pub(crate) fn unadd(&mut self, table: TableIx, row: RowId) {
        let Some(id) = self.engine.at(table).map(|held| held.id.clone()) else { return };
        let reported = self.log.undo.len();
        if self.perform(&DocAction::BulkRemoveRecord(id.clone(), vec![row])).is_err() {
            return;
        }
        self.log.undo.truncate(reported);
        let is_this = |action: &DocAction| matches!(action, DocAction::AddRecord(table, added, _) if *table == id && *added == row);
        if let Some(at) = self.log.stored.iter().rposition(is_this) {
            self.log.stored.remove(at);
            self.log.direct.remove(at);
        }
        let undoes = |action: &DocAction| matches!(action, DocAction::RemoveRecord(table, removed) if *table == id && *removed == row);
        if let Some(at) = self.log.undo.iter().rposition(undoes) {
            self.log.undo.remove(at);
        }
    }
}
