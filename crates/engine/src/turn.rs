//! One bundle of changes: all of it or nothing.

use model::{CellValue, Cells, ColId, ColumnType, DocAction, RowId, TableId};

use formula::TableIx;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::changes::{Changes, Log};
use crate::doc_actions::same_number;
use crate::engine::Engine;
use crate::evaluation::TURN_FUEL;
use crate::graph::Node;
use crate::rows::Rows;

/// What a turn may know of the world.
#[derive(Clone, Debug, Default)]
pub struct Moment {
    /// UTC seconds since 1970: the one instant of the whole turn.
    pub now: f64,
    /// Seeds the random functions of formulas.
    pub seed: u64,
    /// The document's time zone, such as `Europe/Paris`; empty is UTC.
    pub zone: String,
    /// The document's locale, such as `fr-FR`.
    pub locale: String,
    /// The address of the document, for `SELF_HYPERLINK`.
    pub url: Option<String>,
    /// Who acts, as formulas see it in `user`: names and cells. Absent: formulas see no user.
    pub user: Option<Vec<(String, CellValue)>>,
}

/// What happened in a turn.
#[derive(Debug, Default)]
pub struct Outcome {
    /// The doc actions, in the order in which they happened.
    pub stored: Vec<DocAction>,
    /// For each of them, whether it was asked for (true) or is a consequence.
    pub direct: Vec<bool>,
    /// What takes it all back, to be applied last to first.
    pub undo: Vec<DocAction>,
}

/// Why a doc action cannot be applied.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum EngineError {
    /// There is no table of this id.
    #[error("no table {0}")]
    NoTable(TableId),
    /// There is no column of this id.
    #[error("no column {1} in table {0}")]
    NoColumn(TableId, ColId),
    /// The id is taken.
    #[error("{0} exists already")]
    Exists(String),
    /// The row to add exists already, or the row to change does not.
    #[error("{0}")]
    Row(String),
    /// Columns and row ids of different lengths.
    #[error("columns of {0} are not as long as its row ids")]
    Uneven(TableId),
    /// A row id so high that it can only be a mistake.
    #[error("row id {1} of table {0} is too high")]
    RowIdTooHigh(TableId, u32),
    /// The file could not be read.
    #[error("cannot read table {0}: {1}")]
    Source(TableId, String),
}

/// A bundle of changes in progress. Dropped without [`Turn::commit`], nothing of it remains.
#[derive(Debug)]
pub struct Turn<'e> {
    pub(crate) engine: &'e mut Engine,
    pub(crate) moment: Moment,
    pub(crate) log: Log,
    pub(crate) changes: Changes,
    /// Cells set by hand, for which trigger formulas do not run.
    pub(crate) prevented: FxHashMap<Node, Rows>,
    /// Rows of summary tables whose groups may have become empty.
    pub(crate) emptied: FxHashMap<TableIx, Rows>,
    /// What formulas may still cost in this turn.
    pub(crate) fuel: u64,
    /// Columns whose formulas have cost too much.
    pub(crate) exhausted: FxHashSet<Node>,
    random: u64,
    committed: bool,
}

impl Engine {
    /// Begins a turn.
    pub fn begin(&mut self, moment: Moment) -> Turn<'_> {
        self.start_journal();
        Turn {
            engine: self,
            random: moment.seed,
            moment,
            log: Log::default(),
            changes: Changes::default(),
            prevented: FxHashMap::default(),
            emptied: FxHashMap::default(),
            fuel: TURN_FUEL,
            exhausted: FxHashSet::default(),
            committed: false,
        }
    }
}

impl Turn<'_> {
    /// The document as it is now, in the middle of the turn.
    #[must_use]
    pub fn engine(&self) -> &Engine {
        self.engine
    }
    /// The document, to load tables that are not in memory yet.
    pub fn engine_mut(&mut self) -> &mut Engine {
        self.engine
    }
    /// What the turn knows of the world.
    #[must_use]
    pub fn moment(&self) -> &Moment {
        &self.moment
    }
    /// The doc actions so far.
    #[must_use]
    pub fn stored(&self) -> &[DocAction] {
        &self.log.stored
    }

    /// Applies a doc action: it is stored as given, with its undo. `direct` tells whether somebody asked for it.
    ///
    /// Values are taken as they are: conversion to the column's type comes before.
    ///
    /// # Errors
    /// When it does not fit the document; then the document is unchanged.
    pub fn apply(&mut self, action: DocAction, direct: bool) -> Result<(), EngineError> {
        if let Some(table) = self.engine.table_ix(action.table()) {
            self.engine.link_stored(table);
        }
        let action = action.bulk();
        if self.perform(&action)? {
            self.log.stored.push(action.simplified());
            self.log.direct.push(direct);
        }
        Ok(())
    }

    /// Applies the new text of a formula that means what the old one did, since only names changed: nothing is computed again.
    ///
    /// # Errors
    /// As [`Turn::apply`].
    pub fn apply_rewrite(&mut self, action: DocAction) -> Result<(), EngineError> {
        if let DocAction::ModifyColumn(table, col, _) = &action
            && let Some(node) = self.engine.find(table, col)
        {
            self.engine.graph.note_rewrite(node);
        }
        self.apply(action, true)
    }

    /// The next random number (SplitMix64, Steele and others 2014).
    pub(crate) fn next_random(&mut self) -> u64 {
        self.random = self.random.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.random;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Applies a change of a data column's type, and converts its cells to it. Undo brings the type back first, then the cells as they were.
    ///
    /// # Errors
    /// As [`Turn::apply`].
    pub fn apply_converting(&mut self, action: DocAction, direct: bool) -> Result<(), EngineError> {
        let DocAction::ModifyColumn(table, col, _) = &action else { return self.apply(action, direct) };
        let (table, col) = (table.clone(), col.clone());
        self.engine.loaded(&table)?;
        let Some(node) = self.engine.find(&table, &col) else { return self.apply(action, direct) };
        let slot = |engine: &Engine| engine.at(node.0).and_then(|table| table.slot(node.1)).cloned();
        let Some(before) = slot(self.engine) else { return self.apply(action, direct) };
        let place = self.log.undo.len();
        self.apply(action, direct)?;
        let Some(after) = slot(self.engine) else { return Ok(()) };
        if after.spec.column_type == before.spec.column_type || after.spec.is_formula {
            return Ok(());
        }
        self.log.undo.drain(place..self.log.undo.len().saturating_sub(1));
        let rows = self.engine.at(node.0).map(|table| table.shared_rows()).unwrap_or_default();
        let (mut changed, mut undone, mut old, mut new) =
            (Vec::new(), Vec::new(), Cells::new(), Cells::new());
        for row in rows.iter() {
            let was = before.cells.get(row);
            let (from, to) = (&before.spec.column_type, &after.spec.column_type);
            let value = self.converted(as_other_reference(was.clone(), from, to), to);
            if !same_number(&was, &value) {
                changed.push(row);
                new.push(value.clone());
                // Nothing is undone for rows that are new.
                if !self.changes.is_new(node.0, row) {
                    undone.push(row);
                    old.push(was);
                }
            }
            if value != after.cells.get(row) {
                self.engine.set_cell(node.0, node.1, row, value);
            }
        }
        if !changed.is_empty() {
            let update = |rows: &[RowId], values| {
                let columns = model::ColumnValues::from_iter([(col.clone(), values)]);
                DocAction::BulkUpdateRecord(table.clone(), rows.to_vec(), columns).simplified()
            };
            self.log.stored.push(update(&changed, new));
            self.log.direct.push(false);
            if !undone.is_empty() {
                self.log.undo.insert(place, update(&undone, old));
            }
        }
        self.cells_changed(node, &rows);
        Ok(())
    }

    /// Sets cells as a consequence of something else and reports them at once. Nothing is undone for rows that are new.
    pub fn set_converted(&mut self, table: &str, col: &str, cells: Vec<(RowId, CellValue)>) {
        let Some(node) = self.engine.find(table, col) else { return };
        let mut changed = Rows::default();
        for (row, value) in cells {
            if self.store_cell(node, row, value) {
                changed.insert(row);
            }
        }
        self.cells_changed(node, &changed);
        self.flush_column(table, col);
    }

    /// Sets cells as a consequence of something else, to be reported at the end of the turn.
    pub fn set_computed(&mut self, table: &str, col: &str, cells: Vec<(RowId, CellValue)>) {
        let Some(node) = self.engine.find(table, col) else { return };
        for (row, value) in cells {
            self.store_cell(node, row, value);
        }
    }

    /// Reports the computed changes of one column now instead of at the end of the turn: before its cells become data.
    pub fn flush_column(&mut self, table: &str, col: &str) {
        if let Some(node) = self.engine.find(table, col) {
            self.changes.take_column(self.engine, node, &mut self.log);
        }
    }

    /// What happened. Formulas must be up to date. The turn can still be taken back, by dropping it: [`Turn::keep`] ends it.
    #[must_use]
    pub fn outcome(&mut self) -> Outcome {
        self.changes.take_all(self.engine, &mut self.log);
        let log = std::mem::take(&mut self.log);
        Outcome { stored: log.stored, direct: log.direct, undo: log.undo }
    }

    /// Ends the turn for good.
    pub fn keep(mut self) {
        self.committed = true;
    }

    /// Ends the turn for good and gives what happened. Formulas must be up to date.
    #[must_use]
    pub fn commit(mut self) -> Outcome {
        let outcome = self.outcome();
        self.keep();
        outcome
    }
}

/// A single reference as a list, or the first of a list.
fn as_other_reference(value: CellValue, from: &ColumnType, to: &ColumnType) -> CellValue {
    if from.target() != to.target() {
        return value;
    }
    match (from, to, &value) {
        (ColumnType::Ref(_), ColumnType::RefList(_), CellValue::Int(0)) => CellValue::Null,
        (ColumnType::Ref(_), ColumnType::RefList(_), CellValue::Int(_)) => CellValue::list([value]),
        (ColumnType::RefList(_), ColumnType::Ref(_), CellValue::List(items)) => {
            items.first().cloned().unwrap_or(CellValue::Int(0))
        }
        _ => value,
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        if self.committed {
            self.engine.end_journal();
        } else {
            self.engine.roll_back();
        }
    }
}
