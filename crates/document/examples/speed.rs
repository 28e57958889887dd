//! How long a big document takes from its file to the screen: `cargo run --profile bench-fast -p document --example speed [ROWS]`.
//!
//! CPU seconds of this process. The document has a number, a text, a choice, a date and a formula column.

use std::sync::Arc;

use actions::UserAction;
use document::{
    ApplyOptions, Documents, Listener, NewDocument, Options, Person, Push, SortKey, Visitor, WindowRequest,
    create,
};
use model::json::raw::raw_from_json;
use model::{CellValue, Role};
use serde_json::{Value, json};

#[derive(Debug)]
struct Deaf;

impl Listener for Deaf {
    fn hear(&self, _: Push) {}
}

/// CPU seconds that this process has used, all threads.
fn cpu() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |at: usize| fields.get(at).and_then(|text| text.parse::<f64>().ok()).unwrap_or(0.0);
    (ticks(11) + ticks(12)) / 100.0
}

fn actions(list: &Value) -> Vec<UserAction> {
    let list = list.as_array().map(Vec::as_slice).unwrap_or_default();
    list.iter().filter_map(|action| UserAction::from_raw(&raw_from_json(action)).ok()).collect()
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let rows: u32 = std::env::args().nth(1).map_or(Ok(1_000_000), |text| text.parse())?;
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("big.grist");
    create(&path, &NewDocument::default())?;
    let documents = Documents::new(Options::default());
    let owner = Person { role: Some(Role::Owner), ..Person::default() };
    let handle = documents.get("big", &path).await?;
    let apply =
        async |list: Value| handle.apply(owner.clone(), None, actions(&list), ApplyOptions::default()).await;
    apply(json!([["AddTable", "T", [
        {"id": "N", "type": "Numeric"}, {"id": "S", "type": "Text"}, {"id": "C", "type": "Choice"},
        {"id": "D", "type": "Date"}, {"id": "F", "type": "Numeric", "isFormula": true, "formula": "$N * 2 + 1"}]]]))
    .await?;
    let began = cpu();
    for batch in 0..rows.div_ceil(50_000) {
        let range = batch * 50_000..((batch + 1) * 50_000).min(rows);
        let number = |i: u32| (i.wrapping_mul(2_654_435_761) >> 8) % 100_000;
        let columns = json!({
            "N": range.clone().map(number).collect::<Vec<_>>(),
            "S": range.clone().map(|i| format!("Commune n° {}", number(i))).collect::<Vec<_>>(),
            "C": range.clone().map(|i| ["rouge", "vert", "bleu"][(i % 3) as usize]).collect::<Vec<_>>(),
            "D": range.clone().map(|i| 86_400 * (i % 20_000)).collect::<Vec<_>>(),
        });
        apply(json!([["BulkAddRecord", "T", vec![Value::Null; range.len()], columns]])).await?;
    }
    let step = |name: &str, from: f64| eprintln!("{name:<48} {:>7.2} s CPU", cpu() - from);
    step(&format!("add {rows} rows, with history and a formula"), began);
    handle.close().await;

    let began = cpu();
    let handle = documents.get("big", &path).await?;
    let visitor = Visitor { person: owner.clone(), windows: true, listener: Arc::new(Deaf) };
    let client = handle.join(visitor).await?.client;
    step("open the document, its metadata", began);
    let request = WindowRequest { table: "T".into(), count: 60, ..WindowRequest::default() };
    let began = cpu();
    handle.open_window(client, request.clone()).await?;
    step("open a window: read the table, first page", began);
    for (name, col) in [("number", "N"), ("text", "S"), ("choice", "C")] {
        let sort = vec![SortKey { col: col.into(), ..SortKey::default() }];
        let began = cpu();
        handle.open_window(client, WindowRequest { sort, ..request.clone() }).await?;
        step(&format!("open a window sorted by {name}"), began);
    }
    let began = cpu();
    for row in 0..20 {
        let update = json!([["UpdateRecord", "T", row + 1, {"N": row, "S": "zz"}]]);
        handle.apply(owner.clone(), None, actions(&update), ApplyOptions::default()).await?;
    }
    step("20 edits with four windows open", began);
    let snapshot = handle.snapshot(&owner, "T").await?;
    let filled = snapshot.column("F").map(|column| column.cells.get(model::RowId(1)));
    assert_eq!(filled, Some(CellValue::Float(1.0)));
    handle.close().await;
    Ok(())
}
