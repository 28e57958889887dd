//! Columns: add, remove, rename, modify.

use model::{CellValue, ColId, ColumnInfo, ColumnValues, DocAction, RowId, RowValues, TableId};

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
        let mut wanted = arguments.values(2, "column properties")?;
        self.turn.engine_mut().loaded(&table).map_err(engine_error)?;
        let table_ref = self.table_ref(&table)?;
        let col = ColId::from(pick_col_id(arguments.optional_text(1), &self.taken_columns(&table, None)));
        let given = wanted.contains_key("isFormula")
            || wanted.get("formula").is_some_and(|formula| formula.as_text() != Some(""));
        if !given {
            wanted.insert("isFormula".into(), CellValue::Bool(true));
        }
        if !wanted.contains_key("isFormula") {
            wanted.insert("isFormula".into(), CellValue::Bool(true));
        }
        let info = self.schema_info(&wanted);
        self.emit(DocAction::AddColumn(table, col.clone(), info.clone()))?;
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
        if let Some(position) = wanted.get("_position") {
            values.insert("parentPos".into(), position.clone());
        } else {
            values.insert("parentPos".into(), CellValue::Float(f64::INFINITY));
        }
        values.insert("parentId".into(), table_ref.into());
        let values: ColumnValues = values.into_iter().map(|(key, value)| (key, vec![value])).collect();
        let record = self.add_rows(&COLUMNS.into(), &[CellValue::Null], values)?[0];
        if shown && is_visible(&col) {
            for own in ["rawViewSectionRef", "recordCardViewSectionRef"] {
                let section = self.reference(TABLES, table_ref, own);
                if !section.is_none() {
                    self.make_fields(section, &[record])?;
                }
            }
        }
        Ok(dict([("colRef", record.into()), ("colId", CellValue::Text(col.text()))]))
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
        self.remove_rows(&COLUMNS.into(), &[record])?;
        Ok(CellValue::Null)
    }

    pub(crate) fn rename_column(&mut self, arguments: Arguments<'_>) -> Result<CellValue, ActionError> {
        let (table, col) = (arguments.text(0, "the table id")?, arguments.text(1, "the column id")?);
        let record = self.column_ref(table, col)?;
        let wanted = ColumnValues::from_iter([(
            ColId::new("colId"),
            vec![CellValue::text(arguments.text(2, "the new id")?)],
        )]);
        self.update_column_records(&[record], &wanted)?;
        Ok(CellValue::text(&self.text(COLUMNS, record, "colId")))
    }

    pub(crate) fn modify_column(&mut self, arguments: Arguments<'_>) -> Result<CellValue, ActionError> {
        let (table, col) = (arguments.text(0, "the table id")?, arguments.text(1, "the column id")?);
        let record = self.column_ref(table, col)?;
        let wanted = arguments.values(2, "column properties")?;
        let wanted = wanted.into_iter().map(|(key, value)| (key, vec![value])).collect();
        self.update_column_records(&[record], &wanted)?;
        Ok(CellValue::Null)
    }

    /// Changes records of columns, and with them the columns: ids, types, formulas.
    pub(crate) fn update_column_records(
        &mut self,
        rows: &[RowId],
        wanted: &ColumnValues,
    ) -> Result<(), ActionError> {
        for (at, record) in rows.iter().enumerate() {
            let values: RowValues =
                wanted.iter().map(|(key, values)| (key.clone(), values[at].clone())).collect();
            self.update_column_record(*record, values)?;
        }
        Ok(())
    }

    fn update_column_record(&mut self, record: RowId, mut values: RowValues) -> Result<(), ActionError> {
        let (table, col) = self.column_names(record);
        self.turn.engine_mut().loaded(&table).map_err(engine_error)?;
        // The id follows the label, unless it is untied.
        let untied = values
            .get("untieColIdFromLabel")
            .map_or_else(|| self.cell(COLUMNS, record, "untieColIdFromLabel").is_true(), CellValue::is_true);
        if let (false, false, Some(label)) = (untied, values.contains_key("colId"), values.get("label")) {
            values.insert("colId".into(), label.clone());
        }
        if let Some(wanted) = values.get("colId").and_then(CellValue::as_text).map(str::to_owned) {
            let new = if wanted == col.as_str() {
                wanted
            } else {
                pick_col_id(Some(&wanted), &self.taken_columns(&table, Some(&col)))
            };
            values.insert("colId".into(), CellValue::text(&new));
        }
        let values: ColumnValues = values.into_iter().map(|(key, value)| (key, vec![value])).collect();
        let Some((_, values)) = self.only_changes(&COLUMNS.into(), &[record], values) else { return Ok(()) };
        let new_id = values.get("colId").and_then(|values| values[0].as_text()).map(ColId::new);
        let mut renamed = Vec::new();
        if let Some(new) = &new_id {
            renamed = self.formulas_after_column_rename(&table, &col, new);
            self.emit(DocAction::RenameColumn(table.clone(), col.clone(), new.clone()))?;
        }
        let col = new_id.unwrap_or(col);
        let schema: ColumnInfo = ["type", "isFormula", "formula"]
            .into_iter()
            .filter_map(|key| Some((ColId::new(key), values.get(key)?[0].clone())))
            .collect();
        if !schema.is_empty() {
            self.change_schema(&table, &col, schema)?;
        }
        self.rewrite_formulas(renamed, Some((record, values)))
    }

    /// Changes type or formula of a column; cells are converted where the type of a data column changes.
    fn change_schema(&mut self, table: &TableId, col: &ColId, info: ColumnInfo) -> Result<(), ActionError> {
        let Some(slot) = self.turn.engine().table(table).and_then(|table| table.column(col)) else {
            return Err(ActionError::key(col));
        };
        let becomes_data =
            slot.spec.is_formula && info.get("isFormula").is_some_and(|value| !value.is_true());
        if becomes_data {
            self.turn.recalculate();
            self.turn.flush_column(table, col);
        }
        let action = DocAction::ModifyColumn(table.clone(), col.clone(), info);
        self.turn.apply_converting(action, self.direct).map_err(engine_error)
    }

    /// The ids that a new column of a table must differ from.
    fn taken_columns(&self, table: &TableId, except: Option<&ColId>) -> Taken {
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
