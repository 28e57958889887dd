//! Forms: what somebody needs to be shown one, and nothing else of the document.

use axum::extract::Path;
use axum::routing::get;
use axum::{Json, Router};
use document::Sight;
use engine::{Engine, Table};
use model::json::{Dialect, cell_to_json};
use model::{CellValue, ColumnType, RowId};
use serde_json::{Map, Value, json};

use crate::body::integer;
use crate::document_caller::DocumentCaller;
use crate::error::ApiError;
use crate::state::Server;

/// Rows offered for a reference, at most.
const OFFERED: usize = 1000;

pub(crate) fn routes() -> Router<Server> {
    Router::new().route("/docs/{did}/forms/{vsid}", get(form))
}

async fn form(
    caller: DocumentCaller,
    Path((_, section)): Path<(String, String)>,
) -> Result<Json<Value>, ApiError> {
    let section = u32::try_from(integer("vsId", &section)?).unwrap_or(0);
    let form = caller
        .open()
        .await?
        .with_sight(&caller.person(), move |engine, sight| show(engine, sight, RowId(section)))
        .await?;
    form.map(Json)
        .ok_or_else(|| ApiError::not_found("Form not found").with_details(json!({"code": "FormNotFound"})))
}

/// A field as the metadata has it.
struct Field {
    id: RowId,
    col: String,
    label: String,
    description: String,
    column_type: ColumnType,
    visible: Option<String>,
    options: Map<String, Value>,
}

fn show(engine: &mut Engine, sight: &Sight, section: RowId) -> Option<Value> {
    let sections = engine.table("_grist_Views_section")?;
    if !sections.rows().contains(section) || sections.cell("parentKey", section).as_text() != Some("form") {
        return None;
    }
    let text = |table: &Table, col: &str, row| table.cell(col, row).as_text().unwrap_or_default().to_owned();
    let table_row = sections.cell("tableRef", section).as_row_id()?;
    let table_id = text(engine.table("_grist_Tables")?, "tableId", table_row);
    let raw = engine.table("_grist_Tables")?.cell("rawViewSectionRef", table_row).as_row_id();
    let title = [Some(section), raw]
        .into_iter()
        .flatten()
        .map(|row| text(sections, "title", row))
        .find(|title| !title.is_empty())
        .unwrap_or_else(|| table_id.clone());
    let fields = fields(engine, section)?;
    let layout = match text(sections, "layoutSpec", section) {
        empty if empty.is_empty() => plain_layout(&fields).to_string(),
        layout => layout,
    };
    let mut by_id = Map::new();
    for field in fields {
        let shown = show_field(engine, sight, &field);
        by_id.insert(field.id.0.to_string(), shown);
    }
    Some(json!({
        "formFieldsById": by_id,
        "formLayoutSpec": layout,
        "formTableId": table_id,
        "formTitle": title,
    }))
}

/// The fields of a section in their order; what is computed cannot be filled in.
fn fields(engine: &Engine, section: RowId) -> Option<Vec<Field>> {
    let fields = engine.table("_grist_Views_section_field")?;
    let columns = engine.table("_grist_Tables_column")?;
    let parent = CellValue::from(section);
    let mut rows: Vec<RowId> =
        fields.rows().iter().filter(|row| fields.cell("parentId", *row) == parent).collect();
    let place = |row: &RowId| fields.cell("parentPos", *row).as_number().unwrap_or(f64::INFINITY);
    rows.sort_by(|a, b| place(a).total_cmp(&place(b)));
    let read = |row: RowId| {
        let col = fields.cell("colRef", row).as_row_id()?;
        let text = |name: &str| columns.cell(name, col).as_text().unwrap_or_default().to_owned();
        if columns.cell("isFormula", col).is_true() && !text("formula").is_empty() {
            return None;
        }
        let own = fields.cell("widgetOptions", row).as_text().unwrap_or_default().to_owned();
        let options = if own.is_empty() { text("widgetOptions") } else { own };
        let visible = columns.cell("visibleCol", col).as_row_id().filter(|col| !col.is_none());
        Some(Field {
            id: row,
            col: text("colId"),
            label: text("label"),
            description: text("description"),
            column_type: ColumnType::parse(&text("type")),
            visible: visible.map(|col| columns.cell("colId", col).as_text().unwrap_or_default().to_owned()),
            options: serde_json::from_str(&options).unwrap_or_default(),
        })
    };
    Some(rows.into_iter().filter_map(read).collect())
}

fn show_field(engine: &mut Engine, sight: &Sight, field: &Field) -> Value {
    let question = field.options.get("question").and_then(Value::as_str).filter(|text| !text.is_empty());
    let question = question.unwrap_or(if field.label.is_empty() { &field.col } else { &field.label });
    let kind = field.column_type.to_string();
    let choices = match &field.column_type {
        ColumnType::Ref(table) | ColumnType::RefList(table) => {
            offered(engine, table, field.visible.as_deref()).filter(|_| sight.sees_all_of(table))
        }
        _ => None,
    };
    json!({
        "colId": field.col,
        "description": field.description,
        "question": question,
        "options": field.options,
        "type": kind.split(':').next(),
        "refValues": choices,
    })
}

/// The rows that a reference can be set to, with what is shown of them.
fn offered(engine: &mut Engine, table: &str, visible: Option<&str>) -> Option<Value> {
    let table = engine.loaded(table).ok()?;
    let shown = |row: RowId| {
        let value = match visible {
            Some(col) => table.cell(col, row),
            None => CellValue::from(row),
        };
        let blank = value.is_null() || value.as_text().is_some_and(str::is_empty);
        (!blank).then(|| json!([row.0, cell_to_json(&value, Dialect::Grist)]))
    };
    Some(table.rows().iter().filter_map(shown).take(OFFERED).collect())
}

/// The layout of a form that nobody has arranged.
fn plain_layout(fields: &[Field]) -> Value {
    let label = || json!({"type": "Label"});
    let leaves = fields.iter().map(|field| json!({"type": "Field", "leaf": field.id.0}));
    let section: Vec<Value> = [label(), label()].into_iter().chain(leaves).collect();
    json!({"type": "Layout", "children": [label(), label(), {"type": "Section", "children": section}]})
}
