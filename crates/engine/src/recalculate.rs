//! Bringing computed cells up to date.
//!
//! Columns are taken in topological order. Where no column of a component depends on itself, its dirty cells are computed in one pass, and only those whose
//! values changed make others dirty. Within a cycle of columns everything that may be concerned is made dirty first, and each cell is
//! computed on demand, after the cells it reads ([`crate::evaluation`]).

use std::sync::Arc;

use formula::vector::{BLOCK, Input, VectorLookup, VectorProgram};
use formula::{Formula, Limits};
use model::{CellValue, RowId};

use crate::engine::same_cell;
use crate::evaluation::{Evaluation, columns_of};
use crate::graph::{Compute, Node};
use crate::rows::Rows;
use crate::turn::Turn;

/// With fewer rows than this, a formula is evaluated row by row.
const FEWEST_TOGETHER: usize = 16;
/// How often a column may be taken up again in one turn.
const MOST_PASSES: u32 = 100;

impl Turn<'_> {
    /// Computes everything that depends on what changed. The changed cells are reported when the turn is committed.
    pub fn recalculate(&mut self) {
        self.refresh_graph();
        let mut passes: rustc_hash::FxHashMap<Node, u32> = rustc_hash::FxHashMap::default();
        while let Some(rank) = {
            self.engine.graph.put_in_order();
            self.next_rank()
        } {
            let nodes = self.dirty_nodes(rank);
            if self.engine.graph.is_cyclic(rank) {
                self.recalculate_cycle(rank);
            } else {
                for node in nodes {
                    // Formulas that add rows could keep each other busy for ever.
                    let passes = passes.entry(node).or_default();
                    *passes += 1;
                    if *passes > MOST_PASSES {
                        self.engine.dirty.take(node);
                    } else {
                        self.recalculate_column(node);
                    }
                }
            }
            self.refresh_graph();
        }
    }

    /// Marks everything that is computed, as for a document whose stored values are not to be trusted.
    pub fn invalidate_all(&mut self) {
        self.refresh_graph();
        let nodes: Vec<Node> = self.engine.graph.nodes().collect();
        for node in nodes {
            if self
                .engine
                .at(node.0)
                .and_then(|table| table.slot(node.1))
                .is_some_and(|slot| slot.spec.is_formula)
            {
                self.mark_column(node);
            }
        }
    }

    /// Marks what depends on the time (`NOW`, `TODAY`).
    pub fn invalidate_now(&mut self) {
        self.refresh_graph();
        for node in self.engine.graph.now().to_vec() {
            self.mark_column(node);
        }
    }

    /// Marks cells to be computed again, whatever they depend on.
    pub fn invalidate(&mut self, table: &str, col: &str, rows: impl IntoIterator<Item = RowId>) {
        if let Some(node) = self.engine.find(table, col) {
            self.engine.dirty.mark(node, &rows.into_iter().collect());
        }
    }

    fn next_rank(&self) -> Option<u32> {
        self.engine.dirty.nodes().map(|node| self.engine.graph.rank(node)).min()
    }

    fn dirty_nodes(&self, rank: u32) -> Vec<Node> {
        let mut nodes: Vec<Node> =
            self.engine.dirty.nodes().filter(|node| self.engine.graph.rank(*node) == rank).collect();
        nodes.sort_unstable();
        nodes
    }

    /// The dirty rows of a column that exist, taken out of the dirty ones.
    fn take_dirty(&mut self, node: Node) -> Rows {
        let mut rows = self.engine.dirty.take(node);
        if let Some(table) = self.engine.at(node.0) {
            rows.intersect_with(table.rows());
        }
        rows
    }

    fn recalculate_column(&mut self, node: Node) {
        let rows = self.take_dirty(node);
        let Some(compute) = self.engine.graph.compute(node).cloned() else { return };
        if let Compute::Formula(formula) = &compute {
            let all = self.engine.at(node.0).is_some_and(|table| table.rows().len() == rows.len());
            if all {
                self.engine.graph.note_run(node);
                for plan in &formula.lookups {
                    let index = self.engine.index_for(plan);
                    self.engine.indexes.forget_callers(index, node);
                }
            }
        }
        let since = self.engine.timing_now();
        let cells = rows.len();
        let mut changed = Rows::default();
        let together = self.begin_together(node, &rows);
        let rows = match &compute {
            Compute::Formula(formula) if together => self.compute_vector(node, formula, rows, &mut changed),
            Compute::Formula(_) | Compute::SummaryLink(_) => rows,
        };
        let column = self.engine.column_kind(node);
        let mut evaluation = Evaluation::new(self);
        for row in rows.iter() {
            if evaluation.compute(node, row, &compute, &column, together) {
                changed.insert(row);
            }
        }
        drop(evaluation);
        self.engine.note_timing(node, since, cells);
        if together {
            self.engine.indexes.touch_cells(node, changed.iter());
            self.changes.cells(node, &changed);
        }
        self.cells_changed(node, &changed);
    }

    /// Prepares a column of which many cells are to be computed: what it was is remembered as a whole instead of cell by cell. Says whether it is so.
    fn begin_together(&mut self, node: Node, rows: &Rows) -> bool {
        let _ = self.engine.load(node.0);
        let worth = |slot: &crate::table::Slot| {
            slot.spec.is_formula && rows.len() >= FEWEST_TOGETHER && rows.len() * 8 >= slot.cells.len()
        };
        if !self.engine.at(node.0).and_then(|table| table.slot(node.1)).is_some_and(worth) {
            return false;
        }
        match self.engine.remember_column(node) {
            Some(before) => {
                self.changes.column(node, before);
                true
            }
            None => false,
        }
    }

    /// Computes what can be computed by loops over whole columns; gives the rows that are left.
    fn compute_vector(&mut self, node: Node, formula: &Formula, rows: Rows, changed: &mut Rows) -> Rows {
        let Some(program) = formula.vector() else { return rows };
        let inputs = program.inputs();
        if inputs.iter().any(|input| self.engine.dirty.rows((input.table, input.col)).is_some()) {
            return rows;
        }
        for input in inputs {
            let _ = self.engine.load(input.table);
        }
        let Some(indexes) = self.ready_indexes(program) else { return rows };
        let column = |input: &Input| {
            let slot = self.engine.at(input.table)?.slot(input.col)?;
            Some(Arc::clone(&slot.cells))
        };
        let Some(inputs) = inputs.iter().map(column).collect::<Option<Vec<_>>>() else { return rows };
        let columns: Vec<&model::Column> = inputs.iter().map(|column| &**column).collect();
        let mut values = program.room();
        let mut rest = Rows::default();
        let mut found: Vec<Vec<i64>> = Vec::new();
        rows.blocks(BLOCK, |block| {
            values.clear();
            found.clear();
            for (lookup, index) in program.lookups().iter().zip(&indexes) {
                let keys = lookup.keys(&columns, block, &found);
                let firsts =
                    self.engine.with_index(*index, |index, engine| index.firsts(engine, keys, node, block));
                found.push(firsts.unwrap_or_default());
            }
            let bad = program.run_block(&columns, block, &found, &mut values);
            self.engine.put_values(node, block, &values, &bad, changed);
            rest.extend(block.iter().zip(&bad).filter(|(_, bad)| **bad).map(|(row, _)| *row));
        });
        rest
    }

    /// The indexes that serve the lookups of a program; nothing if what they are built on must be computed first.
    fn ready_indexes(&mut self, program: &VectorProgram) -> Option<Vec<u32>> {
        let plans = program.lookups().iter().map(VectorLookup::plan);
        plans
            .map(|plan| {
                let _ = self.engine.load(plan.table);
                let dirty = columns_of(plan).any(|col| self.engine.dirty.rows((plan.table, col)).is_some());
                (!dirty).then(|| self.engine.index_for(plan))
            })
            .collect()
    }

    /// Everything inside the component that may be concerned is dirty first: a value read in it is then never an old one.
    fn recalculate_cycle(&mut self, rank: u32) {
        let mut closed: rustc_hash::FxHashMap<Node, usize> = rustc_hash::FxHashMap::default();
        loop {
            let open = self.dirty_nodes(rank).into_iter().find_map(|node| {
                let rows = self.engine.dirty.rows(node)?;
                (closed.get(&node) != Some(&rows.len())).then(|| (node, rows.clone()))
            });
            let Some((node, rows)) = open else { break };
            closed.insert(node, rows.len());
            self.spread_within(node, &rows, rank);
        }
        let mut changed: rustc_hash::FxHashMap<Node, Rows> = rustc_hash::FxHashMap::default();
        for node in self.dirty_nodes(rank) {
            self.engine.graph.note_run(node);
            let Some(rows) = self.engine.dirty.rows(node).cloned() else { continue };
            let exists = self.engine.at(node.0).map(|table| table.shared_rows()).unwrap_or_default();
            for row in rows.iter() {
                if !exists.contains(row) {
                    self.engine.dirty.done(node, row);
                } else if self.engine.dirty.contains(node, row) {
                    let mut evaluation = Evaluation::new(self);
                    evaluation.compute_on_demand(node, row);
                    for (node, row) in evaluation.into_changed() {
                        changed.entry(node).or_default().insert(row);
                    }
                }
            }
        }
        let mut nodes: Vec<Node> = changed.keys().copied().collect();
        nodes.sort_unstable();
        for node in nodes {
            self.spread_outside(node, &changed[&node], rank);
        }
    }

    fn spread_within(&mut self, node: Node, rows: &Rows, rank: u32) {
        self.spread(node, rows, |other| other == rank);
    }

    fn spread_outside(&mut self, node: Node, rows: &Rows, rank: u32) {
        self.spread(node, rows, |other| other != rank);
    }

    fn spread(&mut self, node: Node, rows: &Rows, wanted: impl Fn(u32) -> bool) {
        let graph = &self.engine.graph;
        let edges: Vec<_> =
            graph.edges(node).iter().filter(|edge| wanted(graph.rank(edge.to))).cloned().collect();
        for edge in edges {
            self.follow(rows, &edge);
        }
    }

    /// Stores a computed cell; says whether it changed.
    pub(crate) fn store_cell(&mut self, node: Node, row: RowId, value: CellValue) -> bool {
        let Some(slot) = self.engine.at(node.0).and_then(|table| table.slot(node.1)) else { return false };
        if same_cell(&slot.cells.get(row), &value) {
            return false;
        }
        let before = self.engine.set_cell(node.0, node.1, row, value.clone());
        self.changes.cell(node, row, before, value);
        true
    }
}

/// What a cell may cost, given what is left of the turn.
pub(crate) fn limits(left: u64) -> Limits {
    let default = Limits::default();
    Limits { fuel: default.fuel.min(left), ..default }
}
