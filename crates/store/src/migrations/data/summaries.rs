//! Summary tables: linked to their sources by metadata (version 7), and named after them (version 31).

use std::collections::BTreeSet;

use model::{CellValue, ColId, ColumnValues, DocAction, RowId};

use super::early::modify;
use crate::migrations::tables::Tables;

const TABLES: &str = "_grist_Tables";
const COLUMNS: &str = "_grist_Tables_column";

/// Version 7: tables named `Summary_<Source>_<colRef>_…` become summary tables proper.
pub(super) fn link_to_sources(tables: &mut Tables) {
    let all = tables.rows(TABLES);
    let mut names: BTreeSet<String> = all.iter().map(|row| tables.text(TABLES, *row, "tableId")).collect();
    for table in all.clone() {
        let old_name = tables.text(TABLES, table, "tableId");
        let source = all.iter().copied().find_map(|source| {
            let rest = old_name
                .strip_prefix("Summary_")?
                .strip_prefix(tables.text(TABLES, source, "tableId").as_str())?;
            let refs: Option<Vec<RowId>> = rest
                .split('_')
                .filter(|part| !part.is_empty())
                .map(|part| part.parse().ok().map(RowId))
                .collect();
            refs.filter(|refs| !refs.is_empty()).map(|refs| (source, refs))
        });
        let Some((source, group_refs)) = source else { continue };
        let source_name = tables.text(TABLES, source, "tableId");
        let group_ids: Vec<String> =
            group_refs.iter().map(|row| tables.text(COLUMNS, *row, "colId")).collect();
        let new_name = unused(&summary_name(&source_name, &group_ids), &names);
        names.insert(new_name.clone());
        let columns_of = |tables: &Tables, parent: RowId| -> Vec<(RowId, String)> {
            let rows = tables
                .rows(COLUMNS)
                .into_iter()
                .filter(|row| tables.row_ref(COLUMNS, *row, "parentId") == parent);
            rows.map(|row| (row, tables.text(COLUMNS, row, "colId"))).collect()
        };
        let in_summary = columns_of(tables, table);
        let group_columns: Vec<(RowId, RowId)> = group_refs
            .iter()
            .zip(&group_ids)
            .filter_map(|(from, id)| {
                in_summary.iter().find(|(_, col)| col == id).map(|(row, _)| (*row, *from))
            })
            .collect();
        let mut gone: Vec<(RowId, String, String)> = columns_of(tables, source)
            .into_iter()
            .filter(|(_, col)| *col == old_name)
            .map(|(row, col)| (row, source_name.clone(), col))
            .collect();
        gone.extend(in_summary.iter().filter_map(|(row, col)| {
            let keep = group_columns.iter().any(|(kept, _)| kept == row)
                || tables.cell(COLUMNS, *row, "isFormula").is_true();
            (!keep).then(|| (*row, old_name.clone(), col.clone()))
        }));
        for (_, parent, col) in &gone {
            tables.apply(DocAction::RemoveColumn(parent.as_str().into(), col.as_str().into()));
        }
        tables.apply(DocAction::BulkRemoveRecord(
            COLUMNS.into(),
            gone.into_iter().map(|(row, ..)| row).collect(),
        ));
        tables.apply(DocAction::RenameTable(old_name.as_str().into(), new_name.as_str().into()));
        tables.update(
            TABLES,
            table,
            &[("tableId", new_name.as_str().into()), ("summarySourceTable", source.into())],
        );
        for (row, from) in group_columns {
            tables.update(COLUMNS, row, &[("summarySourceCol", from.into())]);
        }
        let old_formula = format!("{source_name}.lookupRecords({old_name}=$id)");
        for (row, col) in in_summary {
            if col == "group" && tables.text(COLUMNS, row, "formula") == old_formula {
                modify(tables, row, "formula", "table.getSummarySourceGroup(rec)");
            }
        }
    }
}

/// Version 31: summary tables are named after their source and what they group by; formulas and access rules follow.
pub(super) fn rename(tables: &mut Tables) {
    let all = tables.rows(TABLES);
    let mut names: BTreeSet<String> = all.iter().map(|row| tables.text(TABLES, *row, "tableId")).collect();
    let mut renames: Vec<(RowId, String, String)> = Vec::new();
    for table in all {
        let source = tables.row_ref(TABLES, table, "summarySourceTable");
        if source.is_none() {
            continue;
        }
        let columns = tables.rows(COLUMNS).into_iter().filter(|row| {
            tables.row_ref(COLUMNS, *row, "parentId") == table
                && !tables.row_ref(COLUMNS, *row, "summarySourceCol").is_none()
        });
        let group_ids: Vec<String> = columns.map(|row| tables.text(COLUMNS, row, "colId")).collect();
        let wanted = summary_name(&tables.text(TABLES, source, "tableId"), &group_ids);
        let old = tables.text(TABLES, table, "tableId");
        if wanted != old {
            let new = unused(&wanted, &names);
            names.insert(new.clone());
            renames.push((table, old, new));
        }
    }
    for (_, old, new) in &renames {
        tables.apply(DocAction::RenameTable(old.as_str().into(), new.as_str().into()));
    }
    if !renames.is_empty() {
        let values = renames.iter().map(|(.., new)| CellValue::text(new)).collect();
        let columns = ColumnValues::from_iter([(ColId::new("tableId"), values)]);
        let rows = renames.iter().map(|(row, ..)| *row).collect();
        tables.apply(DocAction::BulkUpdateRecord(TABLES.into(), rows, columns));
    }
    for row in tables.rows(COLUMNS) {
        let formula = tables.text(COLUMNS, row, "formula");
        if formula.contains("GristSummary_") {
            let renewed =
                renames.iter().fold(formula, |formula, (_, old, new)| replace_word(&formula, old, new));
            tables.update(COLUMNS, row, &[("formula", renewed.as_str().into())]);
        }
    }
    for row in tables.rows("_grist_ACLResources") {
        let old_name = tables.text("_grist_ACLResources", row, "tableId");
        if let Some((.., new)) = renames.iter().find(|(_, old, _)| *old == old_name) {
            tables.update("_grist_ACLResources", row, &[("tableId", new.as_str().into())]);
        }
    }
}

/// `<Source>_summary_<columns, sorted>`.
fn summary_name(source: &str, group_ids: &[String]) -> String {
    let mut sorted = group_ids.to_vec();
    sorted.sort();
    std::iter::once(format!("{source}_summary")).chain(sorted).collect::<Vec<_>>().join("_")
}

/// The name, or the name with the first number that makes it different from the others, case aside.
fn unused(name: &str, taken: &BTreeSet<String>) -> String {
    let is_taken = |name: &str| taken.iter().any(|other| other.eq_ignore_ascii_case(name));
    if !is_taken(name) {
        return name.to_owned();
    }
    let base =
        if name.ends_with(|c: char| c.is_ascii_digit()) { format!("{name}_") } else { name.to_owned() };
    (2..).map(|number| format!("{base}{number}")).find(|name| !is_taken(name)).unwrap_or(base)
}

/// Replaces whole words.
fn replace_word(text: &str, old: &str, new: &str) -> String {
    let is_word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    let mut result = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(old) {
        let (before, after) = (&rest[..at], &rest[at + old.len()..]);
        let inside =
            is_word(before.chars().last().or(result.chars().last())) || is_word(after.chars().next());
        result.push_str(before);
        result.push_str(if inside { old } else { new });
        rest = after;
    }
    result + rest
}
