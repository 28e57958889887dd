//! The history of a document, in Grist's form: one entry a turn, chained by hashes.
//!
//! The body of an entry is a marshalled dictionary: number, hashes, who and when, doc actions, undo, user actions. Grist's hash covers number, parent's hash,
//! info and stored actions.

use std::io::Read;

use model::DocAction;
use model::json::action_from_json;
use model::marshal::{self, Flavour, Writer};
use rusqlite::{Connection, OptionalExtension, params};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::commit::{Committed, Record};
use crate::error::StoreError;
use crate::open::DocFile;

/// Entries that are kept at most, and bytes; how far beyond before old ones go; how often that is looked at.
const KEEP: i64 = 1000;
const KEEP_BYTES: i64 = 1_000_000_000;
const GRACE: f64 = 1.25;
const CHECK_EVERY: i64 = 10;

/// Who, when and why.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Info {
    /// Milliseconds since 1970.
    pub time_ms: i64,
    /// The e-mail address of who did it.
    pub user: String,
    /// What the client says of it.
    pub desc: Option<String>,
    /// The number of the entry that this one undoes or redoes; 0: none.
    pub other_id: i64,
    /// The number of the entry with which it is bundled; 0: none.
    pub link_id: i64,
}

/// A turn as the history has it.
#[derive(Clone, Debug, PartialEq)]
pub struct HistoryEntry {
    /// Its number.
    pub action_num: i64,
    /// Its hash.
    pub action_hash: String,
    /// Who, when and why.
    pub info: Info,
    /// What happened.
    pub stored: Vec<DocAction>,
    /// What takes it back, last to first.
    pub undo: Vec<DocAction>,
    /// What was asked for.
    pub user_actions: Vec<Value>,
}

/// The head of an entry: enough to undo it.
#[derive(Clone, Debug, PartialEq)]
pub struct HistoryHead {
    /// Its number.
    pub action_num: i64,
    /// Its hash.
    pub action_hash: String,
    /// Who, when and why.
    pub info: Info,
    /// Whether it undoes another turn.
    pub is_undo: bool,
}

/// Bytes at the beginning of an entry within which its head is.
const HEAD: u64 = 4096;

/// Adds an entry after the newest one.
pub(crate) fn append(connection: &Connection, record: &Record<'_>) -> Result<Committed, StoreError> {
    let newest = newest(connection)?;
    let (parent_ref, parent_num, parent_hash) = match &newest {
        Some((id, num, hash)) => (Some(*id), *num, Some(hash.as_str())),
        None => (None, 0, None),
    };
    let action_num = parent_num + 1;
    let action_hash = hash_of(action_num, parent_hash, record);
    let body = body_of(action_num, &action_hash, parent_hash, record);
    connection
        .prepare_cached("INSERT INTO _gristsys_ActionHistory (actionHash, parentRef, actionNum, body) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![action_hash, parent_ref, action_num, body])?;
    let id = connection.last_insert_rowid();
    connection.prepare_cached("UPDATE _gristsys_ActionHistoryBranch SET actionRef = ?1")?.execute([id])?;
    if action_num % CHECK_EVERY == 0 {
        prune(connection)?;
    }
    Ok(Committed { action_num, action_hash })
}

/// The end of the chain: row, number and hash. Where branches differ (documents once shared between instances), the longest; where none is known, the newest row.
fn newest(connection: &Connection) -> Result<Option<(i64, i64, String)>, StoreError> {
    let sql = "SELECT h.id, h.actionNum, h.actionHash FROM _gristsys_ActionHistory h \
               LEFT JOIN _gristsys_ActionHistoryBranch b ON b.actionRef = h.id \
               WHERE h.actionHash IS NOT NULL ORDER BY b.actionRef IS NULL, h.actionNum DESC, h.id DESC LIMIT 1";
    let row = connection
        .prepare_cached(sql)?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()?;
    Ok(row)
}

/// What Grist computes: its own marshalled form of number, parent, info and doc actions.
fn hash_of(action_num: i64, parent_hash: Option<&str>, record: &Record<'_>) -> String {
    let mut writer = Writer::new(Flavour::Grist);
    writer.int(action_num);
    write_hash(&mut writer, parent_hash);
    write_info(&mut writer, &record.info);
    write_stored(&mut writer, record.stored);
    hex::encode(Sha256::digest(writer.into_bytes()))
}

/// The entry as Grist reads it. Floats stay floats, which Grist does not mind.
fn body_of(action_num: i64, hash: &str, parent_hash: Option<&str>, record: &Record<'_>) -> Vec<u8> {
    enum Part {
        Hash,
        Num,
        None,
        Envelopes,
        Info,
        Parent,
        Stored,
        Undo,
        UserActions,
    }
    let parts = [
        ("actionHash", Part::Hash),
        ("actionNum", Part::Num),
        ("calc", Part::None),
        ("envelopes", Part::Envelopes),
        ("info", Part::Info),
        ("parentActionHash", Part::Parent),
        ("stored", Part::Stored),
        ("undo", Part::Undo),
        ("userActions", Part::UserActions),
    ];
    let mut writer = Writer::new(Flavour::Python);
    writer.dict(parts.into_iter(), |writer, part| match part {
        Part::Hash => writer.text(hash),
        Part::Num => writer.int(action_num),
        Part::None => writer.list(0),
        Part::Envelopes => writer.json(&json!([{"recipients": ["#ALL"]}])),
        Part::Info => write_info(writer, &record.info),
        Part::Parent => write_hash(writer, parent_hash),
        Part::Stored => write_stored(writer, record.stored),
        Part::Undo => {
            writer.list(record.undo.len());
            record.undo.iter().for_each(|action| writer.action(action));
        }
        Part::UserActions => {
            writer.list(record.user_actions.len());
            record.user_actions.iter().for_each(|action| writer.json(action));
        }
    });
    writer.into_bytes()
}

fn write_hash(writer: &mut Writer, hash: Option<&str>) {
    match hash {
        Some(hash) => writer.text(hash),
        None => writer.none(),
    }
}

fn write_info(writer: &mut Writer, info: &Info) {
    writer.json(&json!([0, {
        "desc": info.desc, "inst": "unset-inst", "linkId": info.link_id, "otherId": info.other_id,
        "time": info.time_ms, "user": info.user,
    }]));
}

fn write_stored(writer: &mut Writer, stored: &[DocAction]) {
    writer.list(stored.len());
    for action in stored {
        writer.list(2);
        writer.int(0);
        writer.action(action);
    }
}

/// Drops the oldest entries when there are too many, or too many bytes.
fn prune(connection: &Connection) -> Result<(), StoreError> {
    let (count, bytes): (i64, i64) = connection.query_row(
        "SELECT count(*), coalesce(sum(length(body)), 0) FROM _gristsys_ActionHistory",
        [],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
    let over = |have: i64, keep: i64| have as f64 > keep as f64 * GRACE;
    if over(count, KEEP) || over(bytes, KEEP_BYTES) {
        connection.execute(
            "DELETE FROM _gristsys_ActionHistory WHERE id IN (SELECT id FROM (\
               SELECT id, row_number() OVER newest AS place, sum(length(body)) OVER newest AS bytes FROM _gristsys_ActionHistory \
               WINDOW newest AS (ORDER BY id DESC)) WHERE place > ?1 OR (bytes > ?2 AND place > 1))",
            [KEEP, KEEP_BYTES],
        )?;
    }
    Ok(())
}

impl DocFile {
    /// Forgets all entries but the newest ones; at least one is kept, for the next to be chained to.
    ///
    /// # Errors
    /// When the file cannot be written; then the history is as it was.
    pub fn remove_history(&mut self, keep: u32) -> Result<(), StoreError> {
        let transaction = self.connection.transaction()?;
        crate::copies::remove_history(&transaction, keep.max(1))?;
        Ok(transaction.commit()?)
    }

    /// The newest entries, oldest first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn recent_history(&self, count: u32) -> Result<Vec<HistoryEntry>, StoreError> {
        let sql = "SELECT body FROM _gristsys_ActionHistory ORDER BY id DESC LIMIT ?1";
        let mut statement = self.connection.prepare_cached(sql)?;
        let bodies = statement.query_map([count], |row| row.get::<_, Vec<u8>>(0))?;
        let mut entries = Vec::new();
        for body in bodies {
            entries.extend(entry(&body?));
        }
        entries.reverse();
        Ok(entries)
    }

    /// The heads of the newest entries, oldest first. Does not read what the turns did, which may be long.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn recent_heads(&self, count: u32) -> Result<Vec<HistoryHead>, StoreError> {
        // Only what undoes or redoes something is looked through for what it is. A part of a value in SQL would read all of it.
        let sql = "SELECT actionNum, actionHash, id FROM _gristsys_ActionHistory ORDER BY id DESC LIMIT ?1";
        let undoes = "SELECT instr(body, CAST('ApplyUndoActions' AS BLOB)) > 0 FROM _gristsys_ActionHistory WHERE id = ?1";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut undoes = self.connection.prepare_cached(undoes)?;
        let mut rows = statement.query([count])?;
        let mut heads = Vec::new();
        while let Some(row) = rows.next()? {
            let (Ok(action_num), Ok(action_hash)) = (row.get(0), row.get(1)) else { continue };
            let id: i64 = row.get(2)?;
            let body = self.connection.blob_open(c"main", c"_gristsys_ActionHistory", c"body", id, true)?;
            let mut beginning = Vec::new();
            body.take(HEAD).read_to_end(&mut beginning)?;
            let body = marshal::decode_beginning(&beginning);
            let info = body.get("info").and_then(|info| info.get(1)).map(read_info).unwrap_or_default();
            let is_undo = info.other_id != 0 && undoes.query_row([id], |row| row.get(0))?;
            heads.push(HistoryHead { action_num, action_hash, info, is_undo });
        }
        heads.reverse();
        Ok(heads)
    }

    /// The entry with a number.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn history_entry(&self, action_num: i64) -> Result<Option<HistoryEntry>, StoreError> {
        let sql = "SELECT body FROM _gristsys_ActionHistory WHERE actionNum = ?1 ORDER BY id DESC LIMIT 1";
        let body = self
            .connection
            .prepare_cached(sql)?
            .query_row([action_num], |row| row.get::<_, Vec<u8>>(0))
            .optional()?;
        Ok(body.as_deref().and_then(entry))
    }

    /// Numbers and hashes of the entries, newest first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn states(&self) -> Result<Vec<(i64, String)>, StoreError> {
        let sql = "SELECT actionNum, actionHash FROM _gristsys_ActionHistory ORDER BY id DESC";
        let mut statement = self.connection.prepare_cached(sql)?;
        let states = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(states.collect::<Result<_, _>>()?)
    }
}

/// An entry from its body; one that cannot be read is passed over: history is no reason to refuse a document.
fn entry(body: &[u8]) -> Option<HistoryEntry> {
    let body = marshal::decode(body).ok()?;
    let info = body.get("info")?.get(1)?;
    // Each with the number of its envelope before it; in old documents, those that undo as well.
    let action = |item: &Value| {
        let item = if item.get(0)?.is_number() { item.get(1)? } else { item };
        action_from_json(item).ok()
    };
    // The oldest entries have user actions where doc actions should be: those say nothing. But an undo is all or nothing.
    let stored = body.get("stored")?.as_array()?.iter().filter_map(action).collect();
    let undo = body.get("undo")?.as_array()?.iter().map(action).collect::<Option<_>>()?;
    Some(HistoryEntry {
        action_num: number(body.get("actionNum")),
        action_hash: text(body.get("actionHash"))?,
        info: read_info(info),
        stored,
        undo,
        user_actions: body.get("userActions")?.as_array()?.clone(),
    })
}

fn text(value: Option<&Value>) -> Option<String> {
    value.and_then(Value::as_str).map(str::to_owned)
}

#[expect(clippy::cast_possible_truncation, reason = "milliseconds and numbers of entries are whole")]
fn number(value: Option<&Value>) -> i64 {
    value.and_then(|value| value.as_i64().or_else(|| value.as_f64().map(|float| float as i64))).unwrap_or(0)
}

fn read_info(info: &Value) -> Info {
    Info {
        time_ms: number(info.get("time")),
        user: text(info.get("user")).unwrap_or_default(),
        desc: text(info.get("desc")),
        other_id: number(info.get("otherId")),
        link_id: number(info.get("linkId")),
    }
}
