//! Opening a file: what it must be, how SQLite is set, and migrating it when it is old.

use std::collections::HashSet;
use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use model::schema::SCHEMA_VERSION;
use rusqlite::config::DbConfig;
use rusqlite::limits::Limit;
use rusqlite::{Connection, OpenFlags};

use crate::copies::copy_to;
use crate::error::StoreError;
use crate::migrations;
use crate::schema::{Types, has_table};

/// The version of the system tables and encodings, kept in `PRAGMA user_version`.
pub(crate) const STORAGE_VERSION: i64 = 9;

/// An open document.
#[derive(Debug)]
pub struct DocFile {
    pub(crate) connection: Connection,
    pub(crate) path: PathBuf,
    pub(crate) types: Types,
}

/// What was found and done on opening.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OpenReport {
    /// The schema version that the file had.
    pub schema_version: i64,
    /// Whether that is newer than what this program knows: it is used as it is.
    pub newer: bool,
    /// Where the file as it was is kept, if it was migrated.
    pub backup: Option<PathBuf>,
    /// Whether the file lacked results of formulas, so that they must be computed.
    pub lacks_results: bool,
}

impl DocFile {
    /// Opens a document for reading and writing, and migrates it if it is old, after a copy has been made beside it.
    ///
    /// # Errors
    /// When the file is not a sound Grist document; it is unchanged then.
    pub fn open(path: &Path) -> Result<(Self, OpenReport), StoreError> {
        check_header(path)?;
        let mut connection = Connection::open_with_flags(
            path,
            OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
        )?;
        harden(&connection)?;
        check_is_grist(&connection)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        let schema_version = schema_version(&connection)?;
        let storage_version: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
        let mut report =
            OpenReport { schema_version, newer: schema_version > SCHEMA_VERSION, ..OpenReport::default() };
        let types = Types::read(&connection)?;
        let is_old = schema_version < SCHEMA_VERSION || storage_version < STORAGE_VERSION;
        if is_old || !is_complete(&connection, &types)? {
            let backup = backup_path(path, schema_version);
            copy_to(&connection, &backup)?;
            report.lacks_results =
                migrations::migrate_file(&mut connection, storage_version, schema_version)?;
            report.backup = Some(backup);
        }
        let types = Types::read(&connection)?;
        Ok((Self { connection, path: path.to_path_buf(), types }, report))
    }

    /// Opens a document just made, which has no row that says its version yet.
    pub(crate) fn open_present(path: &Path) -> Result<(Self, OpenReport), StoreError> {
        let connection = Connection::open_with_flags(
            path,
            OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
        )?;
        harden(&connection)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        let types = Types::read(&connection)?;
        let report = OpenReport { schema_version: SCHEMA_VERSION, ..OpenReport::default() };
        Ok((Self { connection, path: path.to_path_buf(), types }, report))
    }

    /// Opens a document for reading only; nothing is migrated and the file is not touched.
    ///
    /// # Errors
    /// When the file is not a sound Grist document.
    pub fn open_read_only(path: &Path) -> Result<(Self, OpenReport), StoreError> {
        check_header(path)?;
        let connection = Connection::open_with_flags(
            path,
            OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX,
        )?;
        harden(&connection)?;
        check_is_grist(&connection)?;
        let schema_version = schema_version(&connection)?;
        let types = Types::read(&connection)?;
        let report =
            OpenReport { schema_version, newer: schema_version > SCHEMA_VERSION, ..OpenReport::default() };
        Ok((Self { connection, path: path.to_path_buf(), types }, report))
    }

    /// Where the file is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Closes the document so that it is one single file.
    ///
    /// # Errors
    /// When the last changes cannot be moved into the file; they are safe beside it all the same.
    pub fn close(self) -> Result<(), StoreError> {
        self.connection.pragma_update(None, "journal_mode", "DELETE")?;
        self.connection.close().map_err(|(_, error)| error.into())
    }
}

/// Checks an uploaded file thoroughly: that it is a Grist document, and that every page of it is sound.
///
/// # Errors
/// What is wrong with it.
pub fn check_upload(path: &Path) -> Result<(), StoreError> {
    check_header(path)?;
    let connection = Connection::open_with_flags(
        path,
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    harden(&connection)?;
    check_is_grist(&connection)?;
    let verdict: String = connection
        .query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))
        .map_err(|error| StoreError::Damaged(error.to_string()))?;
    if verdict == "ok" { Ok(()) } else { Err(StoreError::Damaged(verdict)) }
}

/// Looks at the first bytes before SQLite does: what is not SQLite, or is cut off, gets a clear answer.
fn check_header(path: &Path) -> Result<(), StoreError> {
    let mut file = File::open(path).map_err(|error| match error.kind() {
        ErrorKind::NotFound => StoreError::Missing(path.to_path_buf()),
        _ => StoreError::Io(error),
    })?;
    let found = file.metadata()?.len();
    let mut header = [0_u8; 100];
    if file.read_exact(&mut header).is_err() || !header.starts_with(b"SQLite format 3\0") {
        return Err(StoreError::NotSqlite);
    }
    let page = match u16::from_be_bytes([header[16], header[17]]) {
        1 => 65_536,
        size => u64::from(size),
    };
    let pages = u64::from(u32::from_be_bytes([header[28], header[29], header[30], header[31]]));
    // Very old files have no page count; it is right only if the change counters agree.
    let counted = header[24..28] == header[92..96] && pages > 0;
    let expected = page * pages;
    // With a write-ahead log beside it, the end of the file may still be there.
    if counted && found < expected && !wal_of(path).exists() {
        return Err(StoreError::Truncated { expected, found });
    }
    Ok(())
}

fn wal_of(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push("-wal");
    PathBuf::from(name)
}

/// Nothing in the file itself may run, and nothing in it may be absurdly large.
pub(crate) fn harden(connection: &Connection) -> Result<(), StoreError> {
    connection.busy_timeout(std::time::Duration::from_secs(5))?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_VIEW, false)?;
    connection.pragma_update(None, "cell_size_check", true).map_err(damaged)?;
    // Renaming does not look into views, which may be of any kind.
    connection.pragma_update(None, "legacy_alter_table", true)?;
    connection.set_limit(Limit::SQLITE_LIMIT_ATTACHED, 0)?;
    connection.set_limit(Limit::SQLITE_LIMIT_LENGTH, 1_000_000_000)?;
    connection.set_limit(Limit::SQLITE_LIMIT_SQL_LENGTH, 10_000_000)?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(())
}

fn damaged(error: rusqlite::Error) -> StoreError {
    use rusqlite::ErrorCode as Code;
    match error.sqlite_error_code() {
        Some(Code::DatabaseCorrupt | Code::NotADatabase) => StoreError::Damaged(error.to_string()),
        _ => StoreError::Sqlite(error),
    }
}

fn check_is_grist(connection: &Connection) -> Result<(), StoreError> {
    for table in ["_grist_DocInfo", "_grist_Tables", "_grist_Tables_column"] {
        match has_table(connection, table) {
            Ok(true) => {}
            Ok(false) => return Err(StoreError::NotGrist(table)),
            Err(StoreError::Sqlite(error)) => return Err(damaged(error)),
            Err(other) => return Err(other),
        }
    }
    Ok(())
}

/// The schema version; 0 for documents from before there were versions. A document with nothing in it yet has the present one.
fn schema_version(connection: &Connection) -> Result<i64, StoreError> {
    let version = connection.query_row("SELECT schemaVersion FROM _grist_DocInfo", [], |row| row.get(0));
    let is_blank = || connection.prepare("SELECT 1 FROM _grist_Tables")?.exists([]).map(|found| !found);
    match version {
        Ok(version) => Ok(version),
        Err(rusqlite::Error::QueryReturnedNoRows) if is_blank()? => Ok(SCHEMA_VERSION),
        // No row, no such column, or no number in it.
        Err(_) => Ok(0),
    }
}

/// Whether all columns that the metadata has are there in SQL; some documents lack a few whatever their version says.
fn is_complete(connection: &Connection, types: &Types) -> Result<bool, StoreError> {
    let sql =
        "SELECT t.name, c.name FROM sqlite_schema t JOIN pragma_table_info(t.name) c WHERE t.type = 'table'";
    let mut statement = connection.prepare(sql)?;
    let columns = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let columns: HashSet<(String, String)> = columns.collect::<Result<_, _>>()?;
    let has = |table: &str, col: &str| columns.contains(&(table.to_owned(), col.to_owned()));
    Ok(types.all().all(|(table, col)| has(table, col) || !table.is_metadata() && !has(table, "id")))
}

/// A name that no file has: an older backup is never written over.
fn backup_path(path: &Path, version: i64) -> PathBuf {
    let named = |suffix: &str| {
        let mut name = path.as_os_str().to_owned();
        name.push(format!(".before-migration-v{version}{suffix}"));
        PathBuf::from(name)
    };
    let numbered = (2..1000).map(|number| named(&format!("-{number}")));
    std::iter::once(named("")).chain(numbered).find(|path| !path.exists()).unwrap_or_else(|| named(""))
}
