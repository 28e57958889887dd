//! Evaluating formulas: the document as a formula sees it while it runs.
//!
//! A formula that reads a dirty cell waits for it: the cell is computed first, by recursion. Beyond a depth the evaluation is given up, the cell that was
//! asked for is computed first from an explicit list, and the formula is run again. A cell that is met again while it is being computed is on
//! a cycle: it becomes a `CircularRefError`, as in Grist.

use std::rc::Rc;

use formula::host::Request;
use formula::value::{Key, RecordSet};
use formula::{
    ColIx, Context, Exception, Formula, Host, KeyColumn, LookupPlan, MatchEmpty, SortColumn, TableIx,
    Trigger, Value, convert, exception,
};
use model::{CellValue, Cells, ColId, ColumnType, ColumnValues, RowId, TableId};
use rustc_hash::FxHashSet;

use crate::engine::Engine;
use crate::graph::{Compute, Node, Relation};
use crate::index::empty_list_key;
use crate::recalculate::limits;
use crate::rows::Rows;
use crate::turn::Turn;
use crate::values::{key_part, plain_value, value_of};

type Cell = (Node, RowId);
/// The key of a lookup: one value for each column.
type LookupKey = smallvec::SmallVec<[Key; 2]>;

/// How deep cells may wait for each other on the stack.
const DEPTH: u32 = 120;
/// What all formulas of one turn may cost together: some five seconds.
pub(crate) const TURN_FUEL: u64 = 400_000_000;

/// Formulas being evaluated.
pub(crate) struct Evaluation<'t, 'e> {
    turn: &'t mut Turn<'e>,
    current: Vec<Cell>,
    in_progress: FxHashSet<Cell>,
    /// Cells on a cycle: their error is stored already, their result is dropped.
    cycles: FxHashSet<Cell>,
    /// The cell for which the evaluation must be given up.
    required: Option<Cell>,
    changed: Vec<Cell>,
    /// Whether the reads of the formula that runs are to be noted.
    tracking: bool,
    /// Rows that formulas have added.
    added: Vec<Added>,
}

/// What a column stores.
pub(crate) struct ColumnKind {
    column_type: ColumnType,
    /// Whether it is computed by nothing but its formula.
    is_formula: bool,
}

impl Engine {
    /// What a column stores.
    pub(crate) fn column_kind(&self, node: Node) -> ColumnKind {
        let slot = self.at(node.0).and_then(|table| table.slot(node.1));
        slot.map_or_else(
            || ColumnKind { column_type: ColumnType::Any, is_formula: true },
            |slot| ColumnKind {
                column_type: slot.spec.column_type.clone(),
                is_formula: slot.spec.is_formula,
            },
        )
    }
}

/// A row that a formula has added, and which other cells of its column were to be computed before.
struct Added {
    table: TableIx,
    row: RowId,
    by: Cell,
    dirty: Option<Rows>,
}

impl<'t, 'e> Evaluation<'t, 'e> {
    pub(crate) fn new(turn: &'t mut Turn<'e>) -> Self {
        Self {
            turn,
            current: Vec::new(),
            in_progress: FxHashSet::default(),
            cycles: FxHashSet::default(),
            required: None,
            changed: Vec::new(),
            tracking: false,
            added: Vec::new(),
        }
    }

    pub(crate) fn into_changed(self) -> Vec<Cell> {
        self.changed
    }

    /// Computes a cell of a column outside any cycle; says whether it changed. `together`: the column is remembered as a whole.
    pub(crate) fn compute(
        &mut self,
        node: Node,
        row: RowId,
        compute: &Compute,
        column: &ColumnKind,
        together: bool,
    ) -> bool {
        match compute {
            Compute::SummaryLink(link) => {
                let value = self.turn.compute_link(node, row, link);
                self.turn.store_cell(node, row, value)
            }
            Compute::Formula(formula) => {
                let result = self.run(node, row, formula, column);
                if let Some(required) = self.required.take() {
                    // Too deep: first what it needs, then the cell again.
                    self.turn.engine.dirty.mark(node, &[row].into_iter().collect());
                    self.work_through(vec![(node, row), required]);
                    let own = self.changed.contains(&(node, row));
                    return own;
                }
                if together {
                    self.turn.engine.put_computed(node, row, result)
                } else {
                    self.turn.store_cell(node, row, result)
                }
            }
        }
    }

    /// Computes a dirty cell of a cycle of columns, after the cells it reads.
    pub(crate) fn compute_on_demand(&mut self, node: Node, row: RowId) {
        self.work_through(vec![(node, row)]);
    }

    fn work_through(&mut self, mut list: Vec<Cell>) {
        while let Some(cell) = list.last().copied() {
            if !self.turn.engine.dirty.contains(cell.0, cell.1) {
                list.pop();
                continue;
            }
            self.compute_dirty(cell);
            match self.required.take() {
                Some(required) if list.contains(&required) => self.close_cycle(required),
                Some(required) => list.push(required),
                None => {
                    list.pop();
                }
            }
        }
    }

    fn compute_dirty(&mut self, (node, row): Cell) {
        let Some(compute) = self.turn.engine.graph.compute(node).cloned() else {
            self.turn.engine.dirty.done(node, row);
            return;
        };
        let cell = (node, row);
        self.in_progress.insert(cell);
        let since = self.turn.engine.timing_now();
        match &compute {
            Compute::SummaryLink(link) => {
                let value = self.turn.compute_link(node, row, link);
                self.finish(cell, |turn| turn.store_cell(node, row, value));
            }
            Compute::Formula(formula) => {
                let column = self.turn.engine.column_kind(node);
                let result = self.run(node, row, formula, &column);
                if self.required.is_none() {
                    self.finish(cell, |turn| turn.store_cell(node, row, result));
                }
            }
        }
        self.in_progress.remove(&cell);
        self.turn.engine.note_timing(node, since, 1);
    }

    fn finish(&mut self, cell: Cell, store: impl FnOnce(&mut Turn<'e>) -> bool) {
        if self.cycles.remove(&cell) {
            return;
        }
        self.turn.engine.dirty.done(cell.0, cell.1);
        if store(self.turn) {
            self.changed.push(cell);
        }
    }

    fn close_cycle(&mut self, cell: Cell) {
        self.turn.engine.dirty.done(cell.0, cell.1);
        let error = Exception::new(&exception::CIRCULAR_REF_ERROR, "Circular Reference");
        let error = match self.input(cell.0, cell.1) {
            Some(_) => error_with_input(&error, CellValue::Null),
            None => convert::error_cell(&error),
        };
        if self.turn.store_cell(cell.0, cell.1, error) {
            self.changed.push(cell);
        }
        if self.in_progress.contains(&cell) {
            self.cycles.insert(cell);
        }
    }

    /// What a formula gives for a row, without storing it.
    pub(crate) fn inspect(&mut self, node: Node, row: RowId, formula: &Formula) -> Result<Value, Exception> {
        let trigger = self.input(node, row).map(|input| self.trigger(node, &input));
        let mut limits = limits(self.turn.fuel);
        self.current.push((node, row));
        let result = formula.evaluate(row, self, &mut limits, trigger);
        self.current.pop();
        result
    }

    /// What the column stores for a row.
    fn run(&mut self, node: Node, row: RowId, formula: &Formula, column: &ColumnKind) -> CellValue {
        if !self.turn.exhausted.is_empty() && self.turn.exhausted.contains(&node) {
            return convert::error_cell(&Exception::new(&exception::TIMEOUT_ERROR, "formula took too long"));
        }
        let input = if column.is_formula { None } else { self.input(node, row) };
        let trigger = input.as_ref().map(|input| self.trigger(node, input));
        let depth = self.current.len();
        let mut limits = limits(self.turn.fuel);
        let before = limits.fuel;
        if depth > 0 {
            limits.depth = (limits.depth / u32::try_from(depth + 1).unwrap_or(u32::MAX)).max(40);
        }
        self.current.push((node, row));
        let tracking = std::mem::replace(&mut self.tracking, formula.opaque);
        let added = self.added.len();
        let result = match formula.evaluate(row, self, &mut limits, trigger) {
            Err(exception) => {
                self.take_back(added);
                match input {
                    Some(input) => error_with_input(&exception, input),
                    None => convert::error_cell(&exception),
                }
            }
            Ok(value) => {
                if self.added.len() > added {
                    // What it added itself is no reason to compute the cell again.
                    self.turn.engine.dirty.done(node, row);
                }
                if let (Value::RecordSet(set), true) = (&value, column.column_type.is_list())
                    && let Some(order) = &set.order
                {
                    self.turn.engine.graph.note_order(node, order);
                }
                convert::convert_result(value, &column.column_type, &mut Context::new(self, &mut limits))
            }
        };
        self.tracking = tracking;
        self.current.pop();
        self.turn.fuel = self.turn.fuel.saturating_sub(before - limits.fuel);
        if limits.fuel == 0 {
            self.turn.exhausted.insert(node);
        }
        result
    }

    /// What the cell of a trigger formula holds; of an error, what was there before it.
    fn input(&self, node: Node, row: RowId) -> Option<CellValue> {
        let slot = self.turn.engine.at(node.0)?.slot(node.1)?;
        if slot.spec.is_formula {
            return None;
        }
        Some(match slot.cells.get(row) {
            CellValue::Error(error) => error.user_input.clone().unwrap_or_default(),
            value => value,
        })
    }

    /// What a trigger formula gets.
    fn trigger(&self, node: Node, input: &CellValue) -> Trigger {
        let column_type = self.column_type(node.0, node.1);
        let engine = &*self.turn.engine;
        let value = convert::from_cell(input, &column_type, &|id| engine.table_ix(id));
        Trigger { value: value.unwrap_or(Value::None) }
    }

    /// Notes a read of a formula whose text does not tell what it reads.
    fn note_read(&mut self, from: Node, row: RowId) {
        if let Some((to, own)) = self.current.last().copied() {
            let relation = if from.0 == to.0 && row == own { Relation::Same } else { Relation::All };
            self.turn.engine.graph.note_read(from, to, relation);
        }
    }

    /// Takes back the rows that a formula had added before it failed.
    fn take_back(&mut self, from: usize) {
        while self.added.len() > from
            && let Some(added) = self.added.pop()
        {
            self.turn.unadd(added.table, added.row);
            // The column itself has noticed the row come and go: that is no reason to compute it again.
            self.turn.engine.dirty.restore(added.by.0, added.dirty);
        }
    }

    /// Makes sure a cell is up to date.
    fn need(&mut self, node: Node, row: RowId) -> Result<(), Exception> {
        let cell = (node, row);
        if self.in_progress.contains(&cell) {
            self.close_cycle(cell);
            return Ok(());
        }
        if !self.turn.engine.at(node.0).is_some_and(|table| table.rows().contains(row)) {
            return Ok(());
        }
        if self.current.len() >= DEPTH as usize {
            self.required = Some(cell);
            return Err(interrupt());
        }
        self.compute_dirty(cell);
        if self.required.is_some() { Err(interrupt()) } else { Ok(()) }
    }

    /// Makes sure that the cells an index is built on are up to date.
    fn need_columns(&mut self, plan: &LookupPlan) -> Result<(), Exception> {
        if self.turn.engine.dirty.is_empty() {
            return Ok(());
        }
        for col in columns_of(plan) {
            let node = (plan.table, col);
            let Some(rows) = self.turn.engine.dirty.rows(node) else { continue };
            for row in rows.clone().iter() {
                if self.turn.engine.dirty.contains(node, row) && !self.in_progress.contains(&(node, row)) {
                    self.need(node, row)?;
                }
            }
        }
        Ok(())
    }
}

impl Turn<'_> {
    /// A value set by an action, as a column of this type stores it.
    #[must_use]
    pub fn converted(&mut self, value: CellValue, column_type: &ColumnType) -> CellValue {
        let mut limits = limits(self.fuel);
        convert::convert_cell(value, column_type, &mut Context::new(&mut Evaluation::new(self), &mut limits))
    }
}

fn interrupt() -> Exception {
    Exception::empty(&exception::INTERRUPT)
}

impl Host for Evaluation<'_, '_> {
    fn cell(&mut self, table: TableIx, col: ColIx, row: RowId) -> Result<Value, Exception> {
        if self.tracking {
            self.note_read((table, col), row);
        }
        if self.turn.engine.dirty.contains((table, col), row) {
            self.need((table, col), row)?;
        }
        self.stale_cell(table, col, row)
    }
    fn stale_cell(&mut self, table: TableIx, col: ColIx, row: RowId) -> Result<Value, Exception> {
        let _ = self.turn.engine.load(table);
        let engine = &*self.turn.engine;
        let Some(held) = engine.at(table) else { return Ok(Value::None) };
        let Some(slot) = held.slot(col) else { return Ok(Value::None) };
        if let Some(value) = plain_value(engine, slot, row) {
            return Ok(value);
        }
        match value_of(engine, slot, row) {
            Ok(Value::RecordSet(set)) if slot.spec.is_formula => {
                let order = engine.graph.order((table, col)).cloned();
                Ok(Value::RecordSet(Rc::new(RecordSet { order, ..(*set).clone() })))
            }
            Ok(value) => Ok(value),
            Err(error) => Err(Exception::of_cell(error, &held.id, &slot.id, row.0)),
        }
    }
    fn rows(&mut self, table: TableIx) -> Rc<[RowId]> {
        let _ = self.turn.engine.load(table);
        if let (true, Some((to, _))) = (self.tracking, self.current.last()) {
            self.turn.engine.graph.note_rows_read(table, *to);
        }
        self.turn.engine.at(table).map_or_else(|| [].into(), |table| table.rows().iter().collect())
    }
    fn lookup(&mut self, plan: &LookupPlan, key: &[Value]) -> Result<Rc<[RowId]>, Exception> {
        let (index, key) = self.prepare_lookup(plan, key)?;
        let caller = self.current.last().copied();
        let found = self.turn.engine.with_index(index, |index, engine| index.rows_for(engine, &key, caller));
        Ok(found.unwrap_or_else(|| [].into()))
    }
    fn lookup_with_place(
        &mut self,
        plan: &LookupPlan,
        key: &[Value],
        row: RowId,
    ) -> Result<(Rc<[RowId]>, Option<usize>), Exception> {
        let (index, key) = self.prepare_lookup(plan, key)?;
        let found = self
            .turn
            .engine
            .with_index(index, |index, engine| (index.rows(engine, &key), index.place(engine, &key, row)));
        Ok(found.unwrap_or_else(|| ([].into(), None)))
    }
    fn summary_group(&mut self, table: TableIx, row: RowId) -> Result<(TableIx, Rc<[RowId]>), Exception> {
        let Some((link, index)) = self.turn.engine.group_source(table) else { return Ok((table, [].into())) };
        let _ = self.turn.engine.load(link.0);
        if let Some(rows) = self.turn.engine.dirty.rows(link).cloned() {
            for source in rows.iter() {
                self.need(link, source)?;
            }
        }
        let key = key_part(Value::Int(i64::from(row.0)))?;
        Ok((link.0, self.turn.engine.lookup_rows(index, &[key])))
    }
    fn lookup_or_add(&mut self, table: TableIx, values: &[(ColId, Value)]) -> Result<RowId, Exception> {
        let mut keys = Vec::with_capacity(values.len());
        let mut key = Vec::with_capacity(values.len());
        for (col, value) in values {
            let Some(found) = self.column(table, col) else {
                return Err(Exception::with_args(&exception::KEY_ERROR, vec![Value::str(col)]));
            };
            keys.push(KeyColumn { col: Some(found), contains: None });
            key.push(value.clone());
        }
        let plan = LookupPlan::new(table, keys, Vec::new());
        if let Some(row) = self.lookup(&plan, &key)?.first() {
            return Ok(*row);
        }
        let mut columns = ColumnValues::default();
        for (column, (id, value)) in plan.keys.iter().zip(values) {
            let column_type = column.col.map(|col| self.column_type(table, col)).unwrap_or_default();
            let mut limits = limits(self.turn.fuel);
            let cell = convert::convert(value, &column_type, &mut Context::new(self, &mut limits));
            columns.insert(id.clone(), Cells::one(cell));
        }
        let by = self.current.last().copied();
        let dirty = by.and_then(|by| self.turn.engine.dirty.rows(by.0).cloned());
        let row = self.turn.add_derived(table, columns)?;
        if let Some(by) = by {
            self.added.push(Added { table, row, by, dirty });
        }
        Ok(row)
    }
    fn table(&self, id: &str) -> Option<TableIx> {
        self.turn.engine.table_ix(id)
    }
    fn table_id(&self, table: TableIx) -> TableId {
        self.turn.engine.at(table).map(|table| table.id.clone()).unwrap_or_default()
    }
    fn columns(&self, table: TableIx) -> Vec<ColIx> {
        let Some(table) = self.turn.engine.at(table) else { return Vec::new() };
        table.columns().filter(|(_, slot)| !slot.id.starts_with('#')).map(|(col, _)| col).collect()
    }
    fn column(&self, table: TableIx, id: &str) -> Option<ColIx> {
        self.turn.engine.at(table)?.find(id)
    }
    fn column_id(&self, table: TableIx, col: ColIx) -> ColId {
        self.turn.engine.names(table, col).map(|(_, col)| col).unwrap_or_default()
    }
    fn column_type(&self, table: TableIx, col: ColIx) -> ColumnType {
        let slot = self.turn.engine.at(table).and_then(|table| table.slot(col));
        slot.map(|slot| slot.spec.column_type.clone()).unwrap_or_default()
    }
    fn now(&self) -> f64 {
        self.turn.moment.now
    }
    fn random(&mut self) -> u64 {
        self.turn.next_random()
    }
    fn document_zone(&self) -> &str {
        if self.turn.moment.zone.is_empty() { "UTC" } else { &self.turn.moment.zone }
    }
    fn document_locale(&self) -> &str {
        if self.turn.moment.locale.is_empty() { "en-US" } else { &self.turn.moment.locale }
    }
    fn document_url(&self) -> Option<&str> {
        self.turn.moment.url.as_deref()
    }
    fn kept(&self, table: TableIx, name: &str) -> Option<Value> {
        self.turn.engine.kept.get(&(table, name.into())).cloned()
    }
    fn keep(&mut self, table: TableIx, name: &str, value: Value) -> bool {
        self.turn.engine.kept.insert((table, name.into()), value);
        true
    }
    fn user(&mut self) -> Result<Value, Exception> {
        let Some(fields) = &self.turn.moment.user else {
            return Err(Exception::new(&exception::NAME_ERROR, "name 'user' is not defined"));
        };
        let engine = &*self.turn.engine;
        Ok(crate::user::user_value(engine, fields))
    }
    fn request(&mut self, request: &Request) -> Result<Value, Exception> {
        let _ = request;
        Err(Exception::new(&exception::NOT_IMPLEMENTED_ERROR, "REQUEST is not enabled on this server"))
    }
}

/// The columns that an index is built on.
pub(crate) fn columns_of(plan: &LookupPlan) -> impl Iterator<Item = ColIx> + '_ {
    let sorts = plan.order.iter().filter_map(|key| match key.by {
        SortColumn::Column(col) => Some(col),
        SortColumn::RowId => None,
    });
    plan.keys.iter().filter_map(|key| key.col).chain(sorts)
}

/// The error of a trigger formula, which keeps what the cell held.
fn error_with_input(exception: &Exception, input: CellValue) -> CellValue {
    let inner = exception.innermost();
    CellValue::Error(std::sync::Arc::new(model::CellError {
        name: inner.name().into(),
        message: Some(inner.message()),
        details: None,
        user_input: Some(input),
        spoken: None,
    }))
}

/// Whether a value is of the kind that cells of such a column give anyway.
fn is_as_in_column(value: &Value, column_type: &ColumnType) -> bool {
    matches!(
        (column_type, value),
        (ColumnType::Any | ColumnType::Blob, _)
            | (ColumnType::Text | ColumnType::Choice, Value::Str(_))
            | (ColumnType::Numeric, Value::Float(_) | Value::Int(_))
            | (ColumnType::Int | ColumnType::Id, Value::Int(_))
            | (ColumnType::Bool, Value::Bool(_))
            | (ColumnType::Ref(_), Value::Record(..))
            | (ColumnType::RefList(_), Value::RecordSet(_))
            | (ColumnType::Date, Value::Date(_) | Value::None)
    )
}

impl Evaluation<'_, '_> {
    /// The index that serves a plan, its columns up to date, and the key.
    fn prepare_lookup(&mut self, plan: &LookupPlan, key: &[Value]) -> Result<(u32, LookupKey), Exception> {
        let _ = self.turn.engine.load(plan.table);
        self.need_columns(plan)?;
        let index = self.turn.engine.index_for(plan);
        let key = self.lookup_key(plan, key)?;
        if let (true, Some((node, _))) = (self.tracking, self.current.last()) {
            for col in columns_of(plan) {
                self.turn.engine.graph.note_read((plan.table, col), *node, Relation::Keys(index));
            }
        }
        Ok((index, key))
    }

    /// The key of a lookup, as the index has it: values as the columns would hold them. A value that is given as matching empty lists stands for the
    /// key of those.
    fn lookup_key(&mut self, plan: &LookupPlan, values: &[Value]) -> Result<LookupKey, Exception> {
        let mut values = values.iter();
        let mut key = LookupKey::new();
        for column in &plan.keys {
            let Some(value) = values.next() else { break };
            let mut part = match column.col {
                Some(col) if column.contains.is_none() => {
                    let fits = self
                        .turn
                        .engine
                        .at(plan.table)
                        .and_then(|table| table.slot(col))
                        .is_none_or(|slot| is_as_in_column(value, &slot.spec.column_type));
                    if fits {
                        key_part(value.clone())?
                    } else {
                        let column_type = self.column_type(plan.table, col);
                        let mut limits = limits(self.turn.fuel);
                        let context = &mut Context::new(self, &mut limits);
                        key_part(convert::as_in_column(value, &column_type, context))?
                    }
                }
                _ => key_part(value.clone())?,
            };
            if column.contains == Some(MatchEmpty::Value)
                && let Some(empty) = values.next()
                && key_part(empty.clone())? == part
                && let Some(empty_list) = empty_list_key()
            {
                part = empty_list;
            }
            key.push(part);
        }
        Ok(key)
    }
}
