//! A change of a column's type keeps every cell's value, the order of the columns and the indexes, whatever the types.

use model::{CellValue, Cells, ColId, ColumnInfo, ColumnValues, DocAction, RowId};
use store::DocFile;

const KINDS: [&str; 15] = [
    "Any",
    "Text",
    "Numeric",
    "Int",
    "Bool",
    "Date",
    "DateTime",
    "DateTime:UTC",
    "Choice",
    "ChoiceList",
    "Ref:A",
    "RefList:A",
    "Attachments",
    "ManualSortPos",
    "Blob",
];

fn info(id: &str, kind: &str) -> ColumnInfo {
    ColumnInfo::from_iter([("id".into(), CellValue::text(id)), ("type".into(), CellValue::text(kind))])
}

fn values() -> Vec<CellValue> {
    let texts = ["", "x", "5", " 5", "-1e3", "[1]", "[\"a\"]", "true", "1e999"].map(CellValue::text);
    let numbers = [0.0, -0.0, 1.0, 1.5, 1e18, f64::INFINITY, f64::NAN].map(CellValue::Float);
    let others = [
        CellValue::Null,
        CellValue::Bool(true),
        CellValue::Bool(false),
        CellValue::Int(0),
        CellValue::Int(1),
        CellValue::Int(-7),
        CellValue::list([CellValue::Int(1), CellValue::Int(2)]),
        CellValue::list([CellValue::text("a"), CellValue::text("b")]),
        CellValue::list([]),
        CellValue::Date(86_400.0),
        CellValue::error("ValueError"),
    ];
    [&texts[..], &numbers[..], &others[..]].concat()
}

#[test]
fn a_change_of_type_keeps_the_values() {
    let folder = tempfile::tempdir().unwrap();
    let (mut file, _) = DocFile::create(&folder.path().join("types.grist")).unwrap();
    let rows: Vec<RowId> = (1..).map(RowId).take(values().len()).collect();
    for old in KINDS {
        for new in KINDS {
            let filled = |table: &str, kind: &str, cells: Cells| {
                let columns = [info("Before", "Text"), info("A", kind), info("After", "Int")];
                let cells = ColumnValues::from_iter([(ColId::new("A"), cells)]);
                [
                    DocAction::AddTable(table.into(), columns.to_vec()),
                    DocAction::BulkAddRecord(table.into(), rows.clone(), cells),
                ]
            };
            file.apply_unrecorded(&filled("Changed", old, values().into())).unwrap();
            let cells = file.table("Changed").unwrap().columns["A"].clone();
            file.apply_unrecorded(&[DocAction::ModifyColumn("Changed".into(), "A".into(), info("A", new))])
                .unwrap();
            file.apply_unrecorded(&filled("Direct", new, cells)).unwrap();
            let (changed, direct) = (file.table("Changed").unwrap(), file.table("Direct").unwrap());
            assert_eq!(changed.columns, direct.columns, "{old} to {new}");
            assert!(changed.columns.keys().eq(direct.columns.keys()), "{old} to {new}: the order");
            let gone = ["Changed", "Direct"].map(|table| DocAction::RemoveTable(table.into()));
            file.apply_unrecorded(&gone).unwrap();
        }
    }
}

#[test]
fn indexes_stay_with_their_columns() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("types.grist");
    let (mut file, _) = DocFile::create(&path).unwrap();
    let columns = vec![info("A", "Text"), info("B", "Text")];
    file.apply_unrecorded(&[DocAction::AddTable("T".into(), columns)]).unwrap();
    file.close().unwrap();
    let other = rusqlite::Connection::open(&path).unwrap();
    other.execute_batch("CREATE INDEX auto_index_1 ON T(A); CREATE INDEX auto_index_2 ON T(B)").unwrap();
    drop(other);
    let (mut file, _) = DocFile::open(&path).unwrap();
    file.apply_unrecorded(&[
        DocAction::ModifyColumn("T".into(), "A".into(), info("A", "Numeric")),
        DocAction::RemoveColumn("T".into(), "B".into()),
    ])
    .unwrap();
    file.close().unwrap();
    let other = rusqlite::Connection::open(&path).unwrap();
    let mut statement = other.prepare("SELECT sql FROM sqlite_schema WHERE name LIKE 'auto%'").unwrap();
    let indexes: Vec<String> =
        statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    assert_eq!(indexes, ["CREATE INDEX auto_index_1 ON T(A)"]);
}
