//! What waits to be told outside, in the document's own file: it is written in the transaction of the turn that caused it, so that neither exists without the other.
//!
//! The table is made when the first event comes; a document that calls nobody does not have it. Copies leave it out ([`crate::CopyOptions`]). Delivering is not done here.

use rusqlite::{Connection, params};

use crate::error::StoreError;
use crate::open::DocFile;
use crate::schema::has_table;

const TABLE: &str = "_gristsys_MoulinOutgoing";

/// The most that is read at once, in bytes of payload; one event is always read.
const MOST: usize = 4 << 20;

/// An event to be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outgoing {
    /// Whom it is for: the id of a webhook.
    pub webhook: String,
    /// What is told: JSON.
    pub payload: String,
}

/// An event that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Its number: later events have higher ones.
    pub id: i64,
    /// When it happened, in milliseconds since 1970.
    pub time_ms: i64,
    /// What is told: JSON.
    pub payload: String,
}

/// Keeps events, within the transaction of their turn.
pub(crate) fn append(connection: &Connection, events: &[Outgoing], time_ms: i64) -> Result<(), StoreError> {
    if events.is_empty() {
        return Ok(());
    }
    if !has_table(connection, TABLE)? {
        // Numbers are not used twice: what is removed by number is what was read.
        connection.execute_batch(&format!(
            "CREATE TABLE {TABLE} (id INTEGER PRIMARY KEY AUTOINCREMENT, webhookId TEXT NOT NULL, time INTEGER NOT NULL, payload TEXT NOT NULL); \
             CREATE INDEX {TABLE}_webhook ON {TABLE} (webhookId, id)"
        ))?;
    }
    let mut insert = connection
        .prepare_cached(&format!("INSERT INTO {TABLE} (webhookId, time, payload) VALUES (?1, ?2, ?3)"))?;
    for event in events {
        insert.execute(params![event.webhook, time_ms, event.payload])?;
    }
    Ok(())
}

/// Forgets all events: in copies.
pub(crate) fn forget(connection: &Connection) -> Result<(), StoreError> {
    if has_table(connection, TABLE)? {
        // Nothing of it is left in free pages.
        connection.pragma_update(None, "secure_delete", true)?;
        connection.execute_batch(&format!("DROP TABLE {TABLE}"))?;
    }
    Ok(())
}

impl DocFile {
    /// How many events wait, by webhook.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn outgoing_counts(&self) -> Result<Vec<(String, u64)>, StoreError> {
        if !has_table(&self.connection, TABLE)? {
            return Ok(Vec::new());
        }
        let sql = format!("SELECT webhookId, count(*) FROM {TABLE} GROUP BY webhookId ORDER BY webhookId");
        let mut statement = self.connection.prepare_cached(&sql)?;
        let counts =
            statement.query_map([], |row| Ok((row.get(0)?, row.get::<_, i64>(1)?.unsigned_abs())))?;
        Ok(counts.collect::<Result<_, _>>()?)
    }

    /// The events of a webhook that have waited longest, and how many wait in all.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn outgoing(&self, webhook: &str, most: usize) -> Result<(Vec<Waiting>, u64), StoreError> {
        if !has_table(&self.connection, TABLE)? {
            return Ok((Vec::new(), 0));
        }
        let sql = format!("SELECT id, time, payload FROM {TABLE} WHERE webhookId = ?1 ORDER BY id");
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query([webhook])?;
        let (mut events, mut size) = (Vec::new(), 0);
        while let Some(row) = rows.next()? {
            let event = Waiting { id: row.get(0)?, time_ms: row.get(1)?, payload: row.get(2)? };
            size += event.payload.len();
            if events.len() == most || (size > MOST && !events.is_empty()) {
                break;
            }
            events.push(event);
        }
        let sql = format!("SELECT count(*) FROM {TABLE} WHERE webhookId = ?1");
        let all: i64 = self.connection.prepare_cached(&sql)?.query_row([webhook], |row| row.get(0))?;
        Ok((events, all.unsigned_abs()))
    }

    /// Forgets the events of a webhook up to a number.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn forget_outgoing(&mut self, webhook: &str, upto: i64) -> Result<(), StoreError> {
        if has_table(&self.connection, TABLE)? {
            let sql = format!("DELETE FROM {TABLE} WHERE webhookId = ?1 AND id <= ?2");
            self.connection.prepare_cached(&sql)?.execute(params![webhook, upto])?;
        }
        Ok(())
    }

    /// Forgets all events of a webhook but the newest.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn keep_newest_outgoing(&mut self, webhook: &str, keep: u64) -> Result<(), StoreError> {
        if has_table(&self.connection, TABLE)? {
            let sql = format!(
                "DELETE FROM {TABLE} WHERE webhookId = ?1 AND id <= \
                   (SELECT id FROM {TABLE} WHERE webhookId = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2)"
            );
            let keep = i64::try_from(keep).unwrap_or(i64::MAX);
            self.connection.prepare_cached(&sql)?.execute(params![webhook, keep])?;
        }
        Ok(())
    }

    /// Forgets all events; of one webhook, if one is named.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn clear_outgoing(&mut self, webhook: Option<&str>) -> Result<(), StoreError> {
        match webhook {
            Some(webhook) => self.forget_outgoing(webhook, i64::MAX),
            None if has_table(&self.connection, TABLE)? => {
                Ok(self.connection.execute_batch(&format!("DELETE FROM {TABLE}"))?)
            }
            None => Ok(()),
        }
    }
}
