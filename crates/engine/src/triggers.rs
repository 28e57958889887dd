//! Trigger formulas: data columns that are computed on occasions, and keep what people type otherwise.

use model::{ColId, RowId};

use crate::engine::Engine;
use crate::graph::Node;
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
            // What a formula cleans is for `trigger_by_hand`: its own result is not to be cleaned again.
            sources.filter(|source| source.node != record.node).map(|source| (source.node, record.node))
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
    /// After somebody added rows: trigger formulas run, but those that never do by themselves, and those whose cells were given (unless
    /// they clean what is given).
    pub fn trigger_added<'c>(
        &mut self,
        table: &str,
        rows: &[RowId],
        given: impl IntoIterator<Item = &'c ColId>,
    ) {
        self.trigger_by_hand(table, rows, given, |when| when != NEVER);
    }

    /// After somebody updated rows: trigger formulas run that run on manual updates or clean what is given; those whose cells were given do not otherwise.
    pub fn trigger_updated<'c>(
        &mut self,
        table: &str,
        rows: &[RowId],
        given: impl IntoIterator<Item = &'c ColId>,
    ) {
        self.trigger_by_hand(table, rows, given, |when| when == ON_MANUAL_UPDATES);
    }

    fn trigger_by_hand<'c>(
        &mut self,
        table: &str,
        rows: &[RowId],
        given: impl IntoIterator<Item = &'c ColId>,
        wanted: impl Fn(i64) -> bool,
    ) {
        let Some(table) = self.engine.table_ix(table) else { return };
        let records = self.trigger_columns(table);
        if records.is_empty() {
            return;
        }
        let held = self.engine.at(table);
        let given: Vec<Node> = given.into_iter().filter_map(|col| Some((table, held?.find(col)?))).collect();
        let set: Rows = rows.iter().copied().collect();
        for (node, when, cleans) in records {
            if given.contains(&node) && !cleans {
                self.prevent_trigger(node, rows);
                self.engine.dirty.forget(node, &set);
            } else if given.contains(&node) || wanted(when) {
                if let Some(prevented) = self.prevented.get_mut(&node).filter(|_| given.contains(&node)) {
                    prevented.subtract(&set);
                }
                self.mark_trigger(node, &set);
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

    /// The trigger formulas of a table: when they run, and whether they watch themselves.
    fn trigger_columns(&self, table: formula::TableIx) -> Vec<(Node, i64, bool)> {
        let Some(held) = self.engine.at(table) else { return Vec::new() };
        if !held.columns().any(|(_, slot)| !slot.spec.is_formula && !slot.spec.formula.is_empty()) {
            return Vec::new();
        }
        let records = self.engine.column_records();
        let mut found: Vec<(Node, i64, bool)> = records
            .iter()
            .filter(|(_, record)| record.node.0 == table && has_trigger(self.engine, record.node))
            .map(|(row, record)| {
                let cleans = record.recalc_when == ON_CHANGES && record.watched.contains(row);
                (record.node, record.recalc_when, cleans)
            })
            .collect();
        found.sort_unstable();
        found
    }
}
