//! From cells that changed to cells that must be computed again.

use formula::value::Key;
use formula::{TableIx, Value};
use model::RowId;
use rustc_hash::FxHashSet;

use crate::graph::{BackStep, Edge, Node, Relation};
use crate::index::IndexKey;
use crate::rows::Rows;
use crate::turn::Turn;
use crate::values::key_part;

impl Turn<'_> {
    /// Compiles what changed in the schema, and marks what must be computed again because of it.
    pub(crate) fn refresh_graph(&mut self) {
        for node in self.engine.refresh_graph() {
            self.mark_column(node);
        }
    }

    /// Marks all cells of a column.
    pub(crate) fn mark_column(&mut self, node: Node) {
        let _ = self.engine.load(node.0);
        if let Some(rows) = self.engine.at(node.0).map(|table| table.shared_rows()) {
            self.engine.dirty.mark(node, &rows);
        }
    }

    /// Marks what depends directly on these cells.
    pub(crate) fn cells_changed(&mut self, node: Node, rows: &Rows) {
        if rows.is_empty() {
            return;
        }
        let edges: Vec<Edge> = self.engine.graph.edges(node).to_vec();
        for edge in edges {
            self.follow(rows, &edge);
        }
        for node in self.engine.graph.unread() {
            self.mark_column(node);
        }
    }

    /// Marks what depends on which rows a table has.
    pub(crate) fn rows_changed(&mut self, table: TableIx, rows: &Rows) {
        for node in self.engine.graph.readers_of_rows(table).to_vec() {
            self.mark_column(node);
        }
        // Rows that come and go change what lookups select, whatever their cells hold.
        for index in self.engine.indexes.over(table) {
            for reader in self.engine.indexes.readers(index) {
                self.follow_keys(index, reader);
            }
        }
        if self.engine.graph.is_stale() {
            return;
        }
        let columns: Vec<Node> = self
            .engine
            .at(table)
            .map(|held| held.columns().map(|(col, _)| (table, col)).collect())
            .unwrap_or_default();
        for node in columns {
            self.cells_changed(node, rows);
        }
    }

    pub(crate) fn follow(&mut self, rows: &Rows, edge: &Edge) {
        let reached = match &edge.relation {
            Relation::Same => rows.clone(),
            Relation::All => return self.mark_column(edge.to),
            Relation::Keys(index) => return self.follow_keys(*index, edge.to),
            Relation::Group(index) => return self.follow_group(*index, edge.to),
            Relation::Steps(steps) => self.walk_back(rows, steps, edge.to),
        };
        if edge.trigger {
            self.mark_trigger(edge.to, &reached);
        } else {
            self.mark_existing(edge.to, reached);
        }
    }

    fn mark_existing(&mut self, node: Node, mut rows: Rows) {
        let _ = self.engine.load(node.0);
        if let Some(table) = self.engine.at(node.0) {
            rows.intersect_with(table.rows());
        }
        self.engine.dirty.mark(node, &rows);
    }

    /// The rows of the formula from which `steps` lead to `rows`.
    fn walk_back(&mut self, rows: &Rows, steps: &[BackStep], to: Node) -> Rows {
        let mut rows = rows.clone();
        for step in steps.iter().rev() {
            rows = match step {
                BackStep::Referrers(index) => {
                    let table = self.engine.indexes.plan(*index).map(|plan| plan.table);
                    if let Some(table) = table {
                        let _ = self.engine.load(table);
                    }
                    let mut reached = Rows::default();
                    for row in rows.iter() {
                        let Ok(key) = key_part(Value::Int(i64::from(row.0))) else { continue };
                        for row in self.engine.lookup_rows(*index, &[key]).iter() {
                            reached.insert(*row);
                        }
                    }
                    reached
                }
                BackStep::Callers(index) => self.callers_of_rows(*index, to, &rows),
            };
        }
        rows
    }

    fn callers_of_rows(&mut self, index: u32, to: Node, rows: &Rows) -> Rows {
        let all = self.engine.at(to.0).map(|table| table.rows().clone()).unwrap_or_default();
        // Many rows stand under the same key: each is asked once.
        let keys: FxHashSet<IndexKey> = self
            .engine
            .with_index(index, |index, _| rows.iter().flat_map(|row| index.keys_of(row).to_vec()).collect())
            .unwrap_or_default();
        self.engine.indexes.callers(index, to, &keys, &all)
    }

    /// Marks the callers of keys that gained, lost or reordered rows.
    fn follow_keys(&mut self, index: u32, to: Node) {
        let Some(touched) = self.engine.touched_keys(index) else { return self.mark_column(to) };
        // Other readers of the same index must hear of these keys too.
        for reader in self.engine.indexes.readers(index) {
            let all = self.engine.at(reader.0).map(|table| table.rows().clone()).unwrap_or_default();
            let rows = self.engine.indexes.callers(index, reader, &touched, &all);
            self.mark_existing(reader, rows);
        }
    }

    fn follow_group(&mut self, index: u32, to: Node) {
        let Some(touched) = self.engine.touched_keys(index) else {
            if let Some(rows) = self.engine.at(to.0).map(|table| table.rows().clone()) {
                self.emptied.entry(to.0).or_default().union_with(&rows);
            }
            return self.mark_column(to);
        };
        let rows: Rows = touched.iter().filter_map(|key| key.first().and_then(row_of)).collect();
        self.emptied.entry(to.0).or_default().union_with(&rows);
        self.mark_existing(to, rows);
    }
}

fn row_of(key: &Key) -> Option<RowId> {
    match key.value() {
        Value::Int(int) => u32::try_from(*int).ok().map(RowId),
        _ => None,
    }
}
