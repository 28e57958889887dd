//! Lookup indexes: for the key columns of a table, which rows have which key, and their order.
//!
//! An index is built when it is first asked, and kept by noting which rows were touched since. Bringing it up to date tells which keys have gained,
//! lost or reordered rows: what depends on lookups is found from that.

use std::cmp::Ordering;
use std::rc::Rc;

use formula::value::Key;
use formula::vector::Keys;
use formula::{LookupPlan, MatchEmpty, SortColumn, TableIx, Value};
use model::RowId;
use rustc_hash::{FxHashMap, FxHashSet};
use smallvec::SmallVec;

use crate::callers::Callers;
use crate::engine::Engine;
use crate::graph::Node;
use crate::rows::Rows;
use crate::sort::{SortPart, sort_part};
use crate::values::{key_part, value_of};

/// The values of the key columns.
pub(crate) type IndexKey = Box<[Key]>;

#[derive(Debug, Default)]
struct Bucket {
    rows: Vec<RowId>,
    sorted: Option<Rc<[RowId]>>,
    /// Where each row stands in `sorted`; made when first asked for.
    places: Option<FxHashMap<RowId, usize>>,
    /// The number of its key, for who asks; nothing: nobody has.
    number: Option<u32>,
}

impl Bucket {
    /// The rows in the order of the plan.
    fn sorted(&mut self, engine: &Engine, plan: &LookupPlan) -> Rc<[RowId]> {
        let sorted = self.sorted.get_or_insert_with(|| in_order(engine, plan, &self.rows));
        Rc::clone(sorted)
    }
    /// The number of its key, the next one if it has none.
    fn number(&mut self, next: &mut u32) -> u32 {
        *self.number.get_or_insert_with(|| {
            *next += 1;
            *next - 1
        })
    }
    fn reordered(&mut self) {
        self.sorted = None;
        self.places = None;
    }
}

/// An index over one table.
#[derive(Debug)]
pub(crate) struct Index {
    pub(crate) plan: LookupPlan,
    buckets: FxHashMap<IndexKey, Bucket>,
    keys: FxHashMap<RowId, Vec<IndexKey>>,
    stale: Rows,
    built: bool,
    touched: FxHashSet<IndexKey>,
    /// Formula columns that look things up here, and who of them has asked for what.
    readers: Vec<(Node, Callers)>,
    /// How many keys have a number.
    numbered: u32,
}

impl Index {
    pub(crate) fn new(plan: LookupPlan) -> Self {
        Self {
            plan,
            buckets: FxHashMap::default(),
            keys: FxHashMap::default(),
            stale: Rows::default(),
            built: false,
            touched: FxHashSet::default(),
            readers: Vec::new(),
            numbered: 0,
        }
    }

    /// The formula columns that look things up here.
    pub(crate) fn readers(&self) -> Vec<Node> {
        self.readers.iter().map(|(node, _)| *node).collect()
    }

    pub(crate) fn note_reader(&mut self, node: Node) -> &mut Callers {
        let at = self.readers.iter().position(|(reader, _)| *reader == node).unwrap_or_else(|| {
            self.readers.push((node, Callers::default()));
            self.readers.len() - 1
        });
        &mut self.readers[at].1
    }

    pub(crate) fn forget_callers(&mut self, node: Node) {
        *self.note_reader(node) = Callers::default();
    }

    /// The rows of a column that asked for one of these keys, and those of which nobody knows what they asked.
    pub(crate) fn callers<'k>(
        &mut self,
        node: Node,
        keys: impl IntoIterator<Item = &'k IndexKey>,
        all: &Rows,
    ) -> Rows {
        let mut rows = all.clone();
        if let Some((_, callers)) = self.readers.iter_mut().find(|(reader, _)| *reader == node) {
            rows.subtract(callers.known());
            let numbers = keys.into_iter().filter_map(|key| self.buckets.get(key)?.number);
            callers.collect(&numbers.collect::<Vec<u32>>(), &mut rows);
        }
        rows
    }

    /// Whether it was ever asked; if not, nobody can say who depends on which key.
    pub(crate) fn is_built(&self) -> bool {
        self.built
    }

    pub(crate) fn forget(&mut self) {
        *self = Self::new(self.plan.clone());
    }

    pub(crate) fn touch(&mut self, row: RowId) {
        if self.built {
            self.stale.insert(row);
        }
    }

    /// Takes the changes of the table in. Cells of key and sort columns must be up to date.
    pub(crate) fn refresh(&mut self, engine: &Engine) {
        let Some(table) = engine.at(self.plan.table) else { return };
        if !self.built {
            self.built = true;
            for row in table.rows().iter() {
                self.insert(engine, row);
            }
            self.touched.clear();
            return;
        }
        if self.stale.is_empty() {
            return;
        }
        for row in std::mem::take(&mut self.stale).iter() {
            self.take_out(row);
            if table.rows().contains(row) {
                self.insert(engine, row);
            }
        }
    }

    /// The keys whose rows changed since the last call.
    pub(crate) fn take_touched(&mut self) -> FxHashSet<IndexKey> {
        std::mem::take(&mut self.touched)
    }

    /// The keys under which a row stands.
    pub(crate) fn keys_of(&self, row: RowId) -> &[IndexKey] {
        self.keys.get(&row).map_or(&[], Vec::as_slice)
    }

    /// The rows with this key, in the plan's order.
    pub(crate) fn rows(&mut self, engine: &Engine, key: &[Key]) -> Rc<[RowId]> {
        self.buckets.get_mut(key).map_or_else(|| [].into(), |bucket| bucket.sorted(engine, &self.plan))
    }

    /// The same, for a cell of a formula: who asked is noted.
    pub(crate) fn rows_for(
        &mut self,
        engine: &Engine,
        key: &[Key],
        caller: Option<(Node, RowId)>,
    ) -> Rc<[RowId]> {
        let Some((node, row)) = caller else { return self.rows(engine, key) };
        let bucket = match self.buckets.get_mut(key) {
            Some(bucket) => bucket,
            None => self.buckets.entry(key.into()).or_default(),
        };
        let number = bucket.number(&mut self.numbered);
        let rows = bucket.sorted(engine, &self.plan);
        self.note_reader(node).note(number, row);
        rows
    }

    /// For a block of rows of a formula column, the first row with the key of each; 0 where there is none, or where the key must be found in another
    /// way. Who asked is noted.
    pub(crate) fn firsts(&mut self, engine: &Engine, keys: Keys, node: Node, rows: &[RowId]) -> Vec<i64> {
        let mut keys = keys;
        self.note_reader(node);
        let Some((_, callers)) = self.readers.iter_mut().find(|(reader, _)| *reader == node) else {
            return vec![0; rows.len()];
        };
        let mut key: SmallVec<[Key; 2]> = SmallVec::new();
        let first = |(at, row): (usize, &RowId)| {
            key.clear();
            let Some(parts) = keys.of(at) else { return 0 };
            key.extend(parts);
            let bucket = match self.buckets.get_mut(&*key) {
                Some(bucket) => bucket,
                None => self.buckets.entry(key.as_slice().into()).or_default(),
            };
            let number = bucket.number(&mut self.numbered);
            callers.note(number, *row);
            let first = match &bucket.sorted {
                Some(sorted) => sorted.first().copied(),
                None => bucket.sorted(engine, &self.plan).first().copied(),
            };
            first.map_or(0, |row| i64::from(row.0))
        };
        rows.iter().enumerate().map(first).collect()
    }

    /// Where a row stands among those with this key.
    pub(crate) fn place(&mut self, engine: &Engine, key: &[Key], row: RowId) -> Option<usize> {
        let sorted = self.rows(engine, key);
        let by_id = match self.plan.order.first() {
            None => true,
            Some(first) => first.by == SortColumn::RowId && !first.descending,
        };
        if by_id {
            return sorted.binary_search(&row).ok();
        }
        let bucket = self.buckets.get_mut(key)?;
        let places = bucket
            .places
            .get_or_insert_with(|| sorted.iter().enumerate().map(|(place, row)| (*row, place)).collect());
        places.get(&row).copied()
    }

    fn take_out(&mut self, row: RowId) {
        for key in self.keys.remove(&row).unwrap_or_default() {
            if let Some(bucket) = self.buckets.get_mut(&key) {
                if let Ok(at) = bucket.rows.binary_search(&row) {
                    bucket.rows.remove(at);
                }
                bucket.reordered();
                if bucket.rows.is_empty() && bucket.number.is_none() {
                    self.buckets.remove(&key);
                }
            }
            self.touched.insert(key);
        }
    }

    fn insert(&mut self, engine: &Engine, row: RowId) {
        let keys = keys_of_row(engine, &self.plan, row);
        for key in &keys {
            let bucket = self.buckets.entry(key.clone()).or_default();
            match bucket.rows.last() {
                Some(last) if *last >= row => {
                    if let Err(at) = bucket.rows.binary_search(&row) {
                        bucket.rows.insert(at, row);
                    }
                }
                _ => bucket.rows.push(row),
            }
            bucket.reordered();
            if !self.touched.contains(key) {
                self.touched.insert(key.clone());
            }
        }
        self.keys.insert(row, keys);
    }
}

/// The keys of a row: one, or with `CONTAINS` one for each element of the lists. A row with an error in a key column has none.
fn keys_of_row(engine: &Engine, plan: &LookupPlan, row: RowId) -> Vec<IndexKey> {
    let mut keys: Vec<Vec<Key>> = vec![Vec::new()];
    for column in &plan.keys {
        let Some(value) = key_cell(engine, plan.table, column.col, row) else { return Vec::new() };
        let parts = match column.contains {
            None => key_part(value).map(|part| vec![part]).unwrap_or_default(),
            Some(empty) => elements(&value, empty),
        };
        keys = keys
            .into_iter()
            .flat_map(|key| {
                parts.iter().map(move |part| {
                    let mut key = key.clone();
                    key.push(part.clone());
                    key
                })
            })
            .collect();
    }
    keys.into_iter().map(Vec::into_boxed_slice).collect()
}

fn key_cell(engine: &Engine, table: TableIx, col: Option<formula::ColIx>, row: RowId) -> Option<Value> {
    let Some(col) = col else { return Some(Value::Int(i64::from(row.0))) };
    let slot = engine.at(table)?.slot(col)?;
    value_of(engine, slot, row).ok()
}

/// The distinct elements of a list, for `CONTAINS`. An empty list stands under a key of its own, if empty ones can match at all.
fn elements(value: &Value, empty: MatchEmpty) -> Vec<Key> {
    let items: Vec<Value> = match value {
        Value::List(items) => items.borrow().clone(),
        Value::Tuple(items) => items.to_vec(),
        Value::RecordSet(set) => set.rows.iter().map(|row| Value::Int(i64::from(row.0))).collect(),
        Value::Str(_) | Value::AltText(_) => return Vec::new(),
        _ => Vec::new(),
    };
    let mut parts: Vec<Key> = Vec::new();
    for part in items.into_iter().filter_map(|item| key_part(item).ok()) {
        if !parts.contains(&part) {
            parts.push(part);
        }
    }
    if parts.is_empty() && empty == MatchEmpty::Value {
        parts.extend(empty_list_key());
    }
    parts
}

/// The key under which rows with an empty list stand.
pub(crate) fn empty_list_key() -> Option<Key> {
    Key::new(Value::Ellipsis).ok()
}

/// Rows in the order of a plan; row ids decide between equals.
pub(crate) fn in_order(engine: &Engine, plan: &LookupPlan, rows: &[RowId]) -> Rc<[RowId]> {
    if plan.order.is_empty() || rows.len() < 2 {
        return rows.into();
    }
    let Some(table) = engine.at(plan.table) else { return rows.into() };
    let mut keyed: Vec<(Vec<SortPart>, RowId)> = rows
        .iter()
        .map(|row| {
            let parts = plan.order.iter().map(|key| match key.by {
                SortColumn::RowId => SortPart::Number(f64::from(row.0)),
                SortColumn::Column(col) => table.slot(col).map_or(SortPart::Blank, |slot| {
                    value_of(engine, slot, *row).map_or(SortPart::Error, |value| sort_part(&value))
                }),
            });
            (parts.collect(), *row)
        })
        .collect();
    keyed.sort_by(|(a, row_a), (b, row_b)| {
        let ordering = a.iter().zip(b).zip(&plan.order).map(|((a, b), key)| {
            let ordering = a.order(b);
            if key.descending { ordering.reverse() } else { ordering }
        });
        ordering.fold(Ordering::Equal, Ordering::then).then(row_a.cmp(row_b))
    });
    keyed.into_iter().map(|(_, row)| row).collect()
}
