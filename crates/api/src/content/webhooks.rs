//! Webhooks: whom to call when rows of a table are added or changed.
//!
//! A webhook is a row of `_grist_Triggers`; its address and keys are kept in the home database, where readers of the document do not see them. Calling is not done here (`outbox`).

use std::collections::HashMap;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::{delete, get, patch, post};
use axum::{Json, Router};
use document::{ApplyOptions, Handle};
use engine::Engine;
use model::{CellValue, RowId};
use serde_json::{Map, Value, json};

use super::payload;
use super::record_requests::{action, dict};
use super::schema_reads::{columns_of, table_ref};
use super::webhook_usage::{self, clear, clear_one, usage, waiting};
use crate::body::JsonBody;
use crate::document_caller::DocumentCaller;
use crate::error::ApiError;
use crate::state::Server;

const TRIGGERS: &str = "_grist_Triggers";

pub(crate) fn routes() -> Router<Server> {
    Router::new()
        .route("/docs/{did}/webhooks", get(list).post(add))
        .route("/docs/{did}/webhooks/queue", delete(clear))
        .route("/docs/{did}/webhooks/queue/{wid}", delete(clear_one))
        .route("/docs/{did}/webhooks/{wid}", patch(change).delete(remove))
        .route("/docs/{did}/tables/{tid}/_subscribe", post(subscribe))
        .route("/docs/{did}/tables/{tid}/_unsubscribe", post(unsubscribe))
}

fn success() -> Json<Value> {
    Json(json!({"success": true}))
}

/// What a request says of a webhook, checked as far as it can be without the document.
#[derive(Debug, Default, PartialEq)]
struct Fields {
    url: Option<String>,
    authorization: Option<String>,
    events: Option<Vec<String>>,
    table: Option<String>,
    enabled: Option<bool>,
    ready: Option<Option<String>>,
    watched: Option<Vec<String>>,
    label: Option<String>,
    memo: Option<String>,
    condition: Option<String>,
}

/// A column as people may write it: `$Name`; blank ones are left out.
fn col_id(col: &str) -> Option<String> {
    let col = col.trim();
    Some(col.strip_prefix('$').unwrap_or(col)).filter(|col| !col.is_empty()).map(str::to_owned)
}

/// `place` names the fields in what is said of them.
fn read(fields: &Map<String, Value>, place: &str) -> Result<Fields, ApiError> {
    let bad = |name: &str, what: &str| payload::bad(&format!("{place}.{name} {what}"));
    let text = |name: &str| match fields.get(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(bad(name, "is not a string")),
    };
    let texts = |name: &str| match fields.get(name) {
        None => Ok(None),
        Some(Value::Array(list)) => {
            let texts = list.iter().map(|item| item.as_str().map(str::to_owned)).collect::<Option<Vec<_>>>();
            texts.map(Some).ok_or_else(|| bad(name, "is not a list of strings"))
        }
        Some(_) => Err(bad(name, "is not an array")),
    };
    let events = texts("eventTypes")?;
    if let Some(at) = events.iter().flatten().position(|event| !["add", "update"].contains(&event.as_str())) {
        return Err(bad(&format!("eventTypes[{at}]"), "is none of \"add\", \"update\""));
    }
    let ready = match fields.get("isReadyColumn") {
        None => None,
        Some(Value::Null) => Some(None),
        Some(Value::String(col)) => Some(Some(col.clone()).filter(|col| !col.is_empty())),
        Some(_) => return Err(bad("isReadyColumn", "is none of string, null")),
    };
    let enabled = match fields.get("enabled") {
        None => None,
        Some(enabled) => Some(enabled.as_bool().ok_or_else(|| bad("enabled", "is not a boolean"))?),
    };
    Ok(Fields {
        url: text("url")?,
        authorization: text("authorization")?,
        events,
        table: text("tableId")?,
        enabled,
        ready,
        watched: texts("watchedColIds")?.map(|cols| cols.iter().filter_map(|col| col_id(col)).collect()),
        label: text("name")?,
        memo: text("memo")?,
        condition: text("condition")?,
    })
}

fn check(server: &Server, fields: &Fields) -> Result<(), ApiError> {
    if fields.events.as_ref().is_some_and(Vec::is_empty) {
        return Err(ApiError::bad("eventTypes must be a non-empty array"));
    }
    match &fields.url {
        Some(url) if server.outbox.client().addresses().check(url).is_err() => {
            Err(ApiError::new(StatusCode::FORBIDDEN, "Provided url is forbidden"))
        }
        _ => Ok(()),
    }
}

/// A webhook as the document has it.
#[derive(Debug)]
struct Trigger {
    row: RowId,
    id: String,
    table: String,
    shown: Map<String, Value>,
}

/// The webhooks of a document.
fn triggers(engine: &Engine) -> Vec<Trigger> {
    let Some(triggers) = engine.table(TRIGGERS) else { return Vec::new() };
    let name = |table: &str, col: &str, row: &CellValue| -> Option<String> {
        let row = row.as_row_id().filter(|row| !row.is_none())?;
        engine.table(table)?.cell(col, row).as_text().map(str::to_owned)
    };
    let column = |row: &CellValue| name("_grist_Tables_column", "colId", row);
    triggers
        .rows()
        .iter()
        .filter_map(|row| {
            let cell = |col: &str| triggers.cell(col, row);
            let actions: Value = serde_json::from_str(cell("actions").as_text()?).ok()?;
            let is_webhook = |action: &&Value| action["type"] == "webhook";
            let id = actions.as_array()?.iter().find(is_webhook)?["id"].as_str()?.to_owned();
            let list = |col: &str| match cell(col) {
                CellValue::List(items) => items.to_vec(),
                _ => Vec::new(),
            };
            let table = name("_grist_Tables", "tableId", &cell("tableRef")).unwrap_or_default();
            let texts: Vec<String> =
                list("eventTypes").iter().filter_map(|event| event.as_text().map(str::to_owned)).collect();
            let watched: Vec<String> = list("watchedColRefList").iter().filter_map(column).collect();
            let shown = json!({
                "eventTypes": texts,
                "isReadyColumn": column(&cell("isReadyColRef")),
                "watchedColIds": watched,
                "tableId": table,
                "enabled": cell("enabled").is_true(),
                "name": cell("label").as_text(),
                "memo": cell("memo").as_text(),
            });
            let Value::Object(shown) = shown else { return None };
            Some(Trigger { row, id, table, shown })
        })
        .collect()
}

async fn find(document: &Handle, id: &str) -> Result<Trigger, ApiError> {
    let triggers = document.with_engine(|engine, _| triggers(engine)).await?;
    let found = triggers.into_iter().find(|trigger| trigger.id == id);
    found.ok_or_else(|| ApiError::not_found(format!("Webhook not found \"{id}\"")))
}

async fn list(State(server): State<Server>, caller: DocumentCaller) -> Result<Json<Value>, ApiError> {
    caller.require_owner()?;
    let document = caller.open().await?;
    let triggers = document.with_engine(|engine, _| triggers(engine)).await?;
    let waiting = waiting(&document).await?;
    let secrets: HashMap<String, String> = server.home.secrets(caller.id()).await?.into_iter().collect();
    let shown: Vec<Value> = triggers
        .into_iter()
        .filter_map(|trigger| {
            // A copy of a document has the triggers, but not the webhooks.
            let secret: Value = serde_json::from_str(secrets.get(&trigger.id)?).ok()?;
            let mut fields = trigger.shown;
            for name in ["url", "authorization", "unsubscribeKey"] {
                let value = secret[name].as_str().unwrap_or_default();
                fields.insert(name.into(), value.into());
            }
            let status = server.outbox.status(caller.id(), &trigger.id);
            let usage = usage(status, waiting.get(&trigger.id).copied().unwrap_or(0));
            Some(json!({"id": trigger.id, "fields": fields, "usage": usage}))
        })
        .collect();
    Ok(Json(json!({"webhooks": shown})))
}

/// The cells of a trigger that a request sets. `table`: the table that it is about now.
async fn cells(
    document: &Handle,
    fields: &Fields,
    table: Option<&str>,
) -> Result<Vec<(String, CellValue)>, ApiError> {
    let wanted = fields.table.as_deref().or(table).unwrap_or_default().to_owned();
    let id = wanted.clone();
    let found = document
        .with_engine(move |engine, _| Some((table_ref(engine, &id)?, columns_of(engine, &id)?)))
        .await?;
    let (table_row, columns) =
        found.ok_or_else(|| ApiError::not_found(format!("Table not found \"{wanted}\"")))?;
    let column = |col: &String| {
        let row = columns.get(col).copied().map(CellValue::from);
        row.ok_or_else(|| ApiError::not_found(format!("Column not found \"{col}\"")))
    };
    // Lists are written with their code: these are raw values.
    let coded = |items: Vec<CellValue>| {
        let code = std::iter::once(CellValue::text("L"));
        if items.is_empty() { CellValue::Null } else { CellValue::list(code.chain(items)) }
    };
    let mut cells = Vec::new();
    let mut set = |name: &str, value: CellValue| cells.push((name.to_owned(), value));
    if fields.table.is_some() {
        set("tableRef", CellValue::from(table_row));
        // Columns of another table mean nothing here.
        if fields.table.as_deref() != table {
            set("isReadyColRef", CellValue::Int(0));
            set("watchedColRefList", CellValue::Null);
        }
    }
    if let Some(events) = &fields.events {
        set("eventTypes", coded(events.iter().map(|event| CellValue::text(event)).collect()));
    }
    if let Some(ready) = &fields.ready {
        set("isReadyColRef", ready.as_ref().map_or(Ok(CellValue::Int(0)), column)?);
    }
    if let Some(watched) = &fields.watched {
        set("watchedColRefList", coded(watched.iter().map(column).collect::<Result<_, _>>()?));
    }
    if let Some(enabled) = fields.enabled {
        set("enabled", CellValue::Bool(enabled));
    }
    for (name, text) in [("label", &fields.label), ("memo", &fields.memo), ("condition", &fields.condition)] {
        if let Some(text) = text {
            set(name, CellValue::text(text));
        }
    }
    Ok(cells)
}

/// Does one user action; gives the row that it returns.
pub(crate) async fn apply(
    caller: &DocumentCaller,
    document: &Handle,
    name: &str,
    arguments: impl IntoIterator<Item = CellValue>,
) -> Result<Option<RowId>, ApiError> {
    let done =
        document.apply(caller.person(), None, vec![action(name, arguments)], ApplyOptions::default()).await?;
    Ok(done.results.first().and_then(CellValue::as_row_id))
}

/// What came of a new webhook.
struct Made {
    row: RowId,
    id: String,
    unsubscribe_key: String,
}

async fn make(server: &Server, caller: &DocumentCaller, fields: &Fields) -> Result<Made, ApiError> {
    check(server, fields)?;
    if caller.access.document.trunk_id.is_some() {
        return Err(ApiError::bad("Unsaved document copies cannot have webhooks"));
    }
    let document = caller.open().await?;
    let mut cells = cells(&document, fields, None).await?;
    let id = uuid::Uuid::new_v4().to_string();
    let unsubscribe_key = uuid::Uuid::new_v4().to_string();
    let secret = json!({
        "url": fields.url,
        "authorization": fields.authorization.as_deref().unwrap_or_default(),
        "unsubscribeKey": unsubscribe_key,
    });
    let actions = json!([{"type": "webhook", "id": id}]);
    cells.push(("actions".to_owned(), CellValue::text(&actions.to_string())));
    if fields.enabled.is_none() {
        cells.push(("enabled".to_owned(), CellValue::Bool(true)));
    }
    server.home.set_secret(caller.id(), &id, Some(&secret.to_string())).await?;
    let added = [CellValue::text(TRIGGERS), CellValue::Null, dict(cells)];
    match apply(caller, &document, "AddRecord", added).await {
        Ok(row) => Ok(Made { row: row.unwrap_or_default(), id, unsubscribe_key }),
        Err(error) => {
            server.home.set_secret(caller.id(), &id, None).await?;
            Err(error)
        }
    }
}

async fn add(
    State(server): State<Server>,
    caller: DocumentCaller,
    body: JsonBody,
) -> Result<Json<Value>, ApiError> {
    caller.require_owner()?;
    let list = match body.fields().get("webhooks") {
        None => return Err(payload::bad("value.webhooks is missing")),
        Some(list) => list.as_array().ok_or_else(|| payload::bad("value.webhooks is not an array"))?,
    };
    let mut wanted = Vec::new();
    for (at, webhook) in list.iter().enumerate() {
        let place = format!("value.webhooks[{at}].fields");
        let fields = webhook.get("fields").and_then(Value::as_object);
        let fields = fields.ok_or_else(|| payload::bad(&format!("{place} is missing")))?;
        for name in ["url", "eventTypes", "tableId"] {
            if !fields.contains_key(name) {
                return Err(payload::bad(&format!("{place}.{name} is missing")));
            }
        }
        wanted.push(read(fields, &place)?);
    }
    let mut made = Vec::new();
    for fields in &wanted {
        made.push(json!({"id": make(&server, &caller, fields).await?.id}));
    }
    Ok(Json(json!({"webhooks": made})))
}

async fn change(
    State(server): State<Server>,
    caller: DocumentCaller,
    Path((_, id)): Path<(String, String)>,
    body: JsonBody,
) -> Result<Json<Value>, ApiError> {
    caller.require_owner()?;
    let fields = read(body.fields(), "value")?;
    let document = caller.open().await?;
    let trigger = find(&document, &id).await?;
    check(&server, &fields)?;
    let cells = cells(&document, &fields, Some(&trigger.table)).await?;
    if fields.enabled == Some(false) {
        webhook_usage::forget(&server, &caller, Some(&id)).await?;
    }
    if fields.url.is_some() || fields.authorization.is_some() {
        let known = server.home.secret(caller.id(), &id).await?.unwrap_or_default();
        let mut secret: Value = serde_json::from_str(&known).unwrap_or_else(|_| json!({}));
        for (name, text) in [("url", &fields.url), ("authorization", &fields.authorization)] {
            if let Some(text) = text {
                secret[name] = text.as_str().into();
            }
        }
        server.home.set_secret(caller.id(), &id, Some(&secret.to_string())).await?;
    }
    if !cells.is_empty() {
        let update = [CellValue::text(TRIGGERS), CellValue::from(trigger.row), dict(cells)];
        apply(&caller, &document, "UpdateRecord", update).await?;
    }
    server.outbox.retry(caller.id(), &id);
    Ok(success())
}

async fn forget(server: &Server, caller: &DocumentCaller, id: &str) -> Result<(), ApiError> {
    let document = caller.open().await?;
    let trigger = find(&document, id).await?;
    let gone = [CellValue::text(TRIGGERS), CellValue::from(trigger.row)];
    apply(caller, &document, "RemoveRecord", gone).await?;
    server.home.set_secret(caller.id(), id, None).await?;
    webhook_usage::forget(server, caller, Some(id)).await
}

async fn remove(
    State(server): State<Server>,
    caller: DocumentCaller,
    Path((_, id)): Path<(String, String)>,
) -> Result<Json<Value>, ApiError> {
    caller.require_owner()?;
    forget(&server, &caller, &id).await?;
    Ok(success())
}

/// The older form, one webhook at a time.
async fn subscribe(
    State(server): State<Server>,
    caller: DocumentCaller,
    Path((_, table)): Path<(String, String)>,
    body: JsonBody,
) -> Result<Json<Value>, ApiError> {
    caller.require_owner()?;
    let mut fields = read(body.fields(), "value")?;
    if fields.url.is_none() || fields.events.is_none() {
        return Err(payload::bad("value.url and value.eventTypes are required"));
    }
    fields.table = Some(table);
    let made = make(&server, &caller, &fields).await?;
    Ok(Json(json!({
        "unsubscribeKey": made.unsubscribe_key,
        "triggerId": made.row.0,
        "webhookId": made.id,
    })))
}

/// Who has the key may end what they began, without owning the document.
async fn unsubscribe(
    State(server): State<Server>,
    caller: DocumentCaller,
    body: JsonBody,
) -> Result<Json<Value>, ApiError> {
    caller.require_editor()?;
    let id = body.text("webhookId").ok_or_else(|| payload::bad("value.webhookId is missing"))?;
    let secret = server.home.secret(caller.id(), id).await?;
    let secret = secret.ok_or_else(|| ApiError::not_found(format!("Webhook not found \"{id}\"")))?;
    let secret: Value = serde_json::from_str(&secret).unwrap_or_default();
    if caller.require_owner().is_err() && secret["unsubscribeKey"].as_str() != body.text("unsubscribeKey") {
        return Err(ApiError::bad("Bad request: unsubscribeKey does not fit"));
    }
    forget(&server, &caller, id).await?;
    Ok(success())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read() {
        let good = json!({"url": "u", "eventTypes": ["add"], "isReadyColumn": null, "name": "n"});
        let fields = read(good.as_object().unwrap(), "value").unwrap();
        assert_eq!((fields.ready, fields.label.as_deref()), (Some(None), Some("n")));
        let bad = [
            json!({"eventTypes": ["explode"]}),
            json!({"eventTypes": "add"}),
            json!({"url": 3}),
            json!({"enabled": "yes"}),
            json!({"isReadyColumn": 3}),
        ];
        for body in bad {
            assert!(read(body.as_object().unwrap(), "value").is_err(), "{body}");
        }
    }
}
