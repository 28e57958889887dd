//! A description of a table for programs: a Table Schema of Frictionless Data, and where the data is.

use model::ColumnType;
use serde_json::{Map, Value, json};

use super::date_text;
use super::download::Header;
use super::export_table::{ExportColumn, Plan};
use super::number_text::conventions;

/// The description. `path`: where the table can be had as CSV.
pub(crate) fn describe(plan: &Plan, header: Header, path: &str) -> Value {
    let names = header.names(plan);
    let fields: Vec<Value> = names
        .iter()
        .zip(&plan.columns)
        .map(|(name, column)| {
            let mut field = Map::new();
            field.insert("name".into(), (*name).into());
            if let Value::Object(kind) = kind(column, &plan.style.locale) {
                field.extend(kind);
            }
            Value::Object(field)
        })
        .collect();
    json!({
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "path": path,
        "dialect": {"delimiter": ",", "doubleQuote": true},
        "name": plan.title.to_lowercase().replace(' ', "-"),
        "title": plan.title,
        "schema": {"fields": fields},
    })
}

fn kind(column: &ExportColumn, locale: &str) -> Value {
    let text = |name: &str, default: &str| {
        let given = column.options.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
        given.unwrap_or(default).to_owned()
    };
    let choices = || match column.options.get("choices") {
        Some(choices) if choices.is_array() => json!({"enum": choices}),
        _ => json!({}),
    };
    let number = |kind: &str| {
        let bare = !["currency", "percent"].contains(&text("numMode", "").as_str());
        let written = conventions(locale);
        json!({"type": kind, "bareNumber": bare, "decimalChar": written.decimal, "groupChar": written.group})
    };
    match &column.column_type {
        ColumnType::Text => json!({"type": "string", "format": string_format(&text("widget", ""))}),
        ColumnType::Numeric => number("number"),
        ColumnType::Int => {
            let mut kind = number("integer");
            if let Some(kind) = kind.as_object_mut() {
                kind.remove("decimalChar");
            }
            kind
        }
        ColumnType::Bool => json!({"type": "boolean", "trueValue": ["TRUE"], "falseValue": ["FALSE"]}),
        ColumnType::Date => {
            json!({"type": "date", "format": "any", "gristFormat": text("dateFormat", date_text::DATE)})
        }
        ColumnType::DateTime(_) => {
            let format =
                format!("{} {}", text("dateFormat", date_text::DATE), text("timeFormat", date_text::TIME));
            json!({"type": "datetime", "format": "any", "gristFormat": format})
        }
        ColumnType::Choice => json!({"type": "string", "constraints": choices()}),
        ColumnType::ChoiceList => json!({"type": "array", "constraints": choices()}),
        ColumnType::RefList(_) | ColumnType::Attachments => json!({"type": "array"}),
        _ => json!({"type": "string"}),
    }
}

fn string_format(widget: &str) -> &'static str {
    if widget == "HyperLink" { "uri" } else { "default" }
}
