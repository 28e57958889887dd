//! Writing: a turn is there when the document is opened again, all of it or nothing, and its history with it.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::path::Path;

use model::{CellValue, ColId, ColumnInfo, ColumnType, ColumnValues, DocAction, RowId, RowValues, TableData};
use store::{DocFile, Info, Record, StoreError, check_upload};

fn column(id: &str, kind: &str) -> ColumnInfo {
    ColumnInfo::from_iter([
        (ColId::new("id"), CellValue::text(id)),
        (ColId::new("type"), CellValue::text(kind)),
    ])
}

fn register(table: &str, row: u32, columns: &[(&str, &str)]) -> Vec<DocAction> {
    let values = |pairs: &[(&str, CellValue)]| {
        pairs.iter().map(|(col, value)| (ColId::new(col), value.clone())).collect::<RowValues>()
    };
    let mut actions =
        vec![DocAction::AddTable(table.into(), columns.iter().map(|(id, kind)| column(id, kind)).collect())];
    actions.push(DocAction::AddRecord(
        "_grist_Tables".into(),
        RowId(row),
        values(&[("tableId", table.into())]),
    ));
    for (at, (col, kind)) in (1..).zip(columns) {
        let values =
            values(&[("parentId", RowId(row).into()), ("colId", (*col).into()), ("type", (*kind).into())]);
        actions.push(DocAction::AddRecord("_grist_Tables_column".into(), RowId(row * 100 + at), values));
    }
    actions
}

fn keep(file: &mut DocFile, stored: &[DocAction]) -> Result<store::Committed, StoreError> {
    let info = Info { time_ms: 1_700_000_000_000, user: "ada@example.com".into(), ..Info::default() };
    file.commit(&Record {
        stored,
        undo: &[],
        user_actions: vec![serde_json::json!(["Calculate"])],
        info,
        ..Record::default()
    })
}

fn reopened(file: DocFile, path: &Path) -> DocFile {
    file.close().unwrap();
    check_upload(path).unwrap();
    assert_eq!(
        std::fs::read_dir(path.parent().unwrap()).unwrap().count(),
        1,
        "a closed document is one file"
    );
    DocFile::open(path).unwrap().0
}

fn columns(pairs: &[(&str, Vec<CellValue>)]) -> ColumnValues {
    pairs.iter().map(|(col, values)| (ColId::new(col), values.clone().into())).collect()
}

#[test]
fn a_turn_is_kept_whatever_its_actions() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("new.grist");
    let (mut file, _) = DocFile::create(&path).unwrap();
    let odd = [
        CellValue::Null,
        CellValue::text("5"),
        CellValue::text(" x"),
        CellValue::Float(1.5),
        CellValue::Float(f64::NAN),
        CellValue::error("ValueError"),
        CellValue::list([CellValue::text("a")]),
    ];
    let rows: Vec<RowId> = (1..=7).map(RowId).collect();
    let version = [(ColId::new("schemaVersion"), CellValue::Int(46))].into_iter().collect();
    let mut stored = vec![DocAction::AddRecord("_grist_DocInfo".into(), RowId(1), version)];
    stored.extend(register("T", 1, &[("A", "Text"), ("B", "Numeric"), ("C", "Any"), ("D", "ChoiceList")]));
    stored.push(DocAction::BulkAddRecord(
        "T".into(),
        rows.clone(),
        columns(&[("A", odd.to_vec()), ("B", odd.to_vec()), ("C", odd.to_vec()), ("D", odd.to_vec())]),
    ));
    stored.extend([
        DocAction::RenameColumn("T".into(), "A".into(), "a".into()),
        DocAction::RenameTable("T".into(), "t".into()),
        DocAction::ModifyColumn("t".into(), "a".into(), column("a", "Numeric")),
        DocAction::BulkRemoveRecord("t".into(), vec![RowId(1)]),
        DocAction::RemoveColumn("t".into(), "D".into()),
        DocAction::RemoveRecord("_grist_Tables_column".into(), RowId(104)),
        DocAction::UpdateRecord(
            "_grist_Tables".into(),
            RowId(1),
            [(ColId::new("tableId"), "t".into())].into_iter().collect(),
        ),
    ]);
    for (row, col, kind) in [(101, "a", "Numeric"), (102, "B", "Numeric"), (103, "C", "Any")] {
        let values =
            [(ColId::new("colId"), col.into()), (ColId::new("type"), kind.into())].into_iter().collect();
        stored.push(DocAction::UpdateRecord("_grist_Tables_column".into(), RowId(row), values));
    }
    let first = keep(&mut file, &stored).unwrap();
    let mut file = reopened(file, &path);
    let expected = TableData {
        table: "t".into(),
        rows: rows[1..].to_vec(),
        columns: columns(&[("B", odd[1..].to_vec()), ("C", odd[1..].to_vec()), ("a", odd[1..].to_vec())]),
    };
    let mut found = file.table("t").unwrap();
    found.columns.sort_keys();
    assert_eq!(found, expected);

    let second = keep(&mut file, &[DocAction::RemoveTable("t".into())]).unwrap();
    assert_eq!((first.action_num, second.action_num), (1, 2));
    let history = file.recent_history(10).unwrap();
    assert_eq!(
        history.iter().map(|entry| &entry.action_hash).collect::<Vec<_>>(),
        [&first.action_hash, &second.action_hash]
    );
    assert_eq!(history[0].stored, stored);
    assert_eq!(history[1].info.user, "ada@example.com");
    assert_eq!(file.states().unwrap()[0], (2, second.action_hash));
}

#[test]
fn a_turn_that_does_not_fit_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("new.grist");
    let (mut file, _) = DocFile::create(&path).unwrap();
    keep(&mut file, &register("T", 1, &[("A", "Text")])).unwrap();
    let add =
        DocAction::AddRecord("T".into(), RowId(1), [(ColId::new("A"), "x".into())].into_iter().collect());
    assert!(keep(&mut file, &[add.clone(), DocAction::RemoveColumn("T".into(), "Nope".into())]).is_err());
    assert!(keep(&mut file, &[add.clone(), add.clone()]).is_err());
    assert_eq!(file.table("T").unwrap().rows, []);
    assert_eq!(file.states().unwrap().len(), 1);
    keep(&mut file, &[add]).unwrap();
    assert_eq!(file.table("T").unwrap().rows, [RowId(1)]);
}

#[test]
fn what_is_no_document_is_told_so() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.grist");
    let verdict = |bytes: &[u8]| {
        std::fs::write(&path, bytes).unwrap();
        let upload = check_upload(&path).unwrap_err().to_string();
        let open = DocFile::open(&path).unwrap_err().to_string();
        assert_eq!(std::fs::read(&path).unwrap(), bytes, "the file is not touched");
        assert_eq!(upload, open);
        upload
    };
    assert!(verdict(b"").contains("not a SQLite database"));
    assert!(
        verdict(b"PK\x03\x04 surely a spreadsheet, but not one of ours, however long it may be")
            .contains("not a SQLite database")
    );
    let sound =
        std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/documents/Hello.grist"))
            .unwrap();
    assert!(verdict(&sound[..sound.len() / 2]).contains("cut off"));
    let other = folder.path().join("other.sqlite");
    rusqlite::Connection::open(&other).unwrap().execute_batch("CREATE TABLE t (x)").unwrap();
    assert!(verdict(&std::fs::read(&other).unwrap()).contains("not a Grist document"));
    assert!(matches!(DocFile::open(Path::new("/nowhere/at/all")), Err(StoreError::Missing(_))));
}

#[test]
fn damaged_files_never_crash() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.grist");
    let sound = std::fs::read(
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/documents/Favorite_Films.grist"),
    )
    .unwrap();
    for at in (0..sound.len()).step_by(sound.len() / 150) {
        let mut bytes = sound.clone();
        for byte in bytes.iter_mut().skip(at).take(40) {
            *byte ^= 0x5a;
        }
        std::fs::write(&path, &bytes).unwrap();
        let _ = std::fs::remove_file(folder.path().join("x.grist-wal"));
        let _ = check_upload(&path);
        if let Ok((file, _)) = DocFile::open(&path) {
            for table in file.table_ids().unwrap_or_default() {
                let _ = file.table(&table);
            }
            let _ = file.recent_history(100);
        }
    }
}

#[test]
fn a_row_far_away_does_not_take_all_memory() {
    let folder = tempfile::tempdir().unwrap();
    let (mut file, _) = DocFile::create(&folder.path().join("new.grist")).unwrap();
    let far = |row| DocAction::AddRecord("T".into(), RowId(row), RowValues::default());
    keep(&mut file, &[&register("T", 1, &[("A", "Text")])[..], &[far(4_000_000)]].concat()).unwrap();
    let wanted = [("A".into(), ColumnType::Text)];
    assert_eq!(file.columns("T", &wanted).unwrap().0, [RowId(4_000_000)]);
    keep(&mut file, &[far(4_000_000_000)]).unwrap();
    assert!(matches!(file.columns("T", &wanted), Err(StoreError::Sparse { rows: 2, .. })));
    assert_eq!(file.table("T").unwrap().rows.len(), 2);
}
