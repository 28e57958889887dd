//! Reading: tables, queries, errors of formulas, history, who is there.

use std::sync::Arc;

use document::{ActionGroup, TableSnapshot};
use model::json::{Dialect, cell_from_json, cell_to_json};
use model::{CellValue, RowId};
use serde_json::{Value, json};

use super::write;
use crate::answer::{Answer, Refusal};
use crate::call::QuerySet;
use crate::descriptor::Descriptor;
use crate::render::{group_json, profile_json};
use crate::table_text::table_text;

/// Turns of the past that are summarised.
const SUMMARIES: u32 = 100;

async fn snapshot(on: &Descriptor, table: &str) -> Result<TableSnapshot, Refusal> {
    if table.starts_with("_gristsys_") {
        return Err(Refusal::bad("tables of the file itself cannot be read"));
    }
    Ok(on.handle.snapshot(&on.person(), table).await?)
}

pub(super) async fn fetch_table(on: Arc<Descriptor>, table: String) -> Answer {
    let table = snapshot(&on, &table).await?;
    let cells = table.rows.len() * table.columns.len();
    write(cells, move || {
        let rows: Vec<RowId> = table.rows.iter().collect();
        format!("{{\"tableData\":{}}}", table_text(&table, &rows))
    })
    .await
}

/// Rows whose cells are among the values given, in every column named.
pub(super) async fn use_query_set(on: Arc<Descriptor>, query: QuerySet) -> Answer {
    let table = snapshot(&on, &query.table).await?;
    let mut tests = Vec::new();
    for (col, values) in query.filters {
        let values: Vec<CellValue> = values.iter().map(cell_from_json).collect();
        let cells = match table.column(&col) {
            Some(column) => Some(Arc::clone(&column.cells)),
            None if col == "id" => None,
            None => return Err(Refusal::bad(format!("there is no column {col}"))),
        };
        tests.push((cells, values));
    }
    let cells = table.rows.len() * table.columns.len();
    write(cells, move || {
        let passes = |row: &RowId| {
            tests.iter().all(|(cells, values)| {
                let cell =
                    cells.as_ref().map_or_else(|| CellValue::Int(row.0.into()), |cells| cells.get(*row));
                values.iter().any(|value| is_same(value, &cell))
            })
        };
        let rows: Vec<RowId> = table.rows.iter().filter(passes).collect();
        format!("{{\"querySubId\":0,\"tableData\":{}}}", table_text(&table, &rows))
    })
    .await
}

/// Equality as Python's: numbers and truths by value.
fn is_same(a: &CellValue, b: &CellValue) -> bool {
    #[expect(clippy::cast_precision_loss, reason = "only compared")]
    let number = |cell: &CellValue| match cell {
        CellValue::Int(int) => Some(*int as f64),
        CellValue::Float(float) => Some(*float),
        CellValue::Bool(truth) => Some(f64::from(u8::from(*truth))),
        _ => None,
    };
    match (number(a), number(b)) {
        (Some(a), Some(b)) => a == b,
        _ => a == b,
    }
}

pub(super) async fn formula_error(on: Arc<Descriptor>, table: String, col: String, row: RowId) -> Answer {
    let cell = on.handle.formula_error(&on.person(), &table, &col, row).await?;
    Ok(Some(cell_to_json(&cell, Dialect::Grist).to_string()))
}

pub(super) async fn action_summaries(on: Arc<Descriptor>) -> Answer {
    if !on.handle.rights(&on.person()).await?.reads_everything {
        return Ok(Some(json!({"actions": [], "censored": true}).to_string()));
    }
    let history = on.handle.history(SUMMARIES).await?;
    let groups: Vec<Value> = history
        .into_iter()
        .map(|entry| {
            let group = ActionGroup::of_entry(entry);
            let mut said = group_json(&group);
            if group.desc.is_none() {
                said["desc"] = Value::Null;
            }
            said
        })
        .collect();
    Ok(Some(json!({"actions": groups, "censored": false}).to_string()))
}

pub(super) async fn active_profiles(on: Arc<Descriptor>) -> Answer {
    let profiles = on.handle.profiles(on.seat()?).await?;
    let list: Value = profiles.iter().map(|(id, profile)| profile_json(id, profile)).collect();
    Ok(Some(list.to_string()))
}
