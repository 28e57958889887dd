//! How fast a large table is written and read: `cargo run -p store --example speed -- [rows]` (a million unless told).

#![expect(clippy::print_stdout, reason = "a program that reports to a person")]

use std::error::Error;
use std::time::Instant;

use model::{CellValue, ColId, ColumnInfo, ColumnType, ColumnValues, DocAction, RowId};
use store::{DocFile, Record};

const COLUMNS: [(&str, &str); 8] = [
    ("Name", "Text"),
    ("Kind", "Choice"),
    ("Amount", "Numeric"),
    ("Count", "Int"),
    ("Done", "Bool"),
    ("Day", "Date"),
    ("Other", "Ref:T"),
    ("Sum", "Any"),
];

fn cell(kind: &ColumnType, row: u32) -> CellValue {
    match kind {
        ColumnType::Text => CellValue::text(&format!("customer number {row}")),
        ColumnType::Choice => CellValue::text(["red", "green", "blue"][row as usize % 3]),
        ColumnType::Int => CellValue::Int(i64::from(row % 100)),
        ColumnType::Bool => CellValue::Bool(row.is_multiple_of(2)),
        ColumnType::Ref(_) => CellValue::Int(i64::from(row / 2)),
        ColumnType::Date => CellValue::Float(f64::from(row % 10_000) * 86_400.0),
        _ => CellValue::Float(f64::from(row) * 1.1),
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let rows: u32 = std::env::args().nth(1).map_or(Ok(1_000_000), |text| text.parse())?;
    let folder = tempfile::tempdir()?;
    let (mut file, _) = DocFile::create(&folder.path().join("speed.grist"))?;
    let types: Vec<(ColId, ColumnType)> =
        COLUMNS.iter().map(|(col, kind)| (ColId::new(col), ColumnType::parse(kind))).collect();
    let infos = COLUMNS.map(|(col, kind)| {
        ColumnInfo::from_iter([("id".into(), CellValue::text(col)), ("type".into(), CellValue::text(kind))])
    });
    let ids: Vec<RowId> = (1..=rows).map(RowId).collect();
    let columns: ColumnValues = types
        .iter()
        .map(|(col, kind)| (col.clone(), ids.iter().map(|row| cell(kind, row.0)).collect()))
        .collect();
    let add =
        [DocAction::AddTable("T".into(), infos.to_vec()), DocAction::BulkAddRecord("T".into(), ids, columns)];
    let mut timed = |what: &str, actions: &[DocAction]| -> Result<(), Box<dyn Error>> {
        let begun = Instant::now();
        file.commit(&Record { stored: actions, undo: &[], ..Record::default() })?;
        println!("{what}: {:.3} s", begun.elapsed().as_secs_f64());
        Ok(())
    };
    timed("write all rows as one turn", &add)?;
    let one = |row: u32| {
        let values = [("Amount".into(), CellValue::Float(f64::from(row)))].into_iter().collect();
        DocAction::UpdateRecord("T".into(), RowId(row), values)
    };
    timed("write one cell", &[one(1)])?;
    let begun = Instant::now();
    for row in 1..=200 {
        let stored = [one(row.min(rows))];
        file.commit(&Record { stored: &stored, undo: &stored, ..Record::default() })?;
    }
    println!("write one cell, 200 times: {:.3} ms each", begun.elapsed().as_secs_f64() * 5.0);
    for _ in 0..3 {
        let begun = Instant::now();
        let (read, columns) = file.columns("T", &types)?;
        println!(
            "read {} rows of {} columns: {:.3} s",
            read.len(),
            columns.len(),
            begun.elapsed().as_secs_f64()
        );
    }
    Ok(())
}
