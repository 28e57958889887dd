//! Helpers for who writes access rules: checking formulas, what rules can be about.

use std::sync::Arc;

use actions::predicate;
use model::CellValue;
use model::json::Dialect;
use model::json::raw::raw_to_json;
use serde_json::{Map, Value, json};

use crate::answer::{Answer, Refusal};
use crate::descriptor::Descriptor;

/// Names that a rule can use.
const NAMES: &[&str] = &["user", "rec", "newRec", "OWNER", "EDITOR", "VIEWER", "True", "False", "None"];

/// Checks the formula of a rule: its tree, and the columns that it looks at.
pub(super) async fn check_formula(on: Arc<Descriptor>, formula: String) -> Answer {
    if !on.handle.rights(&on.person()).await?.reads_rules {
        return Ok(Some("{}".to_owned()));
    }
    let tree = predicate::parse(&formula).map_err(document::DocumentError::from)?;
    let tree = raw_to_json(&tree, Dialect::Grist);
    let mut columns = Vec::new();
    look(&tree, &mut columns)?;
    Ok(Some(json!({"formulaParsed": tree, "recColIds": columns, "choiceColIds": []}).to_string()))
}

/// Collects the columns of `rec` and `newRec`; a name that rules do not know is refused.
fn look(node: &Value, columns: &mut Vec<String>) -> Result<(), Refusal> {
    let Some(list) = node.as_array() else { return Ok(()) };
    match list.as_slice() {
        [kind, ..] if kind == "Const" => {}
        [kind, name] if kind == "Name" => {
            let name = name.as_str().unwrap_or_default();
            if !NAMES.contains(&name) {
                return Err(Refusal::bad(format!("Unknown variable '{name}'")));
            }
        }
        [kind, owner, Value::String(col)] if kind == "Attr" => {
            let is_record = [json!(["Name", "rec"]), json!(["Name", "newRec"])].contains(owner);
            if is_record && !columns.contains(col) {
                columns.push(col.clone());
            }
            look(owner, columns)?;
        }
        [_, parts @ ..] => {
            for part in parts {
                look(part, columns)?;
            }
        }
        [] => {}
    }
    Ok(())
}

/// What rules can be about: tables with their columns.
pub(super) async fn resources(on: Arc<Descriptor>) -> Answer {
    if !on.handle.rights(&on.person()).await?.reads_rules {
        return Err(Refusal::Denied("Cannot list ACL resources".to_owned()));
    }
    let tables = on.handle.with_engine(|engine, _| resources_of(engine)).await?;
    Ok(Some(json!({"tables": tables, "problems": {}}).to_string()))
}

fn resources_of(engine: &engine::Engine) -> Map<String, Value> {
    let mut found = Map::new();
    let (Some(tables), Some(columns)) = (engine.table("_grist_Tables"), engine.table("_grist_Tables_column"))
    else {
        return found;
    };
    let text = |cell: CellValue| cell.as_text().unwrap_or_default().to_owned();
    let sections = engine.table("_grist_Views_section");
    for row in tables.rows().iter() {
        let id = text(tables.cell("tableId", row));
        if id.is_empty() || id.starts_with("GristHidden_") {
            continue;
        }
        let raw = tables.cell("rawViewSectionRef", row).as_row_id().unwrap_or_default();
        let title = sections.map(|sections| text(sections.cell("title", raw))).unwrap_or_default();
        let of_table: Vec<_> = columns
            .rows()
            .iter()
            .filter(|col| columns.cell("parentId", *col).as_row_id() == Some(row))
            .collect();
        let ids = of_table.iter().map(|col| text(columns.cell("colId", *col)));
        let ids = ids.filter(|id| id != "manualSort" && !id.starts_with("gristHelper_"));
        let ids: Vec<String> = std::iter::once("id".to_owned()).chain(ids).collect();
        let is_summary = tables.cell("summarySourceTable", row).as_row_id().is_some_and(|row| row.0 > 0);
        let groups = of_table
            .iter()
            .filter(|col| columns.cell("summarySourceCol", **col).as_row_id().is_some_and(|row| row.0 > 0))
            .map(|col| text(columns.cell("label", *col)));
        let groups = if is_summary { Value::from(groups.collect::<Vec<_>>()) } else { Value::Null };
        let title = if title.is_empty() { id.clone() } else { title };
        found.insert(id, json!({"title": title, "colIds": ids, "groupByColLabels": groups}));
    }
    found
}
