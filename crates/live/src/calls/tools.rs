//! Helpers of the formula editor, answered by the engine between turns.

use std::sync::Arc;

use engine::{Moment, Suggestion};
use model::RowId;
use model::json::cell_from_json;
use serde_json::{Value, json};

use crate::answer::{Answer, Refusal};
use crate::descriptor::Descriptor;

fn engine_refusal(error: engine::EngineError) -> Refusal {
    document::DocumentError::from(error).into()
}

/// Ways to go on in a formula. Examples come from a row; of a new row there are none yet, so that the last one serves.
pub(super) async fn autocomplete(
    on: Arc<Descriptor>,
    text: String,
    table: String,
    col: String,
    row: Value,
) -> Answer {
    let user = on.person().fields();
    let has_examples = !row.is_null();
    let found = on.handle.with_engine(move |engine, moment| {
        let row = match row.as_u64() {
            Some(row) => u32::try_from(row).ok().map(RowId),
            None if row == "new" => engine.loaded(&table)?.rows().iter().last(),
            None => None,
        };
        let moment = Moment { user: Some(user), ..moment.clone() };
        engine.complete(moment, &text, &table, &col, row)
    });
    let found = found.await?.map_err(engine_refusal)?;
    let without = |suggestion: Suggestion| Suggestion { example: None, ..suggestion };
    let found =
        found.into_iter().map(|suggestion| if has_examples { suggestion } else { without(suggestion) });
    let list: Value = found.map(suggestion_json).collect();
    Ok(Some(list.to_string()))
}

fn suggestion_json(suggestion: Suggestion) -> Value {
    match suggestion.arguments {
        Some(arguments) => json!([[suggestion.text, arguments, true], suggestion.example]),
        None => json!([suggestion.text, suggestion.example]),
    }
}

/// The tables and formulas as a Python module.
pub(super) async fn python_code(on: Arc<Descriptor>) -> Answer {
    let code = on.handle.with_engine(|engine, _| engine.code_view()).await?;
    Ok(Some(Value::from(code).to_string()))
}

/// The columns that hold most of the values.
pub(super) async fn columns_of_values(
    on: Arc<Descriptor>,
    values: Vec<Value>,
    count: usize,
    table: Option<String>,
) -> Answer {
    let values: Vec<_> = values.iter().map(cell_from_json).collect();
    let found = on.handle.with_engine(move |engine, _| engine.find_columns(&values, count, table.as_deref()));
    let found = found.await?.map_err(engine_refusal)?;
    Ok(Some(json!(found.iter().map(|row| row.0).collect::<Vec<u32>>()).to_string()))
}
