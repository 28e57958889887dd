//! What is trusted at opening is as good as what is computed: after edits, computing everything anew changes nothing.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::path::Path;

use actions::UserAction;
use document::{ApplyOptions, Documents, Handle, Options, Person};
use model::json::raw::raw_from_json;
use model::{CellValue, Role, RowId};
use serde_json::{Value, json};

/// The changes that computing everything anew makes.
async fn recomputed(handle: &Handle) -> usize {
    handle
        .with_engine(|engine, moment| {
            let mut turn = engine.begin(moment.clone());
            turn.invalidate_all();
            let calculate = UserAction { name: "Calculate".into(), arguments: Vec::new() };
            actions::apply_user_actions(&mut turn, &[calculate]).unwrap();
            turn.commit().stored.len()
        })
        .await
        .unwrap()
}

async fn apply(handle: &Handle, list: Value) -> bool {
    let owner = Person { role: Some(Role::Owner), ..Person::default() };
    let actions = list.as_array().unwrap().iter();
    let actions = actions.map(|action| UserAction::from_raw(&raw_from_json(action)).unwrap()).collect();
    handle.apply(owner, None, actions, ApplyOptions::default()).await.is_ok()
}

#[tokio::test]
async fn edits_of_trusted_documents_leave_nothing_stale() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/documents");
    let copies = tempfile::tempdir().unwrap();
    let documents = Documents::new(Options::default());
    let mut checked = 0;
    for name in [
        "SelectBySummary",
        "World-v33",
        "CC_Summaries-v6",
        "Favorite_Films",
        "Class Enrollment",
        "SummaryTableFormula",
        "Exports",
        "Teams",
    ] {
        let name = format!("{name}.grist");
        let copy = copies.path().join(&name);
        std::fs::copy(folder.join(&name), &copy).unwrap();
        // What is stored may be old: computed once and kept, it is right.
        let handle = documents.get(&name, &copy).await.unwrap();
        let stored = handle
            .with_engine(|engine, moment| {
                let mut turn = engine.begin(moment.clone());
                turn.invalidate_all();
                let calculate = UserAction { name: "Calculate".into(), arguments: Vec::new() };
                actions::apply_user_actions(&mut turn, &[calculate]).unwrap();
                turn.commit().stored
            })
            .await
            .unwrap();
        handle.with_file(move |file| file.apply_unrecorded(&stored)).await.unwrap().unwrap();
        documents.close(&name, false).await;

        let handle = documents.get(&name, &copy).await.unwrap();
        let tables = handle.whole_table("_grist_Tables").await.unwrap();
        let ids = tables.column("tableId").unwrap();
        let summaries = tables.column("summarySourceTable").unwrap();
        let sources: Vec<String> = tables
            .rows
            .iter()
            .filter(|row| matches!(summaries.cells.get(*row), CellValue::Int(0)))
            .filter_map(|row| ids.cells.get(row).as_text().map(str::to_owned))
            .collect();
        for table in sources {
            let snapshot = handle.whole_table(&table).await.unwrap();
            let rows: Vec<RowId> = snapshot.rows.iter().take(3).collect();
            let (Some(first), Some(last)) = (rows.first(), rows.last()) else { continue };
            for column in
                snapshot.columns.iter().filter(|column| !column.is_formula && column.id != "manualSort")
            {
                let value = model::json::cell_to_json(&column.cells.get(*last), model::json::Dialect::Grist);
                apply(&handle, json!([["UpdateRecord", table, first.0, {column.id.as_str(): value}]])).await;
            }
            apply(&handle, json!([["RemoveRecord", table, last.0]])).await;
            apply(&handle, json!([["AddRecord", table, null, {}]])).await;
            checked += 1;
        }
        assert_eq!(recomputed(&handle).await, 0, "{name}");
        documents.close(&name, false).await;
    }
    assert!(checked > 10, "{checked} tables edited");
}
