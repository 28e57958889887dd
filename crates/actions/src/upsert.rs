//! Add or update: rows that match are changed, and added where none does.

use model::{CellValue, Cells, ColId, ColumnType, ColumnValues, RowId, TableId};

use crate::apply::{Bundle, engine_error};
use crate::arguments::Arguments;
use crate::error::ActionError;
use crate::records::loosely_equal;
use crate::tables::dict;

/// What to do with rows that match.
struct Options {
    on_many: Many,
    update: bool,
    add: bool,
    allow_empty: bool,
}

#[derive(Clone, Copy, PartialEq)]
enum Many {
    First,
    None,
    All,
}

impl Options {
    fn read(raw: Option<&CellValue>) -> Result<Self, ActionError> {
        let mut options = Self { on_many: Many::First, update: true, add: true, allow_empty: false };
        let Some(CellValue::Dict(entries)) = raw else { return Ok(options) };
        for (key, value) in entries.iter() {
            match key.as_str() {
                "on_many" => {
                    options.on_many = match value.as_text() {
                        Some("first") => Many::First,
                        Some("none") => Many::None,
                        Some("all") => Many::All,
                        other => {
                            return Err(ActionError::Value(format!(
                                "on_many should be 'first', 'none', or 'all', not '{}'",
                                other.unwrap_or_default()
                            )));
                        }
                    };
                }
                "update" => options.update = value.is_true(),
                "add" => options.add = value.is_true(),
                "allow_empty_require" => options.allow_empty = value.is_true(),
                _ => {}
            }
        }
        Ok(options)
    }
}

impl Bundle<'_, '_> {
    pub(crate) fn add_or_update_record(
        &mut self,
        arguments: Arguments<'_>,
    ) -> Result<CellValue, ActionError> {
        let table = TableId::new(arguments.text(0, "the table id")?);
        let bulk = |values: model::RowValues| -> ColumnValues {
            values.into_iter().map(|(col, value)| (col, Cells::one(value))).collect()
        };
        let require = bulk(arguments.values(1, "what is required")?);
        let values = bulk(arguments.values(2, "column values")?);
        let options = Options::read(arguments.get(3))?;
        let (found, added, updated) = self.upsert(&table, &require, &values, &options, 1)?;
        let what = if !added.is_empty() {
            "ADD"
        } else if !updated.is_empty() {
            "UPDATE"
        } else {
            "NONE"
        };
        Ok(dict([("recordIds", list(found.first().map_or(&[], Vec::as_slice))), ("action", what.into())]))
    }

    pub(crate) fn bulk_add_or_update_record(
        &mut self,
        arguments: Arguments<'_>,
    ) -> Result<CellValue, ActionError> {
        let table = TableId::new(arguments.text(0, "the table id")?);
        let length = |at: usize| match arguments.get(at) {
            Some(CellValue::Dict(entries)) => entries.first().map(|(_, values)| match values {
                CellValue::List(items) => items.len(),
                _ => 0,
            }),
            _ => None,
        };
        let count = length(1).or_else(|| length(2)).unwrap_or(0);
        let require = arguments.columns(1, count)?;
        let values = arguments.columns(2, count)?;
        let options = Options::read(arguments.get(3))?;
        let (found, added, updated) = self.upsert(&table, &require, &values, &options, count)?;
        Ok(dict([
            ("recordIds", CellValue::list(found.iter().map(|rows| list(rows)))),
            ("addRecordIds", list(&added)),
            ("updateRecordIds", CellValue::list(updated.iter().map(|rows| list(rows)))),
        ]))
    }

    #[expect(clippy::type_complexity, reason = "rows found by request, added, updated by request")]
    fn upsert(
        &mut self,
        table: &TableId,
        require: &ColumnValues,
        values: &ColumnValues,
        options: &Options,
        count: usize,
    ) -> Result<(Vec<Vec<RowId>>, Vec<RowId>, Vec<Vec<RowId>>), ActionError> {
        if require.is_empty() && !options.allow_empty {
            return Err(ActionError::Value("require is empty but allow_empty_require isn't set".into()));
        }
        self.turn.engine_mut().loaded(table).map_err(engine_error)?;
        self.turn.recalculate();
        let wanted = self.required(table, require)?;
        for at in 1..count {
            let same = |before: usize| {
                !wanted.is_empty()
                    && wanted.values().all(|values| loosely_equal(&values.at(before), &values.at(at)))
            };
            if (0..at).any(same) {
                return Err(ActionError::Value("require values must be unique".into()));
            }
        }
        let mut found: Vec<Vec<RowId>> = Vec::with_capacity(count);
        let mut to_add = Vec::new();
        let (mut to_update, mut from, mut updated) = (Vec::new(), Vec::new(), Vec::new());
        for at in 0..count {
            let mut rows = self.matching(table, &wanted, at);
            if rows.is_empty() {
                to_add.push(at);
            } else {
                if rows.len() > 1 {
                    match options.on_many {
                        Many::First => rows.truncate(1),
                        Many::None => rows.clear(),
                        Many::All => {}
                    }
                }
                if !options.update {
                    rows.clear();
                }
                if !rows.is_empty() {
                    to_update.extend(rows.iter().copied());
                    from.extend(std::iter::repeat_n(at, rows.len()));
                    updated.push(rows.clone());
                }
            }
            found.push(rows);
        }
        let mut added = Vec::new();
        if options.add && !to_add.is_empty() {
            let mut columns = ColumnValues::default();
            for (col, all) in require.iter().filter(|(col, _)| *col != "id").chain(values) {
                if self.is_settable(table, col) {
                    columns.insert(col.clone(), all.select(to_add.iter().copied()));
                }
            }
            let ids: Vec<CellValue> = match require.get("id") {
                Some(ids) => to_add.iter().map(|at| ids.at(*at)).collect(),
                None => vec![CellValue::Null; to_add.len()],
            };
            added = self.add_rows(table, &ids, columns)?;
            for (at, row) in to_add.iter().zip(&added) {
                found[*at] = vec![*row];
            }
        }
        if !to_update.is_empty() {
            let columns: ColumnValues =
                values.iter().map(|(col, all)| (col.clone(), all.select(from.iter().copied()))).collect();
            self.update_rows(table, &to_update, columns)?;
        }
        Ok((found, added, updated))
    }

    fn is_settable(&self, table: &TableId, col: &ColId) -> bool {
        let slot = self.turn.engine().table(table).and_then(|held| held.column(col));
        slot.is_none_or(|slot| !slot.spec.is_formula || slot.spec.formula.is_empty())
    }

    /// The required values as their columns hold them.
    fn required(&mut self, table: &TableId, require: &ColumnValues) -> Result<ColumnValues, ActionError> {
        let mut wanted = ColumnValues::default();
        for (col, values) in require {
            let values = if *col == "id" {
                values.clone()
            } else {
                let slot = self.turn.engine().table(table).and_then(|held| held.column(col));
                let Some(slot) = slot else { return Err(ActionError::key(col)) };
                let kind: ColumnType = slot.spec.column_type.clone();
                values.iter().map(|value| self.turn.converted(value, &kind)).collect()
            };
            wanted.insert(col.clone(), values);
        }
        Ok(wanted)
    }

    fn matching(&self, table: &TableId, wanted: &ColumnValues, at: usize) -> Vec<RowId> {
        let Some(held) = self.turn.engine().table(table) else { return Vec::new() };
        let fits = |row: &RowId| {
            wanted.iter().all(|(col, values)| {
                if *col == "id" {
                    values.at(at).as_row_id() == Some(*row)
                } else {
                    loosely_equal(&held.cell(col, *row), &values.at(at))
                }
            })
        };
        held.rows().iter().filter(fits).collect()
    }
}

fn list(rows: &[RowId]) -> CellValue {
    CellValue::list(rows.iter().map(|row| CellValue::from(*row)))
}
