//! Removing records, and what goes with them: of tables, columns, views, sections; references to removed rows; helpers that nothing uses any more.

use model::{CellValue, ColId, ColumnType, ColumnValues, DocAction, RowId, TableId};

use crate::apply::{Bundle, engine_error};
use crate::error::ActionError;
use crate::metadata::{COLUMNS, FIELDS, PAGES, SECTIONS, TAB_BAR, TABLES, VIEWS};

impl Bundle<'_, '_> {
    pub(crate) fn remove_rows(&mut self, table: &TableId, rows: &[RowId]) -> Result<(), ActionError> {
        match table.as_str() {
            TABLES => self.remove_tables(rows),
            COLUMNS => self.remove_columns(rows),
            VIEWS => self.remove_views(rows),
            PAGES => {
                let views: Vec<RowId> =
                    rows.iter().map(|row| self.reference(PAGES, *row, "viewRef")).collect();
                self.remove_views(&views)
            }
            SECTIONS => self.remove_sections(rows),
            _ => self.remove_plain(table, rows),
        }
    }

    /// Removes rows and clears what refers to them.
    fn remove_plain(&mut self, table: &TableId, rows: &[RowId]) -> Result<(), ActionError> {
        self.turn.engine_mut().loaded(table).map_err(engine_error)?;
        let held = self.turn.engine().table(table);
        let rows: Vec<RowId> =
            rows.iter().copied().filter(|row| held.is_some_and(|held| held.rows().contains(*row))).collect();
        if rows.is_empty() {
            return Ok(());
        }
        self.emit(DocAction::BulkRemoveRecord(table.clone(), rows.clone()))?;
        self.clear_references(table, &rows)
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
            let cleared: (Vec<RowId>, Vec<CellValue>) = held
                .rows()
                .iter()
                .filter_map(|row| Some((row, without(&held.cell(&col, row), gone)?)))
                .unzip();
            if !cleared.0.is_empty() {
                let columns = ColumnValues::from_iter([(col, cleared.1)]);
                self.emit(DocAction::BulkUpdateRecord(referrer, cleared.0, columns))?;
            }
        }
        Ok(())
    }

    fn remove_tables(&mut self, rows: &[RowId]) -> Result<(), ActionError> {
        let mut tables: Vec<RowId> = rows.to_vec();
        for row in rows {
            tables.extend(self.referring(TABLES, "summarySourceTable", *row));
        }
        tables.sort_unstable();
        tables.dedup();
        let ids: Vec<TableId> = tables.iter().map(|row| self.text(TABLES, *row, "tableId").into()).collect();
        let sections: Vec<RowId> =
            tables.iter().flat_map(|row| self.referring(SECTIONS, "tableRef", *row)).collect();
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
            tables.iter().flat_map(|row| self.referring(COLUMNS, "parentId", *row)).collect();
        self.remove_plain(&COLUMNS.into(), &columns)?;
        self.remove_plain(&TABLES.into(), &tables)?;
        for id in ids {
            if self.turn.engine().table_ix(&id).is_some() {
                self.emit(DocAction::RemoveTable(id))?;
            }
        }
        Ok(())
    }

    fn remove_columns(&mut self, rows: &[RowId]) -> Result<(), ActionError> {
        let mut columns: Vec<RowId> = rows.to_vec();
        for row in rows {
            let display = self.reference(COLUMNS, *row, "displayCol");
            if !display.is_none() {
                columns.push(display);
            }
        }
        columns.sort_unstable();
        columns.dedup();
        let fields: Vec<RowId> =
            columns.iter().flat_map(|row| self.referring(FIELDS, "colRef", *row)).collect();
        let mut fields = fields;
        fields.sort_unstable();
        self.remove_plain(&FIELDS.into(), &fields)?;
        let names: Vec<(TableId, ColId)> = columns.iter().map(|row| self.column_names(*row)).collect();
        self.remove_plain(&COLUMNS.into(), &columns)?;
        for (table, col) in names {
            if self.turn.engine().find(&table, &col).is_some() {
                self.emit(DocAction::RemoveColumn(table, col))?;
            }
        }
        Ok(())
    }

    fn remove_views(&mut self, rows: &[RowId]) -> Result<(), ActionError> {
        let of = |bundle: &Self, table: &str| -> Vec<RowId> {
            rows.iter().flat_map(|row| bundle.referring(table, "viewRef", *row)).collect()
        };
        let sections: Vec<RowId> =
            rows.iter().flat_map(|row| self.referring(SECTIONS, "parentId", *row)).collect();
        let (tabs, pages) = (of(self, TAB_BAR), of(self, PAGES));
        self.remove_sections(&sections)?;
        self.remove_plain(&TAB_BAR.into(), &tabs)?;
        self.remove_plain(&PAGES.into(), &pages)?;
        self.remove_plain(&VIEWS.into(), rows)
    }

    fn remove_sections(&mut self, rows: &[RowId]) -> Result<(), ActionError> {
        let fields: Vec<RowId> =
            rows.iter().flat_map(|row| self.referring(FIELDS, "parentId", *row)).collect();
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
        self.direct = direct;
        Ok(removed)
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
