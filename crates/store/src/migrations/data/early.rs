//! Versions 1 to 4, and defaults for documents from before there was a setting.

use std::collections::{BTreeMap, BTreeSet};

use model::{CellValue, Cells, ColId, ColumnInfo, ColumnValues, DocAction, RowId};

use crate::migrations::tables::Tables;

fn numbered(count: usize) -> Vec<RowId> {
    (1..=u32::try_from(count).unwrap_or(u32::MAX)).map(RowId).collect()
}

fn refs(rows: impl IntoIterator<Item = RowId>) -> Cells {
    rows.into_iter().map(CellValue::from).collect()
}

/// Version 1: which tables are shown on which tabs, from the sections.
pub(super) fn tab_items(tables: &mut Tables) {
    let sections = "_grist_Views_section";
    let pairs: BTreeSet<(RowId, RowId)> = tables
        .rows(sections)
        .into_iter()
        .map(|row| (tables.row_ref(sections, row, "tableRef"), tables.row_ref(sections, row, "parentId")))
        .collect();
    if !pairs.is_empty() {
        let columns = ColumnValues::from_iter([
            (ColId::new("tableRef"), refs(pairs.iter().map(|pair| pair.0))),
            (ColId::new("viewRef"), refs(pairs.iter().map(|pair| pair.1))),
        ]);
        tables.apply(DocAction::ReplaceTableData("_grist_TabItems".into(), numbered(pairs.len()), columns));
    }
}

/// Version 2: each table's first grid becomes its primary view; tabs and related views are listed.
pub(super) fn primary_views(tables: &mut Tables) {
    let sections = "_grist_Views_section";
    let mut primary: BTreeMap<RowId, RowId> = BTreeMap::new();
    let mut of_view: BTreeMap<RowId, RowId> = BTreeMap::new();
    for row in tables.rows(sections) {
        let (table, view) =
            (tables.row_ref(sections, row, "tableRef"), tables.row_ref(sections, row, "parentId"));
        if tables.text(sections, row, "parentKey") == "record" {
            primary.entry(table).or_insert(view);
        }
        of_view.entry(view).or_insert(table);
    }
    let columns = ColumnValues::from_iter([(ColId::new("primaryViewId"), refs(primary.values().copied()))]);
    tables.apply(DocAction::BulkUpdateRecord(
        "_grist_Tables".into(),
        primary.keys().copied().collect(),
        columns,
    ));
    let columns = ColumnValues::from_iter([(ColId::new("viewRef"), refs(of_view.keys().copied()))]);
    tables.apply(DocAction::ReplaceTableData("_grist_TabBar".into(), numbered(of_view.len()), columns));
    let primary_views: BTreeSet<RowId> = primary.values().copied().collect();
    let related: Vec<(RowId, RowId)> =
        of_view.into_iter().filter(|(view, _)| !primary_views.contains(view)).collect();
    let columns = ColumnValues::from_iter([
        (ColId::new("tableRef"), refs(related.iter().map(|(_, table)| *table))),
        (ColId::new("viewRef"), refs(related.iter().map(|(view, _)| *view))),
    ]);
    tables.apply(DocAction::ReplaceTableData("_grist_TableViews".into(), numbered(related.len()), columns));
}

/// Version 3: the column type Derived is gone; arguments of `lookupOrAddDerived` have names.
pub(super) fn derived_columns(tables: &mut Tables) {
    let columns = "_grist_Tables_column";
    for row in tables.rows(columns) {
        if tables.text(columns, row, "type") == "Derived" {
            modify(tables, row, "type", "Any");
        }
        let formula = tables.text(columns, row, "formula");
        let renewed = name_arguments(&formula);
        if renewed != formula {
            modify(tables, row, "formula", &renewed);
        }
    }
}

/// Changes a column both in the schema and in the metadata.
pub(super) fn modify(tables: &mut Tables, row: RowId, key: &str, value: &str) {
    let columns = "_grist_Tables_column";
    let table = tables.text("_grist_Tables", tables.row_ref(columns, row, "parentId"), "tableId");
    let col = tables.text(columns, row, "colId");
    let info = ColumnInfo::from_iter([(ColId::new(key), CellValue::text(value))]);
    tables.apply(DocAction::ModifyColumn(table.into(), col.into(), info));
    tables.update(columns, row, &[(key, CellValue::text(value))]);
}

/// `T.lookupOrAddDerived($x, $y)` becomes `T.lookupOrAddDerived(x=$x, y=$y)`.
fn name_arguments(formula: &str) -> String {
    const CALL: &str = ".lookupOrAddDerived(";
    let Some(at) = formula.find(CALL).map(|at| at + CALL.len()) else { return formula.to_owned() };
    let Some(end) = formula[at..].find(')').map(|end| at + end) else { return formula.to_owned() };
    let named = |argument: &str| {
        let argument = argument.trim();
        match argument.strip_prefix('$').filter(|name| name.chars().all(|c| c.is_alphanumeric() || c == '_'))
        {
            Some(name) => format!("{name}={argument}"),
            None => argument.to_owned(),
        }
    };
    let arguments: Vec<String> = formula[at..end].split(',').map(named).collect();
    format!("{}{}{}", &formula[..at], arguments.join(", "), name_arguments(&formula[end..]))
}

/// Version 4: tabs keep the order they were made in.
pub(super) fn tab_positions(tables: &mut Tables) {
    let rows = tables.rows("_grist_TabBar");
    let positions = rows.iter().map(|row| CellValue::Float(f64::from(row.0))).collect();
    let columns = ColumnValues::from_iter([(ColId::new("tabPos"), positions)]);
    tables.apply(DocAction::BulkUpdateRecord("_grist_TabBar".into(), rows, columns));
}

/// Version 18: documents from before were all made in New York.
pub(super) fn time_zone(tables: &mut Tables) {
    tables.update("_grist_DocInfo", RowId(1), &[("timezone", "America/New_York".into())]);
}

/// Version 23: documents from before were all American.
pub(super) fn locale(tables: &mut Tables) {
    tables.update("_grist_DocInfo", RowId(1), &[("documentSettings", "{\"locale\":\"en-US\"}".into())]);
}
