//! Renames, with all formulas that mention what is renamed.

use std::collections::BTreeMap;

use formula::Place;
use formula::rename::{Renames, rename_in_formula};
use model::{CellValue, ColId, ColumnInfo, ColumnValues, DocAction, RowId, RowValues, TableId};

use crate::apply::{Bundle, engine_error};
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
            self.turn.apply_rewrite(DocAction::ModifyColumn(table, col, info)).map_err(engine_error)?;
        }
        let mut updates: BTreeMap<RowId, RowValues> = BTreeMap::new();
        if let Some((record, values)) = change {
            updates.insert(
                record,
                values.into_iter().map(|(key, mut values)| (key, values.swap_remove(0))).collect(),
            );
        }
        for (record, text) in formulas {
            updates.entry(record).or_default().insert("formula".into(), CellValue::text(&text));
        }
        self.store_updates(COLUMNS, &updates)
    }

    /// Changes of several records in one action: where a record does not change in a column, its present value is repeated.
    fn store_updates(
        &mut self,
        table: &str,
        updates: &BTreeMap<RowId, RowValues>,
    ) -> Result<(), ActionError> {
        if updates.is_empty() {
            return Ok(());
        }
        let mut columns = ColumnValues::default();
        for key in updates.values().flat_map(RowValues::keys) {
            if !columns.contains_key(key) {
                let value = |(row, values): (&RowId, &RowValues)| {
                    values.get(key).cloned().unwrap_or_else(|| self.cell(table, *row, key))
                };
                columns.insert(key.clone(), updates.iter().map(value).collect());
            }
        }
        self.emit(DocAction::BulkUpdateRecord(table.into(), updates.keys().copied().collect(), columns))
    }

    /// Changes records of tables, and with them their ids: columns that refer to a renamed table follow.
    pub(crate) fn update_table_records(
        &mut self,
        rows: &[RowId],
        wanted: &ColumnValues,
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
                self.rename_one_table(*record, &old, &new)?;
            }
            let columns: ColumnValues = values.into_iter().map(|(key, value)| (key, vec![value])).collect();
            if let Some((rows, columns)) = self.only_changes(&TABLES.into(), &[*record], columns) {
                self.emit(DocAction::BulkUpdateRecord(TABLES.into(), rows, columns))?;
            }
        }
        Ok(())
    }

    /// Columns that refer to the table are of type Int while there is no table of their target's name.
    fn rename_one_table(&mut self, record: RowId, old: &TableId, new: &TableId) -> Result<(), ActionError> {
        let mut renames = Renames::default();
        if let Some(table) = self.turn.engine().table_ix(old) {
            renames.tables.insert(table, new.clone());
        }
        let mut updates: BTreeMap<RowId, RowValues> = BTreeMap::new();
        for column in self.rows(COLUMNS) {
            let text = self.text(COLUMNS, column, "type");
            if let Some((kind @ ("Ref" | "RefList"), target)) = text.split_once(':')
                && target == old.as_str()
            {
                let renamed = CellValue::text(&format!("{kind}:{new}"));
                updates.entry(column).or_default().insert("type".into(), renamed);
            }
        }
        for column in updates.keys().copied().collect::<Vec<_>>() {
            if self.text(COLUMNS, column, "type").starts_with("Ref:") {
                let (table, col) = self.column_names(column);
                self.rewrite_column(table, col, "type", "Int".into())?;
            }
        }
        for (column, text) in self.rewritten(&renames) {
            updates.entry(column).or_default().insert("formula".into(), CellValue::text(&text));
        }
        self.emit(DocAction::RenameTable(old.clone(), new.clone()))?;
        let id = RowValues::from_iter([(ColId::new("tableId"), CellValue::Text(new.text()))]);
        self.emit(DocAction::UpdateRecord(TABLES.into(), record, id))?;
        for (column, values) in &updates {
            let (table, col) = self.column_names(*column);
            for (key, value) in values {
                self.rewrite_column(table.clone(), col.clone(), key, value.clone())?;
            }
        }
        self.store_updates(COLUMNS, &updates)
    }

    fn rewrite_column(
        &mut self,
        table: TableId,
        col: ColId,
        key: &str,
        value: CellValue,
    ) -> Result<(), ActionError> {
        let info = ColumnInfo::from_iter([(ColId::new(key), value)]);
        self.turn.apply_rewrite(DocAction::ModifyColumn(table, col, info)).map_err(engine_error)
    }
}
