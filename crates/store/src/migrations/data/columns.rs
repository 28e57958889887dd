//! Columns: display and visible columns of references, attachments.

use model::{CellValue, ColId, ColumnInfo, ColumnValues, DocAction};
use serde_json::Value;

use super::early::modify;
use crate::migrations::tables::Tables;

const TABLES: &str = "_grist_Tables";
const COLUMNS: &str = "_grist_Tables_column";
const FIELDS: &str = "_grist_Views_section_field";

/// Version 10: references show a column of the other table through a hidden display column.
pub(super) fn display_columns(tables: &mut Tables) {
    let mut next = tables.next_row(COLUMNS);
    for row in tables.rows(COLUMNS) {
        let is_reference = tables.text(COLUMNS, row, "type").starts_with("Ref:");
        if !is_reference || !tables.row_ref(COLUMNS, row, "displayCol").is_none() {
            continue;
        }
        let Some(visible) = visible_in(&tables.text(COLUMNS, row, "widgetOptions")) else { continue };
        let parent = tables.row_ref(COLUMNS, row, "parentId");
        let table = tables.text(TABLES, parent, "tableId");
        let formula = format!("${}.{visible}", tables.text(COLUMNS, row, "colId"));
        let taken = tables.columns(&table);
        let id =
            (1..)
                .map(|at| {
                    if at == 1 {
                        "gristHelper_Display".to_owned()
                    } else {
                        format!("gristHelper_Display{at}")
                    }
                })
                .find(|id| !taken.iter().any(|other| *other == id.as_str()))
                .unwrap_or_default();
        let info = ColumnInfo::from_iter([
            (ColId::new("type"), CellValue::text("Any")),
            (ColId::new("isFormula"), CellValue::Bool(true)),
            (ColId::new("formula"), CellValue::text(&formula)),
        ]);
        tables.apply(DocAction::AddColumn(table.into(), id.as_str().into(), info));
        tables.add(
            COLUMNS,
            next,
            &[
                ("parentPos", CellValue::Float(1.0)),
                ("label", id.as_str().into()),
                ("isFormula", CellValue::Bool(true)),
                ("parentId", parent.into()),
                ("colId", id.as_str().into()),
                ("formula", formula.as_str().into()),
                ("widgetOptions", "".into()),
                ("type", "Any".into()),
            ],
        );
        tables.update(COLUMNS, row, &[("displayCol", next.into())]);
        next.0 += 1;
    }
}

fn visible_in(options: &str) -> Option<String> {
    let options: Value = serde_json::from_str(options).ok()?;
    options.get("visibleCol")?.as_str().filter(|id| !id.is_empty()).map(str::to_owned)
}

/// Version 16: the column that a reference shows moves from the widget options to a column of its own.
pub(super) fn visible_columns(tables: &mut Tables) {
    let found: Vec<_> = tables
        .rows(COLUMNS)
        .into_iter()
        .map(|row| (COLUMNS, row, row))
        .chain(
            tables.rows(FIELDS).into_iter().map(|row| (FIELDS, row, tables.row_ref(FIELDS, row, "colRef"))),
        )
        .collect();
    for (table, row, column) in found {
        let column_type = tables.text(COLUMNS, column, "type");
        let Some(target) = column_type.strip_prefix("Ref:") else { continue };
        let Ok(Value::Object(mut options)) = serde_json::from_str(&tables.text(table, row, "widgetOptions"))
        else {
            continue;
        };
        let Some(target) =
            tables.rows(TABLES).into_iter().find(|row| tables.text(TABLES, *row, "tableId") == target)
        else {
            continue;
        };
        let Some(visible) = options.shift_remove("visibleCol") else { continue };
        let Some(visible) = visible.as_str().filter(|id| !id.is_empty()) else { continue };
        let shown = if visible == "id" {
            Some(model::RowId::NONE)
        } else {
            tables.rows(COLUMNS).into_iter().find(|row| {
                tables.row_ref(COLUMNS, *row, "parentId") == target
                    && tables.text(COLUMNS, *row, "colId") == visible
            })
        };
        if let Some(shown) = shown {
            let options = Value::Object(options).to_string();
            tables.update(
                table,
                row,
                &[("visibleCol", shown.into()), ("widgetOptions", options.as_str().into())],
            );
        }
    }
}

/// Version 17: images are attachments.
pub(super) fn images_to_attachments(tables: &mut Tables) {
    for row in tables.rows(COLUMNS) {
        if tables.text(COLUMNS, row, "type") != "Image" {
            continue;
        }
        modify(tables, row, "type", "Attachments");
        if tables.cell(COLUMNS, row, "isFormula").is_true() {
            continue;
        }
        let table = tables.text(TABLES, tables.row_ref(COLUMNS, row, "parentId"), "tableId");
        let col = tables.text(COLUMNS, row, "colId");
        let rows = tables.rows(&table);
        let lists = rows.iter().map(|row| match tables.cell(&table, *row, &col) {
            image @ CellValue::Int(1..) => CellValue::list([image]),
            _ => CellValue::list([]),
        });
        let columns = ColumnValues::from_iter([(ColId::new(&col), lists.collect())]);
        tables.apply(DocAction::BulkUpdateRecord(table.into(), rows, columns));
    }
}

/// Version 28: attachments are stored as JSON. The change of type changes nothing but has the column written anew.
pub(super) fn attachments_as_json(tables: &mut Tables) {
    for row in tables.rows(COLUMNS) {
        if tables.text(COLUMNS, row, "type") == "Attachments" {
            let table = tables.text(TABLES, tables.row_ref(COLUMNS, row, "parentId"), "tableId");
            let col = tables.text(COLUMNS, row, "colId");
            let info = ColumnInfo::from_iter([(ColId::new("type"), CellValue::text("Attachments"))]);
            tables.apply(DocAction::ModifyColumn(table.into(), col.into(), info));
        }
    }
}
