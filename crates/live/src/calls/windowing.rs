//! Windows over tables (`docs/windows.md`), and what a client that works through them asks of columns.

use std::sync::Arc;

use document::{Page, WindowAnswer, WindowId, WindowRequest};
use model::RowId;
use model::json::{Dialect, cell_to_json};
use serde_json::{Value, json};

use super::write;
use crate::answer::{Answer, Refusal};
use crate::descriptor::Descriptor;
use crate::table_text::{page_text, rows_text};

pub(super) async fn open(on: Arc<Descriptor>, request: WindowRequest) -> Answer {
    let request = with_choices(&on, request).await?;
    written(on.handle.open_window(on.seat()?, request).await?).await
}

pub(super) async fn update(on: Arc<Descriptor>, window: WindowId, request: WindowRequest) -> Answer {
    let request = with_choices(&on, request).await?;
    written(on.handle.update_window(on.seat()?, window, request).await?).await
}

pub(super) async fn read(on: Arc<Descriptor>, window: WindowId, start: usize, count: usize) -> Answer {
    written(on.handle.read_window(on.seat()?, window, start, count).await?).await
}

async fn written(answer: WindowAnswer) -> Answer {
    let cells = answer.page.rows.len() * answer.page.columns.len();
    write(cells, move || {
        format!(
            "{{\"windowId\":{},\"version\":{},\"rowCount\":{},\"page\":{}}}",
            answer.window.0,
            answer.version,
            answer.row_count,
            page_text(&answer.page)
        )
    })
    .await
}

pub(super) async fn seek(on: Arc<Descriptor>, window: WindowId, row: RowId) -> Answer {
    let index = on.handle.seek_window(on.seat()?, window, row).await?;
    Ok(Some(json!({"index": index}).to_string()))
}

pub(super) async fn row_ids(on: Arc<Descriptor>, window: WindowId, start: usize, count: usize) -> Answer {
    let rows = on.handle.row_ids_of_window(on.seat()?, window, start, count).await?;
    write(rows.len(), move || format!("{{\"rowIds\":{}}}", rows_text(&rows))).await
}

pub(super) async fn close(on: Arc<Descriptor>, window: WindowId) -> Answer {
    on.handle.close_window(on.seat()?, window);
    Ok(None)
}

pub(super) async fn search(
    on: Arc<Descriptor>,
    table: String,
    col: String,
    text: String,
    limit: usize,
) -> Answer {
    let Page { rows, columns, .. } =
        on.handle.search_column(&on.person(), (&table, &col), &text, limit).await?;
    let cells = columns.into_values().next().unwrap_or_default();
    let found = rows.iter().zip(&cells).take(limit);
    let found: Vec<Value> =
        found.map(|(row, cell)| json!([row.0, cell_to_json(&cell, Dialect::Grist)])).collect();
    Ok(Some(json!({"rows": found, "more": rows.len() > limit}).to_string()))
}

pub(super) async fn distinct(on: Arc<Descriptor>, table: String, col: String, limit: usize) -> Answer {
    let (values, more) = on.handle.distinct_values(&on.person(), &table, &col, limit).await?;
    let values: Vec<Value> =
        values.iter().map(|(cell, count)| json!([cell_to_json(cell, Dialect::Grist), count])).collect();
    Ok(Some(json!({"values": values, "more": more}).to_string()))
}

/// Where choices are to be compared by their order, that order: it stands in the options of the column.
async fn with_choices(on: &Descriptor, mut request: WindowRequest) -> Result<WindowRequest, Refusal> {
    if request.sort.iter().all(|key| key.choices.is_none()) {
        return Ok(request);
    }
    Ok(on
        .handle
        .with_engine(move |engine, _| {
            for key in &mut request.sort {
                if key.choices.is_some() {
                    key.choices = choices(engine, &request.table, &key.col);
                }
            }
            request
        })
        .await?)
}

fn choices(engine: &engine::Engine, table: &str, col: &str) -> Option<Vec<String>> {
    let tables = engine.table("_grist_Tables")?;
    let is_named = |text: model::CellValue, name: &str| text.as_text() == Some(name);
    let table = tables.rows().iter().find(|row| is_named(tables.cell("tableId", *row), table))?;
    let columns = engine.table("_grist_Tables_column")?;
    let column = columns.rows().iter().find(|row| {
        columns.cell("parentId", *row).as_row_id() == Some(table)
            && is_named(columns.cell("colId", *row), col)
    })?;
    let options: Value = serde_json::from_str(columns.cell("widgetOptions", column).as_text()?).ok()?;
    let choices = options["choices"].as_array()?.iter();
    Some(choices.filter_map(|choice| choice.as_str().map(str::to_owned)).collect())
}
