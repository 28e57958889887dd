//! Records: add, update, remove, replace.
//!
//! Values are converted to the types of their columns, positions are given to rows that have none, references to rows added earlier in the bundle (negative
//! ids) are resolved.

use model::{CellValue, ColId, ColumnType, ColumnValues, DocAction, RowId, RowValues, TableId};

use crate::apply::{Bundle, engine_error};
use crate::arguments::Arguments;
use crate::error::ActionError;
use crate::metadata::{COLUMNS, TABLES};
use crate::{positions, predicate};

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
        self.remove_rows(&table, &rows)?;
        Ok(CellValue::Null)
    }

    pub(crate) fn bulk_remove_record(&mut self, arguments: Arguments<'_>) -> Result<CellValue, ActionError> {
        let table = TableId::new(arguments.text(0, "the table id")?);
        let rows = self.existing(&table, arguments.list(1, "row ids")?)?;
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
        let mut columns = self.converted(&table, columns)?;
        self.give_positions(&table, rows.len(), &mut columns, true)?;
        self.emit(DocAction::ReplaceTableData(table, rows.clone(), columns))?;
        Ok(CellValue::list(rows.into_iter().map(CellValue::from)))
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
        let mut columns = self.converted(table, parsed_conditions(table, columns)?)?;
        self.refuse_formulas(table, &columns)?;
        self.make_data_columns(table, &columns)?;
        self.give_positions(table, rows.len(), &mut columns, false)?;
        if !rows.is_empty() {
            let given: Vec<ColId> = columns.keys().cloned().collect();
            self.emit(DocAction::BulkAddRecord(table.clone(), rows.clone(), columns))?;
            self.turn.trigger_added(table, &rows, &given);
        }
        Ok(rows)
    }

    fn update_rows(
        &mut self,
        table: &TableId,
        rows: &[RowId],
        columns: ColumnValues,
    ) -> Result<CellValue, ActionError> {
        if *table == COLUMNS {
            self.update_column_records(rows, &columns)?;
            return Ok(CellValue::Null);
        }
        if *table == TABLES && columns.contains_key("tableId") {
            self.update_table_records(rows, &columns)?;
            return Ok(CellValue::Null);
        }
        let columns = self.converted(table, parsed_conditions(table, columns)?)?;
        self.refuse_formulas(table, &columns)?;
        self.make_data_columns(table, &columns)?;
        let given: Vec<ColId> = columns.keys().cloned().collect();
        if let Some((rows, columns)) = self.only_changes(table, rows, columns) {
            self.emit(DocAction::BulkUpdateRecord(table.clone(), rows.clone(), columns))?;
            self.turn.trigger_updated(table, &rows, &given);
        }
        Ok(CellValue::Null)
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
    fn converted(&mut self, table: &TableId, columns: ColumnValues) -> Result<ColumnValues, ActionError> {
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
        let value = match (column_type, value) {
            (ColumnType::Ref(target), CellValue::Int(int)) if int < 0 => self
                .temporary
                .get(&(target.clone(), int))
                .map_or(CellValue::Int(int), |row| CellValue::from(*row)),
            (ColumnType::RefList(target), CellValue::List(items)) => {
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

    fn refuse_formulas(&self, table: &TableId, columns: &ColumnValues) -> Result<(), ActionError> {
        let Some(held) = self.turn.engine().table(table) else { return Ok(()) };
        let formula = columns.keys().find(|col| {
            held.column(col).is_some_and(|slot| slot.spec.is_formula && !slot.spec.formula.is_empty())
        });
        match formula {
            Some(col) => Err(ActionError::Value(format!("Can't save value to formula column {col}"))),
            None => Ok(()),
        }
    }

    /// An empty column becomes a data column when something is written to it.
    fn make_data_columns(&mut self, table: &TableId, columns: &ColumnValues) -> Result<(), ActionError> {
        if table.is_metadata() {
            return Ok(());
        }
        let Some(held) = self.turn.engine().table(table) else { return Ok(()) };
        let empty: Vec<ColId> = columns
            .keys()
            .filter(|col| held.column(col).is_some_and(|slot| slot.spec.is_formula))
            .cloned()
            .collect();
        let direct = std::mem::replace(&mut self.direct, false);
        for col in empty {
            let info = RowValues::from_iter([(ColId::new("isFormula"), CellValue::Bool(false))]);
            self.turn.flush_column(table, &col);
            self.emit(DocAction::ModifyColumn(table.clone(), col.clone(), info.clone()))?;
            if let Ok(record) = self.column_ref(table, &col) {
                self.emit(DocAction::UpdateRecord(COLUMNS.into(), record, info))?;
            }
        }
        self.direct = direct;
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
        let ordered: Vec<(ColId, Vec<(f64, RowId)>)> = held
            .columns()
            .filter(|(_, slot)| !slot.spec.is_formula)
            .filter(|(_, slot)| {
                matches!(slot.spec.column_type, ColumnType::ManualSortPos | ColumnType::PositionNumber)
            })
            .map(|(_, slot)| {
                let position = |row| slot.cells.get(row).as_number().unwrap_or(f64::INFINITY);
                let mut present: Vec<(f64, RowId)> = if replacing {
                    Vec::new()
                } else {
                    held.rows().iter().map(|row| (position(row), row)).collect()
                };
                present.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
                (slot.id.clone(), present)
            })
            .collect();
        for (col, present) in ordered {
            let wish = |value: &CellValue| value.as_number().unwrap_or(f64::INFINITY);
            let wanted: Vec<f64> = match columns.get(&col) {
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
            columns.insert(col, placement.positions.into_iter().map(CellValue::Float).collect());
        }
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
            |col: &ColId, at: usize, value: &CellValue| loosely_equal(&held.cell(col, rows[at]), value);
        let columns: ColumnValues = columns
            .into_iter()
            .filter(|(col, values)| values.iter().enumerate().any(|(at, value)| !same(col, at, value)))
            .collect();
        let keep: Vec<bool> = (0..rows.len())
            .map(|at| columns.iter().any(|(col, values)| !same(col, at, &values[at])))
            .collect();
        let pick = |at: &usize| keep[*at];
        let kept: Vec<usize> = (0..rows.len()).filter(pick).collect();
        if kept.is_empty() {
            return None;
        }
        let columns = columns
            .into_iter()
            .map(|(col, values)| (col, kept.iter().map(|at| values[*at].clone()).collect()))
            .collect();
        Some((kept.iter().map(|at| rows[*at]).collect(), columns))
    }
}

/// Conditions of access rules are kept with their parse trees.
fn parsed_conditions(table: &TableId, mut columns: ColumnValues) -> Result<ColumnValues, ActionError> {
    if *table == "_grist_ACLRules"
        && let Some(conditions) = columns.get("aclFormula")
    {
        let parse = |condition: &CellValue| match condition.as_text() {
            None | Some("") => Ok(CellValue::text("")),
            Some(text) => predicate::parse_to_json(text).map(|json| CellValue::text(&json)),
        };
        let parsed = conditions.iter().map(parse).collect::<Result<_, _>>()?;
        columns.insert("aclFormulaParsed".into(), parsed);
    }
    Ok(columns)
}

fn single(values: RowValues) -> ColumnValues {
    values.into_iter().map(|(col, value)| (col, vec![value])).collect()
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
