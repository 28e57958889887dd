//! Pages, views and sections, and the fields that show columns in them.

use model::{CellValue, Cells, ColId, ColumnValues, RowId, RowValues, TableId};

use crate::apply::Bundle;
use crate::arguments::Arguments;
use crate::error::ActionError;
use crate::metadata::{COLUMNS, FIELDS, PAGES, SECTIONS, TAB_BAR, TABLES, VIEWS, is_visible};
use crate::tables::{Parts, dict, empty_columns};

/// A chart begins with as many columns.
const CHART_COLUMNS: usize = 2;

impl Bundle<'_, '_> {
    /// Adds one record; gives its row.
    pub(crate) fn insert(&mut self, table: &str, values: &[(&str, CellValue)]) -> Result<RowId, ActionError> {
        let columns: ColumnValues =
            values.iter().map(|(col, value)| (ColId::new(col), Cells::one(value.clone()))).collect();
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

    /// A section that shows a table, or a summary of it, on a page; page and table are made where they are missing.
    pub(crate) fn create_view_section(&mut self, arguments: Arguments<'_>) -> Result<CellValue, ActionError> {
        let mut table = arguments.row(0, "the table")?;
        let mut view = arguments.row(1, "the view")?;
        let key = arguments.text(2, "the kind of section")?;
        let group_by = match arguments.get(3) {
            None => None,
            Some(_) => Some(arguments.rows(3, "columns to group by")?),
        };
        if table.is_none() {
            let parts = Parts { manual_sort: true, page: false, card: true, summary_of: None };
            table = self.make_table(arguments.optional_text(4), empty_columns(), parts)?.record;
        } else if !self.has_row(TABLES, table) {
            return Err(ActionError::Value(format!("No such table: {table}")));
        }
        if view.is_none() {
            view = self.make_view("New page", "empty")?;
        }
        let section = match group_by {
            Some(columns) => self.make_summary_section(table, &columns, view, key)?,
            None => {
                let mut columns = self.shown_columns(table);
                if key == "chart" {
                    columns.truncate(CHART_COLUMNS);
                }
                let values = [
                    ("tableRef", table.into()),
                    ("parentKey", key.into()),
                    ("title", "".into()),
                    ("borderWidth", CellValue::Int(1)),
                    ("defaultWidth", CellValue::Int(100)),
                    ("parentId", view.into()),
                ];
                let section = self.add_section(&values, &columns)?;
                if matches!(key, "detail" | "single") {
                    let card = self.reference(TABLES, table, "recordCardViewSectionRef");
                    let same = columns.iter().map(|column| (*column, *column)).collect();
                    self.copy_card((card, section), &same)?;
                }
                section
            }
        };
        Ok(dict([("tableRef", table.into()), ("viewRef", view.into()), ("sectionRef", section.into())]))
    }

    pub(crate) fn add_view(&mut self, arguments: Arguments<'_>) -> Result<CellValue, ActionError> {
        let table = self.table_ref(arguments.text(0, "the table id")?)?;
        let name = arguments.optional_text(2).unwrap_or_default().to_owned();
        let columns = self.shown_columns(table);
        let (view, section) =
            self.make_page(table, &name, arguments.text(1, "the kind of view")?, &columns)?;
        Ok(view_answer(view, section))
    }

    pub(crate) fn add_view_section(&mut self, arguments: Arguments<'_>) -> Result<CellValue, ActionError> {
        let title = arguments.text(0, "the title")?;
        let key = arguments.text(1, "the kind of section")?;
        let view = arguments.row(2, "the view")?;
        let table = self.table_ref(arguments.text(3, "the table id")?)?;
        let columns = self.shown_columns(table);
        let section = self.make_section(table, Some(view), key, &columns, title)?;
        Ok(dict([("id", section.into())]))
    }

    /// A view with its tab and page, empty.
    pub(crate) fn make_view(&mut self, name: &str, kind: &str) -> Result<RowId, ActionError> {
        let view = self.insert(VIEWS, &[("name", name.into()), ("type", kind.into())])?;
        self.insert(TAB_BAR, &[("viewRef", view.into())])?;
        self.insert(PAGES, &[("viewRef", view.into()), ("indentation", CellValue::Int(0))])?;
        Ok(view)
    }

    /// A view with a page and one section that shows the columns. Gives the view and the section.
    pub(crate) fn make_page(
        &mut self,
        table: RowId,
        name: &str,
        kind: &str,
        columns: &[RowId],
    ) -> Result<(RowId, RowId), ActionError> {
        let view = self.make_view(name, kind)?;
        let section = self.make_section(table, Some(view), "record", columns, "")?;
        Ok((view, section))
    }

    /// A section that shows the columns; without a view it is one of the table's own.
    pub(crate) fn make_section(
        &mut self,
        table: RowId,
        view: Option<RowId>,
        key: &str,
        columns: &[RowId],
        title: &str,
    ) -> Result<RowId, ActionError> {
        let mut values = vec![
            ("tableRef", table.into()),
            ("parentKey", key.into()),
            ("title", title.into()),
            ("borderWidth", CellValue::Int(1)),
            ("defaultWidth", CellValue::Int(100)),
        ];
        if let Some(view) = view {
            values.extend([("sortColRefs", "[]".into()), ("parentId", view.into())]);
        }
        self.add_section(&values, columns)
    }

    fn add_section(&mut self, values: &[(&str, CellValue)], columns: &[RowId]) -> Result<RowId, ActionError> {
        let section = self.insert(SECTIONS, values)?;
        self.make_fields(section, columns)?;
        Ok(section)
    }

    /// The table's own card.
    pub(crate) fn make_record_card(&mut self, table: RowId, columns: &[RowId]) -> Result<RowId, ActionError> {
        let section = self.make_section(table, None, "single", &[], "")?;
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
            (ColId::new("parentId"), Cells::repeated(section.into(), columns.len())),
        ]);
        self.add_rows(&FIELDS.into(), &vec![CellValue::Null; columns.len()], values)?;
        Ok(())
    }

    /// Shows a new column in the table's own sections and in all its grids.
    pub(crate) fn show_column(&mut self, table: RowId, column: RowId) -> Result<(), ActionError> {
        let own: Vec<RowId> = ["rawViewSectionRef", "recordCardViewSectionRef"]
            .into_iter()
            .map(|key| self.reference(TABLES, table, key))
            .filter(|section| !section.is_none())
            .collect();
        for section in &own {
            self.make_fields(*section, &[column])?;
        }
        for section in self.referring(SECTIONS, "tableRef", table) {
            if !own.contains(&section) && self.text(SECTIONS, section, "parentKey") == "record" {
                self.make_fields(section, &[column])?;
            }
        }
        Ok(())
    }

    /// The fields of a section, in order.
    pub(crate) fn fields_of(&self, section: RowId) -> Vec<RowId> {
        let mut fields = self.referring(FIELDS, "parentId", section);
        let position =
            |field: &RowId| self.cell(FIELDS, *field, "parentPos").as_number().unwrap_or(f64::INFINITY);
        fields.sort_by(|a, b| position(a).total_cmp(&position(b)).then(a.cmp(b)));
        fields
    }

    /// The columns of a table, in order.
    pub(crate) fn columns_of_table(&self, table: RowId) -> Vec<RowId> {
        let mut columns = self.referring(COLUMNS, "parentId", table);
        let position =
            |column: &RowId| self.cell(COLUMNS, *column, "parentPos").as_number().unwrap_or(f64::INFINITY);
        columns.sort_by(|a, b| position(a).total_cmp(&position(b)).then(a.cmp(b)));
        columns
    }

    /// The columns of a table that a new section shows.
    pub(crate) fn shown_columns(&self, table: RowId) -> Vec<RowId> {
        let shown = |column: &RowId| is_visible(&self.text(COLUMNS, *column, "colId"));
        self.columns_of_table(table).into_iter().filter(shown).collect()
    }
}

impl Bundle<'_, '_> {
    /// The title of a table's raw section is the table's name: the table is renamed with it, and the pages that bear the old name and show the table.
    pub(crate) fn rename_with_title(
        &mut self,
        sections: &[RowId],
        columns: &ColumnValues,
    ) -> Result<(), ActionError> {
        let Some(titles) = columns.get("title") else { return Ok(()) };
        let mut renamed: Vec<(RowId, CellValue)> = Vec::new();
        for (section, title) in sections.iter().zip(titles.iter()) {
            let table = self.reference(SECTIONS, *section, "tableRef");
            let old = self.text(SECTIONS, *section, "title");
            let is_raw = !table.is_none() && self.reference(TABLES, table, "rawViewSectionRef") == *section;
            let is_summary = !self.reference(TABLES, table, "summarySourceTable").is_none();
            if !is_raw || is_summary || title.as_text() == Some(&*old) {
                continue;
            }
            let known_as = if old.is_empty() { self.text(TABLES, table, "tableId") } else { old };
            let mut views: Vec<RowId> = self
                .referring(SECTIONS, "tableRef", table)
                .into_iter()
                .map(|section| self.reference(SECTIONS, section, "parentId"))
                .filter(|view| !view.is_none() && self.text(VIEWS, *view, "name") == known_as)
                .collect();
            views.sort_unstable();
            views.dedup();
            for view in views {
                self.set(VIEWS, view, &[("name", title.clone())])?;
            }
            renamed.push((table, title));
        }
        if renamed.is_empty() {
            return Ok(());
        }
        let (tables, titles): (Vec<RowId>, Cells) = renamed.into_iter().unzip();
        self.update_table_records(&tables, &ColumnValues::from_iter([("tableId".into(), titles)]))
    }
}

pub(crate) fn view_answer(view: RowId, section: RowId) -> CellValue {
    dict([("id", view.into()), ("sections", CellValue::list([CellValue::from(section)]))])
}
