//! Columns: add, remove, rename, modify.

use model::{CellValue, Cells, ColId, ColumnValues, DocAction, RowId, RowValues, TableId};

use crate::apply::{Bundle, engine_error};
use crate::arguments::Arguments;
use crate::error::ActionError;
use crate::identifiers::{Taken, pick_col_id};
use crate::metadata::{COLUMNS, SECTIONS, TABLES, is_visible};
use crate::tables::dict;

impl Bundle<'_, '_> {
    /// Adds a column; `shown`: to the table's own sections as well.
    pub(crate) fn add_column(
        &mut self,
        arguments: Arguments<'_>,
        shown: bool,
    ) -> Result<CellValue, ActionError> {
        let table = TableId::new(arguments.text(0, "the table id")?);
        let wanted = arguments.values(2, "column properties")?;
        let table_ref = self.table_ref(&table)?;
        let is_data = |key: &str| wanted.get(key).is_some_and(|value| !value.is_true());
        if is_data("isFormula") && !self.reference(TABLES, table_ref, "summarySourceTable").is_none() {
            return Err(ActionError::Value(
                "AddColumn: cannot add a non-formula column to a summary table".into(),
            ));
        }
        let (record, col) = self.make_column(&table, arguments.optional_text(1), wanted)?;
        if shown && is_visible(&col) {
            for own in ["rawViewSectionRef", "recordCardViewSectionRef"] {
                let section = self.reference(TABLES, table_ref, own);
                if !section.is_none() {
                    self.make_fields(section, &[record])?;
                }
            }
        }
        Ok(column_answer(record, &col))
    }

    /// Makes a column and its record; nothing shows it yet.
    pub(crate) fn make_column(
        &mut self,
        table: &TableId,
        suggestion: Option<&str>,
        mut wanted: RowValues,
    ) -> Result<(RowId, ColId), ActionError> {
        self.turn.engine_mut().loaded(table).map_err(engine_error)?;
        let table_ref = self.table_ref(table)?;
        let col = ColId::from(pick_col_id(suggestion, &self.taken_columns(table, None)));
        if !wanted.contains_key("isFormula") {
            wanted.insert("isFormula".into(), CellValue::Bool(true));
        }
        let info = self.schema_info(&wanted);
        self.emit(DocAction::AddColumn(table.clone(), col.clone(), info.clone()))?;
        let mut values = info;
        values.insert("colId".into(), CellValue::Text(col.text()));
        for (key, default) in [("widgetOptions", CellValue::text("")), ("label", CellValue::Text(col.text()))]
        {
            values.insert(key.into(), wanted.get(key).cloned().unwrap_or(default));
        }
        let known = ["type", "isFormula", "formula", "label", "widgetOptions", "_position", "id", "colId"];
        for (key, value) in wanted.iter().filter(|(key, _)| !known.contains(&key.as_str())) {
            if self.turn.engine().find(COLUMNS, key).is_some() {
                values.insert(key.clone(), value.clone());
            }
        }
        let position = wanted.get("_position").cloned().unwrap_or(CellValue::Float(f64::INFINITY));
        values.insert("parentPos".into(), position);
        values.insert("parentId".into(), table_ref.into());
        let values: ColumnValues = values.into_iter().map(|(key, value)| (key, Cells::one(value))).collect();
        Ok((self.add_rows(&COLUMNS.into(), &[CellValue::Null], values)?[0], col))
    }

    /// Adds a column and shows it in all grids of its table.
    pub(crate) fn add_visible_column(&mut self, arguments: Arguments<'_>) -> Result<CellValue, ActionError> {
        let result = self.add_column(arguments, true)?;
        let table_ref = self.table_ref(arguments.text(0, "the table id")?)?;
        let record = match &result {
            CellValue::Dict(entries) => {
                entries.iter().find(|(key, _)| key == "colRef").and_then(|(_, value)| value.as_row_id())
            }
            _ => None,
        };
        let raw = self.reference(TABLES, table_ref, "rawViewSectionRef");
        for section in self.referring(SECTIONS, "tableRef", table_ref) {
            if section != raw && self.text(SECTIONS, section, "parentKey") == "record" {
                self.make_fields(section, &record.into_iter().collect::<Vec<RowId>>())?;
            }
        }
        Ok(result)
    }

    pub(crate) fn remove_column(&mut self, arguments: Arguments<'_>) -> Result<CellValue, ActionError> {
        let (table, col) = (arguments.text(0, "the table id")?, arguments.text(1, "the column id")?);
        let record = self.column_ref(table, col)?;
        if !self.reference(COLUMNS, record, "summarySourceCol").is_none() {
            return Err(ActionError::Value(
                "RemoveColumn: cannot remove a group-by column from a summary table".into(),
            ));
        }
        self.remove_rows(&COLUMNS.into(), &[record])?;
        Ok(CellValue::Null)
    }

    pub(crate) fn rename_column(&mut self, arguments: Arguments<'_>) -> Result<CellValue, ActionError> {
        let (table, col) = (arguments.text(0, "the table id")?, arguments.text(1, "the column id")?);
        let record = self.column_ref(table, col)?;
        let wanted = ColumnValues::from_iter([(
            ColId::new("colId"),
            Cells::one(CellValue::text(arguments.text(2, "the new id")?)),
        )]);
        self.update_column_records(&[record], &wanted)?;
        Ok(CellValue::text(&self.text(COLUMNS, record, "colId")))
    }

    pub(crate) fn modify_column(&mut self, arguments: Arguments<'_>) -> Result<CellValue, ActionError> {
        let (table, col) = (arguments.text(0, "the table id")?, arguments.text(1, "the column id")?);
        let record = self.column_ref(table, col)?;
        let wanted = arguments.values(2, "column properties")?;
        let wanted = wanted.into_iter().map(|(key, value)| (key, Cells::one(value))).collect();
        self.update_column_records(&[record], &wanted)?;
        Ok(CellValue::Null)
    }

    /// The ids that a new column of a table must differ from.
    pub(crate) fn taken_columns(&self, table: &TableId, except: Option<&ColId>) -> Taken {
        let mut taken = Taken::default();
        taken.insert("id");
        if let Some(held) = self.turn.engine().table(table) {
            for (_, slot) in held.columns().filter(|(_, slot)| Some(&slot.id) != except) {
                taken.insert(&slot.id);
            }
        }
        taken
    }
}

/// What adding a column returns.
pub(crate) fn column_answer(record: RowId, col: &ColId) -> CellValue {
    dict([("colRef", record.into()), ("colId", CellValue::Text(col.text()))])
}
