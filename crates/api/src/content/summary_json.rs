//! Summaries of changes as JSON.

use document::{ActionSummary, ColumnDelta, TableDelta};
use model::RowId;
use model::json::{Dialect, cell_to_json};
use serde_json::{Map, Value, json};

/// A summary of any number of turns.
pub(crate) fn summary_json(summary: &ActionSummary) -> Value {
    let tables = summary.tables.iter().map(|(table, delta)| (table.to_string(), table_json(delta)));
    json!({
        "tableRenames": summary.table_renames.iter().map(|(old, new)| json!([name(old), name(new)])).collect::<Vec<_>>(),
        "tableDeltas": tables.filter(|(_, delta)| !is_nothing(delta)).collect::<Map<_, _>>(),
    })
}

fn name<I: std::ops::Deref<Target = str>>(id: &Option<I>) -> Option<&str> {
    id.as_deref()
}

fn is_nothing(delta: &Value) -> bool {
    delta.as_object().is_some_and(|delta| {
        delta.values().all(|part| match part {
            Value::Array(list) => list.is_empty(),
            Value::Object(map) => map.is_empty(),
            _ => false,
        })
    })
}

/// Rows that are new have no cells from before, and count as new only, whatever happened to them later.
fn table_json(delta: &TableDelta) -> Value {
    let rows = |rows: &mut dyn Iterator<Item = &RowId>| rows.map(|row| row.0).collect::<Vec<_>>();
    let mut columns = Map::new();
    for (col, cells) in &delta.columns {
        let mut shown = Map::new();
        for (row, cell) in cells {
            // What came and went within the turns is no change.
            if ![&delta.added, &delta.removed, &delta.updated].iter().any(|rows| rows.contains(row)) {
                continue;
            }
            let before = cell.before.as_ref().filter(|_| !delta.added.contains(row));
            let cell = ColumnDelta { before: before.cloned(), after: cell.after.clone() };
            if cell.before.is_some() || cell.after.is_some() {
                shown.insert(row.0.to_string(), cell_json(&cell));
            }
        }
        if !shown.is_empty() {
            columns.insert(col.to_string(), Value::Object(shown));
        }
    }
    let renames: Vec<Value> =
        delta.column_renames.iter().map(|(old, new)| json!([name(old), name(new)])).collect();
    json!({
        "updateRows": rows(&mut delta.updated.iter().filter(|row| !delta.added.contains(*row))),
        "removeRows": rows(&mut delta.removed.iter()),
        "addRows": rows(&mut delta.added.iter()),
        "columnDeltas": columns,
        "columnRenames": renames,
    })
}

fn cell_json(cell: &ColumnDelta) -> Value {
    let side = |value: &Option<model::CellValue>| {
        value.as_ref().map(|value| json!([cell_to_json(value, Dialect::Grist)]))
    };
    json!([side(&cell.before), side(&cell.after)])
}

#[cfg(test)]
mod tests {
    use model::{CellValue, DocAction, RowValues};

    use super::*;

    #[test]
    fn several_turns_are_one_change() {
        let values = |int: i64| RowValues::from_iter([("A".into(), CellValue::Int(int))]);
        let stored = [
            DocAction::AddRecord("T".into(), RowId(1), values(1)),
            DocAction::AddRecord("T".into(), RowId(2), values(2)),
            DocAction::UpdateRecord("T".into(), RowId(1), values(5)),
            DocAction::RemoveRecord("T".into(), RowId(2)),
        ];
        let undo = [
            DocAction::RemoveRecord("T".into(), RowId(1)),
            DocAction::RemoveRecord("T".into(), RowId(2)),
            DocAction::UpdateRecord("T".into(), RowId(1), values(1)),
            DocAction::AddRecord("T".into(), RowId(2), values(2)),
        ];
        let expected = json!({"tableRenames": [], "tableDeltas": {"T": {
            "updateRows": [], "removeRows": [], "addRows": [1],
            "columnDeltas": {"A": {"1": [null, [5]]}}, "columnRenames": [],
        }}});
        let found = summary_json(&ActionSummary::of(&stored, &undo));
        assert_eq!(found, expected);
    }
}
