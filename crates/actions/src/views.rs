//! Pages, views and sections, as far as tables and columns come with them.

use model::{CellValue, ColId, ColumnValues, RowId, RowValues, TableId};

use crate::apply::Bundle;
use crate::error::ActionError;
use crate::metadata::{FIELDS, PAGES, SECTIONS, TAB_BAR, TABLES, VIEWS};

impl Bundle<'_, '_> {
    /// Adds one record; gives its row.
    pub(crate) fn insert(&mut self, table: &str, values: &[(&str, CellValue)]) -> Result<RowId, ActionError> {
        let columns: ColumnValues =
            values.iter().map(|(col, value)| (ColId::new(col), vec![value.clone()])).collect();
        Ok(self.add_rows(&TableId::new(table), &[CellValue::Null], columns)?[0])
    }

    /// Sets cells of one record.
    pub(crate) fn set(
        &mut self,
        table: &str,
        row: RowId,
        values: &[(&str, CellValue)],
    ) -> Result<(), ActionError> {
        let values: RowValues = values.iter().map(|(col, value)| (ColId::new(col), value.clone())).collect();
        self.emit(model::DocAction::UpdateRecord(table.into(), row, values))
    }

    /// A view with a page and one section that shows the columns. Gives the view and the section.
    pub(crate) fn make_page(
        &mut self,
        table: RowId,
        name: &str,
        columns: &[RowId],
    ) -> Result<(RowId, RowId), ActionError> {
        let view = self.insert(VIEWS, &[("name", name.into()), ("type", "raw_data".into())])?;
        self.insert(TAB_BAR, &[("viewRef", view.into())])?;
        self.insert(PAGES, &[("viewRef", view.into()), ("indentation", CellValue::Int(0))])?;
        let section = self.make_section(table, Some(view), "record", columns)?;
        Ok((view, section))
    }

    /// A section that shows the columns; without a view it is one of the table's own.
    pub(crate) fn make_section(
        &mut self,
        table: RowId,
        view: Option<RowId>,
        key: &str,
        columns: &[RowId],
    ) -> Result<RowId, ActionError> {
        let mut values = vec![
            ("tableRef", table.into()),
            ("parentKey", key.into()),
            ("title", "".into()),
            ("borderWidth", CellValue::Int(1)),
            ("defaultWidth", CellValue::Int(100)),
        ];
        if let Some(view) = view {
            values.extend([("sortColRefs", "[]".into()), ("parentId", view.into())]);
        }
        let section = self.insert(SECTIONS, &values)?;
        self.make_fields(section, columns)?;
        Ok(section)
    }

    /// The table's own card.
    pub(crate) fn make_record_card(&mut self, table: RowId, columns: &[RowId]) -> Result<RowId, ActionError> {
        let section = self.make_section(table, None, "single", &[])?;
        self.set(TABLES, table, &[("recordCardViewSectionRef", section.into())])?;
        self.make_fields(section, columns)?;
        Ok(section)
    }

    /// Fields of a section for columns, at its end.
    pub(crate) fn make_fields(&mut self, section: RowId, columns: &[RowId]) -> Result<(), ActionError> {
        if columns.is_empty() {
            return Ok(());
        }
        let values = ColumnValues::from_iter([
            (ColId::new("colRef"), columns.iter().map(|column| CellValue::from(*column)).collect()),
            (ColId::new("parentId"), vec![section.into(); columns.len()]),
        ]);
        self.add_rows(&FIELDS.into(), &vec![CellValue::Null; columns.len()], values)?;
        Ok(())
    }
}
