//! Changes of column records, and with them of the columns: ids, types, formulas, and the columns of summaries that follow.

use indexmap::IndexMap;
use model::{
    CellValue, Cells, ColId, ColumnInfo, ColumnType, ColumnValues, DocAction, RowId, RowValues, TableId,
};

use crate::apply::{Bundle, engine_error};
use crate::error::ActionError;
use crate::guess;
use crate::identifiers::pick_col_id;
use crate::metadata::{COLUMNS, TABLES};
use crate::records::loosely_equal;
use crate::summaries::{group_by_type, summary_table_name};

/// What each column record becomes, in the order in which it happens.
type Updates = IndexMap<RowId, RowValues>;

/// What a group-by column has of the column it groups by.
const FOLLOWED: [&str; 5] = ["colId", "type", "label", "untieColIdFromLabel", "widgetOptions"];
/// What a summary's formula has of the column whose id it has.
const NAMES: [&str; 2] = ["colId", "label"];
/// What columns of one id share among the summaries of a table.
const SHARED: [&str; 7] =
    ["colId", "type", "label", "untieColIdFromLabel", "widgetOptions", "formula", "description"];

impl Bundle<'_, '_> {
    /// Changes records of columns, and with them the columns.
    pub(crate) fn update_column_records(
        &mut self,
        rows: &[RowId],
        wanted: &ColumnValues,
    ) -> Result<(), ActionError> {
        let wanted = self.converted(&COLUMNS.into(), self.with_parsed_options(COLUMNS, wanted.clone())?)?;
        self.update_as_stored(rows, &wanted)
    }

    /// The same for values that are as the records store them.
    pub(crate) fn update_as_stored(
        &mut self,
        rows: &[RowId],
        wanted: &ColumnValues,
    ) -> Result<(), ActionError> {
        let mut updates = Updates::default();
        let mut picked_ids: Vec<(RowId, String)> = Vec::new();
        for (at, record) in rows.iter().enumerate() {
            let values = wanted.iter().map(|(key, values)| (key.clone(), values.at(at))).collect();
            for (column, values) in self.with_followers(*record, values, rows, &mut picked_ids)? {
                updates.entry(column).or_default().extend(values);
            }
        }
        self.check_group_by_columns(&updates)?;
        let mut renames = Vec::new();
        for (column, values) in &updates {
            let (table, col) = self.column_names(*column);
            self.turn.engine_mut().loaded(&table).map_err(engine_error)?;
            if let Some(new) = values.get("colId").and_then(CellValue::as_text)
                && new != col.as_str()
            {
                renames.push((table, col, ColId::new(new)));
            }
        }
        let mut rewritten = Vec::new();
        if !renames.is_empty() {
            for (column, text) in self.formulas_after_column_renames(&renames) {
                let values = updates.entry(column).or_default();
                if !values.contains_key("formula") {
                    values.insert("formula".into(), CellValue::text(&text));
                    rewritten.push(column);
                }
            }
        }
        let conditions = self.conditions_after_column_renames(&renames);
        let mut renamed_summaries = Vec::new();
        for (column, values) in &mut updates {
            self.change_column(*column, values, rewritten.contains(column))?;
            let parent = self.reference(COLUMNS, *column, "parentId");
            let renamed = values
                .get("colId")
                .is_some_and(|new| new.as_text() != Some(self.text(COLUMNS, *column, "colId").as_str()));
            if renamed
                && !self.reference(COLUMNS, *column, "summarySourceCol").is_none()
                && !renamed_summaries.contains(&parent)
            {
                renamed_summaries.push(parent);
            }
        }
        self.store_updates(COLUMNS, &updates)?;
        self.store_conditions(conditions)?;
        let direct = std::mem::replace(&mut self.direct, false);
        for table in renamed_summaries {
            self.rename_summary(table)?;
        }
        self.direct = direct;
        Ok(())
    }

    /// The change of one record, with the changes of others that follow from it; those come first.
    fn with_followers(
        &self,
        record: RowId,
        mut values: RowValues,
        together: &[RowId],
        picked_ids: &mut Vec<(RowId, String)>,
    ) -> Result<Vec<(RowId, RowValues)>, ActionError> {
        let (table, col) = self.column_names(record);
        // The id follows the label, unless it is untied.
        let untied = values
            .get("untieColIdFromLabel")
            .map_or_else(|| self.cell(COLUMNS, record, "untieColIdFromLabel").is_true(), CellValue::is_true);
        let touched = values.contains_key("label") || values.contains_key("untieColIdFromLabel");
        if touched && !untied && !values.contains_key("colId") {
            let label = values.get("label").cloned().unwrap_or_else(|| self.cell(COLUMNS, record, "label"));
            values.insert("colId".into(), label);
        }
        if let Some(wanted) = values.get("colId").and_then(CellValue::as_text).map(str::to_owned) {
            let new = if wanted == col.as_str() {
                wanted
            } else {
                let mut taken = self.taken_columns(&table, Some(&col));
                let parent = self.reference(COLUMNS, record, "parentId");
                // Summaries have columns of the same ids.
                for summary in self.referring(TABLES, "summarySourceTable", parent) {
                    let id = TableId::from(self.text(TABLES, summary, "tableId"));
                    taken.extend(&self.taken_columns(&id, Some(&col)));
                }
                for (other, id) in picked_ids.iter() {
                    if self.reference(COLUMNS, *other, "parentId") == parent {
                        taken.insert(id);
                    }
                }
                pick_col_id(Some(&wanted), &taken)
            };
            picked_ids.push((record, new.clone()));
            values.insert("colId".into(), CellValue::text(&new));
        }
        let is_formula = self.cell(COLUMNS, record, "isFormula").is_true();
        let becomes_formula = values.get("isFormula").map(CellValue::is_true);
        // A formula becomes data: what it computed says of what type.
        if is_formula
            && becomes_formula == Some(false)
            && !values.contains_key("type")
            && self.text(COLUMNS, record, "type") == "Any"
            && let Some(held) = self.turn.engine().table(&table)
        {
            let cells: Vec<CellValue> = held.rows().iter().map(|row| held.cell(&col, row)).collect();
            if let Some(guessed) = guess::of_cells(&cells) {
                values.insert("type".into(), CellValue::text(&guessed));
            }
        }
        let parent = self.reference(COLUMNS, record, "parentId");
        let source = self.reference(TABLES, parent, "summarySourceTable");
        let mut found = Vec::new();
        if source.is_none() {
            let follows = self.referring(COLUMNS, "summarySourceCol", record);
            for follower in follows {
                let mut changes = picked(&values, &FOLLOWED);
                if let Some(text) = changes.get("type").and_then(CellValue::as_text) {
                    let grouped = group_by_type(&ColumnType::parse(text)).to_string();
                    changes.insert("type".into(), CellValue::text(&grouped));
                }
                if !changes.is_empty() {
                    found.push((follower, changes));
                }
            }
            // Formulas of summaries that are named after the column they sum up.
            let changes = picked(&values, &NAMES);
            if !changes.is_empty() {
                found.extend(
                    self.sister_columns(parent, &col, Some(record))
                        .into_iter()
                        .map(|sister| (sister, changes.clone())),
                );
            }
        } else {
            if becomes_formula == Some(!is_formula) {
                return Err(ActionError::Value(format!(
                    "Cannot change summary column '{col}' between formula and data"
                )));
            }
            if is_formula && !col.starts_with("gristHelper") {
                for sister in self.sister_columns(source, &col, Some(record)) {
                    let changes = picked(&values, &SHARED);
                    if !changes.is_empty() {
                        found.push((sister, changes));
                    }
                }
            }
        }
        if let Some(other) = values.get("reverseCol").and_then(CellValue::as_row_id)
            && other.is_none()
        {
            let other = self.reference(COLUMNS, record, "reverseCol");
            if self.has_row(COLUMNS, other) && !together.contains(&other) {
                found.push((other, RowValues::from_iter([("reverseCol".into(), CellValue::Int(0))])));
            }
        }
        found.push((record, values));
        Ok(found)
    }

    /// Columns that group a summary differ from their source in what is shown of them only.
    fn check_group_by_columns(&self, updates: &Updates) -> Result<(), ActionError> {
        for (column, values) in updates {
            let source = self.reference(COLUMNS, *column, "summarySourceCol");
            if source.is_none() {
                continue;
            }
            for (key, value) in values {
                if matches!(
                    key.as_str(),
                    "displayCol" | "visibleCol" | "rules" | "parentPos" | "description" | "summarySourceCol"
                ) || loosely_equal(&self.cell(COLUMNS, *column, key), value)
                {
                    continue;
                }
                let mut expected = updates
                    .get(&source)
                    .and_then(|values| values.get(key).cloned())
                    .unwrap_or_else(|| self.cell(COLUMNS, source, key));
                if key == "type"
                    && let Some(text) = expected.as_text()
                {
                    expected = CellValue::text(&group_by_type(&ColumnType::parse(text)).to_string());
                }
                if expected != *value {
                    let (_, col) = self.column_names(*column);
                    return Err(ActionError::Value(format!("Cannot modify summary group-by column '{col}'")));
                }
            }
        }
        Ok(())
    }

    /// Brings a column in line with what its record is about to say.
    fn change_column(
        &mut self,
        record: RowId,
        values: &mut RowValues,
        rewritten: bool,
    ) -> Result<(), ActionError> {
        let (table, col) = self.column_names(record);
        let mut schema = ColumnInfo::default();
        for key in ["isFormula", "type", "formula"] {
            if let Some(value) = values.get(key)
                && !loosely_equal(value, &self.cell(COLUMNS, record, key))
            {
                schema.insert(key.into(), value.clone());
            }
        }
        if let Some(value) = values.get("reverseCol")
            && *value != self.cell(COLUMNS, record, "reverseCol")
        {
            let other = value.as_row_id().unwrap_or_default();
            let id = if other.is_none() {
                CellValue::Null
            } else {
                CellValue::Text(self.column_names(other).1.text())
            };
            schema.insert("reverseColId".into(), id);
        }
        if schema.contains_key("type") && !schema.contains_key("reverseColId") {
            self.check_two_way_type(record, &schema)?;
        }
        if rewritten {
            // The formula means what it did: nothing is computed again.
            if let Some(formula) = schema.shift_remove("formula") {
                let info = ColumnInfo::from_iter([(ColId::new("formula"), formula)]);
                self.turn
                    .apply_rewrite(DocAction::ModifyColumn(table.clone(), col.clone(), info))
                    .map_err(engine_error)?;
            }
            self.rename_in_place(&table, &col, values)?;
            let col = values.get("colId").and_then(CellValue::as_text).map_or(col, ColId::new);
            if !schema.is_empty() {
                self.change_schema(&table, &col, schema)?;
            }
            return Ok(());
        }
        if !schema.is_empty() {
            let retyped = schema.contains_key("type");
            self.change_schema(&table, &col, schema)?;
            if retyped {
                self.rebuild_reverse(record)?;
            }
        }
        self.rename_in_place(&table, &col, values)
    }

    fn rename_in_place(
        &mut self,
        table: &TableId,
        col: &ColId,
        values: &RowValues,
    ) -> Result<(), ActionError> {
        match values.get("colId").and_then(CellValue::as_text) {
            Some(new) if new != col.as_str() => {
                self.emit(DocAction::RenameColumn(table.clone(), col.clone(), ColId::new(new)))
            }
            _ => Ok(()),
        }
    }

    /// Changes type or formula of a column; cells are converted where the type of a data column changes.
    fn change_schema(&mut self, table: &TableId, col: &ColId, info: ColumnInfo) -> Result<(), ActionError> {
        let Some(slot) = self.turn.engine().table(table).and_then(|table| table.column(col)) else {
            return Err(ActionError::key(col));
        };
        let becomes_data =
            slot.spec.is_formula && info.get("isFormula").is_some_and(|value| !value.is_true());
        let was_empty = slot.spec.formula.is_empty();
        if becomes_data {
            self.turn.recalculate();
            self.turn.flush_column(table, col);
        }
        let action = DocAction::ModifyColumn(table.clone(), col.clone(), info);
        self.turn.apply_converting(action, self.direct).map_err(engine_error)?;
        let Some(held) = self.turn.engine().table(table) else { return Ok(()) };
        let Some(slot) = held.column(col) else { return Ok(()) };
        if becomes_data && was_empty {
            // An empty column had nothing; a data column has the usual value of its type.
            let default = slot.spec.column_type.default_value();
            let blank = held.rows().iter().filter(|row| slot.cells.get(*row).is_null());
            let cells = blank.map(|row| (row, default.clone())).collect();
            self.turn.set_converted(table, col, cells);
        }
        Ok(())
    }

    /// Records of columns of one id in the summaries of a table.
    pub(crate) fn sister_columns(&self, source: RowId, col: &str, except: Option<RowId>) -> Vec<RowId> {
        self.referring(TABLES, "summarySourceTable", source)
            .into_iter()
            .flat_map(|table| self.referring(COLUMNS, "parentId", table))
            .filter(|column| {
                Some(*column) != except
                    && self.cell(COLUMNS, *column, "isFormula").is_true()
                    && self.cell(COLUMNS, *column, "colId").as_text() == Some(col)
            })
            .collect()
    }

    /// A summary is named after its source and the columns that group it.
    pub(crate) fn rename_summary(&mut self, table: RowId) -> Result<(), ActionError> {
        let source = self.text(TABLES, self.reference(TABLES, table, "summarySourceTable"), "tableId");
        let grouped: Vec<String> = self
            .referring(COLUMNS, "parentId", table)
            .into_iter()
            .filter(|column| !self.reference(COLUMNS, *column, "summarySourceCol").is_none())
            .map(|column| self.text(COLUMNS, column, "colId"))
            .collect();
        let name = summary_table_name(&source, grouped);
        let wanted = ColumnValues::from_iter([(ColId::new("tableId"), Cells::one(CellValue::text(&name)))]);
        self.update_table_records(&[table], &wanted)
    }
}

fn picked(values: &RowValues, keys: &[&str]) -> RowValues {
    keys.iter().filter_map(|key| Some((ColId::new(key), values.get(*key)?.clone()))).collect()
}
