//! The fourteen doc actions, each with its exact undo.

use formula::{ColIx, TableIx};
use model::{CellValue, Cells, ColId, ColumnInfo, ColumnValues, DocAction, RowId, TableData, TableId};

use crate::engine::check_row_id;
use crate::rows::Rows;
use crate::table::ColumnSpec;
use crate::turn::{EngineError, Turn};

impl Turn<'_> {
    /// Applies an action in its bulk form; says whether it did anything worth storing.
    pub(crate) fn perform(&mut self, action: &DocAction) -> Result<bool, EngineError> {
        match action {
            DocAction::BulkAddRecord(table, rows, columns) => self.add_records(table, rows, columns)?,
            DocAction::BulkUpdateRecord(table, rows, columns) => self.update_records(table, rows, columns)?,
            DocAction::BulkRemoveRecord(table, rows) => return self.remove_records(table, rows),
            DocAction::ReplaceTableData(table, rows, columns) => self.replace_data(table, rows, columns)?,
            DocAction::AddColumn(table, col, info) => self.add_column(table, col, info)?,
            DocAction::RemoveColumn(table, col) => self.remove_column(table, col)?,
            DocAction::RenameColumn(table, old, new) => self.rename_column(table, old, new)?,
            DocAction::ModifyColumn(table, col, info) => return self.modify_column(table, col, info),
            DocAction::AddTable(table, columns) => self.add_table(table, columns)?,
            DocAction::RemoveTable(table) => self.remove_table(table)?,
            DocAction::RenameTable(old, new) => self.rename_table(old, new)?,
            DocAction::AddRecord(..) | DocAction::UpdateRecord(..) | DocAction::RemoveRecord(..) => {
                return self.perform(&action.clone().bulk());
            }
        }
        Ok(true)
    }

    /// New rows: their formulas are computed, and what looks at rows of the table.
    fn rows_came(&mut self, table: TableIx, rows: &[RowId]) {
        let set: Rows = rows.iter().copied().collect();
        let formulas: Vec<ColIx> = self
            .engine
            .at(table)
            .map(|held| held.columns().filter(|(_, slot)| slot.spec.is_formula).map(|(col, _)| col).collect())
            .unwrap_or_default();
        for col in formulas {
            self.engine.dirty.mark((table, col), &set);
        }
        self.rows_changed(table, &set);
    }

    fn rows_went(&mut self, table: TableIx, rows: &[RowId]) {
        self.rows_changed(table, &rows.iter().copied().collect());
    }

    fn cells_set(&mut self, table: TableIx, col: ColIx, rows: &[RowId]) {
        self.cells_changed((table, col), &rows.iter().copied().collect());
    }

    /// Summaries and triggers are described by the metadata.
    fn metadata_changed(&mut self, columns: &ColumnValues) {
        let described = [
            "summarySourceTable",
            "summarySourceCol",
            "recalcWhen",
            "recalcDeps",
            "parentId",
            "colId",
            "tableId",
        ];
        if columns.keys().any(|col| described.contains(&col.as_str())) {
            self.engine.graph.note_change();
        }
    }

    fn schema_changed(&mut self, table: TableIx, ix: ColIx, col: &ColId, old: &ColumnSpec, new: &ColumnSpec) {
        self.engine.graph.note_change();
        if old.column_type != new.column_type {
            self.engine.graph.note_column(table, col);
            self.engine.indexes.forget(table);
            if new.is_formula {
                self.mark_column((table, ix));
            }
        }
        if !new.is_formula {
            self.engine.dirty.take((table, ix));
        }
    }

    fn table_loaded(&mut self, id: &TableId) -> Result<TableIx, EngineError> {
        let table = self.engine.table_ix(id).ok_or_else(|| EngineError::NoTable(id.clone()))?;
        self.engine.load(table)?;
        Ok(table)
    }

    fn column_of(&self, table: TableIx, id: &TableId, col: &ColId) -> Result<ColIx, EngineError> {
        self.engine
            .at(table)
            .and_then(|table| table.find(col))
            .ok_or_else(|| EngineError::NoColumn(id.clone(), col.clone()))
    }

    fn checked_columns<'v>(
        &self,
        table: TableIx,
        id: &TableId,
        rows: &[RowId],
        columns: &'v ColumnValues,
    ) -> Result<Vec<(ColIx, &'v Cells)>, EngineError> {
        if columns.values().any(|values| values.len() != rows.len()) {
            return Err(EngineError::Uneven(id.clone()));
        }
        columns.iter().map(|(col, values)| Ok((self.column_of(table, id, col)?, values))).collect()
    }

    fn add_records(
        &mut self,
        id: &TableId,
        rows: &[RowId],
        columns: &ColumnValues,
    ) -> Result<(), EngineError> {
        let table = self.table_loaded(id)?;
        let known = self.engine.at(table).map(|table| table.shared_rows()).unwrap_or_default();
        if let Some(row) = rows.iter().find(|row| row.is_none() || known.contains(**row)) {
            return Err(EngineError::Row(format!("cannot add row {row} to {id}: there is one already")));
        }
        check_row_id(id, rows.iter().copied().max().unwrap_or_default(), known.len() + rows.len())?;
        drop(known);
        let columns = self.checked_columns(table, id, rows, columns)?;
        self.engine.set_rows(table, rows, true);
        for (col, values) in columns {
            self.prevent_trigger((table, col), rows);
            self.engine.set_cells((table, col), rows, values);
        }
        self.changes.rows_added(table, rows);
        self.rows_came(table, rows);
        self.log.undo.push(DocAction::BulkRemoveRecord(id.clone(), rows.to_vec()).simplified());
        Ok(())
    }

    fn update_records(
        &mut self,
        id: &TableId,
        rows: &[RowId],
        columns: &ColumnValues,
    ) -> Result<(), EngineError> {
        let table = self.table_loaded(id)?;
        let known = self.engine.at(table).map(|table| table.shared_rows()).unwrap_or_default();
        if let Some(row) = rows.iter().find(|row| !known.contains(**row)) {
            return Err(EngineError::Row(format!(
                "docactions.[Bulk]UpdateRecord for non-existent record #{row}"
            )));
        }
        drop(known);
        let checked = self.checked_columns(table, id, rows, columns)?;
        for (col, _) in &checked {
            self.prevent_trigger((table, *col), rows);
        }
        let mut before = ColumnValues::default();
        for ((col, values), name) in checked.into_iter().zip(columns.keys()) {
            before.insert(name.clone(), self.engine.set_cells((table, col), rows, values));
            self.cells_set(table, col, rows);
        }
        if *id == "_grist_Tables_column" || *id == "_grist_Tables" {
            self.metadata_changed(columns);
        }
        self.log.undo.push(DocAction::BulkUpdateRecord(id.clone(), rows.to_vec(), before).simplified());
        Ok(())
    }

    /// Rows that do not exist are passed over; with none left, nothing has happened.
    fn remove_records(&mut self, id: &TableId, rows: &[RowId]) -> Result<bool, EngineError> {
        let table = self.table_loaded(id)?;
        let Some(held) = self.engine.at(table) else { return Ok(false) };
        let known: Vec<RowId> = rows.iter().copied().filter(|row| held.rows().contains(*row)).collect();
        if known.is_empty() {
            return Ok(!rows.is_empty());
        }
        let rows = known;
        let before: Vec<(ColIx, ColId, Cells, CellValue)> = held
            .columns()
            .map(|(col, slot)| {
                let values = slot.cells.select(&rows);
                (col, slot.id.clone(), values, slot.spec.column_type.default_value())
            })
            .collect();
        let mut undo = ColumnValues::default();
        for (col, col_id, values, default) in before {
            self.engine.set_cells((table, col), &rows, &Cells::repeated(default.clone(), rows.len()));
            if !col_id.starts_with('#') && values.iter().any(|value| value != default) {
                undo.insert(col_id, values);
            }
        }
        self.engine.set_rows(table, &rows, false);
        self.changes.rows_removed(table, &rows);
        self.rows_went(table, &rows);
        self.log.undo.push(DocAction::BulkAddRecord(id.clone(), rows, undo).simplified());
        Ok(true)
    }

    fn replace_data(
        &mut self,
        id: &TableId,
        rows: &[RowId],
        columns: &ColumnValues,
    ) -> Result<(), EngineError> {
        let table = self.table_loaded(id)?;
        check_row_id(id, rows.iter().copied().max().unwrap_or_default(), rows.len())?;
        self.checked_columns(table, id, rows, columns)?;
        let Some(held) = self.engine.at(table) else { return Ok(()) };
        let TableData { table: name, rows: old_rows, columns: old_columns } = held.data(false);
        self.engine.remember(table);
        if let Some(held) = self.engine.at_mut(table) {
            held.rows_mut().clear();
            let slots: Vec<ColIx> = held.columns().map(|(col, _)| col).collect();
            for col in slots {
                if let Some(slot) = held.slot_mut(col) {
                    slot.cells = std::sync::Arc::new(model::Column::new(&slot.spec.column_type));
                }
            }
        }
        let data = TableData { table: id.clone(), rows: rows.to_vec(), columns: columns.clone() };
        self.engine.fill(data)?;
        self.changes.rows_removed(table, &old_rows);
        self.changes.rows_added(table, rows);
        self.rows_went(table, &old_rows);
        self.rows_came(table, rows);
        self.log.undo.push(DocAction::ReplaceTableData(name, old_rows, old_columns));
        Ok(())
    }

    fn add_column(&mut self, id: &TableId, col: &ColId, info: &ColumnInfo) -> Result<(), EngineError> {
        let table = self.table_loaded(id)?;
        if self.engine.at(table).is_some_and(|table| table.find(col).is_some()) {
            return Err(EngineError::Exists(format!("column {col} of {id}")));
        }
        self.engine.remember(table);
        let spec = ColumnSpec::from_info(info, &ColumnSpec::default());
        if let Some(held) = self.engine.at_mut(table) {
            let ix = held.add_column(col.clone(), spec);
            self.changes.column_added(table, ix);
            self.engine.graph.note_column(table, col);
        }
        self.log.undo.push(DocAction::RemoveColumn(id.clone(), col.clone()));
        Ok(())
    }

    fn remove_column(&mut self, id: &TableId, col: &ColId) -> Result<(), EngineError> {
        let table = self.table_loaded(id)?;
        let ix = self.column_of(table, id, col)?;
        self.engine.remember(table);
        let Some(held) = self.engine.at_mut(table) else { return Ok(()) };
        let rows = held.shared_rows();
        let Some(slot) = held.remove_column(ix) else { return Ok(()) };
        self.changes.column_removed(table, ix, id, col);
        self.engine.graph.note_column(table, col);
        self.engine.dirty.take((table, ix));
        if slot.spec.is_formula {
            self.changes.column((table, ix), std::sync::Arc::clone(&slot.cells));
            self.changes.cells((table, ix), &rows);
        } else {
            let kept: Vec<RowId> = rows.iter().filter(|row| !slot.cells.is_default(*row)).collect();
            if !kept.is_empty() {
                let columns = ColumnValues::from_iter([(col.clone(), slot.cells.select(&kept))]);
                self.log.undo.push(DocAction::BulkUpdateRecord(id.clone(), kept, columns).simplified());
            }
        }
        self.log.undo.push(DocAction::AddColumn(id.clone(), col.clone(), slot.spec.to_info()));
        Ok(())
    }

    fn rename_column(&mut self, id: &TableId, old: &ColId, new: &ColId) -> Result<(), EngineError> {
        let table = self.table_loaded(id)?;
        let ix = self.column_of(table, id, old)?;
        if self.engine.at(table).is_some_and(|table| table.find(new).is_some()) {
            return Err(EngineError::Exists(format!("column {new} of {id}")));
        }
        self.engine.remember(table);
        if let Some(held) = self.engine.at_mut(table) {
            held.rename_column(ix, new.clone());
        }
        self.engine.graph.note_column(table, old);
        self.engine.graph.note_column(table, new);
        self.log.undo.push(DocAction::RenameColumn(id.clone(), new.clone(), old.clone()));
        Ok(())
    }

    /// Changes what the schema says; cells stay as they are (converting them is a change of data of its own).
    fn modify_column(&mut self, id: &TableId, col: &ColId, info: &ColumnInfo) -> Result<bool, EngineError> {
        let table = self.table_loaded(id)?;
        let ix = self.column_of(table, id, col)?;
        let Some(slot) = self.engine.at(table).and_then(|table| table.slot(ix)) else { return Ok(false) };
        let old = slot.spec.clone();
        let new = ColumnSpec::from_info(info, &old);
        if new == old {
            return Ok(true);
        }
        let mut undo = old.to_info();
        if old.reverse.is_none() {
            undo.insert("reverseColId".into(), CellValue::Null);
        }
        undo.retain(|key, _| info.contains_key(key));
        let info_now = new.clone();
        self.engine.remember(table);
        // Cells that the new type cannot hold as they are (a toggle has no 0 and 1): undo brings them back.
        let mut lost: Vec<(RowId, CellValue)> = Vec::new();
        if let Some(held) = self.engine.at_mut(table) {
            let rows = held.shared_rows();
            if let Some(slot) = held.slot_mut(ix) {
                if new.column_type != old.column_type {
                    let mut cells = model::Column::new(&new.column_type);
                    for row in rows.iter() {
                        let value = slot.cells.get(row);
                        cells.set(row, fitted(&cells.data, value.clone()));
                        if !same_number(&cells.get(row), &value) {
                            lost.push((row, value));
                        }
                    }
                    slot.cells = std::sync::Arc::new(cells);
                }
                slot.spec = new;
            }
            held.move_to_end(ix);
        }
        self.schema_changed(table, ix, col, &old, &info_now);
        if !lost.is_empty() && !old.is_formula {
            let (rows, values) = lost.into_iter().unzip();
            let columns = ColumnValues::from_iter([(col.clone(), values)]);
            self.log.undo.push(DocAction::BulkUpdateRecord(id.clone(), rows, columns).simplified());
        }
        self.log.undo.push(DocAction::ModifyColumn(id.clone(), col.clone(), undo));
        Ok(true)
    }

    fn add_table(&mut self, id: &TableId, columns: &[ColumnInfo]) -> Result<(), EngineError> {
        if self.engine.table_ix(id).is_some() {
            return Err(EngineError::Exists(format!("table {id}")));
        }
        let columns = columns.iter().filter_map(|info| {
            let col = info.get("id").and_then(CellValue::as_text)?;
            Some((ColId::new(col), ColumnSpec::from_info(info, &ColumnSpec::default())))
        });
        let table = self.engine.add_table(id.clone(), columns);
        self.changes.table_added(table);
        self.log.undo.push(DocAction::RemoveTable(id.clone()));
        Ok(())
    }

    fn remove_table(&mut self, id: &TableId) -> Result<(), EngineError> {
        let table = self.table_loaded(id)?;
        let Some(held) = self.engine.at(table) else { return Ok(()) };
        let TableData { rows, columns, .. } = held.data(true);
        let schema: Vec<(ColIx, ColId, ColumnInfo)> = held
            .columns()
            .filter(|(_, slot)| !slot.id.starts_with('#'))
            .map(|(col, slot)| {
                let mut info = ColumnInfo::default();
                info.insert("id".into(), CellValue::Text(slot.id.text()));
                info.extend(slot.spec.to_info());
                (col, slot.id.clone(), info)
            })
            .collect();
        if !rows.is_empty() {
            self.log.undo.push(DocAction::BulkAddRecord(id.clone(), rows, columns).simplified());
        }
        for (col, col_id, _) in &schema {
            self.changes.column_removed(table, *col, id, col_id);
        }
        self.engine.remove_table(table);
        let schema = schema.into_iter().map(|(.., info)| info).collect();
        self.log.undo.push(DocAction::AddTable(id.clone(), schema));
        Ok(())
    }

    fn rename_table(&mut self, old: &TableId, new: &TableId) -> Result<(), EngineError> {
        let table = self.table_loaded(old)?;
        if self.engine.table_ix(new).is_some() {
            return Err(EngineError::Exists(format!("table {new}")));
        }
        self.engine.rename_table(table, new.clone());
        self.renamed_in_cells(old);
        self.log.undo.push(DocAction::RenameTable(new.clone(), old.clone()));
        Ok(())
    }
}

impl Turn<'_> {
    /// Computed cells of any type name the tables of the records they hold: they are computed again when a table is renamed.
    fn renamed_in_cells(&mut self, old: &TableId) {
        let names_it = |value: &CellValue| match value {
            CellValue::Record(table, _) | CellValue::RecordSet(table, _) => table == old,
            _ => false,
        };
        let mut naming: Vec<((TableIx, ColIx), Rows)> = Vec::new();
        for (table, held) in self.engine.tables() {
            for (col, slot) in held.columns() {
                if let (true, model::ColumnData::Any(cells)) = (slot.spec.is_formula, &slot.cells.data) {
                    let rows = held.rows().iter().filter(|row| cells.get(row.index()).is_some_and(names_it));
                    naming.push(((table, col), rows.collect()));
                }
            }
        }
        for (node, rows) in naming.into_iter().filter(|(_, rows)| !rows.is_empty()) {
            self.engine.dirty.mark(node, &rows);
        }
    }
}

/// A number in the form of the column's vector: 1 and 1.0 are the same cell.
fn fitted(data: &model::ColumnData, value: CellValue) -> CellValue {
    match (data, &value) {
        (model::ColumnData::Float(_), CellValue::Int(_)) => value.as_number().map_or(value, CellValue::Float),
        (model::ColumnData::Int(_), CellValue::Float(_)) => value.as_int().map_or(value, CellValue::Int),
        _ => value,
    }
}

/// Whether two cells are the same, 1 and 1.0 among them (but not `true`).
pub(crate) fn same_number(a: &CellValue, b: &CellValue) -> bool {
    match (a, b) {
        (CellValue::Int(_), CellValue::Float(_)) | (CellValue::Float(_), CellValue::Int(_)) => {
            a.as_number() == b.as_number()
        }
        _ => a == b,
    }
}
