//! Help for people who write formulas.

use engine::Moment;
use model::json::raw::{raw_from_json, raw_to_json};
use model::json::{Dialect, cell_from_json, cell_to_json};
use model::{CellValue, RowId};
use serde_json::{Map, Value, json};

use super::Failure;
use super::session::Session;

impl Session {
    pub(super) fn get_formula_error(&mut self, params: &Value) -> Result<Value, Failure> {
        let (table, col, row) = cell_of(params)?;
        let cell = self.engine.formula_error(self.moment(), table, col, row)?;
        Ok(cell_to_json(&cell, Dialect::Stdio))
    }

    pub(super) fn evaluate_formula(&mut self, params: &Value) -> Result<Value, Failure> {
        let (table, col, row) = cell_of(params)?;
        let found = self.engine.evaluate_formula(self.moment(), table, col, row)?;
        let attributes: Map<String, Value> =
            found.attributes.into_iter().map(|(name, value)| (name, Value::String(value))).collect();
        Ok(json!({
            "error": found.error, "formula": found.formula, "result": found.result, "attributes": attributes,
        }))
    }

    pub(super) fn find_col_from_values(&mut self, params: &Value) -> Result<Value, Failure> {
        let values: Vec<CellValue> =
            params["values"].as_array().into_iter().flatten().map(cell_from_json).collect();
        let limit = params["n"].as_u64().and_then(|limit| usize::try_from(limit).ok()).unwrap_or(0);
        let found = self.engine.find_columns(&values, limit, params["table"].as_str())?;
        Ok(json!(found.iter().map(|row| row.0).collect::<Vec<u32>>()))
    }

    pub(super) fn autocomplete(&mut self, params: &Value) -> Result<Value, Failure> {
        let text = params["txt"].as_str().ok_or_else(|| Failure::missing("txt"))?;
        let table = params["table"].as_str().ok_or_else(|| Failure::missing("table"))?;
        let col = params["col"].as_str().unwrap_or_default();
        let row = params["row"].as_u64().and_then(|row| u32::try_from(row).ok()).map(RowId);
        let user = params["user"]
            .as_object()
            .map(|fields| fields.iter().map(|(name, value)| (name.clone(), raw_from_json(value))).collect());
        let moment = Moment { user, ..self.moment() };
        let found = self.engine.complete(moment, text, table, col, row)?;
        let suggestions = found.into_iter().map(|suggestion| match suggestion.arguments {
            Some(arguments) => json!([[suggestion.text, arguments, true], suggestion.example]),
            None => json!([suggestion.text, suggestion.example]),
        });
        Ok(Value::Array(suggestions.collect()))
    }

    /// The document as Python, and which function is to be written.
    pub(super) fn get_formula_prompt(&mut self, params: &Value) -> Result<Value, Failure> {
        let (table, col) = (
            params["table"].as_str().ok_or_else(|| Failure::missing("table"))?,
            params["col"].as_str().ok_or_else(|| Failure::missing("col"))?,
        );
        let kind = {
            let held = self.engine.loaded(table)?;
            held.column(col).ok_or_else(|| Failure::key(col))?.spec.column_type.to_string()
        };
        let view = self.engine.code_view();
        Ok(json!(format!(
            "{view}\n\ndef {col}(rec: {table}):  # gives a value for a column of type {kind}\n"
        )))
    }

    /// The formula in what an assistant answered: the body of the function, or the last block of code, as formulas write it.
    pub(super) fn convert_formula_completion(&self, params: &Value) -> Result<Value, Failure> {
        let text = params["completion"].as_str().ok_or_else(|| Failure::missing("completion"))?;
        Ok(json!(formula_of(text)))
    }

    pub(super) fn parse_predicate_formula(&self, params: &Value) -> Result<Value, Failure> {
        let text = params["formula"].as_str().ok_or_else(|| Failure::missing("formula"))?;
        Ok(raw_to_json(&actions::predicate::parse(text)?, Dialect::Stdio))
    }
}

fn cell_of(params: &Value) -> Result<(&str, &str, RowId), Failure> {
    let table = params["table"].as_str().ok_or_else(|| Failure::missing("table"))?;
    let col = params["col"].as_str().ok_or_else(|| Failure::missing("col"))?;
    let row = params["row"]
        .as_u64()
        .and_then(|row| u32::try_from(row).ok())
        .ok_or_else(|| Failure::missing("row"))?;
    Ok((table, col, RowId(row)))
}

fn formula_of(text: &str) -> String {
    let code = match text.rsplit_once("```").and_then(|(before, _)| before.rsplit_once("```")) {
        Some((_, block)) => block.split_once('\n').map_or(block, |(_, code)| code),
        None => text,
    };
    let mut lines: Vec<&str> = code.lines().collect();
    if let Some(at) = lines.iter().rposition(|line| line.starts_with("def ")) {
        lines.drain(..=at);
    }
    let indent = lines
        .iter()
        .filter(|line| !line.trim().is_empty())
        .map(|line| line.len() - line.trim_start().len())
        .min()
        .unwrap_or(0);
    let body: Vec<&str> = lines.iter().map(|line| line.get(indent..).unwrap_or("")).collect();
    let body = body.join("\n").trim_matches('\n').replace("rec.", "$");
    match body.strip_prefix("return ") {
        Some(expression) if !expression.contains('\n') => expression.to_owned(),
        _ => body,
    }
}
