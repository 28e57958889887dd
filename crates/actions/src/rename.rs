//! Renames, with all formulas that mention what is renamed.

use formula::Place;
use formula::rename::{Renames, rename_in_formula};
use indexmap::IndexMap;
use model::{CellValue, ColId, ColumnInfo, ColumnValues, DocAction, RowId, RowValues, TableId};

use crate::apply::{Bundle, engine_error};
use crate::error::ActionError;
use crate::identifiers::{Taken, pick_table_id};
use crate::metadata::{COLUMNS, TABLES};
use crate::summaries::summary_table_name;

/// A formula with its new text: the record of its column, and the text.
type Rewritten = (RowId, String);

impl Bundle<'_, '_> {
    pub(crate) fn formulas_after_column_renames(
        &self,
        columns: &[(TableId, ColId, ColId)],
    ) -> Vec<Rewritten> {
        let mut renames = Renames::default();
        for (table, old, new) in columns {
            if let Some(slot) = self.turn.engine().find(table, old) {
                renames.columns.insert(slot, new.clone());
            }
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

    /// Changes of several records in one action: where a record does not change in a column, its present value is repeated.
    pub(crate) fn store_updates(
        &mut self,
        table: &str,
        updates: &IndexMap<RowId, RowValues>,
    ) -> Result<(), ActionError> {
        let mut columns = ColumnValues::default();
        for key in updates.values().flat_map(RowValues::keys) {
            if !columns.contains_key(key) {
                let value = |(row, values): (&RowId, &RowValues)| {
                    values.get(key).cloned().unwrap_or_else(|| self.cell(table, *row, key))
                };
                columns.insert(key.clone(), updates.iter().map(value).collect());
            }
        }
        let rows: Vec<RowId> = updates.keys().copied().collect();
        match self.only_changes(&table.into(), &rows, columns) {
            Some((rows, columns)) => self.emit(DocAction::BulkUpdateRecord(table.into(), rows, columns)),
            None => Ok(()),
        }
    }

    /// Changes records of tables, and with them their ids: columns that refer to a renamed table follow, and so do its summaries.
    pub(crate) fn update_table_records(
        &mut self,
        rows: &[RowId],
        wanted: &ColumnValues,
    ) -> Result<(), ActionError> {
        let wanted = self.converted(&TABLES.into(), wanted.clone())?;
        let mut taken = Taken::default();
        for id in &self.turn.engine().table_ids() {
            taken.insert(id);
        }
        let mut updates: IndexMap<RowId, RowValues> = IndexMap::new();
        let mut renamed: Vec<(RowId, TableId, TableId)> = Vec::new();
        for (at, record) in rows.iter().enumerate() {
            let mut values: RowValues =
                wanted.iter().map(|(key, values)| (key.clone(), values.at(at))).collect();
            let old = TableId::from(self.text(TABLES, *record, "tableId"));
            let suggestion = values.get("tableId").and_then(CellValue::as_text).map(str::to_owned);
            if let Some(suggestion) = suggestion.filter(|suggestion| suggestion != old.as_str()) {
                taken.remove(&old);
                let new = TableId::from(pick_table_id(Some(&suggestion), &taken));
                taken.insert(&new);
                values.insert("tableId".into(), CellValue::Text(new.text()));
                if new != old {
                    renamed.push((*record, old, new.clone()));
                    let mut followers = Vec::new();
                    for summary in self.referring(TABLES, "summarySourceTable", *record) {
                        let before = TableId::from(self.text(TABLES, summary, "tableId"));
                        let grouped = self
                            .referring(COLUMNS, "parentId", summary)
                            .into_iter()
                            .filter(|column| !self.reference(COLUMNS, *column, "summarySourceCol").is_none())
                            .map(|column| self.text(COLUMNS, column, "colId"))
                            .collect();
                        taken.remove(&before);
                        let name = summary_table_name(&new, grouped);
                        let after = TableId::from(pick_table_id(Some(&name), &taken));
                        taken.insert(&after);
                        if after != before {
                            followers.push((summary, before, after));
                        }
                    }
                    updates.entry(*record).or_default().extend(values);
                    for (summary, before, after) in followers {
                        let id = CellValue::Text(after.text());
                        updates.entry(summary).or_default().insert("tableId".into(), id);
                        renamed.push((summary, before, after));
                    }
                    continue;
                }
            }
            updates.entry(*record).or_default().extend(values);
        }
        if renamed.is_empty() {
            return self.store_updates(TABLES, &updates);
        }
        self.rename_tables(&renamed, &updates)
    }

    /// Columns that refer to a table are of type Int while there is no table of their target's name.
    fn rename_tables(
        &mut self,
        renamed: &[(RowId, TableId, TableId)],
        tables: &IndexMap<RowId, RowValues>,
    ) -> Result<(), ActionError> {
        let mut renames = Renames::default();
        for (_, old, new) in renamed {
            if let Some(table) = self.turn.engine().table_ix(old) {
                renames.tables.insert(table, new.clone());
            }
        }
        let mut updates: IndexMap<RowId, RowValues> = IndexMap::new();
        for (_, old, new) in renamed {
            for column in self.rows(COLUMNS) {
                let text = self.text(COLUMNS, column, "type");
                if let Some((kind @ ("Ref" | "RefList"), target)) = text.split_once(':')
                    && target == old.as_str()
                {
                    let renamed = CellValue::text(&format!("{kind}:{new}"));
                    updates.entry(column).or_default().insert("type".into(), renamed);
                }
            }
        }
        for column in updates.keys().copied().collect::<Vec<_>>() {
            let (table, col) = self.column_names(column);
            self.turn.engine_mut().loaded(&table).map_err(engine_error)?;
            self.rewrite_column(table, col, "type", "Int".into())?;
        }
        for (column, text) in self.rewritten(&renames) {
            updates.entry(column).or_default().insert("formula".into(), CellValue::text(&text));
        }
        let conditions = self.conditions_after_table_renames(renamed);
        for (_, old, new) in renamed {
            self.emit(DocAction::RenameTable(old.clone(), new.clone()))?;
        }
        self.store_updates(TABLES, tables)?;
        for (column, values) in &updates {
            let (table, col) = self.column_names(*column);
            self.turn
                .apply_rewrite(DocAction::ModifyColumn(table, col, values.clone()))
                .map_err(engine_error)?;
        }
        self.store_updates(COLUMNS, &updates)?;
        self.store_conditions(conditions)
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
