//! New documents, and the system tables that every document has.

use std::path::Path;

use model::ColumnType;
use model::schema::METADATA;
use model::storage::{sql_default, sql_type};
use rusqlite::Connection;

use crate::error::StoreError;
use crate::open::{DocFile, OpenReport, STORAGE_VERSION};
use crate::sql::quoted;

/// The tables that only the storage knows.
pub(crate) const SYSTEM_TABLES: &str = "
CREATE TABLE IF NOT EXISTS _gristsys_Files (id INTEGER PRIMARY KEY, ident TEXT UNIQUE, data BLOB, storageId TEXT);
CREATE TABLE IF NOT EXISTS _gristsys_Action (id INTEGER PRIMARY KEY, \"actionNum\" BLOB DEFAULT 0, \"time\" BLOB DEFAULT 0,
  \"user\" BLOB DEFAULT '', \"desc\" BLOB DEFAULT '', \"otherId\" BLOB DEFAULT 0, \"linkId\" BLOB DEFAULT NULL, \"json\" BLOB DEFAULT '');
CREATE TABLE IF NOT EXISTS _gristsys_Action_step (id INTEGER PRIMARY KEY, \"parentId\" BLOB DEFAULT 0, \"type\" BLOB DEFAULT '',
  \"name\" BLOB DEFAULT '', \"tableId\" BLOB DEFAULT '', \"colIds\" BLOB DEFAULT '', \"rowIds\" BLOB DEFAULT '',
  \"values\" BLOB DEFAULT '', \"json\" BLOB DEFAULT '');
CREATE TABLE IF NOT EXISTS _gristsys_ActionHistory (id INTEGER PRIMARY KEY, actionHash TEXT UNIQUE, parentRef INTEGER,
  actionNum INTEGER, body BLOB);
CREATE TABLE IF NOT EXISTS _gristsys_ActionHistoryBranch (id INTEGER PRIMARY KEY, name TEXT UNIQUE, actionRef INTEGER);
INSERT OR IGNORE INTO _gristsys_ActionHistoryBranch (name, actionRef) VALUES ('shared', NULL), ('local_sent', NULL), ('local_unsent', NULL);
CREATE TABLE IF NOT EXISTS _gristsys_FileInfo (id INTEGER PRIMARY KEY CHECK (id = 0), docId TEXT DEFAULT '', ownerInstanceId TEXT DEFAULT '');
INSERT OR IGNORE INTO _gristsys_FileInfo (id) VALUES (0);
CREATE TABLE IF NOT EXISTS _gristsys_PluginData (id INTEGER PRIMARY KEY, pluginId TEXT NOT NULL, key TEXT NOT NULL, value BLOB DEFAULT '');
CREATE UNIQUE INDEX IF NOT EXISTS _gristsys_PluginData_unique_key ON _gristsys_PluginData(pluginId, key);
";

impl DocFile {
    /// Makes an empty document: all tables that describe one are there, without a row. The user action `InitNewDoc` adds the first rows.
    ///
    /// # Errors
    /// When a file is there already, or it cannot be written.
    pub fn create(path: &Path) -> Result<(Self, OpenReport), StoreError> {
        if path.exists() {
            return Err(StoreError::Action(format!("there is a file already: {}", path.display())));
        }
        let mut connection = Connection::open(path)?;
        let transaction = connection.transaction()?;
        transaction.execute_batch(SYSTEM_TABLES)?;
        for (table, columns) in METADATA {
            let columns = columns.iter().map(|(col, kind)| column_definition(col, &ColumnType::parse(kind)));
            transaction.execute_batch(&table_definition(table, columns))?;
        }
        transaction
            .execute_batch("CREATE INDEX _grist_Attachments_fileIdent ON _grist_Attachments(fileIdent)")?;
        transaction.pragma_update(None, "user_version", STORAGE_VERSION)?;
        transaction.commit()?;
        connection.close().map_err(|(_, error)| error)?;
        Self::open_present(path)
    }
}

/// The SQL of a column.
pub(crate) fn column_definition(col: &str, column_type: &ColumnType) -> String {
    format!("{} {} DEFAULT {}", quoted(col), sql_type(column_type), sql_default(column_type))
}

/// The SQL that makes a table.
pub(crate) fn table_definition(table: &str, columns: impl Iterator<Item = String>) -> String {
    let columns: Vec<String> = std::iter::once("id INTEGER PRIMARY KEY".to_owned()).chain(columns).collect();
    format!("CREATE TABLE {} ({});", quoted(table), columns.join(", "))
}
