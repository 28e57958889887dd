//! Renames, with all formulas that mention what is renamed.

use formula::Place;
use formula::rename::{Renames, rename_in_formula};
use model::{CellValue, ColId, ColumnInfo, ColumnValues, DocAction, RowId, RowValues, TableId};

use crate::apply::Bundle;
use crate::error::ActionError;
use crate::identifiers::{Taken, pick_table_id};
use crate::metadata::{COLUMNS, TABLES};

/// A formula with its new text: the record of its column, and the text.
type Rewritten = (RowId, String);

impl Bundle<'_, '_> {
    pub(crate) fn formulas_after_column_rename(
        &self,
        table: &TableId,
        old: &ColId,
        new: &ColId,
    ) -> Vec<Rewritten> {
        let mut renames = Renames::default();
        if let Some(slot) = self.turn.engine().find(table, old) {
            renames.columns.insert(slot, new.clone());
        }
        self.rewritten(&renames)
    }

    fn rewritten(&self, renames: &Renames) -> Vec<Rewritten> {
        let engine = self.turn.engine();
        let mut found = Vec::new();
        for record in self.rows(COLUMNS) {
            let formula = self.text(COLUMNS, record, "formula");
            if formula.is_empty() {
                continue;
            }
            let (table, col) = self.column_names(record);
            let Some((table, col)) = engine.find(&table, &col) else { continue };
            if let Some(text) = rename_in_formula(&formula, Place { table, col }, engine, renames) {
                found.push((record, text));
            }
        }
        found
    }

    /// Writes the new formulas and, in the same action on the metadata, the change that made them necessary.
    pub(crate) fn rewrite_formulas(
        &mut self,
        formulas: Vec<Rewritten>,
        change: Option<(RowId, ColumnValues)>,
    ) -> Result<(), ActionError> {
        for (record, text) in &formulas {
            let (table, mut col) = self.column_names(*record);
            if let Some((changed, values)) = &change
                && changed == record
                && let Some(new) = values.get("colId").and_then(|values| values[0].as_text())
            {
                col = ColId::new(new);
            }
            let info = ColumnInfo::from_iter([(ColId::new("formula"), CellValue::text(text))]);
            self.turn
                .apply_rewrite(DocAction::ModifyColumn(table, col, info))
                .map_err(crate::apply::engine_error)?;
        }
        if let Some((record, values)) = change {
            let mut values: RowValues =
                values.into_iter().map(|(key, mut values)| (key, values.swap_remove(0))).collect();
            if let Some((_, text)) = formulas.iter().find(|(other, _)| *other == record) {
                values.insert("formula".into(), CellValue::text(text));
            }
            self.emit(DocAction::UpdateRecord(COLUMNS.into(), record, values))?;
            let others: Vec<_> = formulas.into_iter().filter(|(other, _)| *other != record).collect();
            return self.store_formulas(others);
        }
        self.store_formulas(formulas)
    }

    fn store_formulas(&mut self, formulas: Vec<Rewritten>) -> Result<(), ActionError> {
        if formulas.is_empty() {
            return Ok(());
        }
        let (rows, texts): (Vec<RowId>, Vec<CellValue>) =
            formulas.into_iter().map(|(row, text)| (row, CellValue::text(&text))).unzip();
        let columns = ColumnValues::from_iter([(ColId::new("formula"), texts)]);
        self.emit(DocAction::BulkUpdateRecord(COLUMNS.into(), rows, columns))
    }

    /// Changes records of tables, and with them their ids: columns that refer to a renamed table follow.
    pub(crate) fn update_table_records(
        &mut self,
        rows: &[RowId],
        wanted: ColumnValues,
    ) -> Result<(), ActionError> {
        for (at, record) in rows.iter().enumerate() {
            let mut values: RowValues =
                wanted.iter().map(|(key, values)| (key.clone(), values[at].clone())).collect();
            let old = TableId::from(self.text(TABLES, *record, "tableId"));
            let suggestion = values.get("tableId").and_then(CellValue::as_text).map(str::to_owned);
            let mut taken = Taken::default();
            for id in self.turn.engine().table_ids().iter().filter(|id| **id != old) {
                taken.insert(id);
            }
            let new = match suggestion {
                Some(suggestion) if suggestion != old.as_str() => {
                    TableId::from(pick_table_id(Some(&suggestion), &taken))
                }
                _ => old.clone(),
            };
            values.insert("tableId".into(), CellValue::Text(new.text()));
            if new != old {
                self.rename_one_table(&old, &new)?;
            }
            let columns: ColumnValues = values.into_iter().map(|(key, value)| (key, vec![value])).collect();
            if let Some((rows, columns)) = self.only_changes(&TABLES.into(), &[*record], columns) {
                self.emit(DocAction::BulkUpdateRecord(TABLES.into(), rows, columns))?;
            }
        }
        Ok(())
    }

    fn rename_one_table(&mut self, old: &TableId, new: &TableId) -> Result<(), ActionError> {
        let mut renames = Renames::default();
        if let Some(table) = self.turn.engine().table_ix(old) {
            renames.tables.insert(table, new.clone());
        }
        let formulas = self.rewritten(&renames);
        let referring: Vec<(RowId, String)> = self
            .rows(COLUMNS)
            .into_iter()
            .filter_map(|record| {
                let text = self.text(COLUMNS, record, "type");
                let (kind, target) = text.split_once(':')?;
                (target == old.as_str() && kind.starts_with("Ref")).then(|| (record, format!("{kind}:{new}")))
            })
            .collect();
        self.emit(DocAction::RenameTable(old.clone(), new.clone()))?;
        for (record, column_type) in &referring {
            let (table, col) = self.column_names(*record);
            let table = if table == *old { new.clone() } else { table };
            let info = ColumnInfo::from_iter([(ColId::new("type"), CellValue::text(column_type))]);
            self.turn
                .apply_rewrite(DocAction::ModifyColumn(table, col, info))
                .map_err(crate::apply::engine_error)?;
        }
        for (record, text) in &formulas {
            let (table, col) = self.column_names(*record);
            let table = if table == *old { new.clone() } else { table };
            let info = ColumnInfo::from_iter([(ColId::new("formula"), CellValue::text(text))]);
            self.turn
                .apply_rewrite(DocAction::ModifyColumn(table, col, info))
                .map_err(crate::apply::engine_error)?;
        }
        if !referring.is_empty() {
            let (rows, types) =
                referring.into_iter().map(|(row, text)| (row, CellValue::text(&text))).unzip();
            let columns = ColumnValues::from_iter([(ColId::new("type"), types)]);
            self.emit(DocAction::BulkUpdateRecord(COLUMNS.into(), rows, columns))?;
        }
        self.store_formulas(formulas)
    }
}
