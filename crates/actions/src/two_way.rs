//! Two-way references: each side says what the other does.

use indexmap::IndexMap;
use model::{
    CellValue, Cells, ColId, ColumnInfo, ColumnType, ColumnValues, DocAction, RowId, RowValues, TableId,
};

use crate::apply::{Bundle, engine_error};
use crate::arguments::Arguments;
use crate::columns::column_answer;
use crate::error::ActionError;
use crate::metadata::{COLUMNS, SECTIONS, TABLES};

impl Bundle<'_, '_> {
    /// Makes the other side of a reference column.
    pub(crate) fn add_reverse_column(&mut self, arguments: Arguments<'_>) -> Result<CellValue, ActionError> {
        let table = TableId::new(arguments.text(0, "the table id")?);
        let col = arguments.text(1, "the column id")?;
        let source = self.column_ref(&table, col)?;
        let slot = self.turn.engine_mut().loaded(&table).map_err(engine_error)?.column(col);
        let spec = slot.map(|slot| slot.spec.clone()).unwrap_or_default();
        let target = match &spec.column_type {
            ColumnType::Ref(target) | ColumnType::RefList(target) => target.clone(),
            other => {
                return Err(ActionError::Value(format!("Can't create reverse column for type {other}")));
            }
        };
        if spec.is_formula {
            return Err(ActionError::Value("Can't create two-way reference to a formula column".into()));
        }
        if !self.reference(COLUMNS, source, "reverseCol").is_none() {
            return Err(ActionError::Value("Two-way reference column already exists".into()));
        }
        let table_ref = self.table_ref(&table)?;
        let raw = self.reference(TABLES, table_ref, "rawViewSectionRef");
        let title = self.text(SECTIONS, raw, "title");
        let suggestion = if title.is_empty() { table.to_string() } else { title };
        let info = RowValues::from_iter([
            (ColId::new("isFormula"), CellValue::Bool(false)),
            (ColId::new("type"), CellValue::text(&format!("RefList:{table}"))),
        ]);
        let (record, new) = self.make_column(&target, Some(&suggestion), info)?;
        self.show_column(self.table_ref(&target)?, record)?;
        for (owner, name, other) in [(&target, new.as_str(), col), (&table, col, new.as_str())] {
            let info = ColumnInfo::from_iter([(ColId::new("reverseColId"), CellValue::text(other))]);
            self.emit(DocAction::ModifyColumn(owner.clone(), ColId::new(name), info))?;
        }
        let pair = ColumnValues::from_iter([(
            ColId::new("reverseCol"),
            Cells::from([source.into(), record.into()]),
        )]);
        self.emit(DocAction::BulkUpdateRecord(COLUMNS.into(), vec![record, source], pair))?;
        // What is shown of a row: its first column.
        if let Some(shown) = self.first_shown_column(table_ref, source) {
            let visible = self.text(COLUMNS, shown, "colId");
            self.set(COLUMNS, record, &[("visibleCol", shown.into())])?;
            self.set_display(&target, None, Some(record), Some(&format!("${new}.{visible}")))?;
        }
        self.rebuild_reverse(source)?;
        Ok(column_answer(record, &new))
    }

    fn first_shown_column(&self, table: RowId, except: RowId) -> Option<RowId> {
        let raw = self.reference(TABLES, table, "rawViewSectionRef");
        self.fields_of(raw)
            .into_iter()
            .map(|field| self.reference(crate::metadata::FIELDS, field, "colRef"))
            .find(|column| *column != except)
    }

    /// The other side of a two-way reference: its table, column and whether it holds lists.
    fn other_side(&self, table: &TableId, col: &ColId) -> Option<(TableId, ColId, bool)> {
        let spec = &self.turn.engine().table(table)?.column(col)?.spec;
        let reverse = spec.reverse.clone()?;
        let target = spec.column_type.target()?;
        let other = self.turn.engine().table(&target)?.column(&reverse)?.spec.column_type.clone();
        let is_list = match other {
            ColumnType::Ref(_) => false,
            ColumnType::RefList(_) => true,
            _ => return None,
        };
        Some((target, reverse, is_list))
    }

    /// Sets all cells of the other side of a two-way reference.
    pub(crate) fn rebuild_reverse(&mut self, column: RowId) -> Result<(), ActionError> {
        let (table, col) = self.column_names(column);
        let Some((target, reverse, is_list)) = self.other_side(&table, &col) else { return Ok(()) };
        self.turn.engine_mut().loaded(&target).map_err(engine_error)?;
        let Some(held) = self.turn.engine().table(&table) else { return Ok(()) };
        let mut referring: IndexMap<RowId, Vec<RowId>> = self
            .turn
            .engine()
            .table(&target)
            .map(|held| held.rows().iter().map(|row| (row, Vec::new())).collect())
            .unwrap_or_default();
        for row in held.rows().iter() {
            for to in referred(&held.cell(&col, row)) {
                if let Some(rows) = referring.get_mut(&to) {
                    rows.push(row);
                }
            }
        }
        self.emit_reverse(target, reverse, is_list, referring)
    }

    fn emit_reverse(
        &mut self,
        target: TableId,
        reverse: ColId,
        is_list: bool,
        referring: IndexMap<RowId, Vec<RowId>>,
    ) -> Result<(), ActionError> {
        let mut values = Cells::new();
        for rows in referring.values() {
            values.push(match (is_list, rows.as_slice()) {
                (true, []) => CellValue::Null,
                (true, rows) => CellValue::list(rows.iter().map(|row| CellValue::from(*row))),
                (false, []) => CellValue::Int(0),
                (false, [row]) => CellValue::from(*row),
                (false, _) => {
                    return Err(ActionError::UniqueReference(format!(
                        "Column {target}.{reverse} would have more than one value in a row"
                    )));
                }
            });
        }
        let rows: Vec<RowId> = referring.into_keys().collect();
        if rows.is_empty() {
            return Ok(());
        }
        let columns = ColumnValues::from_iter([(reverse, values)]);
        self.emit(DocAction::BulkUpdateRecord(target, rows, columns))
    }

    /// Before cells change: the other sides of two-way references among them.
    pub(crate) fn reverse_updates(
        &mut self,
        table: &TableId,
        rows: &[RowId],
        columns: &ColumnValues,
    ) -> Result<(), ActionError> {
        for (col, values) in columns {
            let Some((target, reverse, is_list)) = self.other_side(table, col) else { continue };
            self.turn.engine_mut().loaded(&target).map_err(engine_error)?;
            let Some(held) = self.turn.engine().table(table) else { continue };
            let Some(other) = self.turn.engine().table(&target) else { continue };
            let mut affected: IndexMap<RowId, Vec<RowId>> = IndexMap::new();
            for (row, new) in rows.iter().zip(values) {
                let old = referred(&held.cell(col, *row));
                for to in old.into_iter().chain(referred(&new)) {
                    if other.rows().contains(to) && !affected.contains_key(&to) {
                        affected.insert(to, Vec::new());
                    }
                }
            }
            if affected.is_empty() {
                continue;
            }
            let changed: IndexMap<RowId, CellValue> = rows.iter().copied().zip(values).collect();
            let mut all: Vec<RowId> = held.rows().iter().collect();
            all.extend(rows.iter().filter(|row| !held.rows().contains(**row)));
            all.sort_unstable();
            for row in all {
                let cell = changed.get(&row).map_or_else(|| held.cell(col, row), CellValue::clone);
                for to in referred(&cell) {
                    if let Some(from) = affected.get_mut(&to)
                        && !from.contains(&row)
                    {
                        from.push(row);
                    }
                }
            }
            self.emit_reverse(target, reverse, is_list, affected)?;
        }
        Ok(())
    }

    /// A two-way reference may become a list or a single reference, but not refer elsewhere.
    pub(crate) fn check_two_way_type(&self, column: RowId, info: &ColumnInfo) -> Result<(), ActionError> {
        if self.reference(COLUMNS, column, "reverseCol").is_none() {
            return Ok(());
        }
        let target = |text: &str| match ColumnType::parse(text) {
            ColumnType::Ref(target) | ColumnType::RefList(target) => Some(target),
            _ => None,
        };
        let old = target(&self.text(COLUMNS, column, "type"));
        let new = info.get("type").and_then(CellValue::as_text).and_then(target);
        if new.is_some() && old == new {
            Ok(())
        } else {
            Err(ActionError::Value("invalid change to type of a two-way reference column".into()))
        }
    }
}

/// The rows that a cell refers to.
fn referred(cell: &CellValue) -> Vec<RowId> {
    match cell {
        CellValue::Int(_) => cell.as_row_id().filter(|row| !row.is_none()).into_iter().collect(),
        CellValue::List(items) => items.iter().filter_map(CellValue::as_row_id).collect(),
        _ => Vec::new(),
    }
}
