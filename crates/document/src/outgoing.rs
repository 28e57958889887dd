//! Triggers: what of a turn is to be told outside, and to whom.
//!
//! A trigger is a row of `_grist_Triggers`: a table, events (`add`, `update`), perhaps a column that says when a row is ready, columns to watch, a condition, and
//! what to do. Looked at after the formulas have run and before the turn is kept, so that its events are kept with it. Delivering is for others.

use access::{Cells, Predicate};
use engine::{Engine, Outcome, Table};
use model::json::{Dialect, cell_to_json};
use model::{CellValue, ColId, DocAction, RowId};
use rustc_hash::FxHashSet;
use serde_json::{Map, Value, json};
use store::Outgoing;

use crate::action_summary::{ActionSummary, TableDelta};
use crate::outlet::Push;
use crate::state::Document;

const TRIGGERS: &str = "_grist_Triggers";

/// A document has something to tell outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct News {
    /// The document.
    pub document: String,
    /// Whom it is for.
    pub webhooks: Vec<String>,
}

/// What of a turn is to be told.
#[derive(Debug, Default)]
pub(crate) struct Triggered {
    /// For those outside, in the order in which it is to be told.
    pub(crate) events: Vec<Outgoing>,
    /// For the owners who look at the document, by trigger.
    chatter: Vec<Value>,
}

/// A trigger that is switched on, of a table that the turn has touched.
struct Trigger {
    row: RowId,
    table: String,
    adds: bool,
    updates: bool,
    /// What is done: `{"type": "webhook", "id": …}`.
    actions: Vec<Value>,
    ready: Option<ColId>,
    watched: Vec<ColId>,
    condition: Option<Predicate>,
}

/// What of a turn is to be told. Costs next to nothing where no trigger is concerned.
pub(crate) fn triggered(engine: &mut Engine, outcome: &Outcome) -> Triggered {
    let triggers = concerned(engine, outcome);
    if triggers.is_empty() {
        return Triggered::default();
    }
    let summary = ActionSummary::whole(&outcome.stored, &outcome.undo);
    let mut told = Triggered::default();
    for trigger in triggers {
        let Some(delta) = summary.tables.get(trigger.table.as_str()) else { continue };
        let Ok(table) = engine.loaded(&trigger.table) else { continue };
        told.add(&trigger, table, delta);
    }
    told
}

impl Triggered {
    fn add(&mut self, trigger: &Trigger, table: &Table, delta: &TableDelta) {
        let mut rows: Vec<RowId> = delta.added.iter().chain(&delta.updated).copied().collect();
        rows.sort_unstable();
        rows.dedup();
        rows.retain(|row| table.rows().contains(*row) && trigger.fires(table, delta, *row));
        if rows.is_empty() {
            return;
        }
        let records: Vec<Value> = rows.iter().map(|row| record(table, *row)).collect();
        for action in &trigger.actions {
            let (Some("webhook"), Some(id)) = (action["type"].as_str(), action["id"].as_str()) else {
                continue;
            };
            self.events.extend(
                records.iter().map(|record| Outgoing { webhook: id.to_owned(), payload: record.to_string() }),
            );
        }
        let actions: Vec<Value> = trigger
            .actions
            .iter()
            .map(|action| json!({"id": action["id"], "type": action["type"]}))
            .collect();
        let rows: Vec<Value> =
            rows.iter().zip(records).map(|(row, data)| json!({"rowId": row.0, "data": data})).collect();
        self.chatter.push(json!({"trigger": {"triggerId": trigger.row.0, "rows": rows, "actions": actions}}));
    }

    /// Whom the events are for, each once.
    pub(crate) fn webhooks(&self) -> Vec<String> {
        let mut all: Vec<String> = Vec::new();
        for event in &self.events {
            if !all.contains(&event.webhook) {
                all.push(event.webhook.clone());
            }
        }
        all
    }
}

impl Document {
    /// After a turn is kept: those who deliver are told, and the owners who may see everything.
    pub(crate) fn tell_triggered(&mut self, told: &Triggered) {
        let webhooks = told.webhooks();
        if !webhooks.is_empty() {
            self.seat.note_outgoing(webhooks);
        }
        if told.chatter.is_empty() {
            return;
        }
        // Grist sends the rows to everybody, whatever the rules say. Triggers are the owners' business.
        let owners: Vec<_> = self
            .clients
            .values()
            .filter(|client| client.person.is_owner())
            .map(|client| (client.person.clone(), client.listener.clone()))
            .collect();
        for (person, listener) in owners {
            if self.reads_everything(&person) {
                for chatter in &told.chatter {
                    listener.hear(Push::Chatter(chatter.clone()));
                }
            }
        }
    }

    /// What an earlier run of the program could not deliver.
    pub(crate) fn tell_waiting(&self) {
        match self.file.borrow().outgoing_counts() {
            Ok(counts) if counts.is_empty() => {}
            Ok(counts) => self.seat.note_outgoing(counts.into_iter().map(|(webhook, _)| webhook).collect()),
            Err(error) => tracing::error!(%error, "what waits to be told outside cannot be read"),
        }
    }
}

/// A row as it is told: its id and all of its cells.
fn record(table: &Table, row: RowId) -> Value {
    let mut cells = Map::new();
    cells.insert("id".into(), row.0.into());
    for (_, slot) in table.columns().filter(|(_, slot)| !slot.id.starts_with('#')) {
        cells.insert(slot.id.to_string(), plain(cell_to_json(&slot.cells.get(row), Dialect::Grist)));
    }
    Value::Object(cells)
}

/// Whole numbers without a fraction, as JavaScript writes them: some receivers mind.
fn plain(value: Value) -> Value {
    match value {
        Value::Array(items) => items.into_iter().map(plain).collect(),
        Value::Object(entries) => entries.into_iter().map(|(name, entry)| (name, plain(entry))).collect(),
        #[expect(clippy::cast_possible_truncation, reason = "a whole number within the bounds")]
        Value::Number(number) if number.is_f64() => match number.as_f64() {
            Some(float) if float.fract() == 0.0 && float.abs() < 1e15 => Value::from(float as i64),
            _ => Value::Number(number),
        },
        other => other,
    }
}

impl Trigger {
    fn fires(&self, table: &Table, delta: &TableDelta, row: RowId) -> bool {
        let is_new = delta.added.contains(&row);
        let was = |col: &str| delta.columns.get(col).and_then(|cells| cells.get(&row));
        let is_true = |cell: &CellValue| *cell == CellValue::Bool(true);
        let was_ready = match &self.ready {
            None => !is_new,
            Some(col) => {
                // Truth itself, not what counts as true.
                if !is_true(&table.cell(col, row)) {
                    return false;
                }
                !is_new
                    && was(col).is_none_or(|cell| match &cell.before {
                        Some(before) => is_true(before),
                        // Computed anew, and the same.
                        None => true,
                    })
            }
        };
        let event = if was_ready {
            self.updates && (self.watched.is_empty() || self.watched.iter().any(|col| was(col).is_some()))
        } else {
            self.adds
        };
        event
            && self.condition.as_ref().is_none_or(|condition| {
                let now = Now { table, row };
                let old = Old { now: Now { table, row }, delta };
                let old: Option<&dyn Cells> = if is_new { None } else { Some(&old) };
                condition.holds_for_record(&now, old)
            })
    }
}

/// A row as it is.
struct Now<'t> {
    table: &'t Table,
    row: RowId,
}

impl Cells for Now<'_> {
    fn cell(&self, col: &str) -> Option<CellValue> {
        if col == "id" {
            return Some(CellValue::from(self.row));
        }
        self.table.column(col).map(|slot| slot.cells.get(self.row))
    }
}

/// A row as it was before the turn.
struct Old<'t> {
    now: Now<'t>,
    delta: &'t TableDelta,
}

impl Cells for Old<'_> {
    fn cell(&self, col: &str) -> Option<CellValue> {
        let before = self.delta.columns.get(col).and_then(|cells| cells.get(&self.now.row)?.before.clone());
        before.or_else(|| self.now.cell(col))
    }
}

/// The triggers that are switched on, of tables that the turn has touched; by table, as Grist goes through them.
fn concerned(engine: &Engine, outcome: &Outcome) -> Vec<Trigger> {
    let Some(triggers) = engine.table(TRIGGERS).filter(|table| !table.rows().is_empty()) else {
        return Vec::new();
    };
    let touched: FxHashSet<&str> = outcome.stored.iter().map(action_table).collect();
    let mut found: Vec<(RowId, Trigger)> = triggers
        .rows()
        .iter()
        .filter(|row| triggers.cell("enabled", *row).is_true())
        .filter_map(|row| {
            let of = triggers.cell("tableRef", row).as_row_id().filter(|table| !table.is_none())?;
            let table = engine.table("_grist_Tables")?.cell("tableId", of).as_text()?.to_owned();
            if !touched.contains(table.as_str()) {
                return None;
            }
            let trigger = read(engine, triggers, row, (of, table));
            if trigger.is_none() {
                tracing::warn!(trigger = row.0, "a trigger that makes no sense is left alone");
            }
            Some((of, trigger?))
        })
        .collect();
    found.sort_by_key(|(of, _)| *of);
    found.into_iter().map(|(_, trigger)| trigger).collect()
}

/// The table as it is called in the end is what the summary knows; a rename within a turn makes it touched by both names.
fn action_table(action: &DocAction) -> &str {
    match action {
        DocAction::RenameTable(_, new) => new,
        other => other.table(),
    }
}

/// A trigger; nothing if its columns are not of its table, or its condition cannot be understood.
fn read(engine: &Engine, triggers: &Table, row: RowId, (of, table): (RowId, String)) -> Option<Trigger> {
    let columns = engine.table("_grist_Tables_column")?;
    let column = |col: RowId| {
        let is_its_own = columns.cell("parentId", col).as_row_id() == Some(of);
        is_its_own.then(|| columns.cell("colId", col).as_text().map(ColId::new)).flatten()
    };
    let list = |name: &str| match triggers.cell(name, row) {
        CellValue::List(items) => items.to_vec(),
        CellValue::RecordSet(_, rows) => rows.iter().map(|row| CellValue::from(*row)).collect(),
        _ => Vec::new(),
    };
    let events = list("eventTypes");
    let has = |event: &str| events.iter().any(|known| known.as_text() == Some(event));
    let ready = match triggers.cell("isReadyColRef", row).as_row_id().filter(|col| !col.is_none()) {
        Some(col) => Some(column(col)?),
        None => None,
    };
    let watched =
        list("watchedColRefList").iter().map(|col| column(col.as_row_id()?)).collect::<Option<_>>()?;
    let actions: Vec<Value> = serde_json::from_str(triggers.cell("actions", row).as_text()?).ok()?;
    let condition = condition(triggers.cell("condition", row).as_text().unwrap_or_default())?;
    Some(Trigger { row, table, adds: has("add"), updates: has("update"), actions, ready, watched, condition })
}

/// A condition is empty, or `{"text": …, "parsed": …}`. The other form that Grist knows (`{"config": …}`, by its page of automations) is not understood here.
fn condition(text: &str) -> Option<Option<Predicate>> {
    if text.trim().is_empty() {
        return Some(None);
    }
    let condition: Value = serde_json::from_str(text).ok()?;
    if condition["text"].as_str().is_some_and(|text| text.trim().is_empty()) {
        return Some(None);
    }
    let tree = match &condition["parsed"] {
        Value::String(tree) => tree.clone(),
        Value::Null => return None,
        tree => tree.to_string(),
    };
    Predicate::read(&tree).ok().map(Some)
}
