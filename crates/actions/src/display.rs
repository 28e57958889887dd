//! Helper columns: what is shown instead of references, and the rules of conditional styles.

use model::{CellValue, Cells, ColId, ColumnValues, RowId, RowValues, TableId};

use crate::apply::Bundle;
use crate::arguments::Arguments;
use crate::columns::column_answer;
use crate::error::ActionError;
use crate::metadata::{COLUMNS, FIELDS, SECTIONS, TABLES};

impl Bundle<'_, '_> {
    pub(crate) fn set_display_formula(&mut self, arguments: Arguments<'_>) -> Result<CellValue, ActionError> {
        let table = TableId::new(arguments.text(0, "the table id")?);
        let given = |row: RowId| Some(row).filter(|row| !row.is_none());
        let field = given(arguments.row(1, "a field")?);
        let column = match arguments.optional_text(2) {
            Some(id) => Some(self.column_ref(&table, id)?),
            None => given(arguments.row(2, "a column")?),
        };
        self.set_display(&table, field, column, arguments.optional_text(3))?;
        Ok(CellValue::Null)
    }

    /// Lets a field, or a column, show what a formula gives; no formula: its own value.
    pub(crate) fn set_display(
        &mut self,
        table: &TableId,
        field: Option<RowId>,
        column: Option<RowId>,
        formula: Option<&str>,
    ) -> Result<(), ActionError> {
        let (records, row) = match (field, column) {
            (Some(field), None) => (FIELDS, field),
            (None, Some(column)) => (COLUMNS, column),
            _ => {
                return Err(ActionError::Value(
                    "Exactly one of a column and a field must be given for a display formula".into(),
                ));
            }
        };
        let Some(formula) = formula.filter(|formula| !formula.is_empty()) else {
            return self.set(records, row, &[("displayCol", CellValue::Int(0))]);
        };
        let present = self.reference(records, row, "displayCol");
        if !present.is_none() && self.text(COLUMNS, present, "formula") == formula {
            return Ok(());
        }
        let users = |of: &str| self.referring(of, "displayCol", present).len();
        if !present.is_none() && users(COLUMNS) + users(FIELDS) == 1 {
            let values =
                ColumnValues::from_iter([(ColId::new("formula"), Cells::one(CellValue::text(formula)))]);
            return self.update_column_records(&[present], &values);
        }
        // A helper that shows the same elsewhere serves here too.
        let parent = self.table_ref(table)?;
        let same = self.columns_of_table(parent).into_iter().find(|helper| {
            self.text(COLUMNS, *helper, "colId").starts_with("gristHelper_Display")
                && self.text(COLUMNS, *helper, "formula") == formula
        });
        if let Some(helper) = same {
            return self.set(records, row, &[("displayCol", helper.into())]);
        }
        let display = self.add_helper(table, "gristHelper_Display", formula)?.0;
        self.set(records, row, &[("displayCol", display.into())])
    }

    /// A hidden formula column.
    pub(crate) fn add_helper(
        &mut self,
        table: &TableId,
        name: &str,
        formula: &str,
    ) -> Result<(RowId, ColId), ActionError> {
        let info = RowValues::from_iter([
            (ColId::new("isFormula"), CellValue::Bool(true)),
            (ColId::new("formula"), CellValue::text(formula)),
        ]);
        self.make_column(table, Some(name), info)
    }

    pub(crate) fn maybe_copy_display_formula(
        &mut self,
        arguments: Arguments<'_>,
    ) -> Result<CellValue, ActionError> {
        let (from, to) = (arguments.row(0, "a column")?, arguments.row(1, "a column")?);
        self.copy_display(from, to)?;
        Ok(CellValue::Null)
    }

    /// Lets a column show of its references what another column shows.
    pub(crate) fn copy_display(&mut self, from: RowId, to: RowId) -> Result<(), ActionError> {
        let display = self.reference(COLUMNS, from, "displayCol");
        let shown = self.reference(COLUMNS, from, "visibleCol");
        if display.is_none() || shown.is_none() {
            return Ok(());
        }
        let (table, col) = self.column_names(to);
        let formula = format!("${col}.{}", self.text(COLUMNS, shown, "colId"));
        self.set_display(&table, None, Some(to), Some(&formula))
    }

    /// A new rule without a condition, for a field, a column, or (neither given) all rows of a table.
    pub(crate) fn add_empty_rule(&mut self, arguments: Arguments<'_>) -> Result<CellValue, ActionError> {
        let table = TableId::new(arguments.text(0, "the table id")?);
        let (field, column) = (arguments.row(1, "a field")?, arguments.row(2, "a column")?);
        let (records, row, name) = if !field.is_none() {
            (FIELDS, field, "gristHelper_ConditionalRule")
        } else if !column.is_none() {
            (COLUMNS, column, "gristHelper_ConditionalRule")
        } else {
            let raw = self.reference(TABLES, self.table_ref(&table)?, "rawViewSectionRef");
            (SECTIONS, raw, "gristHelper_RowConditionalRule")
        };
        let (rule, col) = self.add_helper(&table, name, "")?;
        let mut rules = match self.cell(records, row, "rules") {
            CellValue::List(rules) => rules.to_vec(),
            _ => Vec::new(),
        };
        rules.push(rule.into());
        self.set(records, row, &[("rules", CellValue::list(rules))])?;
        Ok(column_answer(rule, &col))
    }
}
