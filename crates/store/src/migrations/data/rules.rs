//! Access rules, conditional styles and triggers.

use model::json::raw;
use model::{CellValue, RowId};
use serde_json::Value;

use crate::migrations::tables::Tables;

const COLUMNS: &str = "_grist_Tables_column";

/// Version 14: the rows that old programs expect, as in a new document.
pub(super) fn first_rules(tables: &mut Tables) {
    for (row, name) in (1..).map(RowId).zip(["Owners", "Admins", "Editors", "Viewers"]) {
        tables.add("_grist_ACLPrincipals", row, &[("type", "group".into()), ("groupName", name.into())]);
    }
    tables.add("_grist_ACLResources", RowId(1), &[("tableId", "".into()), ("colIds", "".into())]);
    let values = [
        ("resource", CellValue::Int(1)),
        ("permissions", CellValue::Int(0x3f)),
        ("principals", "[1]".into()),
    ];
    tables.add("_grist_ACLRules", RowId(1), &values);
}

/// Version 29: style rules that belong to another table (a fault of old summary tables) are taken off, with the styles that go with them.
pub(super) fn foreign_style_rules(tables: &mut Tables) {
    for row in tables.rows(COLUMNS) {
        let parent = tables.row_ref(COLUMNS, row, "parentId");
        let own = |rule: &CellValue| {
            rule.as_row_id().is_some_and(|rule| {
                tables.rows(COLUMNS).contains(&rule) && tables.row_ref(COLUMNS, rule, "parentId") == parent
            })
        };
        let sound = match tables.cell(COLUMNS, row, "rules") {
            CellValue::Null => true,
            CellValue::List(rules) => rules.iter().all(own),
            CellValue::Text(text) if text.is_empty() => true,
            _ => false,
        };
        if !sound {
            let options = tables.text(COLUMNS, row, "widgetOptions");
            let options = without(&options, "rulesOptions");
            tables.update(
                COLUMNS,
                row,
                &[("rules", CellValue::Null), ("widgetOptions", options.as_str().into())],
            );
        }
    }
}

/// Version 35: the comment of a rule's condition becomes its memo.
pub(super) fn memos(tables: &mut Tables) {
    for row in tables.rows("_grist_ACLRules") {
        let parsed = tables.text("_grist_ACLRules", row, "aclFormulaParsed");
        if let Ok(Value::Array(tree)) = serde_json::from_str(&parsed)
            && let [Value::String(kind), _, Value::String(memo), ..] = tree.as_slice()
            && kind == "Comment"
        {
            tables.update("_grist_ACLRules", row, &[("memo", memo.as_str().into())]);
        }
    }
}

/// Version 38: triggers can be switched off; those there are stay on.
pub(super) fn enabled_triggers(tables: &mut Tables) {
    for row in tables.rows("_grist_Triggers") {
        tables.update("_grist_Triggers", row, &[("enabled", CellValue::Bool(true))]);
    }
}

/// A JSON object without a key, written as Grist's engine writes it.
fn without(text: &str, key: &str) -> String {
    match serde_json::from_str(text) {
        Ok(Value::Object(mut object)) => {
            object.shift_remove(key);
            raw::dump(&raw::raw_from_json(&Value::Object(object)), false)
        }
        _ => text.to_owned(),
    }
}
