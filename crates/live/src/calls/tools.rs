//! Helpers of the formula editor, answered by the engine between turns.

use std::sync::Arc;

use document::timings_json;
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
    // Names and values of what somebody may not see are no help to them.
    let hidden = hidden_names(&on).await?;
    let has_examples = has_examples && hidden.is_empty();
    let shown = |suggestion: &Suggestion| {
        let mut words = suggestion.text.split(|c: char| !c.is_alphanumeric() && c != '_');
        !words.any(|word| hidden.iter().any(|name| name == word))
    };
    let found = found.into_iter().filter(shown);
    let without = |suggestion: Suggestion| Suggestion { example: None, ..suggestion };
    let found = found.map(|suggestion| if has_examples { suggestion } else { without(suggestion) });
    let list: Value = found.map(suggestion_json).collect();
    Ok(Some(list.to_string()))
}

/// Ids of tables and columns that somebody may not see.
async fn hidden_names(on: &Descriptor) -> Result<Vec<String>, Refusal> {
    let person = on.person();
    let hidden = on.handle.with_sight(&person, |engine, sight| {
        let mut hidden = Vec::new();
        for (_, table) in engine.tables().filter(|(_, table)| !table.id.is_metadata()) {
            if !sight.sees_table(&table.id) {
                hidden.push(table.id.to_string());
            }
            let columns = table.columns().filter(|(_, slot)| !sight.sees_column(&table.id, &slot.id));
            hidden.extend(columns.map(|(_, slot)| slot.id.to_string()));
        }
        hidden
    });
    Ok(hidden.await?)
}

fn suggestion_json(suggestion: Suggestion) -> Value {
    match suggestion.arguments {
        Some(arguments) => json!([[suggestion.text, arguments, true], suggestion.example]),
        None => json!([suggestion.text, suggestion.example]),
    }
}

/// The tables and formulas as a Python module.
pub(super) async fn python_code(on: Arc<Descriptor>) -> Answer {
    if !on.handle.rights(&on.person()).await?.reads_everything {
        return Err(Refusal::Status(403, "Cannot view code, it may contain private material".to_owned()));
    }
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
    let person = on.person();
    let found = on.handle.with_sight(&person, move |engine, sight| {
        let found = engine.find_columns(&values, count, table.as_deref())?;
        let seen = |column: &RowId| {
            let columns = engine.table("_grist_Tables_column")?;
            let table = columns.cell("parentId", *column).as_row_id()?;
            let id = engine.table("_grist_Tables")?.cell("tableId", table);
            let col = columns.cell("colId", *column);
            // Of columns of which only some cells are seen, any answer would tell of the others.
            (sight.sees_all_of(id.as_text()?) && sight.sees_column(id.as_text()?, col.as_text()?))
                .then_some(())
        };
        Ok(found.into_iter().filter(|column| seen(column).is_some()).collect::<Vec<RowId>>())
    });
    let found = found.await?.map_err(engine_refusal)?;
    Ok(Some(json!(found.iter().map(|row| row.0).collect::<Vec<u32>>()).to_string()))
}

pub(super) async fn start_timing(on: Arc<Descriptor>) -> Answer {
    if on.handle.start_timing().await? {
        Ok(None)
    } else {
        Err(Refusal::bad("formulas are being timed already"))
    }
}

/// Ends measuring: what each column of formulas took, in seconds.
pub(super) async fn stop_timing(on: Arc<Descriptor>) -> Answer {
    let measured = on.handle.stop_timing().await?;
    let measured = measured.ok_or_else(|| Refusal::bad("formulas are not being timed"))?;
    Ok(Some(timings_json(&measured).to_string()))
}
