//! Reading the tables that describe the document.

use model::{CellValue, ColId, RowId, TableId};

use crate::apply::Bundle;
use crate::error::ActionError;

pub(crate) const TABLES: &str = "_grist_Tables";
pub(crate) const COLUMNS: &str = "_grist_Tables_column";
pub(crate) const SECTIONS: &str = "_grist_Views_section";
pub(crate) const FIELDS: &str = "_grist_Views_section_field";
pub(crate) const VIEWS: &str = "_grist_Views";
pub(crate) const PAGES: &str = "_grist_Pages";
pub(crate) const TAB_BAR: &str = "_grist_TabBar";

/// Whether a column is there for the program's own purposes.
pub(crate) fn is_helper(col: &str) -> bool {
    col == "manualSort" || col.starts_with("gristHelper_") || col.starts_with('#')
}

/// Whether a column is one that new sections show.
pub(crate) fn is_visible(col: &str) -> bool {
    !is_helper(col) && col != "group"
}

impl Bundle<'_, '_> {
    pub(crate) fn cell(&self, table: &str, row: RowId, col: &str) -> CellValue {
        self.turn.engine().table(table).map(|table| table.cell(col, row)).unwrap_or_default()
    }
    pub(crate) fn text(&self, table: &str, row: RowId, col: &str) -> String {
        self.cell(table, row, col).as_text().unwrap_or_default().to_owned()
    }
    pub(crate) fn reference(&self, table: &str, row: RowId, col: &str) -> RowId {
        self.cell(table, row, col).as_row_id().unwrap_or_default()
    }
    pub(crate) fn has_row(&self, table: &str, row: RowId) -> bool {
        self.turn.engine().table(table).is_some_and(|table| table.rows().contains(row))
    }
    /// Rows of a metadata table whose column refers to a row.
    pub(crate) fn referring(&self, table: &str, col: &str, to: RowId) -> Vec<RowId> {
        let Some(table) = self.turn.engine().table(table) else { return Vec::new() };
        table.rows().iter().filter(|row| table.cell(col, *row).as_row_id() == Some(to)).collect()
    }
    pub(crate) fn rows(&self, table: &str) -> Vec<RowId> {
        self.turn.engine().table(table).map(|table| table.rows().iter().collect()).unwrap_or_default()
    }
    /// The record of a table.
    pub(crate) fn table_ref(&self, table: &str) -> Result<RowId, ActionError> {
        let found = self
            .rows(TABLES)
            .into_iter()
            .find(|row| self.cell(TABLES, *row, "tableId").as_text() == Some(table));
        found.ok_or_else(|| ActionError::Value(format!("No such table: {table}")))
    }
    /// The record of a column.
    pub(crate) fn column_ref(&self, table: &str, col: &str) -> Result<RowId, ActionError> {
        let parent = self.table_ref(table)?;
        let found = self
            .referring(COLUMNS, "parentId", parent)
            .into_iter()
            .find(|row| self.cell(COLUMNS, *row, "colId").as_text() == Some(col));
        found.ok_or_else(|| ActionError::Value(format!("No such column: {table}.{col}")))
    }
    /// The table and the id of a column by its record.
    pub(crate) fn column_names(&self, column: RowId) -> (TableId, ColId) {
        let table = self.text(TABLES, self.reference(COLUMNS, column, "parentId"), "tableId");
        (table.into(), self.text(COLUMNS, column, "colId").into())
    }
}
