//! Records: add, update, remove, replace.
//!
//! Values are converted to the types of their columns, positions are given to rows that have none, references to rows added earlier in the bundle (negative
//! ids) are resolved.

use model::cell::CellLookup;
use model::{CellValue, Cells, ColId, ColumnType, ColumnValues, DocAction, RowId, RowValues, TableId};

use crate::apply::{Bundle, engine_error};
use crate::arguments::Arguments;
use crate::error::ActionError;
use crate::metadata::{COLUMNS, FIELDS, SECTIONS, TABLES};
use crate::{guess, positions};

impl Bundle<'_, '_> {
    pub(crate) fn add_record(&mut self, arguments: Arguments<'_>) -> Result<CellValue, ActionError> {
        let table = TableId::new(arguments.text(0, "the table id")?);
        let id = arguments.values.get(1).cloned().unwrap_or_default();
        let columns = single(arguments.values(2, "column values")?);
        let rows = self.add_rows(&table, &[id], columns)?;
        Ok(rows.first().copied().unwrap_or_default().into())
    }

    pub(crate) fn bulk_add_record(&mut self, arguments: Arguments<'_>) -> Result<CellValue, ActionError> {
        let table = TableId::new(arguments.text(0, "the table id")?);
        let ids = arguments.list(1, "row ids")?;
        let columns = arguments.columns(2, ids.len())?;
        let rows = self.add_rows(&table, ids, columns)?;
        Ok(CellValue::list(rows.into_iter().map(CellValue::from)))
    }

    pub(crate) fn update_record(&mut self, arguments: Arguments<'_>) -> Result<CellValue, ActionError> {
        let table = TableId::new(arguments.text(0, "the table id")?);
        let rows = self.existing(&table, &arguments.values[1..2.min(arguments.values.len())])?;
        let columns = single(arguments.values(2, "column values")?);
        self.update_rows(&table, &rows, columns)
    }

    pub(crate) fn bulk_update_record(&mut self, arguments: Arguments<'_>) -> Result<CellValue, ActionError> {
        let table = TableId::new(arguments.text(0, "the table id")?);
        let ids = arguments.list(1, "row ids")?;
        let columns = arguments.columns(2, ids.len())?;
        let rows = self.existing(&table, ids)?;
        self.update_rows(&table, &rows, columns)
    }

    pub(crate) fn remove_record(&mut self, arguments: Arguments<'_>) -> Result<CellValue, ActionError> {
        let table = TableId::new(arguments.text(0, "the table id")?);
        let rows = self.existing(&table, &arguments.values[1..2.min(arguments.values.len())])?;
        self.check_removal(&table, &rows)?;
        self.remove_rows(&table, &rows)?;
        Ok(CellValue::Null)
    }

    pub(crate) fn bulk_remove_record(&mut self, arguments: Arguments<'_>) -> Result<CellValue, ActionError> {
        let table = TableId::new(arguments.text(0, "the table id")?);
        let rows = self.existing(&table, arguments.list(1, "row ids")?)?;
        self.check_removal(&table, &rows)?;
        self.remove_rows(&table, &rows)?;
        Ok(CellValue::Null)
    }

    pub(crate) fn replace_table_data(&mut self, arguments: Arguments<'_>) -> Result<CellValue, ActionError> {
        let table = TableId::new(arguments.text(0, "the table id")?);
        let ids = arguments.list(1, "row ids")?;
        let columns = arguments.columns(2, ids.len())?;
        self.turn.engine_mut().loaded(&table).map_err(engine_error)?;
        let mut next = 1;
        let rows: Vec<RowId> = ids
            .iter()
            .map(|id| {
                let row = id.as_row_id().filter(|row| !row.is_none()).unwrap_or(RowId(next));
                next = next.max(row.0 + 1);
                row
            })
            .collect();
        self.replace_rows(&table, rows, columns)?;
        Ok(CellValue::Null)
    }

    /// Replaces all rows of a table.
    pub(crate) fn replace_rows(
        &mut self,
        table: &TableId,
        rows: Vec<RowId>,
        columns: ColumnValues,
    ) -> Result<(), ActionError> {
        let mut columns = self.converted(table, columns)?;
        self.give_positions(table, rows.len(), &mut columns, true)?;
        self.emit(DocAction::ReplaceTableData(table.clone(), rows, columns))
    }

    /// Adds rows; an id is null for the next free one, or negative for one that later actions of the bundle refer to.
    pub(crate) fn add_rows(
        &mut self,
        table: &TableId,
        ids: &[CellValue],
        columns: ColumnValues,
    ) -> Result<Vec<RowId>, ActionError> {
        let held = self.turn.engine_mut().loaded(table).map_err(engine_error)?;
        let mut next = held.next_row_id();
        let mut rows = Vec::with_capacity(ids.len());
        for id in ids {
            let row = match id.as_int() {
                None if !id.is_null() => {
                    return Err(ActionError::Type(format!("row id must be a number, not {id:?}")));
                }
                Some(int) if int > 0 => u32::try_from(int)
                    .map(RowId)
                    .map_err(|_| ActionError::Value("row id is too high".into()))?,
                _ => next,
            };
            if let Some(temporary) = id.as_int().filter(|int| *int < 0) {
                self.temporary.insert((table.clone(), temporary), row);
            }
            next = next.max(RowId(row.0 + 1));
            rows.push(row);
        }
        if *table == SECTIONS {
            self.note_default_sizes(&rows, &columns);
        }
        let columns = self.with_parsed_conditions(table, columns)?;
        let mut columns = self.accepted(table, columns)?;
        self.give_positions(table, rows.len(), &mut columns, false)?;
        if !rows.is_empty() {
            self.reverse_updates(table, &rows, &columns)?;
            let given: Vec<ColId> = columns.keys().cloned().collect();
            self.emit(DocAction::BulkAddRecord(table.clone(), rows.clone(), columns))?;
            self.turn.trigger_added(table, &rows, &given);
        }
        Ok(rows)
    }

    /// Changes rows, as somebody asks for it: records of metadata change what they describe.
    pub(crate) fn update_rows(
        &mut self,
        table: &TableId,
        rows: &[RowId],
        columns: ColumnValues,
    ) -> Result<CellValue, ActionError> {
        match table.as_str() {
            COLUMNS => self.update_column_records(rows, &columns)?,
            TABLES => self.update_table_records(rows, &columns)?,
            SECTIONS => {
                self.rename_with_title(rows, &columns)?;
                self.update_values(table, rows, columns)?;
            }
            FIELDS => {
                let columns = self.with_parsed_options(FIELDS, columns)?;
                self.update_values(table, rows, columns)?;
            }
            _ => self.update_values(table, rows, columns)?,
        }
        Ok(CellValue::Null)
    }

    /// Changes cells of rows.
    pub(crate) fn update_values(
        &mut self,
        table: &TableId,
        rows: &[RowId],
        columns: ColumnValues,
    ) -> Result<(), ActionError> {
        let columns = self.with_parsed_conditions(table, columns)?;
        let mut columns = self.accepted(table, columns)?;
        self.move_positions(table, &mut columns)?;
        let given: Vec<ColId> = columns.keys().cloned().collect();
        if let Some((rows, columns)) = self.only_changes(table, rows, columns) {
            self.reverse_updates(table, &rows, &columns)?;
            self.emit(DocAction::BulkUpdateRecord(table.clone(), rows.clone(), columns))?;
            self.turn.trigger_updated(table, &rows, &given);
        }
        Ok(())
    }

    /// Values as their columns take them; empty columns become data columns of a type that fits.
    fn accepted(&mut self, table: &TableId, columns: ColumnValues) -> Result<ColumnValues, ActionError> {
        let known = self.turn.engine().table(table);
        if let Some(col) =
            columns.keys().find(|col| **col != "id" && known.is_none_or(|held| held.column(col).is_none()))
        {
            return Err(ActionError::key(col));
        }
        self.refuse_formulas(table, &columns)?;
        let columns = self.make_data_columns(table, columns)?;
        self.converted(table, columns)
    }

    /// Rows by their ids, which may be negative for rows of this bundle. All must exist.
    fn existing(&mut self, table: &TableId, ids: &[CellValue]) -> Result<Vec<RowId>, ActionError> {
        self.turn.engine_mut().loaded(table).map_err(engine_error)?;
        ids.iter()
            .map(|id| match id.as_int() {
                Some(int) if int < 0 => self.temporary.get(&(table.clone(), int)).copied(),
                Some(int) => u32::try_from(int).ok().map(RowId),
                None => None,
            })
            .map(|row| row.ok_or_else(|| ActionError::Type("row ids must be numbers of rows".into())))
            .collect()
    }

    /// Values as their columns store them.
    pub(crate) fn converted(
        &mut self,
        table: &TableId,
        columns: ColumnValues,
    ) -> Result<ColumnValues, ActionError> {
        let mut converted = ColumnValues::default();
        for (col, values) in columns {
            if col == "id" {
                continue;
            }
            let Some((table_ix, col_ix)) = self.turn.engine().find(table, &col) else {
                return Err(ActionError::key(&col));
            };
            let slot = self.turn.engine().at(table_ix).and_then(|table| table.slot(col_ix));
            let column_type = slot.map(|slot| slot.spec.column_type.clone()).unwrap_or_default();
            let values = values.into_iter().map(|value| self.convert(value, &column_type)).collect();
            converted.insert(col, values);
        }
        Ok(converted)
    }

    fn convert(&mut self, value: CellValue, column_type: &ColumnType) -> CellValue {
        if let CellValue::Lookup(lookup) = &value {
            return self.looked_up(lookup, column_type);
        }
        let value = match (column_type, value) {
            (ColumnType::Ref(target), CellValue::Int(int)) if int < 0 => self
                .temporary
                .get(&(target.clone(), int))
                .map_or(CellValue::Int(int), |row| CellValue::from(*row)),
            (ColumnType::RefList(target), CellValue::List(items))
                if items.iter().all(|item| item.as_int().is_some()) =>
            {
                CellValue::list(items.iter().map(|item| {
                    match item.as_int() {
                        Some(int) if int < 0 => self
                            .temporary
                            .get(&(target.clone(), int))
                            .map_or(item.clone(), |row| CellValue::from(*row)),
                        _ => item.clone(),
                    }
                }))
            }
            (_, value) => value,
        };
        self.turn.converted(value, column_type)
    }

    /// The row, or rows, that a lookup by value means; the text that was typed where there is none.
    fn looked_up(&mut self, lookup: &CellLookup, column_type: &ColumnType) -> CellValue {
        let unfound = || match (&lookup.raw, &lookup.value) {
            (Some(text), _) => CellValue::Text(text.clone()),
            (None, CellValue::Text(text)) => CellValue::Text(text.clone()),
            (None, other) => CellValue::text(&model::json::raw::dump(other, false)),
        };
        let Some(target) = column_type.target() else { return unfound() };
        let col = lookup.column.as_deref().unwrap_or("id");
        let Ok((rows, cells)) = self.cells_of(&target, col) else { return unfound() };
        let find = |wanted: &CellValue| {
            cells.iter().position(|cell| loosely_equal(cell, wanted)).map(|at| CellValue::from(rows[at]))
        };
        match (column_type.is_list(), &lookup.value) {
            (true, CellValue::List(items)) => {
                let found: Option<Vec<CellValue>> = items.iter().map(find).collect();
                found.map_or_else(unfound, CellValue::list)
            }
            (true, value) => find(value).map_or_else(unfound, |row| CellValue::list([row])),
            (false, value) => find(value).unwrap_or_else(unfound),
        }
    }

    fn refuse_formulas(&self, table: &TableId, columns: &ColumnValues) -> Result<(), ActionError> {
        let Some(held) = self.turn.engine().table(table) else { return Ok(()) };
        let formula = columns.keys().find(|col| {
            held.column(col).is_some_and(|slot| slot.spec.is_formula && !slot.spec.formula.is_empty())
        });
        if let Some(col) = formula {
            return Err(ActionError::Value(format!("Can't save value to formula column {col}")));
        }
        if table.is_metadata() {
            return Ok(());
        }
        let is_summary = self
            .table_ref(table)
            .is_ok_and(|record| !self.reference(TABLES, record, "summarySourceTable").is_none());
        if is_summary
            && let Some(col) =
                columns.keys().find(|col| held.column(col).is_some_and(|slot| !slot.spec.is_formula))
        {
            return Err(ActionError::Value(format!("Cannot enter data into summary group-by column {col}")));
        }
        Ok(())
    }

    /// An empty column becomes a data column when something is written to it; one of type Any gets a type that fits.
    fn make_data_columns(
        &mut self,
        table: &TableId,
        mut columns: ColumnValues,
    ) -> Result<ColumnValues, ActionError> {
        if table.is_metadata() {
            return Ok(columns);
        }
        let Some(held) = self.turn.engine().table(table) else { return Ok(columns) };
        let empty: Vec<(ColId, bool)> = columns
            .keys()
            .filter_map(|col| held.column(col).filter(|slot| slot.spec.is_formula))
            .map(|slot| (slot.id.clone(), slot.spec.column_type == ColumnType::Any))
            .collect();
        let direct = std::mem::replace(&mut self.direct, false);
        for (col, untyped) in empty {
            let record = self.column_ref(table, &col)?;
            let written = columns.get(&col).cloned().unwrap_or_default();
            let locale = self.locale();
            let Some(guess) = guess::of_written(&written.to_vec(), &locale, &self.turn.moment().zone) else {
                columns.shift_remove(&col);
                continue;
            };
            let update = |bundle: &mut Self, key: &str, value: CellValue| {
                let values = ColumnValues::from_iter([(ColId::new(key), Cells::one(value))]);
                bundle.update_column_records(&[record], &values)
            };
            if untyped {
                update(self, "type", CellValue::text(&guess.column_type))?;
                if let Some(options) = &guess.widget_options {
                    update(self, "widgetOptions", CellValue::text(options))?;
                }
                columns.insert(col.clone(), guess.values.into());
            }
            update(self, "isFormula", CellValue::Bool(false))?;
        }
        self.direct = direct;
        Ok(columns)
    }

    /// How people of the document write numbers and dates.
    pub(crate) fn locale(&self) -> formula::parse::Locale {
        let settings = self.text("_grist_DocInfo", RowId(1), "documentSettings");
        crate::strings::locale_of(&settings, &self.turn.moment().locale)
    }

    /// New sections of which no sizes are said get the usual ones in the end.
    fn note_default_sizes(&mut self, rows: &[RowId], columns: &ColumnValues) {
        if !columns.contains_key("borderWidth") || !columns.contains_key("defaultWidth") {
            self.default_sizes.extend(rows.iter().copied());
        }
    }

    /// Rows that are given another place go before the row that is there.
    fn move_positions(&mut self, table: &TableId, columns: &mut ColumnValues) -> Result<(), ActionError> {
        let Some(held) = self.turn.engine().table(table) else { return Ok(()) };
        let moved: Vec<ColId> = columns
            .keys()
            .filter(|col| {
                held.column(col).is_some_and(|slot| {
                    matches!(slot.spec.column_type, ColumnType::ManualSortPos | ColumnType::PositionNumber)
                })
            })
            .cloned()
            .collect();
        for col in moved {
            self.place(table, &col, 0, columns, false)?;
        }
        Ok(())
    }

    /// Gives places in the order to rows that have none, and moves others where there is no room.
    fn give_positions(
        &mut self,
        table: &TableId,
        count: usize,
        columns: &mut ColumnValues,
        replacing: bool,
    ) -> Result<(), ActionError> {
        let Some(held) = self.turn.engine().table(table) else { return Ok(()) };
        let ordered: Vec<ColId> = held
            .columns()
            .filter(|(_, slot)| !slot.spec.is_formula)
            .filter(|(_, slot)| {
                matches!(slot.spec.column_type, ColumnType::ManualSortPos | ColumnType::PositionNumber)
            })
            .map(|(_, slot)| slot.id.clone())
            .collect();
        if replacing && count == 0 {
            return Ok(());
        }
        for col in ordered {
            self.place(table, &col, count, columns, replacing)?;
        }
        Ok(())
    }

    /// Turns the wanted places of one column into places between those of other rows.
    fn place(
        &mut self,
        table: &TableId,
        col: &ColId,
        count: usize,
        columns: &mut ColumnValues,
        replacing: bool,
    ) -> Result<(), ActionError> {
        let Some(held) = self.turn.engine().table(table) else { return Ok(()) };
        let mut present: Vec<(f64, RowId)> = if replacing {
            Vec::new()
        } else {
            let position = |row| held.cell(col, row).as_number().unwrap_or(f64::INFINITY);
            // Rows without a position stay where they are: behind all others.
            held.rows().iter().map(|row| (position(row), row)).filter(|(at, _)| at.is_finite()).collect()
        };
        present.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let wish = |value: CellValue| value.as_number().unwrap_or(f64::INFINITY);
        let wanted: Vec<f64> = match columns.get(col) {
            Some(values) => values.iter().map(wish).collect(),
            None => vec![f64::INFINITY; count],
        };
        let places: Vec<f64> = present.iter().map(|(position, _)| *position).collect();
        let placement = positions::place(&places, &wanted);
        if !placement.moves.is_empty() {
            let (rows, values) = placement
                .moves
                .iter()
                .map(|(at, position)| (present[*at].1, CellValue::Float(*position)))
                .unzip();
            let moved = ColumnValues::from_iter([(col.clone(), values)]);
            self.emit(DocAction::BulkUpdateRecord(table.clone(), rows, moved))?;
        }
        columns.insert(col.clone(), placement.positions.into_iter().map(CellValue::Float).collect());
        Ok(())
    }

    /// Rows and columns whose values differ from what is there; nothing if all is as it was.
    pub(crate) fn only_changes(
        &self,
        table: &TableId,
        rows: &[RowId],
        columns: ColumnValues,
    ) -> Option<(Vec<RowId>, ColumnValues)> {
        let held = self.turn.engine().table(table)?;
        let same =
            |col: &ColId, at: usize, value: CellValue| loosely_equal(&held.cell(col, rows[at]), &value);
        let columns: ColumnValues = columns
            .into_iter()
            .filter(|(col, values)| values.iter().enumerate().any(|(at, value)| !same(col, at, value)))
            .collect();
        let keep: Vec<bool> = (0..rows.len())
            .map(|at| columns.iter().any(|(col, values)| !same(col, at, values.at(at))))
            .collect();
        let pick = |at: &usize| keep[*at];
        let kept: Vec<usize> = (0..rows.len()).filter(pick).collect();
        if kept.is_empty() {
            return None;
        }
        let columns =
            columns.into_iter().map(|(col, values)| (col, values.select(kept.iter().copied()))).collect();
        Some((kept.iter().map(|at| rows[*at]).collect(), columns))
    }
}

fn single(values: RowValues) -> ColumnValues {
    values.into_iter().map(|(col, value)| (col, Cells::one(value))).collect()
}

/// Python's equality, where 1, 1.0 and True are the same.
pub(crate) fn loosely_equal(a: &CellValue, b: &CellValue) -> bool {
    let number = |value: &CellValue| match value {
        CellValue::Bool(truth) => Some(f64::from(u8::from(*truth))),
        other => other.as_number(),
    };
    match (number(a), number(b)) {
        (Some(a), Some(b)) => a == b,
        _ => a == b,
    }
}
