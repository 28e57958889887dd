//! Trigger formulas: data columns that are computed on occasions, and keep what people type otherwise.

use model::RowId;

use crate::engine::Engine;
use crate::graph::Node;
use crate::metadata::ColumnRecord;
use crate::rows::Rows;
use crate::turn::Turn;

const ON_CHANGES: i64 = 0;
const NEVER: i64 = 1;
const ON_MANUAL_UPDATES: i64 = 2;

/// Pairs of a watched column and the column whose trigger formula watches it.
pub(crate) fn watched(engine: &Engine) -> Vec<(Node, Node)> {
    let records = engine.column_records();
    let mut pairs: Vec<(Node, Node)> = records
        .values()
        .filter(|record| record.recalc_when == ON_CHANGES && has_trigger(engine, record.node))
        .flat_map(|record| {
            let sources = record.watched.iter().filter_map(|source| records.get(source));
            sources.map(|source| (source.node, record.node))
        })
        .collect();
    pairs.sort_unstable();
    pairs
}

fn has_trigger(engine: &Engine, node: Node) -> bool {
    engine
        .at(node.0)
        .and_then(|table| table.slot(node.1))
        .is_some_and(|slot| !slot.spec.is_formula && !slot.spec.formula.is_empty())
}

impl Turn<'_> {
    /// Marks trigger formulas of new rows: all but those that never run by themselves, and those whose cells were given.
    pub(crate) fn trigger_new_rows(
        &mut self,
        table: formula::TableIx,
        rows: &[RowId],
        given: &[formula::ColIx],
    ) {
        let triggers: Vec<Node> = self.trigger_columns(table, |when| when != NEVER);
        let rows: Rows = rows.iter().copied().collect();
        for node in triggers.into_iter().filter(|node| !given.contains(&node.1)) {
            self.engine.dirty.mark(node, &rows);
        }
    }

    /// Marks the trigger formulas that run on manual updates of any column.
    pub fn trigger_manual_update(&mut self, table: &str, rows: &[RowId]) {
        let Some(table) = self.engine.table_ix(table) else { return };
        let rows: Rows = rows.iter().copied().collect();
        for node in self.trigger_columns(table, |when| when == ON_MANUAL_UPDATES) {
            self.mark_trigger(node, &rows);
        }
    }

    /// Lets a trigger formula run for cells that were set by hand in this turn: data cleaning.
    pub fn allow_trigger(&mut self, table: &str, col: &str, rows: &[RowId]) {
        let Some(node) = self.engine.find(table, col) else { return };
        if let Some(prevented) = self.prevented.get_mut(&node) {
            for row in rows {
                prevented.remove(*row);
            }
        }
    }

    /// Keeps a trigger formula from running for these cells in this turn.
    pub(crate) fn prevent_trigger(&mut self, node: Node, rows: &[RowId]) {
        if has_trigger(self.engine, node) {
            let prevented = self.prevented.entry(node).or_default();
            for row in rows {
                prevented.insert(*row);
            }
        }
    }

    pub(crate) fn mark_trigger(&mut self, node: Node, rows: &Rows) {
        let mut rows = rows.clone();
        if let Some(prevented) = self.prevented.get(&node) {
            rows.subtract(prevented);
        }
        self.engine.dirty.mark(node, &rows);
    }

    fn trigger_columns(&self, table: formula::TableIx, wanted: impl Fn(i64) -> bool) -> Vec<Node> {
        let Some(held) = self.engine.at(table) else { return Vec::new() };
        if !held.columns().any(|(_, slot)| !slot.spec.is_formula && !slot.spec.formula.is_empty()) {
            return Vec::new();
        }
        let records = self.engine.column_records();
        let chosen = |record: &&ColumnRecord| {
            record.node.0 == table && wanted(record.recalc_when) && has_trigger(self.engine, record.node)
        };
        let mut nodes: Vec<Node> = records.values().filter(chosen).map(|record| record.node).collect();
        nodes.sort_unstable();
        nodes
    }
}
