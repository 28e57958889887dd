//! Copies of a document in use: as it is, without its history, or as a template without its data.
//!
//! A copy is one consistent state, without what waits to be told outside: the original tells that. It appears under its name only when it is complete and on disk.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use rusqlite::backup::Backup;
use rusqlite::{Connection, Transaction};

use crate::error::StoreError;
use crate::open::DocFile;
use crate::outgoing;
use crate::sql::quoted;

/// What a copy leaves out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CopyOptions {
    /// No history but the newest entry, which the next one is chained to.
    pub without_history: bool,
    /// A template: no rows in the tables of people, no attached files, no comments, and no history at all, since it holds data.
    pub without_data: bool,
    /// No rule that gives a right to full copies: who has the copy may do what they like with it.
    pub without_copy_rules: bool,
    /// Triggers switched off: a copy does not call anybody.
    pub triggers_off: bool,
}

impl DocFile {
    /// A consistent copy, while the document is in use.
    ///
    /// # Errors
    /// When the copy cannot be written; then there is none.
    pub fn copy_to(&self, target: &Path) -> Result<(), StoreError> {
        copy_to(&self.connection, target)
    }

    /// A copy that leaves something out.
    ///
    /// # Errors
    /// When the copy cannot be written; then there is none.
    pub fn copy_partly(&self, target: &Path, options: CopyOptions) -> Result<(), StoreError> {
        copy(&self.connection, target, |copy| reduce(copy, options))
    }
}

pub(crate) fn copy_to(connection: &Connection, target: &Path) -> Result<(), StoreError> {
    copy(connection, target, |_| Ok(()))
}

fn copy(
    connection: &Connection,
    target: &Path,
    change: impl FnOnce(&mut Connection) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let part = beside(target, ".part");
    let written = write_part(connection, &part, change).and_then(|()| {
        File::open(&part)?.sync_all()?;
        fs::rename(&part, target)?;
        Ok(())
    });
    if written.is_err() {
        // The first error is the one to tell of.
        let _ = fs::remove_file(&part);
    }
    written
}

fn write_part(
    connection: &Connection,
    part: &Path,
    change: impl FnOnce(&mut Connection) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    if part.exists() {
        fs::remove_file(part)?;
    }
    let mut copy = Connection::open(part)?;
    Backup::new(connection, &mut copy)?.run_to_completion(4096, std::time::Duration::ZERO, None)?;
    // The pages say "write-ahead log" when the original uses one; a copy is one single file.
    copy.pragma_update(None, "journal_mode", "DELETE")?;
    copy.pragma_update(None, "trusted_schema", false)?;
    outgoing::forget(&copy)?;
    change(&mut copy)?;
    copy.close().map_err(|(_, error)| error.into())
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// Takes out what is not wanted; the room it took is given back, and nothing of it is left in free pages.
fn reduce(copy: &mut Connection, options: CopyOptions) -> Result<(), StoreError> {
    let transaction = copy.transaction()?;
    if options.without_data {
        remove_data(&transaction)?;
    }
    if options.without_history || options.without_data {
        remove_history(&transaction, u32::from(!options.without_data))?;
    }
    if options.without_copy_rules {
        transaction.execute_batch(
            "DELETE FROM _grist_ACLRules WHERE resource IN \
               (SELECT id FROM _grist_ACLResources WHERE tableId = '*SPECIAL' AND colIds = 'FullCopies'); \
             DELETE FROM _grist_ACLResources WHERE tableId = '*SPECIAL' AND colIds = 'FullCopies';",
        )?;
    }
    if options.triggers_off {
        transaction.execute_batch("UPDATE _grist_Triggers SET enabled = 0")?;
    }
    transaction.commit()?;
    if options.without_data || options.without_history {
        copy.execute_batch("VACUUM")?;
    }
    Ok(())
}

fn remove_data(transaction: &Transaction<'_>) -> Result<(), StoreError> {
    for table in DocFile::table_ids_of(transaction)?.iter().filter(|table| !table.is_metadata()) {
        transaction.execute_batch(&format!("DELETE FROM {}", quoted(table)))?;
    }
    transaction.execute_batch(
        "DELETE FROM _grist_Attachments; DELETE FROM _grist_Cells; DELETE FROM _gristsys_Files;",
    )?;
    Ok(())
}

/// Forgets all entries but the newest ones.
pub(crate) fn remove_history(connection: &Connection, keep: u32) -> Result<(), StoreError> {
    connection.execute(
        "DELETE FROM _gristsys_ActionHistory WHERE id NOT IN \
           (SELECT id FROM _gristsys_ActionHistory ORDER BY id DESC LIMIT ?1)",
        [keep],
    )?;
    connection.execute_batch(
        "UPDATE _gristsys_ActionHistoryBranch SET actionRef = NULL \
         WHERE actionRef NOT IN (SELECT id FROM _gristsys_ActionHistory)",
    )?;
    Ok(())
}
