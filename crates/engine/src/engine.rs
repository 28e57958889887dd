//! The tables of a document, and every write to them.

use std::fmt;
use std::sync::Arc;

use ecow::EcoString;
use formula::vector::VectorValues;
use formula::{ColIx, TableIx, Value};
use model::column::BLANK_FLOAT;
use model::{CellValue, Cells, ColId, Column, ColumnData, ColumnType, RowId, TableData, TableId};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::graph::{Dirty, Graph, Node};
use crate::indexes::Indexes;
use crate::journal::Entry;
use crate::rows::Rows;
use crate::source::Source;
use crate::table::{ColumnSpec, Table};
use crate::timing::Timings;
use crate::turn::EngineError;

/// Row ids above this, and far above what the table holds, are refused: vectors are laid out by row id.
const HIGH_ROW_ID: u32 = 4_000_000;

/// A document in memory.
#[derive(Default)]
pub struct Engine {
    tables: Vec<Option<Table>>,
    by_id: FxHashMap<TableId, TableIx>,
    source: Option<Box<dyn Source>>,
    journal: Option<Vec<Entry>>,
    pub(crate) graph: Graph,
    pub(crate) dirty: Dirty,
    pub(crate) indexes: Indexes,
    /// What formulas have kept on tables (`table.counter = …`).
    pub(crate) kept: FxHashMap<(TableIx, EcoString), Value>,
    /// The source tables of summary tables.
    pub(crate) summary_sources: FxHashMap<TableIx, TableIx>,
    /// The columns that link source rows to summary rows, by summary table.
    pub(crate) links: FxHashMap<TableIx, Node>,
    pub(crate) timings: Option<Timings>,
    /// Source tables whose link columns were not filled yet ([`crate::stored`]).
    pub(crate) unlinked: FxHashSet<TableIx>,
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine").field("tables", &self.by_id.len()).finish_non_exhaustive()
    }
}

impl Engine {
    /// A document without any table.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the cells of tables that are declared later from a source, when they are first needed.
    pub fn set_source(&mut self, source: Box<dyn Source>) {
        self.source = Some(source);
    }

    /// The slot of a table.
    #[must_use]
    pub fn table_ix(&self, id: &str) -> Option<TableIx> {
        self.by_id.get(id).copied()
    }
    /// A table by id. Its cells may still be in the file: [`Engine::loaded`] fetches them.
    #[must_use]
    pub fn table(&self, id: &str) -> Option<&Table> {
        self.table_ix(id).and_then(|table| self.at(table))
    }
    /// A table by slot.
    #[must_use]
    pub fn at(&self, table: TableIx) -> Option<&Table> {
        self.tables.get(table.0 as usize).and_then(Option::as_ref)
    }
    /// A table with its cells in memory.
    ///
    /// # Errors
    /// When there is no such table, or the source fails.
    pub fn loaded(&mut self, id: &str) -> Result<&Table, EngineError> {
        let table = self.table_ix(id).ok_or_else(|| EngineError::NoTable(id.into()))?;
        self.load(table)?;
        self.at(table).ok_or_else(|| EngineError::NoTable(id.into()))
    }
    /// The ids of all tables, sorted.
    #[must_use]
    pub fn table_ids(&self) -> Vec<TableId> {
        let mut ids: Vec<TableId> = self.by_id.keys().cloned().collect();
        ids.sort();
        ids
    }
    /// All tables.
    pub fn tables(&self) -> impl Iterator<Item = (TableIx, &Table)> {
        self.by_id.values().filter_map(|ix| self.at(*ix).map(|table| (*ix, table)))
    }
    /// The slots of a column.
    #[must_use]
    pub fn find(&self, table: &str, col: &str) -> Option<(TableIx, ColIx)> {
        let table = self.table_ix(table)?;
        Some((table, self.at(table)?.find(col)?))
    }
    /// The ids of a column.
    #[must_use]
    pub fn names(&self, table: TableIx, col: ColIx) -> Option<(TableId, ColId)> {
        let table = self.at(table)?;
        Some((table.id.clone(), table.slot(col)?.id.clone()))
    }

    /// Declares a table with its columns, empty; `in_source`: its cells are to be loaded on first need.
    pub fn declare(
        &mut self,
        id: TableId,
        columns: impl IntoIterator<Item = (ColId, ColumnSpec)>,
        in_source: bool,
    ) -> TableIx {
        let ix = TableIx(u32::try_from(self.tables.len()).unwrap_or(u32::MAX));
        let mut table = Table::new(id.clone());
        for (col, spec) in columns {
            table.add_column(col, spec);
        }
        table.unloaded = in_source;
        self.graph.note_name(&id);
        self.tables.push(Some(table));
        self.by_id.insert(id, ix);
        ix
    }

    /// Fills a declared table with cells, taken as they are; columns that the schema lacks are left out.
    ///
    /// # Errors
    /// When there is no such table, or a row id is too high.
    pub fn fill(&mut self, data: TableData) -> Result<(), EngineError> {
        let ix = self.table_ix(&data.table).ok_or_else(|| EngineError::NoTable(data.table.clone()))?;
        let highest = data.rows.iter().copied().max().unwrap_or_default();
        let table =
            self.tables[ix.0 as usize].as_mut().ok_or_else(|| EngineError::NoTable(data.table.clone()))?;
        check_row_id(&table.id, highest, data.rows.len())?;
        table.unloaded = false;
        *table.rows_mut() = data.rows.iter().copied().collect();
        for (col, values) in data.columns {
            let Some(slot) = table.find(&col).and_then(|col| table.slot_mut(col)) else { continue };
            let cells = Arc::make_mut(&mut slot.cells);
            cells.grow(highest.index() + 1);
            for (row, value) in data.rows.iter().zip(values) {
                cells.set(*row, value);
            }
        }
        self.indexes.forget(ix);
        self.graph.note_change();
        Ok(())
    }

    /// Brings the cells of a table into memory.
    pub(crate) fn load(&mut self, ix: TableIx) -> Result<(), EngineError> {
        let Some(table) =
            self.tables.get_mut(ix.0 as usize).and_then(Option::as_mut).filter(|table| table.unloaded)
        else {
            return Ok(());
        };
        let Some(source) = self.source.as_mut() else { return Ok(()) };
        let wanted: Vec<(ColIx, ColId, ColumnType)> = table
            .columns()
            .filter(|(_, slot)| !slot.id.starts_with('#'))
            .map(|(col, slot)| (col, slot.id.clone(), slot.spec.column_type.clone()))
            .collect();
        let columns: Vec<(ColId, ColumnType)> =
            wanted.iter().map(|(_, id, column_type)| (id.clone(), column_type.clone())).collect();
        let loaded =
            source.load(&table.id, &columns).map_err(|text| EngineError::Source(table.id.clone(), text))?;
        *table.rows_mut() = loaded.rows.into_iter().collect();
        for ((col, ..), cells) in wanted.into_iter().zip(loaded.columns) {
            if let Some(slot) = table.slot_mut(col) {
                slot.cells = Arc::new(cells);
            }
        }
        table.unloaded = false;
        self.indexes.forget(ix);
        Ok(())
    }

    pub(crate) fn at_mut(&mut self, table: TableIx) -> Option<&mut Table> {
        self.tables.get_mut(table.0 as usize).and_then(Option::as_mut)
    }

    fn note(&mut self, entry: impl FnOnce() -> Entry) {
        if let Some(journal) = &mut self.journal {
            journal.push(entry());
        }
    }

    /// Sets a cell and gives what it held.
    pub(crate) fn set_cell(&mut self, table: TableIx, col: ColIx, row: RowId, value: CellValue) -> CellValue {
        let Some(slot) = self.at_mut(table).and_then(|table| table.slot_mut(col)) else {
            return CellValue::Null;
        };
        let before = slot.cells.get(row);
        Arc::make_mut(&mut slot.cells).set(row, value);
        self.indexes.touch_cell((table, col), row);
        self.note(|| Entry::Cell(table, col, row, before.clone()));
        before
    }

    /// Sets cells of one column and gives what they held.
    pub(crate) fn set_cells(&mut self, (table, col): Node, rows: &[RowId], values: &Cells) -> Cells {
        let Some(slot) = self.at_mut(table).and_then(|table| table.slot_mut(col)) else {
            return Cells::repeated(CellValue::Null, rows.len());
        };
        let before = slot.cells.select(rows);
        Arc::make_mut(&mut slot.cells).set_all(rows, values);
        self.indexes.touch_cells((table, col), rows.iter().copied());
        self.note(|| Entry::Cells(table, col, rows.to_vec(), before.clone()));
        before
    }

    /// Before many cells of a column are computed: remembers the column and gives it.
    pub(crate) fn remember_column(&mut self, (table, col): Node) -> Option<Arc<Column>> {
        let before = Arc::clone(&self.at(table)?.slot(col)?.cells);
        self.note(|| Entry::Column(table, col, Arc::clone(&before)));
        Some(before)
    }

    /// Sets a computed cell of a column that is remembered; says whether it changed. Indexes hear of it later, by [`Indexes::touch_cells`].
    pub(crate) fn put_computed(&mut self, (table, col): Node, row: RowId, value: CellValue) -> bool {
        let Some(slot) = self.at_mut(table).and_then(|table| table.slot_mut(col)) else { return false };
        let changed = match &value {
            CellValue::Dict(_) | CellValue::List(_) => !same_cell(&slot.cells.get(row), &value),
            value => !slot.cells.holds(row, value),
        };
        if changed {
            Arc::make_mut(&mut slot.cells).set(row, value);
        }
        changed
    }

    /// Sets computed cells of a column that is remembered, parallel to the rows, but for `bad` ones; notes which changed. Of floats the bits are
    /// compared.
    pub(crate) fn put_values(
        &mut self,
        node: Node,
        rows: &[RowId],
        values: &VectorValues,
        bad: &[bool],
        changed: &mut Rows,
    ) {
        let Some(table) = self.at_mut(node.0) else { return };
        let len = table.rows().last().index() + 1;
        let Some(slot) = table.slot_mut(node.1) else { return };
        let cells = Arc::make_mut(&mut slot.cells);
        if cells.odd.is_empty() {
            cells.grow(len);
            match (&mut cells.data, values) {
                (ColumnData::Float(vector), VectorValues::Float(values)) => {
                    return put(vector, rows, values, bad, changed, |a, b| {
                        a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan() && a.to_bits() != BLANK_FLOAT)
                    });
                }
                (ColumnData::Int(vector), VectorValues::Int(values)) => {
                    return put(vector, rows, values, bad, changed, |a, b| a == b);
                }
                (ColumnData::Bool(vector), VectorValues::Bool(values)) => {
                    return put(vector, rows, values, bad, changed, |a, b| a == b);
                }
                (ColumnData::Text(vector), VectorValues::Text(values)) => {
                    return put(vector, rows, values, bad, changed, |a, b| a == b);
                }
                _ => {}
            }
        }
        for (at, row) in rows.iter().enumerate().filter(|(at, _)| !bad.get(*at).is_some_and(|bad| *bad)) {
            let value = match values {
                VectorValues::Float(values) => CellValue::Float(values[at]),
                VectorValues::Int(values) => CellValue::Int(values[at]),
                VectorValues::Bool(values) => CellValue::Bool(values[at]),
                VectorValues::Text(values) => CellValue::Text(values[at].clone()),
            };
            if self.put_computed(node, *row, value) {
                changed.insert(*row);
            }
        }
    }

    /// Adds or removes rows; their cells are the caller's business.
    pub(crate) fn set_rows(&mut self, table: TableIx, wanted: &[RowId], exist: bool) {
        let Some(rows) = self.at_mut(table).map(Table::rows_mut) else { return };
        let mut change = |row: &RowId| if exist { rows.insert(*row) } else { rows.remove(*row) };
        let changed: Vec<RowId> = wanted.iter().copied().filter(|row| change(row)).collect();
        self.indexes.touch_rows(table, &changed);
        self.note(|| Entry::Rows(table, changed, !exist));
    }

    /// Keeps a table as it is now, before its schema changes or all its data is replaced.
    pub(crate) fn remember(&mut self, table: TableIx) {
        if self.journal.is_some()
            && let Some(copy) = self.at(table).cloned()
        {
            self.note(|| Entry::Table(table, Box::new(copy)));
        }
    }

    pub(crate) fn add_table(
        &mut self,
        id: TableId,
        columns: impl IntoIterator<Item = (ColId, ColumnSpec)>,
    ) -> TableIx {
        let table = self.declare(id, columns, false);
        self.note(|| Entry::Added(table));
        table
    }

    pub(crate) fn remove_table(&mut self, table: TableIx) {
        self.remember(table);
        if let Some(gone) = self.tables.get_mut(table.0 as usize).and_then(Option::take) {
            self.graph.note_name(&gone.id);
            self.by_id.remove(&gone.id);
        }
        self.indexes.forget(table);
    }

    pub(crate) fn rename_table(&mut self, table: TableIx, id: TableId) {
        let Some(target) = self.at_mut(table) else { return };
        let old = std::mem::replace(&mut target.id, id.clone());
        self.by_id.remove(&old);
        self.graph.note_name(&old);
        self.graph.note_name(&id);
        self.by_id.insert(id, table);
        self.note(|| Entry::Name(table, old));
    }

    pub(crate) fn start_journal(&mut self) {
        self.journal = Some(Vec::new());
    }

    pub(crate) fn end_journal(&mut self) {
        self.journal = None;
    }

    /// Takes back everything since the journal was started.
    pub(crate) fn roll_back(&mut self) {
        self.dirty.clear();
        for entry in self.journal.take().unwrap_or_default().into_iter().rev() {
            match entry {
                Entry::Cell(table, col, row, before) => {
                    self.set_cell(table, col, row, before);
                }
                Entry::Cells(table, col, rows, before) => {
                    self.set_cells((table, col), &rows, &before);
                }
                Entry::Column(table, col, before) => {
                    if let Some(slot) = self.at_mut(table).and_then(|table| table.slot_mut(col)) {
                        slot.cells = before;
                    }
                    self.indexes.forget(table);
                }
                Entry::Rows(table, rows, existed) => self.set_rows(table, &rows, existed),
                Entry::Table(table, before) => {
                    if let Some(now) = self.at(table) {
                        let id = now.id.clone();
                        self.by_id.remove(&id);
                    }
                    self.by_id.insert(before.id.clone(), table);
                    self.indexes.forget(table);
                    for (_, slot) in before.columns() {
                        self.graph.note_name(&slot.id);
                    }
                    self.tables[table.0 as usize] = Some(*before);
                }
                Entry::Added(table) => {
                    if let Some(gone) = self.tables[table.0 as usize].take() {
                        self.by_id.remove(&gone.id);
                    }
                }
                Entry::Name(table, before) => self.rename_table(table, before),
            }
        }
    }
}

/// Whether a computed cell is what it was. The order of the keys of a dict does not matter, as in Python.
pub(crate) fn same_cell(a: &CellValue, b: &CellValue) -> bool {
    match (a, b) {
        (CellValue::Dict(a), CellValue::Dict(b)) => {
            a.len() == b.len()
                && a.iter().all(|(key, value)| {
                    b.iter().any(|(other, found)| other == key && same_cell(value, found))
                })
        }
        (CellValue::List(a), CellValue::List(b)) => {
            a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| same_cell(a, b))
        }
        _ => a == b,
    }
}

/// Puts values into their rows, but for bad ones; notes the rows that changed.
fn put<T: Clone>(
    vector: &mut [T],
    rows: &[RowId],
    values: &[T],
    bad: &[bool],
    changed: &mut Rows,
    same: impl Fn(&T, &T) -> bool,
) {
    let (first, last) = (rows.first().map_or(0, |row| row.index()), rows.last().map_or(0, |row| row.index()));
    if bad.is_empty()
        && last + 1 - first == rows.len()
        && let Some(cells) = vector.get_mut(first..=last)
    {
        // Rows without a gap: 64 at a time.
        let mut at = 0;
        while at < cells.len() {
            let end = cells.len().min(at + 64 - (first + at) % 64);
            let mut word = 0;
            for (place, (cell, value)) in cells[at..end].iter_mut().zip(&values[at..end]).enumerate() {
                word |= u64::from(!same(cell, value)) << place;
                cell.clone_from(value);
            }
            changed.insert_word((first + at) / 64, word << ((first + at) % 64));
            at = end;
        }
        return;
    }
    for (at, (row, value)) in rows.iter().zip(values).enumerate() {
        if let Some(cell) = vector.get_mut(row.index())
            && !same(cell, value)
            && !bad.get(at).is_some_and(|bad| *bad)
        {
            cell.clone_from(value);
            changed.insert(*row);
        }
    }
}

/// Refuses row ids that would make vectors of absurd length.
pub(crate) fn check_row_id(table: &TableId, highest: RowId, count: usize) -> Result<(), EngineError> {
    let limit = HIGH_ROW_ID.saturating_add(u32::try_from(count).unwrap_or(u32::MAX).saturating_mul(16));
    if highest.0 > limit { Err(EngineError::RowIdTooHigh(table.clone(), highest.0)) } else { Ok(()) }
}
