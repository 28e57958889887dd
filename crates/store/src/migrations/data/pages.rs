//! Version 20: pages, from the views there are.

use std::collections::BTreeMap;

use model::{CellValue, ColId, ColumnValues, DocAction, RowId};

use crate::migrations::tables::Tables;

/// Views become pages: by the name of their table, a table's own view first, the others of that table below it.
pub(super) fn pages(tables: &mut Tables) {
    let related = "_grist_TableViews";
    let existing = tables.rows("_grist_Tables");
    let tables_of: BTreeMap<RowId, String> = tables
        .rows(related)
        .into_iter()
        .filter(|row| existing.contains(&tables.row_ref(related, *row, "tableRef")))
        .map(|row| {
            let table = tables.row_ref(related, row, "tableRef");
            (tables.row_ref(related, row, "viewRef"), tables.text("_grist_Tables", table, "tableId"))
        })
        .collect();
    let mut views = tables.rows("_grist_Views");
    views.sort_by_key(|view| match tables_of.get(view) {
        Some(table) => (table.clone(), i64::from(view.0)),
        None => (tables.text("_grist_Views", *view, "name"), -1),
    });
    let rows: Vec<RowId> = (1..=u32::try_from(views.len()).unwrap_or(u32::MAX)).map(RowId).collect();
    let columns = ColumnValues::from_iter([
        (ColId::new("viewRef"), views.iter().map(|view| CellValue::from(*view)).collect()),
        (ColId::new("pagePos"), rows.iter().map(|row| CellValue::Float(f64::from(row.0))).collect()),
        (
            ColId::new("indentation"),
            views.iter().map(|view| CellValue::Int(i64::from(tables_of.contains_key(view)))).collect(),
        ),
    ]);
    tables.apply(DocAction::ReplaceTableData("_grist_Pages".into(), rows, columns));
}
