//! Trusting what a file says: results of formulas are taken as they are, and rows are linked to the stored rows of their summary groups.
//!
//! The hidden link columns of summaries are not in the file. They are filled when they are first needed: when a group is asked for, or the source changes.

use std::rc::Rc;
use std::sync::Arc;

use formula::TableIx;
use model::{CellValue, RowId};

use crate::engine::Engine;
use crate::graph::{Compute, Node};
use crate::rows::Rows;
use crate::summary::SummaryLink;

impl Engine {
    /// Takes the stored results of all formulas as they are: nothing is computed because it was never computed here. To be called when all tables are declared.
    pub fn trust_results(&mut self) {
        self.refresh_graph();
        self.unlinked = self.links.values().map(|node| node.0).collect();
    }

    /// Fills the link columns of a source table, if they were not filled yet.
    pub(crate) fn link_stored(&mut self, source: TableIx) {
        if self.unlinked.is_empty() || !self.unlinked.remove(&source) {
            return;
        }
        let nodes: Vec<Node> = self.links.values().copied().filter(|node| node.0 == source).collect();
        for node in nodes {
            let Some(Compute::SummaryLink(link)) = self.graph.compute(node).cloned() else { continue };
            self.fill_link(node, &link);
        }
    }

    fn fill_link(&mut self, node: Node, link: &Rc<SummaryLink>) {
        // A table that cannot be read is reported where it is asked for.
        if self.load(node.0).is_err() || self.load(link.summary).is_err() {
            return;
        }
        let Some(table) = self.at(node.0) else { return };
        let rows = table.shared_rows();
        let Some(mut cells) = table.slot(node.1).map(|slot| Arc::clone(&slot.cells)) else { return };
        let vector = Arc::make_mut(&mut cells);
        vector.grow(rows.last().index() + 1);
        let mut missing = Rows::default();
        for row in rows.iter() {
            match self.stored_link(node, row, link) {
                Some(value) => vector.set(row, value),
                None => {
                    missing.insert(row);
                }
            }
        }
        if let Some(slot) = self.at_mut(node.0).and_then(|table| table.slot_mut(node.1)) {
            slot.cells = cells;
        }
        // Rows without a group in the file are grouped as if they were new.
        self.dirty.mark(node, &missing);
    }

    /// The rows of the groups of a source row, if all of them are there.
    fn stored_link(&mut self, node: Node, row: RowId, link: &SummaryLink) -> Option<CellValue> {
        let mut rows: Vec<RowId> = Vec::with_capacity(1);
        for values in self.group_combinations(node.0, row, link) {
            let key = self.summary_key(link, &values)?;
            let index = self.summary_index(link);
            let found = *self.lookup_rows(index, &key).first()?;
            if !rows.contains(&found) {
                rows.push(found);
            }
        }
        Some(if link.unnests {
            CellValue::List(rows.into_iter().map(CellValue::from).collect())
        } else {
            CellValue::from(rows.first().copied().unwrap_or_default())
        })
    }
}
