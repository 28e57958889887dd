//! The lookup indexes of a document: which there are, and which columns and rows they watch.

use std::rc::Rc;

use formula::value::Key;
use formula::{ColIx, LookupPlan, SortColumn, TableIx};
use model::RowId;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::engine::Engine;
use crate::graph::Node;
use crate::index::{Index, IndexKey};
use crate::rows::Rows;

/// All indexes, by slot.
#[derive(Debug, Default)]
pub(crate) struct Indexes {
    slots: Vec<Option<Box<Index>>>,
    of_table: FxHashMap<TableIx, Vec<u32>>,
    of_column: FxHashMap<Node, Vec<u32>>,
}

impl Indexes {
    pub(crate) fn touch_cell(&mut self, node: Node, row: RowId) {
        for slot in self.of_column.get(&node).into_iter().flatten() {
            if let Some(index) = &mut self.slots[*slot as usize] {
                index.touch(row);
            }
        }
    }
    pub(crate) fn touch_cells(&mut self, node: Node, rows: impl Iterator<Item = RowId>) {
        if self.of_column.contains_key(&node) {
            for row in rows {
                self.touch_cell(node, row);
            }
        }
    }
    pub(crate) fn touch_rows(&mut self, table: TableIx, rows: &[RowId]) {
        for slot in self.of_table.get(&table).into_iter().flatten() {
            if let Some(index) = &mut self.slots[*slot as usize] {
                rows.iter().for_each(|row| index.touch(*row));
            }
        }
    }
    /// Forgets what is known of a table: its indexes are built anew when asked.
    pub(crate) fn forget(&mut self, table: TableIx) {
        for slot in self.of_table.get(&table).into_iter().flatten() {
            if let Some(index) = &mut self.slots[*slot as usize] {
                index.forget();
            }
        }
    }
    /// The indexes over a table.
    pub(crate) fn over(&self, table: TableIx) -> Vec<u32> {
        self.of_table.get(&table).cloned().unwrap_or_default()
    }
    /// The nodes that look things up by an index.
    pub(crate) fn readers(&self, slot: u32) -> Vec<Node> {
        self.index(slot).map(Index::readers).unwrap_or_default()
    }
    pub(crate) fn note_reader(&mut self, slot: u32, node: Node) {
        if let Some(index) = self.index_mut(slot) {
            index.note_reader(node);
        }
    }
    /// Forgets who asked, before a whole column asks again.
    pub(crate) fn forget_callers(&mut self, slot: u32, node: Node) {
        if let Some(index) = self.index_mut(slot) {
            index.forget_callers(node);
        }
    }
    /// The rows of a column that asked for one of these keys, and those of which nobody knows what they asked.
    pub(crate) fn callers<'k>(
        &mut self,
        slot: u32,
        node: Node,
        keys: impl IntoIterator<Item = &'k IndexKey>,
        all: &Rows,
    ) -> Rows {
        self.index_mut(slot).map_or_else(|| all.clone(), |index| index.callers(node, keys, all))
    }
    fn index(&self, slot: u32) -> Option<&Index> {
        self.slots.get(slot as usize)?.as_deref()
    }
    fn index_mut(&mut self, slot: u32) -> Option<&mut Index> {
        self.slots.get_mut(slot as usize)?.as_deref_mut()
    }
    pub(crate) fn plan(&self, slot: u32) -> Option<&LookupPlan> {
        self.index(slot).map(|index| &index.plan)
    }
}

impl Engine {
    /// The slot of the index for a plan; made if there is none.
    pub(crate) fn index_for(&mut self, plan: &LookupPlan) -> u32 {
        if let Some(slot) = plan.index.get() {
            return *slot;
        }
        let known = self.indexes.of_table.get(&plan.table).and_then(|slots| {
            slots.iter().copied().find(|slot| {
                self.indexes.slots[*slot as usize].as_ref().is_some_and(|index| index.plan == *plan)
            })
        });
        let slot = known.unwrap_or_else(|| self.new_index(plan));
        let _ = plan.index.set(slot);
        slot
    }

    fn new_index(&mut self, plan: &LookupPlan) -> u32 {
        let indexes = &mut self.indexes;
        let slot = u32::try_from(indexes.slots.len()).unwrap_or(u32::MAX);
        indexes.slots.push(Some(Box::new(Index::new(plan.clone()))));
        indexes.of_table.entry(plan.table).or_default().push(slot);
        let mut columns: Vec<ColIx> = plan.keys.iter().filter_map(|key| key.col).collect();
        columns.extend(plan.order.iter().filter_map(|key| match key.by {
            SortColumn::Column(col) => Some(col),
            SortColumn::RowId => None,
        }));
        for col in columns {
            indexes.of_column.entry((plan.table, col)).or_default().push(slot);
        }
        slot
    }

    pub(crate) fn note_reader(&mut self, slot: u32, node: Node) {
        self.indexes.note_reader(slot, node);
    }

    fn is_over_link(&self, plan: &LookupPlan) -> bool {
        let col = plan.keys.first().and_then(|key| key.col);
        self.links.values().any(|link| link.0 == plan.table && Some(link.1) == col)
    }

    /// Works on an index that is up to date with the cells as they are.
    pub(crate) fn with_index<R>(
        &mut self,
        slot: u32,
        work: impl FnOnce(&mut Index, &Engine) -> R,
    ) -> Option<R> {
        if !self.unlinked.is_empty()
            && let Some(table) =
                self.indexes.plan(slot).filter(|plan| self.is_over_link(plan)).map(|plan| plan.table)
        {
            self.link_stored(table);
        }
        let mut index = self.indexes.slots.get_mut(slot as usize)?.take()?;
        index.refresh(self);
        let result = work(&mut index, self);
        self.indexes.slots[slot as usize] = Some(index);
        Some(result)
    }

    /// The rows with a key, in the order of the index.
    pub(crate) fn lookup_rows(&mut self, slot: u32, key: &[Key]) -> Rc<[RowId]> {
        self.with_index(slot, |index, engine| index.rows(engine, key)).unwrap_or_else(|| [].into())
    }

    /// The keys of an index whose rows changed since they were last asked for; `None` if the index was never built.
    pub(crate) fn touched_keys(&mut self, slot: u32) -> Option<FxHashSet<IndexKey>> {
        let built = self.indexes.slots.get(slot as usize)?.as_ref()?.is_built();
        built.then(|| self.with_index(slot, |index, _| index.take_touched())).flatten()
    }
}
