//! Turns over real files: what is told, kept, undone, refused; windows follow.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use actions::UserAction;
use document::{
    ApplyOptions, Documents, Filter, FilterKind, Handle, Listener, NewDocument, Options, Person, Push,
    SortKey, Visitor, WindowRequest, create, select_rows,
};
use model::json::raw::raw_from_json;
use model::{CellValue, Role, RowId};
use serde_json::{Value, json};

#[derive(Debug, Default)]
struct Ear(Mutex<Vec<Push>>);

impl Listener for Ear {
    fn hear(&self, push: Push) {
        self.0.lock().unwrap().push(push);
    }
}

fn person(role: Role) -> Person {
    Person {
        role: Some(role),
        id: 7,
        email: "ada@example.com".into(),
        name: "Ada".into(),
        logged_in: true,
        ..Person::default()
    }
}

fn actions(list: &Value) -> Vec<UserAction> {
    list.as_array()
        .unwrap()
        .iter()
        .map(|action| UserAction::from_raw(&raw_from_json(action)).unwrap())
        .collect()
}

async fn apply(handle: &Handle, list: Value) -> document::Applied {
    handle.apply(person(Role::Owner), None, actions(&list), ApplyOptions::default()).await.unwrap()
}

fn new_file(folder: &Path) -> PathBuf {
    let path = folder.join("new.grist");
    create(&path, &NewDocument { now: 1.7e9, ..NewDocument::default() }).unwrap();
    path
}

async fn column(handle: &Handle, table: &str, col: &str) -> Vec<CellValue> {
    let snapshot = handle.whole_table(table).await.unwrap();
    let column = snapshot.column(col).unwrap();
    snapshot.rows.iter().map(|row| column.cells.get(row)).collect()
}

#[tokio::test]
async fn a_turn_is_told_kept_undone_and_survives() {
    let folder = tempfile::tempdir().unwrap();
    let path = new_file(folder.path());
    let documents = Documents::new(Options::default());
    let handle = documents.get("d", &path).await.unwrap();
    let (ear, other) = (Arc::new(Ear::default()), Arc::new(Ear::default()));
    let visitor = |ear: &Arc<Ear>, windows| Visitor {
        person: person(Role::Owner),
        windows,
        listener: Arc::clone(ear) as Arc<dyn Listener>,
    };
    let client = handle.join(visitor(&ear, false)).await.unwrap().client;
    handle.join(visitor(&other, false)).await.unwrap();
    apply(
        &handle,
        json!([["AddTable", "T", [
        {"id": "A", "type": "Int"}, {"id": "B", "type": "Any", "isFormula": true, "formula": "$A * 2"}]]]),
    )
    .await;
    let added = handle
        .apply(
            person(Role::Owner),
            Some(client),
            actions(&json!([["AddRecord", "T", null, {"A": 21}]])),
            ApplyOptions::default(),
        )
        .await
        .unwrap();
    assert_eq!(column(&handle, "T", "B").await, [CellValue::Int(42)]);
    let heard = ear.0.lock().unwrap().clone();
    let Some(Push::Actions { group, from_self, .. }) = heard.last() else { panic!("{heard:?}") };
    assert!(*from_self && group.action_num == added.action_num && group.row_id_hint == 1);
    let elsewhere = other.0.lock().unwrap().clone();
    assert!(matches!(elsewhere.last(), Some(Push::Actions { from_self: false, .. })));

    let by_id = |undo| {
        let named = (vec![added.action_num], vec![added.action_hash.clone().unwrap()]);
        let options = ApplyOptions { other_id: added.action_num, ..ApplyOptions::default() };
        handle.apply_by_id(person(Role::Editor), Some(client), named, undo, options)
    };
    by_id(true).await.unwrap();
    assert!(column(&handle, "T", "A").await.is_empty());
    by_id(false).await.unwrap();
    assert_eq!(column(&handle, "T", "B").await, [CellValue::Int(42)]);

    handle.close().await;
    assert!(!handle.is_open());
    let again = documents.get("d", &path).await.unwrap();
    assert_eq!(column(&again, "T", "B").await, [CellValue::Int(42)]);
}

#[tokio::test]
async fn what_fails_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = new_file(folder.path());
    let documents = Documents::new(Options::default());
    let handle = documents.get("d", &path).await.unwrap();
    apply(&handle, json!([["AddRecord", "Table1", null, {"A": "x"}]])).await;
    let states = handle.states().await.unwrap();
    let failing = [
        json!([["UpdateRecord", "Table1", 1, {"A": "kept?"}], ["UpdateRecord", "Table1", 99, {"A": "y"}]]),
        json!([["Explode", "Table1"]]),
        json!([["AddRecord", "Nope", null, {}]]),
    ];
    for bundle in failing {
        let result = handle.apply(person(Role::Owner), None, actions(&bundle), ApplyOptions::default()).await;
        assert!(result.is_err(), "{bundle}");
    }
    let viewer = handle
        .apply(
            person(Role::Viewer),
            None,
            actions(&json!([["AddRecord", "Table1", null, {}]])),
            ApplyOptions::default(),
        )
        .await;
    assert!(matches!(viewer, Err(document::DocumentError::NoEdit)));
    assert_eq!(column(&handle, "Table1", "A").await, [CellValue::text("x")]);
    assert_eq!(handle.states().await.unwrap(), states);
}

/// Windows that are changed by splices show what a window opened anew shows.
#[tokio::test]
async fn windows_follow_every_turn() {
    let folder = tempfile::tempdir().unwrap();
    let path = new_file(folder.path());
    let documents = Documents::new(Options::default());
    let handle = documents.get("d", &path).await.unwrap();
    apply(
        &handle,
        json!([["AddTable", "T", [
        {"id": "N", "type": "Int"}, {"id": "S", "type": "Text"},
        {"id": "F", "type": "Any", "isFormula": true, "formula": "$N % 3"}]]]),
    )
    .await;
    let texts = ["é", "e", "E", "b10", "b9", "", "z"];
    let ns: Vec<i64> = (0..40).map(|i| i * 17 % 11).collect();
    let ss: Vec<&str> = (0..40).map(|i| texts[i % 7]).collect();
    apply(&handle, json!([["BulkAddRecord", "T", vec![Value::Null; 40], {"N": ns, "S": ss}]])).await;
    let ear = Arc::new(Ear::default());
    let listener = Arc::clone(&ear) as Arc<dyn Listener>;
    let client =
        handle.join(Visitor { person: person(Role::Owner), windows: true, listener }).await.unwrap().client;
    let key =
        |col: &str, descending| SortKey { col: col.into(), descending, natural: true, ..SortKey::default() };
    let filter = |kind| vec![Filter { col: "F".into(), kind }];
    let sorts = [vec![], vec![key("S", false), key("N", true)], vec![key("F", true)]];
    let filters = [
        vec![],
        filter(FilterKind::Included(vec![CellValue::Int(1), CellValue::Int(2)])),
        filter(FilterKind::Range(None, Some(1.0))),
    ];
    let mut views = Vec::new();
    for (sort, filters) in sorts.iter().flat_map(|sort| filters.iter().map(move |filters| (sort, filters))) {
        let request = WindowRequest {
            table: "T".into(),
            sort: sort.clone(),
            filters: filters.clone(),
            count: 10,
            ..WindowRequest::default()
        };
        let answer = handle.open_window(client, request.clone()).await.unwrap();
        let order = handle.row_ids_of_window(client, answer.window, 0, 1000).await.unwrap();
        views.push((request, answer.window, order));
    }
    let turns = [
        json!([["UpdateRecord", "T", 3, {"N": 7}]]),
        json!([["UpdateRecord", "T", 5, {"S": "zz"}]]),
        json!([["AddRecord", "T", null, {"N": 4, "S": "b9"}], ["RemoveRecord", "T", 1]]),
        json!([["BulkRemoveRecord", "T", [10, 11, 12, 20, 40]]]),
        json!([["BulkUpdateRecord", "T", [2, 4, 6, 8], {"N": [9, 9, 9, 9], "manualSort": [50, 40, 30, 20]}]]),
        json!([["RenameTable", "T", "U"]]),
        json!([["UpdateRecord", "U", 7, {"N": 1}], ["AddRecord", "U", null, {"N": 1}]]),
    ];
    for turn in turns {
        ear.0.lock().unwrap().clear();
        apply(&handle, turn.clone()).await;
        let heard = ear.0.lock().unwrap().clone();
        let name = if handle.whole_table("T").await.is_ok() { "T" } else { "U" };
        let table = handle.whole_table(name).await.unwrap();
        for (request, window, mine) in &mut views {
            for push in &heard {
                let Push::Window(change) = push else { continue };
                if change.window != *window {
                    continue;
                }
                match &change.splices {
                    None => *mine = handle.row_ids_of_window(client, *window, 0, 1000).await.unwrap(),
                    Some(splices) => {
                        for splice in splices {
                            let end = splice.index + splice.removed;
                            mine.splice(splice.index..end, splice.inserted.iter().copied());
                        }
                    }
                }
                assert_eq!(change.row_count, mine.len(), "{turn}");
            }
            let fresh: Vec<RowId> = select_rows(&table, &request.sort, &request.filters, &[]);
            assert_eq!(*mine, fresh, "{turn} {:?} {:?}", request.sort, request.filters);
        }
    }
}

/// All the documents there are open, and answer.
#[tokio::test]
async fn real_documents_open() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/documents");
    let copies = tempfile::tempdir().unwrap();
    let documents = Documents::new(Options::default());
    let mut count = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|kind| kind != "grist") {
            continue;
        }
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let copy = copies.path().join(&name);
        std::fs::copy(&path, &copy).unwrap();
        let handle = documents.get(&name, &copy).await.unwrap_or_else(|error| panic!("{name}: {error}"));
        let ear = Arc::new(Ear::default());
        let opened = handle.join(Visitor { person: person(Role::Owner), windows: true, listener: ear }).await;
        let opened = opened.unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(opened.metadata.len(), 24, "{name}");
        let tables = opened.metadata.iter().find(|table| table.table == "_grist_Tables").unwrap();
        let ids = tables.columns["tableId"].iter();
        for id in ids.filter_map(|id| id.as_text().map(ToOwned::to_owned)).filter(|id| !id.is_empty()) {
            let request = WindowRequest { table: id.as_str().into(), count: 5, ..WindowRequest::default() };
            let answer = handle.open_window(opened.client, request).await;
            answer.unwrap_or_else(|error| panic!("{name} {id}: {error}"));
        }
        documents.close(&name, false).await;
        count += 1;
    }
    assert!(count > 60, "{count} documents");
}
