//! A small document in memory: a `Schema` and a `Host` without any cleverness, for tests of formulas.

use std::cell::RefCell;
use std::cmp::Ordering;
use std::rc::Rc;

use formula::host::Request;
use formula::{
    ColIx, Context, Exception, Formula, Host, Limits, LookupPlan, Place, Schema, SortColumn, StaticType,
    TableIx, Value, compile, convert, exception, ops,
};
use model::{CellValue, ColId, ColumnType, RowId, TableId};

/// A column: its id, type, formula, and cells by row.
pub(crate) struct TestColumn {
    pub(crate) id: String,
    pub(crate) column_type: ColumnType,
    pub(crate) formula: Option<Rc<Formula>>,
    pub(crate) cells: Vec<CellValue>,
}

/// A table with rows 1 to `rows`.
pub(crate) struct TestTable {
    pub(crate) id: String,
    pub(crate) columns: Vec<TestColumn>,
    pub(crate) rows: u32,
}

/// A document.
pub(crate) struct Document {
    pub(crate) tables: RefCell<Vec<TestTable>>,
    pub(crate) zone: String,
}

impl Document {
    pub(crate) fn new(zone: &str) -> Self {
        Self { tables: RefCell::default(), zone: zone.to_owned() }
    }

    /// Adds a table: columns as (id, type).
    pub(crate) fn add_table(&self, id: &str, columns: &[(&str, &str)]) -> TableIx {
        let columns = columns
            .iter()
            .map(|(id, kind)| TestColumn {
                id: (*id).to_owned(),
                column_type: ColumnType::parse(kind),
                formula: None,
                cells: Vec::new(),
            })
            .collect();
        let mut tables = self.tables.borrow_mut();
        tables.push(TestTable { id: id.to_owned(), columns, rows: 0 });
        TableIx(u32::try_from(tables.len()).unwrap() - 1)
    }

    /// Makes a column a formula column.
    pub(crate) fn set_formula(&self, table: TableIx, col: &str, source: &str) {
        let place = Place { table, col: self.column(table, col).unwrap() };
        let formula = compile(source, place, self);
        self.tables.borrow_mut()[table.0 as usize].columns[place.col.0 as usize].formula =
            Some(Rc::new(formula));
    }

    /// Adds a row; cells are converted to the columns' types, as an action's are.
    pub(crate) fn add_row(&self, table: TableIx, cells: &[(&str, CellValue)]) -> RowId {
        let mut host = Running { document: self };
        let mut limits = Limits::default();
        let mut context = Context::new(&mut host, &mut limits);
        let types: Vec<(String, ColumnType)> = self.tables.borrow()[table.0 as usize]
            .columns
            .iter()
            .map(|column| (column.id.clone(), column.column_type.clone()))
            .collect();
        let converted: Vec<CellValue> = types
            .iter()
            .map(|(id, kind)| match cells.iter().find(|(name, _)| name == id) {
                Some((_, cell)) => convert::convert_cell(cell.clone(), kind, &mut context),
                None => kind.default_value(),
            })
            .collect();
        let mut tables = self.tables.borrow_mut();
        let table = &mut tables[table.0 as usize];
        table.rows += 1;
        for (column, cell) in table.columns.iter_mut().zip(converted) {
            column.cells.push(cell);
        }
        RowId(table.rows)
    }

    /// Evaluates a formula for a row of a table.
    pub(crate) fn evaluate(&self, source: &str, table: TableIx, row: RowId) -> Result<Value, Exception> {
        let formula = compile(source, Place { table, col: ColIx(0) }, self);
        formula.evaluate(row, &mut Running { document: self }, &mut Limits::default(), None)
    }

    /// The cell that a formula's result makes in a column of type Any.
    pub(crate) fn encode(&self, value: &Value) -> CellValue {
        let mut limits = Limits::default();
        let mut host = Running { document: self };
        convert::encode(value, &mut Context::new(&mut host, &mut limits))
    }
}

impl Schema for Document {
    fn table(&self, id: &str) -> Option<TableIx> {
        self.tables
            .borrow()
            .iter()
            .position(|table| table.id == id)
            .map(|at| TableIx(u32::try_from(at).unwrap()))
    }
    fn table_id(&self, table: TableIx) -> TableId {
        TableId::new(&self.tables.borrow()[table.0 as usize].id)
    }
    fn column(&self, table: TableIx, id: &str) -> Option<ColIx> {
        let tables = self.tables.borrow();
        tables[table.0 as usize]
            .columns
            .iter()
            .position(|column| column.id == id)
            .map(|at| ColIx(u32::try_from(at).unwrap()))
    }
    fn columns(&self, table: TableIx) -> Vec<ColIx> {
        (0..self.tables.borrow()[table.0 as usize].columns.len())
            .map(|at| ColIx(u32::try_from(at).unwrap()))
            .collect()
    }
    fn column_id(&self, table: TableIx, col: ColIx) -> ColId {
        ColId::new(&self.tables.borrow()[table.0 as usize].columns[col.0 as usize].id)
    }
    fn column_type(&self, table: TableIx, col: ColIx) -> ColumnType {
        self.tables.borrow()[table.0 as usize].columns[col.0 as usize].column_type.clone()
    }
    fn result_type(&self, table: TableIx, col: ColIx) -> Option<StaticType> {
        let tables = self.tables.borrow();
        tables[table.0 as usize].columns[col.0 as usize]
            .formula
            .as_ref()
            .map(|formula| formula.result_type.clone())
    }
    fn columns_named(&self, id: &str) -> Vec<(TableIx, ColIx)> {
        let count = self.tables.borrow().len();
        (0..count)
            .map(|at| TableIx(u32::try_from(at).unwrap()))
            .filter_map(|table| self.column(table, id).map(|col| (table, col)))
            .collect()
    }
    fn summary_source(&self, _table: TableIx) -> Option<TableIx> {
        None
    }
}

/// The document while a formula runs.
pub(crate) struct Running<'a> {
    pub(crate) document: &'a Document,
}

impl Host for Running<'_> {
    fn cell(&mut self, table: TableIx, col: ColIx, row: RowId) -> Result<Value, Exception> {
        let (cell, kind, formula) = {
            let tables = self.document.tables.borrow();
            let column = &tables[table.0 as usize].columns[col.0 as usize];
            let cell = column
                .cells
                .get(row.index().wrapping_sub(1))
                .cloned()
                .unwrap_or_else(|| column.column_type.default_value());
            (cell, column.column_type.clone(), column.formula.clone())
        };
        let cell = match formula {
            None => cell,
            Some(formula) => {
                let mut limits = Limits::default();
                let value = formula.evaluate(row, self, &mut limits, None)?;
                convert::convert(&value, &kind, &mut Context::new(self, &mut limits))
            }
        };
        convert::from_cell(&cell, &kind, &|id| self.document.table(id))
    }
    fn rows(&mut self, table: TableIx) -> Rc<[RowId]> {
        (1..=self.document.tables.borrow()[table.0 as usize].rows).map(RowId).collect()
    }
    fn lookup(&mut self, plan: &LookupPlan, key: &[Value]) -> Result<Rc<[RowId]>, Exception> {
        let mut rows = Vec::new();
        for row in self.rows(plan.table).iter().copied() {
            let mut values = key.iter();
            let mut fits = true;
            for column in &plan.keys {
                let wanted = values.next().cloned().unwrap_or(Value::None);
                let cell = match column.col {
                    Some(col) => self.cell(plan.table, col, row)?,
                    None => Value::Int(i64::from(row.0)),
                };
                let mut limits = Limits::default();
                let mut context = Context::new(self, &mut limits);
                fits &= match column.contains {
                    None => {
                        let wanted = match column.col {
                            Some(col) => {
                                let kind = context.host.column_type(plan.table, col);
                                convert::as_in_column(&wanted, &kind, &mut context)
                            }
                            None => wanted,
                        };
                        ops::equal(&cell, &wanted)
                    }
                    Some(empty) => {
                        let items = if matches!(cell, Value::Str(_)) {
                            Vec::new()
                        } else {
                            context.collect(&cell).unwrap_or_default()
                        };
                        let extra =
                            if empty == formula::MatchEmpty::Value { values.next().cloned() } else { None };
                        let matches_empty =
                            items.is_empty() && extra.is_some_and(|extra| ops::equal(&extra, &wanted));
                        matches_empty || items.iter().any(|item| ops::equal(item, &wanted))
                    }
                };
            }
            if fits {
                rows.push(row);
            }
        }
        let mut keyed = Vec::new();
        for row in rows {
            let mut values = Vec::new();
            for key in &plan.order {
                values.push(match key.by {
                    SortColumn::RowId => Value::Int(i64::from(row.0)),
                    SortColumn::Column(col) => self.cell(plan.table, col, row)?,
                });
            }
            keyed.push((values, row));
        }
        let mut limits = Limits::default();
        let mut context = Context::new(self, &mut limits);
        keyed.sort_by(|(a, _), (b, _)| {
            for ((a, b), key) in a.iter().zip(b).zip(&plan.order) {
                let ordering = context.sort_order(a, b).unwrap_or(Ordering::Equal);
                let ordering = if key.descending { ordering.reverse() } else { ordering };
                if ordering != Ordering::Equal {
                    return ordering;
                }
            }
            Ordering::Equal
        });
        Ok(keyed.into_iter().map(|(_, row)| row).collect())
    }
    fn summary_group(&mut self, _table: TableIx, _row: RowId) -> Result<(TableIx, Rc<[RowId]>), Exception> {
        Err(exception::value_error("no summary tables here"))
    }
    fn lookup_or_add(&mut self, _table: TableIx, _values: &[(ColId, Value)]) -> Result<RowId, Exception> {
        Err(exception::value_error("no summary tables here"))
    }
    fn table(&self, id: &str) -> Option<TableIx> {
        self.document.table(id)
    }
    fn table_id(&self, table: TableIx) -> TableId {
        self.document.table_id(table)
    }
    fn columns(&self, table: TableIx) -> Vec<ColIx> {
        Schema::columns(self.document, table)
    }
    fn column(&self, table: TableIx, id: &str) -> Option<ColIx> {
        self.document.column(table, id)
    }
    fn column_id(&self, table: TableIx, col: ColIx) -> ColId {
        self.document.column_id(table, col)
    }
    fn column_type(&self, table: TableIx, col: ColIx) -> ColumnType {
        self.document.column_type(table, col)
    }
    fn now(&self) -> f64 {
        1_600_000_000.0
    }
    fn random(&mut self) -> u64 {
        4
    }
    fn document_zone(&self) -> &str {
        &self.document.zone
    }
    fn document_url(&self) -> Option<&str> {
        Some("https://docs.example.com/abc/Example")
    }
    fn user(&mut self) -> Result<Value, Exception> {
        Err(Exception::new(&exception::NAME_ERROR, "name 'user' is not defined"))
    }
    fn request(&mut self, _request: &Request) -> Result<Value, Exception> {
        Err(Exception::empty(&exception::REQUESTING_ERROR))
    }
}
