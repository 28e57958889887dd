//! The home database in a file.
//!
//! Reads take some microseconds and are done where they are asked for, on a connection of their own, so that they never wait for a writer. Writers queue for the other
//! connection; the wait for the disk happens on a thread where waiting is allowed.

use std::path::Path;
use std::sync::{Arc, PoisonError};

use rusqlite::types::ValueRef;
use rusqlite::{CachedStatement, Connection, OpenFlags};
use tokio::sync::{Mutex, OwnedMutexGuard};

use crate::error::HomeError;
use crate::row::{Row, Value};

/// Names of parameters; SQLite takes `$1` as a name.
const PARAMETERS: [&str; 16] =
    ["$1", "$2", "$3", "$4", "$5", "$6", "$7", "$8", "$9", "$10", "$11", "$12", "$13", "$14", "$15", "$16"];

/// An open database file.
#[derive(Clone, Debug)]
pub struct Sqlite {
    reader: Arc<std::sync::Mutex<Connection>>,
    writer: Arc<Mutex<Connection>>,
}

impl Sqlite {
    pub(crate) fn open(path: &Path) -> Result<Self, HomeError> {
        let writer = connect(path)?;
        writer.pragma_update(None, "journal_mode", "WAL")?;
        let reader = connect(path)?;
        Ok(Self { reader: Arc::new(std::sync::Mutex::new(reader)), writer: Arc::new(Mutex::new(writer)) })
    }

    pub(crate) fn query(&self, sql: &str, parameters: &[Value]) -> Result<Vec<Row>, HomeError> {
        // A panic while reading leaves the connection as it was.
        let reader = self.reader.lock().unwrap_or_else(PoisonError::into_inner);
        rows(&reader, sql, parameters)
    }

    pub(crate) async fn transaction(&self) -> Result<SqliteTransaction, HomeError> {
        let connection = Arc::clone(&self.writer).lock_owned().await;
        connection.execute_batch("BEGIN IMMEDIATE")?;
        Ok(SqliteTransaction { connection: Some(connection) })
    }
}

fn connect(path: &Path) -> Result<Connection, HomeError> {
    let flags =
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(std::time::Duration::from_secs(10))?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.set_prepared_statement_cache_capacity(256);
    Ok(connection)
}

/// A change under way in the file.
#[derive(Debug)]
pub struct SqliteTransaction {
    /// There until the end.
    connection: Option<OwnedMutexGuard<Connection>>,
}

impl SqliteTransaction {
    fn connection(&self) -> Result<&Connection, HomeError> {
        self.connection.as_deref().ok_or(HomeError::CutOff)
    }

    pub(crate) fn query(&self, sql: &str, parameters: &[Value]) -> Result<Vec<Row>, HomeError> {
        rows(self.connection()?, sql, parameters)
    }

    pub(crate) fn execute(&self, sql: &str, parameters: &[Value]) -> Result<u64, HomeError> {
        let mut statement = self.connection()?.prepare_cached(sql)?;
        bind(&mut statement, parameters)?;
        Ok(statement.raw_execute()? as u64)
    }

    pub(crate) fn batch(&self, sql: &str) -> Result<(), HomeError> {
        Ok(self.connection()?.execute_batch(sql)?)
    }

    pub(crate) async fn commit(mut self) -> Result<(), HomeError> {
        let connection = self.connection.take().ok_or(HomeError::CutOff)?;
        tokio::task::spawn_blocking(move || {
            let committed = connection.execute_batch("COMMIT");
            if committed.is_err() {
                roll_back(&connection);
            }
            committed
        })
        .await
        .map_err(|_| HomeError::CutOff)?
        .map_err(HomeError::from)
    }
}

impl Drop for SqliteTransaction {
    fn drop(&mut self) {
        if let Some(connection) = &self.connection {
            roll_back(connection);
        }
    }
}

fn roll_back(connection: &Connection) {
    if let Err(error) = connection.execute_batch("ROLLBACK") {
        tracing::error!("home database: a change could not be undone: {error}");
    }
}

fn rows(connection: &Connection, sql: &str, parameters: &[Value]) -> Result<Vec<Row>, HomeError> {
    let mut statement = connection.prepare_cached(sql)?;
    bind(&mut statement, parameters)?;
    let width = statement.column_count();
    let mut found = statement.raw_query();
    let mut rows = Vec::new();
    while let Some(row) = found.next()? {
        let values = (0..width).map(|column| row.get_ref(column).map(read)).collect::<Result<_, _>>()?;
        rows.push(Row(values));
    }
    Ok(rows)
}

fn read(value: ValueRef<'_>) -> Value {
    match value {
        ValueRef::Integer(number) => Value::Int(number),
        ValueRef::Text(text) => Value::Text(String::from_utf8_lossy(text).into_owned()),
        // The schema has neither.
        ValueRef::Null | ValueRef::Real(_) | ValueRef::Blob(_) => Value::Null,
    }
}

fn bind(statement: &mut CachedStatement<'_>, parameters: &[Value]) -> Result<(), HomeError> {
    for (name, value) in PARAMETERS.iter().zip(parameters) {
        let Some(at) = statement.parameter_index(name)? else { continue };
        match value {
            Value::Null => statement.raw_bind_parameter(at, rusqlite::types::Null)?,
            Value::Int(number) => statement.raw_bind_parameter(at, number)?,
            Value::Text(text) => statement.raw_bind_parameter(at, text)?,
        }
    }
    Ok(())
}
