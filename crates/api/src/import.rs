//! A document made from a file of another program: each of its tables becomes a table.

use std::collections::HashMap;

use actions::UserAction;
use convert::{Imported, Origin, Sheet};
use document::{ApplyOptions, Handle, Person};
use formula::parse::Locale;
use model::{CellValue, ColId, Role};
use serde_json::{Map, json};

use crate::create::blocking;
use crate::error::ApiError;
use crate::upload::Upload;

/// Rows that are added in one turn.
const BATCH: usize = 20_000;

/// Reads a file that came in.
pub(crate) async fn read(upload: Upload, locale: String, zone: String) -> Result<Imported, ApiError> {
    blocking(move || {
        let locale = if locale.is_empty() { "en-US" } else { &locale };
        let zone = if zone.is_empty() { "UTC".to_owned() } else { zone };
        let origin = Origin { locale: Locale::named(locale, None), zone };
        convert::read(upload.path(), &upload.name, &Map::new(), &origin)
            .map_err(|error| ApiError::bad(error.to_string()).with_details(json!({"code": error.code()})))
    })
    .await
}

/// Fills a new document that has no table yet. The history names the one who makes it.
pub(crate) async fn fill(
    document: &Handle,
    maker: &home::Person,
    imported: Imported,
) -> Result<(), ApiError> {
    let maker = Person {
        role: Some(Role::Owner),
        id: maker.id,
        email: maker.email.clone(),
        name: maker.name.clone(),
        ..Person::default()
    };
    let mut ids: HashMap<String, String> = HashMap::new();
    // What refers to a table that is not there yet does so once it is.
    let mut later = Vec::new();
    for sheet in imported.sheets {
        let name = sheet.name.clone();
        let (table, columns) = add_table(document, &maker, &sheet, &ids).await?;
        for (column, id) in sheet.columns.iter().zip(&columns) {
            if let Some(target) =
                column.column_type.strip_prefix("Ref:").filter(|target| !ids.contains_key(*target))
            {
                later.push((table.clone(), id.clone(), target.to_owned()));
            }
        }
        add_rows(document, &maker, (&table, &columns), sheet).await?;
        ids.insert(name, table);
    }
    for (table, col, target) in later {
        let Some(target) = ids.get(&target) else { continue };
        let info = CellValue::Dict([("type".into(), CellValue::text(&format!("Ref:{target}")))].into());
        let refer = action("ModifyColumn", vec![CellValue::text(&table), CellValue::Text(col.text()), info]);
        apply(document, &maker, vec![refer]).await?;
    }
    Ok(())
}

fn action(name: &str, arguments: Vec<CellValue>) -> UserAction {
    UserAction { name: name.to_owned(), arguments }
}

async fn apply(
    document: &Handle,
    maker: &Person,
    actions: Vec<UserAction>,
) -> Result<Vec<CellValue>, ApiError> {
    Ok(document.apply(maker.clone(), None, actions, ApplyOptions::default()).await?.results)
}

/// Adds an empty table; gives its id and those of its columns.
async fn add_table(
    document: &Handle,
    maker: &Person,
    sheet: &Sheet,
    known: &HashMap<String, String>,
) -> Result<(String, Vec<ColId>), ApiError> {
    let columns = sheet.columns.iter().map(|column| {
        let column_type = match column.column_type.strip_prefix("Ref:") {
            Some(name) => known.get(name).map_or_else(|| "Int".to_owned(), |table| format!("Ref:{table}")),
            None => column.column_type.clone(),
        };
        let id = if column.name.is_empty() { CellValue::Null } else { CellValue::text(&column.name) };
        let mut info = vec![
            ("id".into(), id.clone()),
            ("type".into(), CellValue::text(&column_type)),
            ("isFormula".into(), CellValue::Bool(false)),
        ];
        if !id.is_null() {
            info.push(("label".into(), id));
        }
        if let Some(options) = &column.widget_options {
            info.push(("widgetOptions".into(), CellValue::text(options)));
        }
        CellValue::Dict(info.into())
    });
    let name = if sheet.name.is_empty() { CellValue::Null } else { CellValue::text(&sheet.name) };
    let made = apply(document, maker, vec![action("AddTable", vec![name, CellValue::list(columns)])]).await?;
    let broken = || ApiError::internal(&"AddTable has not said what it made");
    let Some(CellValue::Dict(made)) = made.into_iter().next() else { return Err(broken()) };
    let part = |key: &str| made.iter().find(|(name, _)| name == key).map(|(_, value)| value);
    let table = part("table_id").and_then(CellValue::as_text).ok_or_else(broken)?.to_owned();
    let Some(CellValue::List(columns)) = part("columns") else { return Err(broken()) };
    Ok((table, columns.iter().filter_map(CellValue::as_text).map(ColId::new).collect()))
}

async fn add_rows(
    document: &Handle,
    maker: &Person,
    (table, columns): (&str, &[ColId]),
    sheet: Sheet,
) -> Result<(), ApiError> {
    let rows = sheet.rows();
    let mut columns: Vec<_> = columns
        .iter()
        .zip(sheet.columns)
        .map(|(id, column)| (id.text(), column.values.into_iter()))
        .collect();
    let mut left = rows;
    while left > 0 {
        let count = left.min(BATCH);
        left -= count;
        let ids = CellValue::list(std::iter::repeat_n(CellValue::Null, count));
        let cells =
            columns.iter_mut().map(|(id, values)| (id.clone(), CellValue::list(values.by_ref().take(count))));
        let cells = CellValue::Dict(cells.collect());
        let add = action("BulkAddRecord", vec![CellValue::text(table), ids, cells]);
        apply(document, maker, vec![add]).await?;
    }
    Ok(())
}
