//! Before storage version 3, what was done was kept in another form: user actions with the steps that take them back.

use model::json::action_from_json;
use rusqlite::Connection;
use serde_json::Value;

use crate::commit::Record;
use crate::error::StoreError;
use crate::history::{self, Info};
use crate::schema::sql_columns;
use crate::sql::text_of;

/// Moves the old log into the history. What happened was not kept; where the user action reads as a doc action, that is taken for it.
pub(super) fn to_history(connection: &Connection) -> Result<(), StoreError> {
    let has_links = sql_columns(connection, "_gristsys_Action")?.iter().any(|col| *col == "linkId");
    let link = if has_links { "linkId" } else { "NULL" };
    let mut log = connection.prepare(&format!(
        "SELECT actionNum, time, user, \"desc\", otherId, {link}, json FROM _gristsys_Action ORDER BY actionNum, id"
    ))?;
    let mut steps =
        connection.prepare("SELECT json FROM _gristsys_Action_step WHERE parentId = ?1 ORDER BY id")?;
    let mut rows = log.query([])?;
    while let Some(row) = rows.next()? {
        let text = |at: usize| row.get_ref(at).ok()?.as_bytes().ok().map(|bytes| text_of(bytes).to_string());
        let number = |at: usize| row.get::<_, i64>(at).unwrap_or(0);
        let info = Info {
            time_ms: number(1),
            user: text(2).unwrap_or_default(),
            desc: text(3).filter(|text| !text.is_empty()),
            other_id: number(4),
            link_id: number(5),
        };
        let json = |text: String| serde_json::from_str::<Value>(&text).ok();
        let Some(user_action) = text(6).and_then(json) else { continue };
        let undo = steps.query_map([number(0)], |row| row.get::<_, String>(0))?;
        let undo = undo.map(|step| json(step.ok()?).and_then(|step| action_from_json(&step).ok()));
        // An undo is all or nothing.
        let undo = undo.collect::<Option<Vec<_>>>().unwrap_or_default();
        let stored: Vec<_> = action_from_json(&user_action).into_iter().collect();
        let record = Record {
            stored: &stored,
            undo: &undo,
            user_actions: vec![user_action],
            info,
            ..Record::default()
        };
        history::append(connection, &record)?;
    }
    drop(rows);
    Ok(connection.execute_batch("DELETE FROM _gristsys_Action; DELETE FROM _gristsys_Action_step;")?)
}
