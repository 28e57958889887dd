//! Sections of views: filters, and the sections that every table has of its own.

use model::json::raw;
use model::{CellValue, Cells, ColId, ColumnValues, DocAction, RowId};
use serde_json::Value;

use crate::migrations::tables::Tables;

const TABLES: &str = "_grist_Tables";
const COLUMNS: &str = "_grist_Tables_column";
const SECTIONS: &str = "_grist_Views_section";
const FIELDS: &str = "_grist_Views_section_field";
const FILTERS: &str = "_grist_Filters";

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or(Value::Null)
}

/// Version 15: filters move from sections to fields.
pub(super) fn filters_of_fields(tables: &mut Tables) {
    for field in tables.rows(FIELDS) {
        let spec = json(&tables.text(SECTIONS, tables.row_ref(FIELDS, field, "parentId"), "filterSpec"));
        let col = tables.row_ref(FIELDS, field, "colRef").to_string();
        if let Some(filter) = spec.get(&col) {
            let filter = raw::dump(&raw::raw_from_json(filter), false);
            tables.update(FIELDS, field, &[("filter", filter.as_str().into())]);
        }
    }
}

/// Version 25: filters have a table of their own.
pub(super) fn filters_table(tables: &mut Tables) {
    let mut next = tables.next_row(FILTERS);
    for field in tables.rows(FIELDS) {
        let filter = tables.text(FIELDS, field, "filter");
        if filter.is_empty() {
            continue;
        }
        let values = [
            ("viewSectionRef", tables.row_ref(FIELDS, field, "parentId").into()),
            ("colRef", tables.row_ref(FIELDS, field, "colRef").into()),
            ("filter", filter.as_str().into()),
        ];
        tables.add(FILTERS, next, &values);
        next.0 += 1;
    }
}

/// Version 34: filters are shown in the bar where the section's bar was shown, and in raw sections.
pub(super) fn pinned_filters(tables: &mut Tables) {
    let raw: Vec<RowId> = tables
        .rows(TABLES)
        .into_iter()
        .map(|table| tables.row_ref(TABLES, table, "rawViewSectionRef"))
        .collect();
    for filter in tables.rows(FILTERS) {
        let section = tables.row_ref(FILTERS, filter, "viewSectionRef");
        let bar =
            json(&tables.text(SECTIONS, section, "options")).get("filterBar").is_some_and(|bar| *bar == true);
        tables.update(FILTERS, filter, &[("pinned", CellValue::Bool(bar || raw.contains(&section)))]);
    }
}

/// Version 26: every table that has a view of its own gets a raw section.
pub(super) fn raw_sections(tables: &mut Tables) {
    for table in by_id(tables) {
        let view = tables.row_ref(TABLES, table, "primaryViewId");
        if !view.is_none() && tables.rows("_grist_Views").contains(&view) {
            let title = tables.text("_grist_Views", view, "name");
            add_section(tables, table, "record", &title, "rawViewSectionRef");
        }
    }
}

/// Version 30: summary tables get one too.
pub(super) fn raw_sections_of_summaries(tables: &mut Tables) {
    for table in by_id(tables) {
        if !tables.row_ref(TABLES, table, "summarySourceTable").is_none() {
            add_section(tables, table, "record", "", "rawViewSectionRef");
        }
    }
}

/// Version 40: every table with a raw section that is no summary gets a record card.
pub(super) fn record_cards(tables: &mut Tables) {
    for table in by_id(tables) {
        let is_summary = !tables.row_ref(TABLES, table, "summarySourceTable").is_none();
        if !is_summary && !tables.row_ref(TABLES, table, "rawViewSectionRef").is_none() {
            add_section(tables, table, "single", "", "recordCardViewSectionRef");
        }
    }
}

fn by_id(tables: &Tables) -> Vec<RowId> {
    let mut rows = tables.rows(TABLES);
    rows.sort_by_key(|row| tables.text(TABLES, *row, "tableId"));
    rows
}

/// Adds a section with all visible columns of a table, and makes it the table's own.
fn add_section(tables: &mut Tables, table: RowId, key: &str, title: &str, own: &str) {
    let section = tables.next_row(SECTIONS);
    let mut columns: Vec<RowId> = tables
        .rows(COLUMNS)
        .into_iter()
        .filter(|row| tables.row_ref(COLUMNS, *row, "parentId") == table)
        .filter(|row| {
            let id = tables.text(COLUMNS, *row, "colId");
            id != "manualSort" && !id.starts_with("gristHelper_") && !id.starts_with('#')
        })
        .collect();
    let position = |tables: &Tables, row: RowId| {
        tables.cell(COLUMNS, row, "parentPos").as_number().unwrap_or(f64::INFINITY)
    };
    columns.sort_by(|a, b| position(tables, *a).total_cmp(&position(tables, *b)));
    tables.add(
        SECTIONS,
        section,
        &[
            ("tableRef", table.into()),
            ("parentId", CellValue::Int(0)),
            ("parentKey", key.into()),
            ("title", title.into()),
            ("defaultWidth", CellValue::Int(100)),
            ("borderWidth", CellValue::Int(1)),
        ],
    );
    tables.update(TABLES, table, &[(own, section.into())]);
    let first = tables.next_row(FIELDS).0;
    let rows: Vec<RowId> = (first..).map(RowId).take(columns.len()).collect();
    let positions = columns.iter().map(|row| CellValue::Float(position(tables, *row))).collect();
    let values = ColumnValues::from_iter([
        (ColId::new("parentId"), Cells::repeated(CellValue::from(section), columns.len())),
        (ColId::new("colRef"), columns.iter().map(|row| CellValue::from(*row)).collect()),
        (ColId::new("parentPos"), positions),
    ]);
    tables.apply(DocAction::BulkAddRecord(FIELDS.into(), rows, values));
}
