//! Removing records, and what goes with them: of tables, columns, views, sections; references to removed rows; helpers that nothing uses any more.

use model::json::raw;
use model::{CellValue, Cells, ColId, ColumnType, ColumnValues, DocAction, RowId, TableId};

use crate::apply::{Bundle, engine_error};
use crate::error::ActionError;
use crate::metadata::{COLUMNS, FIELDS, PAGES, SECTIONS, TAB_BAR, TABLES, VIEWS};
use crate::summaries::remap_sort;

const FILTERS: &str = "_grist_Filters";
const CELLS: &str = "_grist_Cells";

impl Bundle<'_, '_> {
    pub(crate) fn remove_rows(&mut self, table: &TableId, rows: &[RowId]) -> Result<(), ActionError> {
        match table.as_str() {
            TABLES => self.remove_tables(rows),
            COLUMNS => self.remove_columns(rows),
            VIEWS => self.remove_views(rows),
            PAGES => {
                self.lift_children(rows)?;
                self.remove_plain(table, rows)
            }
            SECTIONS => self.remove_sections(rows),
            _ => self.remove_plain(table, rows),
        }
    }

    /// Removes rows and clears what refers to them. Rows that are not there are told all the same, as Grist does.
    fn remove_plain(&mut self, table: &TableId, rows: &[RowId]) -> Result<(), ActionError> {
        self.turn.engine_mut().loaded(table).map_err(engine_error)?;
        let held = self.turn.engine().table(table);
        let there: Vec<RowId> =
            rows.iter().copied().filter(|row| held.is_some_and(|held| held.rows().contains(*row))).collect();
        if rows.is_empty() {
            return Ok(());
        }
        self.emit(DocAction::BulkRemoveRecord(table.clone(), rows.to_vec()))?;
        if there.is_empty() { Ok(()) } else { self.clear_references(table, &there) }
    }

    /// References to rows that are gone become empty; lists lose them.
    fn clear_references(&mut self, table: &TableId, gone: &[RowId]) -> Result<(), ActionError> {
        let is_target = |column_type: &ColumnType| match column_type {
            ColumnType::Ref(target) | ColumnType::RefList(target) => target == table,
            _ => false,
        };
        let referring: Vec<(TableId, ColId)> = self
            .turn
            .engine()
            .tables()
            .flat_map(|(_, held)| {
                let columns = held
                    .columns()
                    .filter(|(_, slot)| !slot.spec.is_formula && is_target(&slot.spec.column_type));
                columns.map(|(_, slot)| (held.id.clone(), slot.id.clone())).collect::<Vec<_>>()
            })
            .collect();
        let mut referring = referring;
        referring.sort();
        for (referrer, col) in referring {
            self.turn.engine_mut().loaded(&referrer).map_err(engine_error)?;
            let Some(held) = self.turn.engine().table(&referrer) else { continue };
            let cleared: (Vec<RowId>, Cells) = held
                .rows()
                .iter()
                .filter_map(|row| Some((row, without(&held.cell(&col, row), gone)?)))
                .unzip();
            if !cleared.0.is_empty() {
                let columns = ColumnValues::from_iter([(col, cleared.1)]);
                if referrer == *COLUMNS {
                    self.update_column_records(&cleared.0, &columns)?;
                } else {
                    self.emit(DocAction::BulkUpdateRecord(referrer, cleared.0, columns))?;
                }
            }
        }
        Ok(())
    }

    /// What people may not remove.
    pub(crate) fn check_removal(&self, table: &TableId, rows: &[RowId]) -> Result<(), ActionError> {
        if !table.is_metadata() {
            let is_summary = self
                .table_ref(table)
                .is_ok_and(|record| !self.reference(TABLES, record, "summarySourceTable").is_none());
            if is_summary {
                return Err(ActionError::Value("Cannot remove record from summary table".into()));
            }
        }
        if *table == SECTIONS {
            for (key, what) in [("rawViewSectionRef", "raw"), ("recordCardViewSectionRef", "record card")] {
                if rows.iter().any(|row| !self.referring(TABLES, key, *row).is_empty()) {
                    return Err(ActionError::Value(format!("Cannot remove {what} view section")));
                }
            }
        }
        if *table == COLUMNS
            && rows.iter().any(|row| !self.reference(COLUMNS, *row, "summarySourceCol").is_none())
        {
            return Err(ActionError::Value(
                "RemoveColumn: cannot remove a group-by column from a summary table".into(),
            ));
        }
        Ok(())
    }

    fn remove_tables(&mut self, rows: &[RowId]) -> Result<(), ActionError> {
        let mut tables: Vec<RowId> = rows.to_vec();
        for row in rows {
            for summary in self.referring(TABLES, "summarySourceTable", *row) {
                if !tables.contains(&summary) {
                    tables.push(summary);
                }
            }
        }
        let ids: Vec<TableId> = tables.iter().map(|row| self.text(TABLES, *row, "tableId").into()).collect();
        self.release_references(&tables, &ids)?;
        let sections: Vec<RowId> =
            tables.iter().flat_map(|table| self.referring(SECTIONS, "tableRef", *table)).collect();
        let views: Vec<RowId> = self
            .rows(VIEWS)
            .into_iter()
            .filter(|view| {
                let of_view = self.referring(SECTIONS, "parentId", *view);
                !of_view.is_empty() && of_view.iter().all(|section| sections.contains(section))
            })
            .collect();
        self.remove_sections(&sections)?;
        self.remove_views(&views)?;
        let columns: Vec<RowId> =
            tables.iter().flat_map(|table| self.referring(COLUMNS, "parentId", *table)).collect();
        self.remove_plain(&COLUMNS.into(), &columns)?;
        self.remove_plain(&TABLES.into(), &tables)?;
        for id in ids {
            if self.turn.engine().table_ix(&id).is_some() {
                self.emit(DocAction::RemoveTable(id))?;
            }
        }
        Ok(())
    }

    /// Columns that refer to tables about to go keep what they show: row ids, or what their visible column said.
    fn release_references(&mut self, tables: &[RowId], ids: &[TableId]) -> Result<(), ActionError> {
        for column in self.rows(COLUMNS) {
            let kind = ColumnType::parse(&self.text(COLUMNS, column, "type"));
            let parent = self.reference(COLUMNS, column, "parentId");
            let target = match &kind {
                ColumnType::Ref(target) | ColumnType::RefList(target) => target.clone(),
                _ => continue,
            };
            if !ids.contains(&target)
                || (tables.contains(&parent) && self.text(COLUMNS, column, "colId") != "group")
                || !self.reference(COLUMNS, column, "summarySourceCol").is_none()
            {
                continue;
            }
            self.release_reference(column, &kind)?;
        }
        Ok(())
    }

    fn release_reference(&mut self, column: RowId, kind: &ColumnType) -> Result<(), ActionError> {
        let update = |bundle: &mut Self, values: &[(&str, CellValue)]| {
            let values =
                values.iter().map(|(key, value)| (ColId::new(key), Cells::one(value.clone()))).collect();
            bundle.update_column_records(&[column], &values)
        };
        if self.cell(COLUMNS, column, "isFormula").is_true() {
            return update(self, &[("type", "Any".into())]);
        }
        let reverse = self.reference(COLUMNS, column, "reverseCol");
        if !reverse.is_none() {
            let apart = Cells::repeated(CellValue::Int(0), 2);
            let values = ColumnValues::from_iter([(ColId::new("reverseCol"), apart)]);
            self.update_column_records(&[column, reverse], &values)?;
        }
        let (table, col) = self.column_names(column);
        self.turn.engine_mut().loaded(&table).map_err(engine_error)?;
        let shown = self.reference(COLUMNS, column, "visibleCol");
        let display = self.reference(COLUMNS, column, "displayCol");
        let rows: Vec<RowId> =
            self.turn.engine().table(&table).map(|held| held.rows().iter().collect()).unwrap_or_default();
        let cells = |bundle: &Self, col: &str| -> Vec<CellValue> {
            let held = bundle.turn.engine().table(&table);
            rows.iter().map(|row| held.map(|held| held.cell(col, *row)).unwrap_or_default()).collect()
        };
        let is_list = kind.is_list();
        if shown.is_none() || display.is_none() {
            if !is_list {
                return update(self, &[("type", "Int".into())]);
            }
            let texts = cells(self, &col).iter().map(joined).collect();
            update(self, &[("type", "Text".into())])?;
            let values = ColumnValues::from_iter([(col, texts)]);
            return self.update_values(&table, &rows, values);
        }
        self.turn.recalculate();
        let display_id = self.text(COLUMNS, display, "colId");
        let shown_cells = cells(self, &display_id);
        let shown_type = self.text(COLUMNS, shown, "type");
        let options = self.cell(COLUMNS, shown, "widgetOptions");
        let (new_type, values) = if is_list {
            ("Text".to_owned(), shown_cells.iter().map(joined).collect())
        } else {
            (shown_type, shown_cells)
        };
        let options = if is_list { CellValue::text("") } else { options };
        update(
            self,
            &[
                ("type", CellValue::text(&new_type)),
                ("visibleCol", CellValue::Int(0)),
                ("displayCol", CellValue::Int(0)),
                ("widgetOptions", options),
            ],
        )?;
        self.update_values(&table, &rows, ColumnValues::from_iter([(col, values.into())]))
    }

    fn remove_columns(&mut self, rows: &[RowId]) -> Result<(), ActionError> {
        self.ungroup(rows)?;
        let mut columns: Vec<RowId> = rows.to_vec();
        for row in rows {
            let display = self.reference(COLUMNS, *row, "displayCol");
            let shared = self
                .referring(COLUMNS, "displayCol", display)
                .into_iter()
                .any(|other| !rows.contains(&other));
            if !display.is_none() && !shared {
                columns.push(display);
            }
        }
        for (table, key) in [(COLUMNS, None), (FIELDS, Some("colRef"))] {
            for record in self.rows(table) {
                let column = key.map_or(record, |key| self.reference(table, record, key));
                if rows.contains(&column)
                    && let CellValue::List(rules) = self.cell(table, record, "rules")
                {
                    columns.extend(rules.iter().filter_map(CellValue::as_row_id));
                }
            }
        }
        columns.sort_unstable();
        columns.dedup();
        let fields: Vec<RowId> = self
            .rows(FIELDS)
            .into_iter()
            .filter(|field| columns.contains(&self.reference(FIELDS, *field, "colRef")))
            .collect();
        self.remove_plain(&FIELDS.into(), &fields)?;
        self.forget_in_sort_orders(&columns)?;
        let names: Vec<(TableId, ColId)> = columns.iter().map(|row| self.column_names(*row)).collect();
        self.remove_plain(&COLUMNS.into(), &columns)?;
        for (table, col) in names {
            if self.turn.engine().find(&table, &col).is_some() {
                self.emit(DocAction::RemoveColumn(table, col))?;
            }
        }
        Ok(())
    }

    /// Sort orders of sections lose columns that go.
    fn forget_in_sort_orders(&mut self, columns: &[RowId]) -> Result<(), ActionError> {
        let mut update: (Vec<RowId>, Cells) = Default::default();
        for section in self.rows(SECTIONS) {
            let sort = self.text(SECTIONS, section, "sortColRefs");
            let kept = |column: RowId| (!columns.contains(&column)).then_some(column);
            if let Some(text) = remap_sort(&sort, &kept)
                && raw::parse(&text) != raw::parse(&sort)
            {
                update.0.push(section);
                update.1.push(CellValue::text(&text));
            }
        }
        if update.0.is_empty() {
            return Ok(());
        }
        let values = ColumnValues::from_iter([(ColId::new("sortColRefs"), update.1)]);
        self.emit(DocAction::BulkUpdateRecord(SECTIONS.into(), update.0, values))
    }

    fn remove_views(&mut self, rows: &[RowId]) -> Result<(), ActionError> {
        let of = |bundle: &Self, table: &str| -> Vec<RowId> {
            rows.iter().flat_map(|row| bundle.referring(table, "viewRef", *row)).collect()
        };
        let sections: Vec<RowId> =
            rows.iter().flat_map(|row| self.referring(SECTIONS, "parentId", *row)).collect();
        let (tabs, pages) = (of(self, TAB_BAR), of(self, PAGES));
        self.remove_plain(&TAB_BAR.into(), &tabs)?;
        self.remove_sections(&sections)?;
        self.lift_children(&pages)?;
        self.remove_plain(&PAGES.into(), &pages)?;
        self.remove_plain(&VIEWS.into(), rows)
    }

    /// Pages below those that go keep within one step of what comes before them.
    fn lift_children(&mut self, gone: &[RowId]) -> Result<(), ActionError> {
        let mut pages = self.rows(PAGES);
        let position = |page: &RowId| self.cell(PAGES, *page, "pagePos").as_number().unwrap_or(f64::INFINITY);
        pages.sort_by(|a, b| position(a).total_cmp(&position(b)).then(a.cmp(b)));
        let mut deepest = 0;
        let (mut lifted, mut steps) = (Vec::new(), Cells::new());
        for page in pages {
            let before = self.cell(PAGES, page, "indentation").as_int().unwrap_or(0);
            let after = before.min(deepest);
            if gone.contains(&page) {
                deepest = after;
                continue;
            }
            if after != before {
                lifted.push(page);
                steps.push(CellValue::Int(after));
            }
            deepest = after + 1;
        }
        if lifted.is_empty() {
            return Ok(());
        }
        let columns = ColumnValues::from_iter([(ColId::new("indentation"), steps)]);
        self.emit(DocAction::BulkUpdateRecord(PAGES.into(), lifted, columns))
    }

    fn remove_sections(&mut self, rows: &[RowId]) -> Result<(), ActionError> {
        let fields: Vec<RowId> = rows.iter().flat_map(|row| self.fields_of(*row)).collect();
        self.remove_plain(&FIELDS.into(), &fields)?;
        self.remove_plain(&SECTIONS.into(), rows)
    }

    /// Removes what is there only for something that is gone: display and rule columns that nobody uses, empty groups of summaries. Says whether anything was.
    pub(crate) fn remove_stale(&mut self) -> Result<bool, ActionError> {
        let direct = std::mem::replace(&mut self.direct, false);
        let mut removed = false;
        for (table, rows) in self.turn.take_emptied_groups() {
            self.remove_plain(&table, &rows)?;
            removed = true;
        }
        let unused: Vec<RowId> =
            self.rows(COLUMNS).into_iter().filter(|row| self.is_unused_helper(*row)).collect();
        if !unused.is_empty() {
            self.remove_columns(&unused)?;
            removed = true;
        }
        let unseen: Vec<RowId> =
            self.rows(TABLES).into_iter().filter(|row| self.is_unseen_summary(*row)).collect();
        if !unseen.is_empty() {
            self.remove_tables(&unseen)?;
            removed = true;
        }
        for (table, key) in [(FILTERS, "colRef"), (CELLS, "colRef")] {
            let lost: Vec<RowId> = self
                .rows(table)
                .into_iter()
                .filter(|row| self.reference(table, *row, key).is_none())
                .collect();
            if !lost.is_empty() {
                self.remove_plain(&table.into(), &lost)?;
                removed = true;
            }
        }
        self.direct = direct;
        Ok(removed)
    }

    /// A summary that no section of a page shows.
    fn is_unseen_summary(&self, table: RowId) -> bool {
        let raw = self.reference(TABLES, table, "rawViewSectionRef");
        !self.reference(TABLES, table, "summarySourceTable").is_none()
            && self.referring(SECTIONS, "tableRef", table).into_iter().all(|section| section == raw)
    }

    fn is_unused_helper(&self, column: RowId) -> bool {
        let id = self.text(COLUMNS, column, "colId");
        let used_in = |table: &str, col: &str| !self.referring(table, col, column).is_empty();
        let listed_in = |table: &str| {
            self.rows(table).into_iter().any(|row| match self.cell(table, row, "rules") {
                CellValue::List(rules) => rules.iter().any(|rule| rule.as_row_id() == Some(column)),
                _ => false,
            })
        };
        if id.starts_with("gristHelper_Display") {
            !used_in(COLUMNS, "displayCol") && !used_in(FIELDS, "displayCol")
        } else if id.starts_with("gristHelper_ConditionalRule")
            || id.starts_with("gristHelper_RowConditionalRule")
        {
            !listed_in(COLUMNS) && !listed_in(FIELDS) && !listed_in(SECTIONS)
        } else {
            false
        }
    }
}

/// The elements of a list, with commas between.
fn joined(cell: &CellValue) -> CellValue {
    match cell {
        CellValue::List(items) => {
            let texts: Vec<String> = items.iter().map(plain_text).collect();
            CellValue::text(&texts.join(","))
        }
        CellValue::Null => CellValue::text(""),
        other => other.clone(),
    }
}

fn plain_text(cell: &CellValue) -> String {
    match cell {
        CellValue::Text(text) => text.to_string(),
        CellValue::Int(int) => int.to_string(),
        CellValue::Float(float) => float.to_string(),
        CellValue::Bool(truth) => if *truth { "True" } else { "False" }.to_owned(),
        _ => String::new(),
    }
}

/// The cell without references to rows that are gone; nothing if it has none.
fn without(cell: &CellValue, gone: &[RowId]) -> Option<CellValue> {
    match cell {
        CellValue::Int(_) => cell.as_row_id().filter(|row| gone.contains(row)).map(|_| CellValue::Int(0)),
        CellValue::List(items) => {
            let stays = |item: &&CellValue| !item.as_row_id().is_some_and(|row| gone.contains(&row));
            let kept: Vec<CellValue> = items.iter().filter(stays).cloned().collect();
            if kept.len() == items.len() {
                None
            } else if kept.is_empty() {
                Some(CellValue::Null)
            } else {
                Some(CellValue::list(kept))
            }
        }
        _ => None,
    }
}
