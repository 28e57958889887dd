//! Triggers as records: what [`super::webhooks`] shows by webhook, by row of `_grist_Triggers`. Addresses and keys go to the home database here as well.

use std::collections::HashMap;

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use document::Handle;
use engine::Engine;
use model::json::raw::raw_from_json;
use model::json::{Dialect, cell_to_json};
use model::{CellValue, RowId};
use serde_json::{Map, Value, json};

use super::payload;
use super::record_requests::dict;
use super::webhook_usage::{forget, waiting};
use super::webhooks::apply;
use crate::body::JsonBody;
use crate::document_caller::DocumentCaller;
use crate::error::ApiError;
use crate::show::instant;
use crate::state::Server;

const TRIGGERS: &str = "_grist_Triggers";

/// What is told of a trigger, and may be changed.
const FIELDS: [&str; 9] = [
    "tableRef",
    "label",
    "memo",
    "enabled",
    "actions",
    "condition",
    "eventTypes",
    "watchedColRefList",
    "isReadyColRef",
];

/// How many of the events that wait for a webhook are shown.
const SHOWN: usize = 100;

pub(crate) fn routes() -> Router<Server> {
    Router::new()
        .route("/docs/{did}/triggers", get(list).post(add).patch(change))
        .route("/docs/{did}/triggers/delete", post(delete))
        .route("/docs/{did}/triggers/monitor", get(monitor))
}

fn success() -> Json<Value> {
    Json(json!({"success": true}))
}

/// Rows and their fields, actions as they are in the document.
fn read(engine: &Engine) -> Vec<(RowId, Map<String, Value>)> {
    let Some(triggers) = engine.table(TRIGGERS) else { return Vec::new() };
    let fields = |row: RowId| {
        let cell =
            |name: &&str| ((*name).to_owned(), cell_to_json(&triggers.cell(name, row), Dialect::Grist));
        FIELDS.iter().map(cell).collect()
    };
    triggers.rows().iter().map(|row| (row, fields(row))).collect()
}

async fn triggers(document: &Handle) -> Result<Vec<(RowId, Map<String, Value>)>, ApiError> {
    Ok(document.with_engine(|engine, _| read(engine)).await?)
}

/// The actions of a trigger.
fn actions_of(fields: &Map<String, Value>) -> Vec<Value> {
    let text = fields.get("actions").and_then(Value::as_str).unwrap_or_default();
    serde_json::from_str(text).unwrap_or_default()
}

fn webhook_id(action: &Value) -> Option<&str> {
    if action["type"] == "webhook" { action["id"].as_str() } else { None }
}

async fn list(State(server): State<Server>, caller: DocumentCaller) -> Result<Json<Value>, ApiError> {
    caller.require_owner()?;
    let triggers = triggers(&caller.open().await?).await?;
    let secrets: HashMap<String, String> = server.home.secrets(caller.id()).await?.into_iter().collect();
    let records = triggers.into_iter().map(|(row, mut fields)| {
        let mut actions = actions_of(&fields);
        for action in &mut actions {
            let secret = webhook_id(action).and_then(|id| serde_json::from_str(secrets.get(id)?).ok());
            let (Some(Value::Object(secret)), Some(action)) = (secret, action.as_object_mut()) else {
                continue;
            };
            action.extend(
                secret.into_iter().filter(|(_, value)| value.as_str().is_none_or(|text| !text.is_empty())),
            );
        }
        fields.insert("actions".into(), Value::from(actions).to_string().into());
        json!({"id": row.0, "fields": fields})
    });
    Ok(Json(json!({"records": records.collect::<Vec<_>>()})))
}

/// A trigger as a request has it, checked as far as it can be without the document.
struct Wanted {
    id: Option<RowId>,
    fields: Map<String, Value>,
    actions: Option<Vec<Value>>,
}

fn wanted(body: &JsonBody, server: &Server, is_new: bool) -> Result<Vec<Wanted>, ApiError> {
    let Some(list) = body.fields().get("records") else {
        return Err(payload::bad("value.records is missing"));
    };
    let list = list.as_array().ok_or_else(|| payload::bad("value.records is not an array"))?;
    let one = |(at, record): (usize, &Value)| {
        let place = format!("value.records[{at}]");
        let id = record["id"].as_u64().and_then(|id| u32::try_from(id).ok()).map(RowId);
        if id.is_none() && !is_new {
            return Err(payload::bad(&format!("{place}.id is missing")));
        }
        let fields = record["fields"].as_object();
        let fields = fields.ok_or_else(|| payload::bad(&format!("{place}.fields is missing")))?;
        for (name, value) in fields {
            if !fits(name, value) {
                return Err(payload::bad(&format!("{place}.fields.{name} is not as it should be")));
            }
        }
        for name in ["tableRef", "eventTypes", "actions"] {
            if is_new && !fields.contains_key(name) {
                return Err(payload::bad(&format!("{place}.fields.{name} is missing")));
            }
        }
        let mut fields = fields.clone();
        let actions =
            fields.remove("actions").map(|actions| checked_actions(server, &actions)).transpose()?;
        Ok(Wanted { id, fields, actions })
    };
    list.iter().enumerate().map(one).collect()
}

/// Whether a value is of the kind that a field has. Lists begin with their code.
fn fits(name: &str, value: &Value) -> bool {
    let list = |item: &dyn Fn(&Value) -> bool| match value {
        Value::Null => true,
        Value::Array(items) => items.first().is_some_and(|code| code == "L") && items[1..].iter().all(item),
        _ => false,
    };
    match name {
        "tableRef" | "isReadyColRef" => value.is_u64(),
        "label" | "memo" | "actions" | "condition" => value.is_string(),
        "enabled" => value.is_boolean(),
        "eventTypes" => list(&|event| event == "add" || event == "update"),
        "watchedColRefList" => list(&Value::is_u64),
        _ => false,
    }
}

fn checked_actions(server: &Server, actions: &Value) -> Result<Vec<Value>, ApiError> {
    let bad = |what: &str| ApiError::bad(format!("Invalid trigger action: Error: {what}"));
    let actions: Option<Vec<Value>> = actions.as_str().and_then(|text| serde_json::from_str(text).ok());
    let actions = actions.ok_or_else(|| bad("value is not a list"))?;
    for action in &actions {
        match action["type"].as_str() {
            Some("webhook") => {}
            Some("email") => return Err(bad("this server sends no mails")),
            _ => return Err(bad("value is none of WebhookAction, EmailAction")),
        }
        // An action that is known already may come without its address.
        let url = match (&action["url"], &action["id"]) {
            (Value::String(url), _) => url,
            (Value::Null, Value::String(_)) => continue,
            _ => return Err(bad("value.url is missing")),
        };
        if !action["authorization"].is_null() && !action["authorization"].is_string() {
            return Err(bad("value.authorization is not a string"));
        }
        if server.outbox.client().addresses().check(url).is_err() {
            return Err(ApiError::new(StatusCode::FORBIDDEN, "Provided url is forbidden"));
        }
    }
    Ok(actions)
}

/// That tables are there, and columns are theirs. `known`: the table that the trigger has now.
fn check_references(
    engine: &Engine,
    fields: &Map<String, Value>,
    known: Option<u64>,
) -> Result<(), ApiError> {
    let table = fields.get("tableRef").and_then(Value::as_u64).or(known).unwrap_or_default();
    let row = u32::try_from(table).map(RowId).unwrap_or_default();
    let is_there =
        |name: &str, row: RowId| engine.table(name).is_some_and(|table| table.rows().contains(row));
    if fields.contains_key("tableRef") && !is_there("_grist_Tables", row) {
        return Err(ApiError::not_found(format!("Table not found: {table}")));
    }
    let watched = fields.get("watchedColRefList").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let ready = fields.get("isReadyColRef").filter(|col| **col != 0);
    for col in watched.iter().skip(1).chain(ready) {
        let id = col.as_u64().and_then(|col| u32::try_from(col).ok()).map(RowId).unwrap_or_default();
        let of = engine.table("_grist_Tables_column").filter(|columns| columns.rows().contains(id));
        let of = of.and_then(|columns| columns.cell("parentId", id).as_row_id());
        match of {
            None => return Err(ApiError::not_found(format!("Column not found: {col}"))),
            Some(of) if of != row => {
                return Err(ApiError::bad(format!("column {col} does not belong to table {table}")));
            }
            Some(_) => {}
        }
    }
    Ok(())
}

/// Puts what readers of the document must not see elsewhere; gives the actions as the document has them. `known`: the webhooks that the trigger has now.
async fn keep_secrets(
    server: &Server,
    caller: &DocumentCaller,
    actions: &[Value],
    known: &[String],
) -> Result<String, ApiError> {
    let mut kept = Vec::new();
    for action in actions {
        let given = action["id"].as_str().filter(|id| known.iter().any(|known| known == id));
        let id = given.map_or_else(|| uuid::Uuid::new_v4().to_string(), str::to_owned);
        let before = server.home.secret(caller.id(), &id).await?.unwrap_or_default();
        let mut secret: Value = serde_json::from_str(&before)
            .unwrap_or_else(|_| json!({"unsubscribeKey": uuid::Uuid::new_v4().to_string()}));
        for name in ["url", "authorization"] {
            if action[name].is_string() {
                secret[name] = action[name].clone();
            }
        }
        server.home.set_secret(caller.id(), &id, Some(&secret.to_string())).await?;
        kept.push(json!({"type": "webhook", "id": id}));
    }
    Ok(Value::from(kept).to_string())
}

/// The cells of a trigger, as a user action takes them.
fn cells(fields: &Map<String, Value>, actions: Option<String>) -> Vec<(String, CellValue)> {
    let mut cells: Vec<(String, CellValue)> =
        fields.iter().map(|(name, value)| (name.clone(), raw_from_json(value))).collect();
    cells.extend(actions.map(|actions| ("actions".to_owned(), CellValue::text(&actions))));
    cells
}

async fn add(
    State(server): State<Server>,
    caller: DocumentCaller,
    body: JsonBody,
) -> Result<Json<Value>, ApiError> {
    caller.require_owner()?;
    let wanted = wanted(&body, &server, true)?;
    if caller.access.document.trunk_id.is_some() {
        return Err(ApiError::bad("Unsaved document copies cannot have webhooks"));
    }
    let document = caller.open().await?;
    let mut made = Vec::new();
    for mut trigger in wanted {
        let fields = trigger.fields.clone();
        document.with_engine(move |engine, _| check_references(engine, &fields, None)).await??;
        trigger.fields.entry("enabled").or_insert(true.into());
        let actions = keep_secrets(&server, &caller, &trigger.actions.unwrap_or_default(), &[]).await?;
        let ids: Vec<String> = ids_in(&actions);
        let added = [CellValue::text(TRIGGERS), CellValue::Null, dict(cells(&trigger.fields, Some(actions)))];
        match apply(&caller, &document, "AddRecord", added).await {
            Ok(row) => made.push(json!({"id": row.unwrap_or_default().0})),
            Err(error) => {
                for id in ids {
                    server.home.set_secret(caller.id(), &id, None).await?;
                }
                return Err(error);
            }
        }
    }
    Ok(Json(json!({"records": made})))
}

fn ids_in(actions: &str) -> Vec<String> {
    let actions: Vec<Value> = serde_json::from_str(actions).unwrap_or_default();
    actions.iter().filter_map(webhook_id).map(str::to_owned).collect()
}

/// The trigger of that row.
fn find(triggers: &[(RowId, Map<String, Value>)], row: RowId) -> Result<&Map<String, Value>, ApiError> {
    let found = triggers.iter().find(|(known, _)| *known == row).map(|(_, fields)| fields);
    found.ok_or_else(|| ApiError::not_found(format!("Trigger not found: {}", row.0)))
}

async fn change(
    State(server): State<Server>,
    caller: DocumentCaller,
    body: JsonBody,
) -> Result<Json<Value>, ApiError> {
    caller.require_owner()?;
    let wanted = wanted(&body, &server, false)?;
    let document = caller.open().await?;
    let known = triggers(&document).await?;
    for trigger in &wanted {
        let before = find(&known, trigger.id.unwrap_or_default())?;
        let (fields, table) = (trigger.fields.clone(), before["tableRef"].as_u64());
        document.with_engine(move |engine, _| check_references(engine, &fields, table)).await??;
    }
    for trigger in wanted {
        let row = trigger.id.unwrap_or_default();
        let before: Vec<String> =
            actions_of(find(&known, row)?).iter().filter_map(webhook_id).map(str::to_owned).collect();
        let actions = match &trigger.actions {
            Some(actions) => Some(keep_secrets(&server, &caller, actions, &before).await?),
            None => None,
        };
        let after = actions.as_deref().map_or_else(|| before.clone(), ids_in);
        let update = [CellValue::text(TRIGGERS), CellValue::from(row), dict(cells(&trigger.fields, actions))];
        apply(&caller, &document, "UpdateRecord", update).await?;
        for id in before.iter().filter(|id| !after.contains(id)) {
            server.home.set_secret(caller.id(), id, None).await?;
            forget(&server, &caller, Some(id)).await?;
        }
        for id in &after {
            if trigger.fields.get("enabled") == Some(&Value::Bool(false)) {
                forget(&server, &caller, Some(id)).await?;
            } else {
                server.outbox.retry(caller.id(), id);
            }
        }
    }
    Ok(success())
}

async fn delete(
    State(server): State<Server>,
    caller: DocumentCaller,
    body: JsonBody,
) -> Result<Json<Value>, ApiError> {
    caller.require_owner()?;
    let ids = body.fields().get("ids").and_then(Value::as_array);
    let ids = ids.ok_or_else(|| payload::bad("value.ids is missing"))?;
    let rows: Option<Vec<RowId>> =
        ids.iter().map(|id| id.as_u64().and_then(|id| u32::try_from(id).ok()).map(RowId)).collect();
    let rows = rows.ok_or_else(|| payload::bad("value.ids is not a list of numbers"))?;
    let document = caller.open().await?;
    let known = triggers(&document).await?;
    let mut webhooks = Vec::new();
    for row in &rows {
        webhooks.extend(actions_of(find(&known, *row)?).iter().filter_map(webhook_id).map(str::to_owned));
    }
    let gone = CellValue::list(rows.iter().map(|row| CellValue::from(*row)));
    apply(&caller, &document, "BulkRemoveRecord", [CellValue::text(TRIGGERS), gone]).await?;
    for id in webhooks {
        server.home.set_secret(caller.id(), &id, None).await?;
        forget(&server, &caller, Some(&id)).await?;
    }
    Ok(success())
}

/// What was delivered last, and what waits; by action. The form of the entries is our own.
async fn monitor(State(server): State<Server>, caller: DocumentCaller) -> Result<Json<Value>, ApiError> {
    caller.require_owner()?;
    let document = caller.open().await?;
    let counts = waiting(&document).await?;
    let (mut delivered, mut pending) = (Vec::new(), Vec::new());
    for (row, fields) in triggers(&document).await? {
        for id in actions_of(&fields).iter().filter_map(webhook_id) {
            let status = server.outbox.status(caller.id(), id);
            if let Some((batch, at)) =
                status.and_then(|status| Some((status.last_batch?, status.last_success?)))
            {
                delivered.push(json!({"triggerId": row.0, "actionId": id, "time": instant(at),
                    "status": batch.status.word(), "httpStatus": batch.http_status, "size": batch.size}));
            }
            if !counts.contains_key(id) {
                continue;
            }
            let of = id.to_owned();
            let events = document.with_file(move |file| file.outgoing(&of, SHOWN)).await?;
            let (events, _) = events.map_err(|error| ApiError::from(&error))?;
            pending.extend(events.into_iter().map(|event| {
                let row_id = serde_json::from_str(&event.payload).map(|payload: Value| payload["id"].clone());
                json!({"triggerId": row.0, "actionId": id, "time": instant(event.time_ms), "rowId": row_id.unwrap_or_default()})
            }));
        }
    }
    Ok(Json(json!({"delivered": delivered, "pending": pending})))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_of_their_kind() {
        let cases = [
            ("tableRef", json!(2), true),
            ("tableRef", json!("2"), false),
            ("eventTypes", json!(["L", "add", "update"]), true),
            ("eventTypes", json!(["add"]), false),
            ("eventTypes", json!(["L", "explode"]), false),
            ("watchedColRefList", json!(null), true),
            ("watchedColRefList", json!(["L", 3]), true),
            ("watchedColRefList", json!(["L", "A"]), false),
            ("enabled", json!(1), false),
            ("nonsense", json!(1), false),
        ];
        for (name, value, expected) in cases {
            assert_eq!(fits(name, &value), expected, "{name} {value}");
        }
    }
}
