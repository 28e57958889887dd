//! How long a formula takes per cell: `cargo run --profile bench-fast --example speed`.

use std::hint::black_box;
use std::rc::Rc;
use std::time::Instant;

use formula::host::Request;
use formula::{
    ColIx, Exception, Host, Limits, LookupPlan, Place, Schema, StaticType, TableIx, Value, compile, exception,
};
use model::{CellValue, ColId, Column, ColumnType, RowId, TableId};

const ROWS: u32 = 1_000_000;

/// One table: A, B numeric, Name text, D date.
struct Table {
    columns: Vec<(&'static str, Column, ColumnType)>,
}

impl Schema for Table {
    fn table(&self, id: &str) -> Option<TableIx> {
        (id == "T").then_some(TableIx(0))
    }
    fn table_id(&self, _table: TableIx) -> TableId {
        "T".into()
    }
    fn column(&self, _table: TableIx, id: &str) -> Option<ColIx> {
        self.columns.iter().position(|column| column.0 == id).and_then(|at| u32::try_from(at).ok()).map(ColIx)
    }
    fn columns(&self, _table: TableIx) -> Vec<ColIx> {
        Vec::new()
    }
    fn column_id(&self, _table: TableIx, col: ColIx) -> ColId {
        self.columns[col.0 as usize].0.into()
    }
    fn column_type(&self, _table: TableIx, col: ColIx) -> ColumnType {
        self.columns[col.0 as usize].2.clone()
    }
    fn result_type(&self, _table: TableIx, _col: ColIx) -> Option<StaticType> {
        None
    }
    fn columns_named(&self, _id: &str) -> Vec<(TableIx, ColIx)> {
        Vec::new()
    }
    fn summary_source(&self, _table: TableIx) -> Option<TableIx> {
        None
    }
}

struct Running<'a>(&'a Table);

impl Host for Running<'_> {
    fn cell(&mut self, _table: TableIx, col: ColIx, row: RowId) -> Result<Value, Exception> {
        let (_, column, kind) = &self.0.columns[col.0 as usize];
        match (&column.data, kind) {
            (model::ColumnData::Float(vector), ColumnType::Numeric) => Ok(Value::Float(vector[row.index()])),
            (model::ColumnData::Text(vector), _) => Ok(Value::Str(vector[row.index()].clone())),
            _ => formula::convert::from_cell(&column.get(row), kind, &|_| None),
        }
    }
    fn rows(&mut self, _table: TableIx) -> Rc<[RowId]> {
        [].into()
    }
    fn lookup(&mut self, _plan: &LookupPlan, _key: &[Value]) -> Result<Rc<[RowId]>, Exception> {
        Ok([].into())
    }
    fn summary_group(&mut self, table: TableIx, _row: RowId) -> Result<(TableIx, Rc<[RowId]>), Exception> {
        Ok((table, [].into()))
    }
    fn lookup_or_add(&mut self, _table: TableIx, _values: &[(ColId, Value)]) -> Result<RowId, Exception> {
        Ok(RowId::NONE)
    }
    fn table(&self, id: &str) -> Option<TableIx> {
        self.0.table(id)
    }
    fn table_id(&self, table: TableIx) -> TableId {
        self.0.table_id(table)
    }
    fn columns(&self, _table: TableIx) -> Vec<ColIx> {
        Vec::new()
    }
    fn column(&self, table: TableIx, id: &str) -> Option<ColIx> {
        self.0.column(table, id)
    }
    fn column_id(&self, table: TableIx, col: ColIx) -> ColId {
        self.0.column_id(table, col)
    }
    fn column_type(&self, table: TableIx, col: ColIx) -> ColumnType {
        self.0.column_type(table, col)
    }
    fn now(&self) -> f64 {
        0.0
    }
    fn random(&mut self) -> u64 {
        0
    }
    fn document_zone(&self) -> &str {
        "UTC"
    }
    fn document_url(&self) -> Option<&str> {
        None
    }
    fn user(&mut self) -> Result<Value, Exception> {
        Ok(Value::None)
    }
    fn request(&mut self, _request: &Request) -> Result<Value, Exception> {
        Err(Exception::empty(&exception::REQUESTING_ERROR))
    }
}

fn main() {
    let kinds = [("Result", "Numeric"), ("A", "Numeric"), ("B", "Numeric"), ("Name", "Text"), ("D", "Date")];
    let mut columns: Vec<(&'static str, Column, ColumnType)> = kinds
        .iter()
        .map(|(id, kind)| {
            let kind = ColumnType::parse(kind);
            (*id, Column::new(&kind), kind)
        })
        .collect();
    for row in 1..=ROWS {
        columns[1].1.set(RowId(row), CellValue::Float(f64::from(row)));
        columns[2].1.set(RowId(row), CellValue::Float(f64::from(row % 1000) / 4.0));
        columns[3].1.set(RowId(row), CellValue::text(["Ada", "Bob", "Chloe"][row as usize % 3]));
        columns[4].1.set(RowId(row), CellValue::Float(f64::from(row % 20_000) * 86_400.0));
    }
    let table = Table { columns };
    let rows: Vec<RowId> = (1..=ROWS).map(RowId).collect();
    let formulas = [
        "$A*2+$B",
        "$A + 1 if $A > 500000 else sum([$A, $B])",
        "IF($A > 500, \"hi\", \"lo\")",
        "\"%s %s\" % ($Name, $A)",
        "f\"{$Name}: {$A:.2f}\"",
        "$Name + \" \" + $Name",
        "total = 0\nfor i in [1, 2, 3, 4, 5]:\n  total += i * $A\nreturn total",
        "sum(x * 2 for x in [$A, $B, 3])",
        "max($A, $B)",
        "round($A / 3, 2)",
        "[x for x in (3, 1, 2) if x > 1]",
    ];
    for source in formulas {
        let formula = compile(source, Place { table: TableIx(0), col: ColIx(0) }, &table);
        assert!(formula.refusal.is_none(), "{:?}", formula.refusal);
        let mut host = Running(&table);
        let start = Instant::now();
        for row in &rows {
            let _ = black_box(formula.evaluate(*row, &mut host, &mut Limits::default(), None));
        }
        let slow = start.elapsed().as_secs_f64() * 1e9 / f64::from(ROWS);
        let fast = formula.vector().map(|program| {
            let inputs: Vec<&Column> =
                program.inputs().iter().map(|input| &table.columns[input.col.0 as usize].1).collect();
            let start = Instant::now();
            black_box(program.run(&inputs, &rows));
            start.elapsed().as_secs_f64() * 1e9 / f64::from(ROWS)
        });
        let shown = source.replace('\n', "; ");
        match fast {
            Some(fast) => eprintln!("{slow:8.0} ns  {fast:6.2} ns as a vector  {shown}"),
            None => eprintln!("{slow:8.0} ns                      {shown}"),
        }
    }
}
