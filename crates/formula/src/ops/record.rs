//! Attributes of records and record sets.

use std::rc::Rc;

use model::RowId;

use crate::context::Context;
use crate::convert;
use crate::exception::{self, Exception};
use crate::native::NativeKind;
use crate::schema::{ColIx, TableIx};
use crate::types;
use crate::value::{Function, RecordSet, Value};

impl Context<'_> {
    /// A cell as formulas see it; of the empty record, the default of the column's type.
    #[inline]
    pub fn cell(&mut self, table: TableIx, col: ColIx, row: RowId) -> Result<Value, Exception> {
        self.spend(1)?;
        if row.is_none() {
            let column_type = self.host.column_type(table, col);
            return Ok(convert::default_of(&column_type, |table| self.host.table(table)));
        }
        if self.peeking { self.host.stale_cell(table, col, row) } else { self.host.cell(table, col, row) }
    }

    pub(crate) fn record_attribute(
        &mut self,
        table: TableIx,
        row: RowId,
        name: &str,
    ) -> Result<Value, Exception> {
        if name == "id" {
            return Ok(Value::Int(i64::from(row.0)));
        }
        if let Some(col) = self.host.column(table, name) {
            return self.cell(table, col, row);
        }
        match name {
            "_table" => Ok(Value::Table(table)),
            "_row_id" => Ok(Value::Int(i64::from(row.0))),
            _ => match types::RECORD.method(name) {
                Some(native) => Ok(Value::Function(Function::bound(Value::Record(table, row), native))),
                None => Err(self.no_column(table, name)),
            },
        }
    }

    pub(crate) fn record_set_attribute(
        &mut self,
        set: &Rc<RecordSet>,
        name: &str,
    ) -> Result<Value, Exception> {
        if name == "id" {
            return Ok(Value::list(set.rows.iter().map(|row| Value::Int(i64::from(row.0))).collect()));
        }
        if let Some(col) = self.host.column(set.table, name) {
            return self.column_of(set, col);
        }
        match name {
            "_table" => Ok(Value::Table(set.table)),
            "_row_ids" => Ok(Value::list(set.rows.iter().map(|row| Value::Int(i64::from(row.0))).collect())),
            _ => match types::RECORD_SET.method(name) {
                Some(native) if native.kind == NativeKind::Property => {
                    crate::call::Call::run(self, native, &[Value::RecordSet(set.clone())], &[])
                }
                Some(native) => Ok(Value::Function(Function::bound(Value::RecordSet(set.clone()), native))),
                None => Err(self.no_column(set.table, name)),
            },
        }
    }

    /// A column of a record set: a list, or a record set when all cells are records of one table.
    pub fn column_of(&mut self, set: &RecordSet, col: ColIx) -> Result<Value, Exception> {
        self.allocate(set.rows.len() * size_of::<Value>())?;
        let mut values = Vec::with_capacity(set.rows.len());
        for row in set.rows.iter() {
            values.push(self.cell(set.table, col, *row)?);
        }
        let table = match values.first() {
            Some(Value::Record(table, _)) => Some(*table),
            Some(Value::RecordSet(set)) => Some(set.table),
            Some(_) => None,
            None => {
                self.host.column_type(set.table, col).target().and_then(|target| self.host.table(&target))
            }
        };
        if let Some(rows) = table.and_then(|table| rows_within(&values, table)) {
            return Ok(RecordSet::unordered(table.unwrap_or(set.table), rows));
        }
        Ok(Value::list(values))
    }

    fn no_column(&self, table: TableIx, name: &str) -> Exception {
        Exception::new(
            &exception::ATTRIBUTE_ERROR,
            format!("Table '{}' has no column '{name}'", self.host.table_id(table)),
        )
    }
}

/// The rows of values that are all records, or all sets of records, of one table. Sets are joined, each record once.
fn rows_within(values: &[Value], table: TableIx) -> Option<Rc<[RowId]>> {
    if matches!(values.first(), Some(Value::RecordSet(_))) {
        let mut rows = Vec::new();
        let mut seen = rustc_hash::FxHashSet::default();
        for value in values {
            match value {
                Value::RecordSet(set) if set.table == table => {
                    rows.extend(set.rows.iter().copied().filter(|row| seen.insert(*row)));
                }
                _ => return None,
            }
        }
        return Some(rows.into());
    }
    values
        .iter()
        .map(|value| match value {
            Value::Record(other, row) if *other == table => Some(*row),
            _ => None,
        })
        .collect()
}
