//! Data out, and turns.

use actions::UserAction;
use model::json::raw::{raw_from_json, raw_to_json};
use model::json::{Dialect, action_to_json, cell_from_json, table_to_json};
use model::{CellValue, DocAction};
use serde_json::{Map, Value, json};

use super::Failure;
use super::session::Session;

impl Session {
    pub(super) fn fetch_table(&mut self, params: &Value) -> Result<Value, Failure> {
        let id = params["table"].as_str().ok_or_else(|| Failure::missing("table"))?;
        let table = self.engine.loaded(id).map_err(|_| Failure::key(id))?;
        let mut data = table.data(params["formulas"].as_bool().unwrap_or(true));
        if let Some(query) = params["query"].as_object() {
            for (col, values) in query {
                let column = table.column(col).ok_or_else(|| Failure::key(col))?;
                let wanted: Vec<CellValue> =
                    values.as_array().into_iter().flatten().map(cell_from_json).collect();
                let fits = |row| wanted.iter().any(|value| equal(value, &column.cells.get(row)));
                let kept: Vec<usize> = (0..data.rows.len()).filter(|at| fits(data.rows[*at])).collect();
                data.rows = kept.iter().map(|at| data.rows[*at]).collect();
                for values in data.columns.values_mut() {
                    *values = values.select(kept.iter().copied());
                }
            }
        }
        Ok(table_to_json(&data, Dialect::Stdio))
    }

    pub(super) fn fetch_meta_tables(&self, params: &Value) -> Result<Value, Failure> {
        let formulas = params["formulas"].as_bool().unwrap_or(true);
        let ids = self.engine.table_ids();
        let metadata = ids.iter().filter(|id| id.is_metadata()).filter_map(|id| self.engine.table(id));
        let tables: Map<String, Value> = metadata
            .map(|table| (table.id.to_string(), table_to_json(&table.data(formulas), Dialect::Stdio)))
            .collect();
        Ok(Value::Object(tables))
    }

    /// Rows of the user tables by table record, and in all.
    pub(super) fn row_count(&self) -> Value {
        let mut counts = Map::new();
        let mut total = 0;
        if let Some(tables) = self.engine.table("_grist_Tables") {
            for row in tables.rows().iter() {
                let id = tables.cell("tableId", row);
                let Some(table) = id.as_text().and_then(|id| self.engine.table(id)) else { continue };
                counts.insert(row.to_string(), json!(table.rows().len()));
                total += table.rows().len();
            }
        }
        counts.insert("total".to_owned(), json!(total));
        Value::Object(counts)
    }

    pub(super) fn apply_user_actions(&mut self, params: &Value) -> Result<Value, Failure> {
        let actions = params["actions"].as_array().ok_or_else(|| Failure::missing("actions"))?;
        let computed = std::mem::replace(&mut self.computed, true);
        let mut moment = self.moment();
        moment.user = params["user"]
            .as_object()
            .map(|fields| fields.iter().map(|(name, value)| (name.clone(), raw_from_json(value))).collect());
        let mut turn = self.engine.begin(moment);
        if !computed {
            turn.invalidate_all();
        }
        let user_actions: Vec<UserAction> = actions
            .iter()
            .map(|action| UserAction::from_raw(&raw_from_json(action)))
            .collect::<Result<_, _>>()?;
        let results = actions::apply_user_actions(&mut turn, &user_actions)?;
        let outcome = turn.commit();
        let list = |actions: &[DocAction]| {
            Value::Array(actions.iter().map(|action| action_to_json(action, Dialect::Stdio)).collect())
        };
        Ok(json!({
            "stored": list(&outcome.stored), "direct": outcome.direct, "undo": list(&outcome.undo), "calc": [],
            "retValues": results.iter().map(|result| raw_to_json(result, Dialect::Stdio)).collect::<Vec<_>>(), "rowCount": self.row_count(),
        }))
    }
}

/// Python's equality of decoded values: 1, 1.0 and true are the same.
fn equal(a: &CellValue, b: &CellValue) -> bool {
    let number = |value: &CellValue| match value {
        CellValue::Bool(truth) => Some(f64::from(u8::from(*truth))),
        other => other.as_number(),
    };
    match (number(a), number(b)) {
        (Some(a), Some(b)) => a == b,
        _ => match (a, b) {
            (CellValue::List(a), CellValue::List(b)) => {
                a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| equal(a, b))
            }
            _ => a == b,
        },
    }
}
