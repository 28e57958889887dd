//! A comparison as user actions: what was done to rows in a fork, done to its trunk.
//!
//! New rows get new ids, and references to them follow. What is computed is left to the formulas. Changes of tables and columns are refused: nothing of such a proposal is done.

use std::collections::HashMap;

use actions::UserAction;
use engine::{Engine, Table};
use model::json::raw::raw_from_json;
use model::{ColumnType, RowId};
use serde_json::{Map, Value, json};

/// What is to be done, and what is told of it.
#[derive(Debug, Default)]
pub(crate) struct Patch {
    pub(crate) actions: Vec<UserAction>,
    /// `{"msg": …, "fail"?: true}`.
    pub(crate) log: Vec<Value>,
}

/// New rows by table.
type New = HashMap<String, Vec<u64>>;

impl Patch {
    /// `changes`: a summary of what was done in the fork, with all rows.
    pub(crate) fn of(engine: &mut Engine, changes: &Value) -> Self {
        let mut patch = Self::default();
        let empty = Map::new();
        let deltas = changes["tableDeltas"].as_object().unwrap_or(&empty);
        let is_some = |list: &Value| list.as_array().is_some_and(|list| !list.is_empty());
        if is_some(&changes["tableRenames"]) {
            patch.fail("tables were made, renamed or removed: that cannot be taken over");
            return patch;
        }
        let of_people = || deltas.iter().filter(|(table, _)| !table.starts_with("_grist_"));
        if of_people().any(|(_, delta)| is_some(&delta["columnRenames"])) {
            patch.fail("columns were made, renamed or removed: that cannot be taken over");
            return patch;
        }
        let new: New =
            of_people().map(|(table, delta)| (table.clone(), numbers(&delta["addRows"]))).collect();
        let mut later = Vec::new();
        for (id, delta) in of_people() {
            match engine.loaded(id) {
                Ok(table) => later.extend(patch.table(id, table, delta, &new)),
                Err(_) => patch.fail(&format!("there is no table {id} any more")),
            }
        }
        for action in later {
            patch.act(&action);
        }
        patch
    }

    fn note(&mut self, text: &str) {
        self.log.push(json!({"msg": text}));
    }

    pub(crate) fn fail(&mut self, text: &str) {
        self.log.push(json!({"msg": text, "fail": true}));
    }

    fn act(&mut self, action: &Value) {
        match UserAction::from_raw(&raw_from_json(action)) {
            Ok(action) => self.actions.push(action),
            Err(error) => self.fail(&error.to_string()),
        }
    }

    /// Adds rows now; gives what is to be done once all new rows of all tables are there.
    fn table(&mut self, id: &str, table: &Table, delta: &Value, new: &New) -> Vec<Value> {
        let mut later = Vec::new();
        for row in numbers(&delta["addRows"]) {
            let (mut plain, mut referring) = (Map::new(), Map::new());
            for (col, value) in cells(table, delta, row) {
                // Rows come at the end.
                if col == "manualSort" {
                    continue;
                }
                match renumbered(table, &col, &value, new) {
                    Some(value) => referring.insert(col, value),
                    None => plain.insert(col, value),
                };
            }
            // Negative: a row of this bundle, by which the actions that follow know it.
            let temporary = -(row.cast_signed());
            self.act(&json!(["AddRecord", id, temporary, plain]));
            self.note(&format!("added a record to {id}"));
            if !referring.is_empty() {
                later.push(json!(["UpdateRecord", id, temporary, referring]));
            }
        }
        let is_there = |row: &u64| u32::try_from(*row).is_ok_and(|row| table.rows().contains(RowId(row)));
        for row in numbers(&delta["updateRows"]) {
            if !is_there(&row) {
                self.fail(&format!("record {row} of {id} is not there any more"));
                continue;
            }
            let changed: Map<String, Value> = cells(table, delta, row)
                .map(|(col, value)| {
                    let value = renumbered(table, &col, &value, new).unwrap_or(value);
                    (col, value)
                })
                .collect();
            if !changed.is_empty() {
                self.note(&format!("updated record {row} of {id}"));
                later.push(json!(["UpdateRecord", id, row, changed]));
            }
        }
        let gone: Vec<u64> = numbers(&delta["removeRows"]).into_iter().filter(is_there).collect();
        if !gone.is_empty() {
            self.note(&format!("removed {} records of {id}", gone.len()));
            later.push(json!(["BulkRemoveRecord", id, gone]));
        }
        later
    }
}

fn numbers(list: &Value) -> Vec<u64> {
    list.as_array().map(|list| list.iter().filter_map(Value::as_u64).collect()).unwrap_or_default()
}

/// What the cells of a row became; without those that are computed, or whose columns are gone.
fn cells<'a>(table: &'a Table, delta: &'a Value, row: u64) -> impl Iterator<Item = (String, Value)> + 'a {
    let columns = delta["columnDeltas"].as_object().into_iter().flatten();
    columns.filter_map(move |(col, rows)| {
        let after = rows.get(row.to_string())?.get(1)?.get(0)?;
        let column = table.column(col)?;
        (!column.spec.is_formula).then(|| (col.clone(), after.clone()))
    })
}

/// A reference to new rows, with the numbers by which the bundle knows them; nothing if it refers to none.
fn renumbered(table: &Table, col: &str, value: &Value, new: &New) -> Option<Value> {
    let (ColumnType::Ref(target) | ColumnType::RefList(target)) = &table.column(col)?.spec.column_type else {
        return None;
    };
    let new = new.get(target.as_str()).filter(|new| !new.is_empty())?;
    let is_new = |value: &Value| value.as_u64().is_some_and(|row| new.contains(&row));
    let renumber = |value: &Value| match value.as_i64() {
        Some(row) if is_new(value) => Value::from(-row),
        _ => value.clone(),
    };
    match value {
        Value::Array(items) if items.iter().any(is_new) => Some(items.iter().map(renumber).collect()),
        value if is_new(value) => Some(renumber(value)),
        _ => None,
    }
}
