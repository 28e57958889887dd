//! Migrating a file: the system tables first, then the document, in one transaction.

use std::collections::BTreeMap;

use rusqlite::Connection;

use super::{NEEDS_USER_TABLES, create_migrations, old_log};
use crate::commit::apply;
use crate::create::{SYSTEM_TABLES, column_definition};
use crate::error::StoreError;
use crate::open::{DocFile, STORAGE_VERSION};
use crate::rebuild;
use crate::schema::{Types, has_table, sql_columns};
use crate::sql::quoted;

/// Brings a file to the present storage and schema versions, or leaves it as it is. Says whether columns had to be added whose results are not known.
pub(crate) fn migrate_file(
    connection: &mut Connection,
    storage_version: i64,
    schema_version: i64,
) -> Result<bool, StoreError> {
    let transaction = connection.transaction()?;
    migrate_storage(&transaction, storage_version)?;
    let mut types = Types::read(&transaction)?;
    if storage_version < 6 {
        // Version 2 declared columns anew, version 6 put defaults right.
        for table in DocFile::table_ids_of(&transaction)? {
            rebuild::declare(&transaction, &types, &table, storage_version >= 2)?;
        }
    }
    let added = add_missing_columns(&transaction, &types)?;
    let mut tables = BTreeMap::new();
    for table in DocFile::table_ids_of(&transaction)? {
        if table.is_metadata() || schema_version < NEEDS_USER_TABLES {
            tables.insert(table.clone(), DocFile::table_of(&transaction, &types, &table)?);
        }
    }
    for action in create_migrations(tables, true) {
        apply(&transaction, &mut types, &action)?;
    }
    transaction.commit()?;
    Ok(added)
}

/// Before storage version 7 the results of formulas were not stored: their columns are added, empty.
fn add_missing_columns(connection: &Connection, types: &Types) -> Result<bool, StoreError> {
    let mut added = false;
    for table in DocFile::table_ids_of(connection)?.into_iter().filter(|table| !table.is_metadata()) {
        let there = sql_columns(connection, &table)?;
        for (col, column_type) in types.of_table(&table).filter(|(col, _)| !there.contains(col)) {
            let definition = column_definition(col, column_type);
            connection.execute_batch(&format!("ALTER TABLE {} ADD COLUMN {definition}", quoted(&table)))?;
            added = true;
        }
    }
    Ok(added)
}

/// The system tables. Cells need nothing: both old and new encodings are read, and each cell is written anew when it changes.
fn migrate_storage(connection: &Connection, version: i64) -> Result<(), StoreError> {
    if version >= STORAGE_VERSION {
        return Ok(());
    }
    connection.execute_batch(SYSTEM_TABLES)?;
    if !sql_columns(connection, "_gristsys_Files")?.iter().any(|col| *col == "storageId") {
        connection.execute_batch("ALTER TABLE _gristsys_Files ADD COLUMN storageId TEXT")?;
    }
    if version < 3 {
        old_log::to_history(connection)?;
    }
    if has_table(connection, "_grist_Attachments")? {
        connection.execute_batch(
            "CREATE INDEX IF NOT EXISTS _grist_Attachments_fileIdent ON _grist_Attachments(fileIdent)",
        )?;
    }
    Ok(connection.pragma_update(None, "user_version", STORAGE_VERSION)?)
}
