//! Access rules, over time: what somebody is told must add up to what they may see, and to nothing more.
//!
//! A reference that is obviously right decides row by row and cell by cell; what pushes make of a table, and what is fetched, are compared with it after each turn.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use actions::UserAction;
use document::{
    ApplyOptions, DocumentError, Documents, Handle, Listener, NewDocument, Options, Person, Push, Visitor,
    WindowRequest, create,
};
use model::json::raw::raw_from_json;
use model::{CellValue, ColumnValues, DocAction, Role, RowId};
use serde_json::{Value, json};

#[derive(Debug, Default)]
struct Ear(Mutex<Vec<Push>>);

impl Listener for Ear {
    fn hear(&self, push: Push) {
        self.0.lock().unwrap().push(push);
    }
}

fn person(role: Role, name: &str) -> Person {
    Person {
        role: Some(role),
        id: 7,
        email: format!("{name}@x.org"),
        name: name.into(),
        logged_in: true,
        ..Person::default()
    }
}

fn actions(list: &Value) -> Vec<UserAction> {
    let list = list.as_array().unwrap().iter();
    list.map(|action| UserAction::from_raw(&raw_from_json(action)).unwrap()).collect()
}

async fn apply(handle: &Handle, who: &Person, list: Value) -> Result<document::Applied, DocumentError> {
    handle.apply(who.clone(), None, actions(&list), ApplyOptions::default()).await
}

/// Rules on the table `T`: `(columns, condition, permissions)`.
type Written = [(&'static str, &'static str, &'static str)];

async fn opened(folder: &std::path::Path, rules: &Written) -> (Documents, Handle) {
    let path = folder.join("d.grist");
    create(&path, &NewDocument { now: 1.7e9, ..NewDocument::default() }).unwrap();
    let documents = Documents::new(Options::default());
    let handle = documents.get("d", &path).await.unwrap();
    let owner = person(Role::Owner, "ada");
    let mut list = vec![json!(["AddTable", "T", [
        {"id": "A", "type": "Text"}, {"id": "N", "type": "Int"}, {"id": "Public", "type": "Bool"}, {"id": "Mail", "type": "Text"},
        {"id": "F", "type": "Any", "isFormula": true, "formula": "$N * 2"}]])];
    for (at, (columns, condition, permissions)) in rules.iter().enumerate() {
        let resource = -1 - i64::try_from(at).unwrap();
        list.push(json!(["AddRecord", "_grist_ACLResources", resource, {"tableId": "T", "colIds": columns}]));
        list.push(json!(["AddRecord", "_grist_ACLRules", null,
            {"resource": resource, "aclFormula": condition, "permissionsText": permissions, "memo": "ask Ada"}]));
    }
    apply(&handle, &owner, Value::from(list)).await.unwrap();
    (documents, handle)
}

type Row = BTreeMap<String, CellValue>;
type Rows = BTreeMap<RowId, Row>;

fn columns_of(rows: &mut Rows, ids: &[RowId], columns: &ColumnValues) {
    for (at, id) in ids.iter().enumerate() {
        let row = rows.get_mut(id).unwrap_or_else(|| panic!("an update of {id}, which is not in sight"));
        row.extend(columns.iter().map(|(col, cells)| (col.to_string(), cells.at(at))));
    }
}

/// What a client makes of a doc action.
fn replay(rows: &mut Rows, blank: &Row, action: &DocAction) {
    match action.clone().bulk() {
        DocAction::BulkAddRecord(_, ids, columns) => {
            for id in &ids {
                assert!(rows.insert(*id, blank.clone()).is_none(), "{id} comes twice");
            }
            columns_of(rows, &ids, &columns);
        }
        DocAction::BulkUpdateRecord(_, ids, columns) => columns_of(rows, &ids, &columns),
        DocAction::BulkRemoveRecord(_, ids) => {
            for id in ids {
                assert!(rows.remove(&id).is_some(), "{id} goes, and was not in sight");
            }
        }
        other => panic!("not expected: {other:?}"),
    }
}

async fn fetched(handle: &Handle, who: &Person) -> Rows {
    let table = handle.snapshot(who, "T").await.unwrap();
    let cells = |row: RowId| {
        table.columns.iter().map(|column| (column.id.to_string(), column.cells.get(row))).collect()
    };
    table.rows.iter().map(|row| (row, cells(row))).collect()
}

/// Numbers that look random and are the same each time (Steele and others 2014).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        ((mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb) >> 33) % limit
    }
    fn cells(&mut self) -> Value {
        let mut cells = serde_json::Map::new();
        let all = [
            ("A", json!(format!("a{}", self.below(9)))),
            ("N", json!(self.below(50))),
            ("Public", json!(self.below(2) == 1)),
            ("Mail", json!(["bob@x.org", "eve@x.org", ""][usize::try_from(self.below(3)).unwrap()])),
        ];
        for (col, value) in all {
            if self.below(2) == 1 {
                cells.insert(col.into(), value);
            }
        }
        Value::Object(cells)
    }
    fn action(&mut self, rows: &mut Vec<u32>, next: &mut u32) -> Value {
        let pick = |numbers: &mut Self, rows: &[u32]| {
            rows[usize::try_from(numbers.below(rows.len() as u64)).unwrap()]
        };
        match self.below(if rows.is_empty() { 1 } else { 6 }) {
            0 | 1 => {
                *next += 1;
                rows.push(*next);
                json!(["AddRecord", "T", *next, self.cells()])
            }
            2 => {
                let row = pick(self, rows);
                rows.retain(|other| *other != row);
                json!(["RemoveRecord", "T", row])
            }
            3 => {
                let mut some: Vec<u32> = (0..3).map(|_| pick(self, rows)).collect();
                some.sort_unstable();
                some.dedup();
                let truths: Vec<bool> = some.iter().map(|_| self.below(2) == 1).collect();
                let numbers: Vec<u64> = some.iter().map(|_| self.below(50)).collect();
                json!(["BulkUpdateRecord", "T", some, {"Public": truths, "N": numbers}])
            }
            _ => json!(["UpdateRecord", "T", pick(self, rows), self.cells()]),
        }
    }
}

const HIDES_ROWS: &str = "user.Access != OWNER and not rec.Public and rec.Mail != user.Email";
const HIDES_CELLS: &str = "user.Access != OWNER and rec.Mail != user.Email";

#[tokio::test]
async fn what_somebody_is_told_adds_up_to_what_they_may_see() {
    let cases: [(&Written, bool, bool, bool); 4] = [
        (&[("*", HIDES_ROWS, "none")], true, false, false),
        (&[("N,F", HIDES_CELLS, "-R")], false, true, false),
        (&[("N,F", HIDES_CELLS, "-R"), ("*", HIDES_ROWS, "none")], true, true, false),
        (&[("A", "user.Access != OWNER", "-R"), ("*", HIDES_ROWS, "-R")], true, false, true),
    ];
    let mut compared = 0;
    for (case, (rules, hides_rows, hides_cells, hides_column)) in cases.into_iter().enumerate() {
        let folder = tempfile::tempdir().unwrap();
        let (_documents, handle) = opened(folder.path(), rules).await;
        let (ada, bob) = (person(Role::Owner, "ada"), person(Role::Editor, "bob"));
        let ear = Arc::new(Ear::default());
        let listener = Arc::clone(&ear) as Arc<dyn Listener>;
        handle.join(Visitor { person: bob.clone(), windows: false, listener }).await.unwrap();
        let columns = handle.snapshot(&bob, "T").await.unwrap().columns;
        let blank: Row = columns
            .iter()
            .map(|column| (column.id.to_string(), column.column_type.default_value()))
            .collect();
        let sees =
            |row: &Row| !hides_rows || row["Public"].is_true() || row["Mail"] == CellValue::text("bob@x.org");
        // A cell rule says no for itself; else it is as the row is.
        let shows = |row: &Row, col: &str| {
            let own = hides_cells && (col == "N" || col == "F");
            if own && row["Mail"] != CellValue::text("bob@x.org") { false } else { sees(row) }
        };
        let reference = |all: &Rows| -> Rows {
            let visible = all.iter().filter(|(_, row)| row.keys().any(|col| shows(row, col)));
            visible
                .map(|(id, row)| {
                    let kept = row.iter().filter(|(col, _)| !(hides_column && *col == "A"));
                    let cell = |(col, cell): (&String, &CellValue)| {
                        (col.clone(), if shows(row, col) { cell.clone() } else { CellValue::Censored })
                    };
                    (*id, kept.map(cell).collect())
                })
                .collect()
        };
        let mut told = Rows::new();
        let (mut rows, mut next, mut numbers) = (Vec::new(), 0, Numbers(case as u64));
        for turn in 0..150 {
            let count = 1 + numbers.below(3);
            let list: Vec<Value> = (0..count).map(|_| numbers.action(&mut rows, &mut next)).collect();
            apply(&handle, &ada, json!(list)).await.unwrap_or_else(|error| panic!("{list:?}: {error}"));
            let pushes = std::mem::take(&mut *ear.0.lock().unwrap());
            for push in &pushes {
                if let Push::Actions { group, .. } = push {
                    group.doc_actions.iter().for_each(|action| replay(&mut told, &blank, action));
                }
            }
            let all = fetched(&handle, &ada).await;
            assert_eq!(
                fetched(&handle, &bob).await,
                reference(&all),
                "fetched, case {case}, turn {turn}: {list:?}"
            );
            assert_eq!(told, reference(&all), "told, case {case}, turn {turn}: {list:?}");
            compared += all.len();
        }
    }
    assert!(compared > 1000, "{compared}");
}

#[tokio::test]
async fn what_rules_forbid_changes_nothing_and_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let rules: &Written =
        &[("*", "user.Access == EDITOR and newRec.N > 10", "-U"), ("A", "user.Access != OWNER", "-U")];
    let (_documents, handle) = opened(folder.path(), rules).await;
    let (ada, bob) = (person(Role::Owner, "ada"), person(Role::Editor, "bob"));
    apply(&handle, &ada, json!([["AddRecord", "T", null, {"A": "x", "N": 1}]])).await.unwrap();
    let before = fetched(&handle, &ada).await;
    let refused = [
        (json!([["UpdateRecord", "T", 1, {"N": 11}]]), "Blocked by row update access rules"),
        (
            json!([["UpdateRecord", "T", 1, {"N": 2}], ["UpdateRecord", "T", 1, {"N": 11}]]),
            "Blocked by row update access rules",
        ),
        (json!([["UpdateRecord", "T", 1, {"A": "y"}]]), "Blocked by column update access rules"),
        (
            json!([["UpdateRecord", "_grist_ACLRules", 2, {"memo": ""}]]),
            "Only owners can modify access rules",
        ),
    ];
    for (list, text) in refused {
        let error = apply(&handle, &bob, list.clone()).await.unwrap_err();
        assert_eq!(error.to_string(), text, "{list}");
        if let DocumentError::Denied(denied) = error
            && text.starts_with("Blocked")
        {
            assert_eq!(denied.memos(), ["ask Ada"], "{list}");
        }
        assert_eq!(fetched(&handle, &ada).await, before, "{list}");
    }
    apply(&handle, &bob, json!([["UpdateRecord", "T", 1, {"N": 10}]])).await.unwrap();
}

#[tokio::test]
async fn rules_that_cannot_be_read_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let (_documents, handle) = opened(folder.path(), &[]).await;
    let ada = person(Role::Owner, "ada");
    let rule = |table: &str, cols: &str| {
        json!([["AddRecord", "_grist_ACLResources", -1, {"tableId": table, "colIds": cols}],
            ["AddRecord", "_grist_ACLRules", null, {"resource": -1, "aclFormula": "", "permissionsText": "none"}]])
    };
    for (list, text) in [
        (rule("Nope", "*"), "Invalid tables in rules: Nope"),
        (rule("T", "A,Nope"), "Invalid columns in rules for table T: Nope"),
    ] {
        assert_eq!(apply(&handle, &ada, list).await.unwrap_err().to_string(), text);
    }
    assert!(handle.rights(&person(Role::Viewer, "eve")).await.unwrap().reads_everything);
    apply(&handle, &ada, rule("T", "*")).await.unwrap();
    assert!(!handle.rights(&person(Role::Viewer, "eve")).await.unwrap().reads_everything);
    assert!(handle.snapshot(&ada, "T").await.is_err(), "owners are not exempt");
}

#[tokio::test]
async fn windows_show_what_is_seen_now() {
    let folder = tempfile::tempdir().unwrap();
    let (_documents, handle) = opened(folder.path(), &[]).await;
    let (ada, bob) = (person(Role::Owner, "ada"), person(Role::Editor, "bob"));
    let add = json!([["BulkAddRecord", "T", [null, null, null], {"A": ["x", "y", "z"], "Public": [true, false, true]}]]);
    apply(&handle, &ada, add).await.unwrap();
    let ear = Arc::new(Ear::default());
    let listener = Arc::clone(&ear) as Arc<dyn Listener>;
    let client = handle.join(Visitor { person: bob, windows: true, listener }).await.unwrap().client;
    let request = WindowRequest { table: "T".into(), count: 10, ..WindowRequest::default() };
    let window = handle.open_window(client, request).await.unwrap();
    let rows = async || {
        let page = handle.read_window(client, window.window, 0, 10).await.unwrap().page;
        let ids = handle.row_ids_of_window(client, window.window, 0, 10).await.unwrap();
        assert_eq!(page.rows, ids);
        (ids.iter().map(|row| row.0).collect::<Vec<_>>(), page.columns["A"].clone())
    };
    assert_eq!(rows().await.0, [1, 2, 3]);

    // Rules come while the window is open, and whoever has it goes on reading it.
    let rule = json!([["AddRecord", "_grist_ACLResources", -1, {"tableId": "T", "colIds": "*"}],
        ["AddRecord", "_grist_ACLRules", null, {"resource": -1, "aclFormula": HIDES_ROWS, "permissionsText": "none"}]]);
    apply(&handle, &ada, rule).await.unwrap();
    assert!(ear.0.lock().unwrap().iter().any(|push| matches!(push, Push::Reload { .. })));
    let (ids, cells) = rows().await;
    assert_eq!((ids, cells.to_vec()), (vec![1, 3], vec![CellValue::text("x"), CellValue::text("z")]));
    apply(
        &handle,
        &ada,
        json!([["UpdateRecord", "T", 2, {"Public": true}], ["UpdateRecord", "T", 3, {"Public": false}]]),
    )
    .await
    .unwrap();
    assert_eq!(rows().await.0, [1, 2]);
    assert_eq!(handle.seek_window(client, window.window, RowId(3)).await.unwrap(), None);
}

#[tokio::test]
async fn files_and_remarks_follow_the_cells_they_belong_to() {
    let folder = tempfile::tempdir().unwrap();
    let (_documents, handle) = opened(folder.path(), &[("*", HIDES_ROWS, "none")]).await;
    let (ada, bob) = (person(Role::Owner, "ada"), person(Role::Editor, "bob"));
    let list = json!([
        ["AddColumn", "T", "Files", {"type": "Attachments", "isFormula": false}],
        ["BulkAddRecord", "_grist_Attachments", [null, null], {"fileName": ["open.txt", "secret.txt"], "fileIdent": ["a", "b"]}],
        ["BulkAddRecord", "T", [null, null], {"Public": [true, false], "Files": [["L", 1], ["L", 2]]}],
        ["AddRecord", "_grist_Cells", null, {"tableRef": 2, "colRef": 6, "rowId": 2, "root": true, "type": 1, "content": "{\"text\": \"secret\"}"}]]);
    apply(&handle, &ada, list).await.unwrap();
    let names = async |who: &Person| -> Vec<CellValue> {
        let files = handle.snapshot(who, "_grist_Attachments").await.unwrap();
        files.rows.iter().map(|row| files.column("fileName").unwrap().cells.get(row)).collect()
    };
    assert_eq!(names(&ada).await, [CellValue::text("open.txt"), CellValue::text("secret.txt")]);
    assert_eq!(names(&bob).await, [CellValue::text("open.txt")]);
    assert_eq!(handle.snapshot(&ada, "_grist_Cells").await.unwrap().rows.len(), 1);
    assert_eq!(handle.snapshot(&bob, "_grist_Cells").await.unwrap().rows.len(), 0);
    let listener = Arc::new(Ear::default());
    let opened = handle.join(Visitor { person: bob, windows: true, listener }).await.unwrap();
    assert!(!format!("{:?}", opened.metadata).contains("secret"));
}
