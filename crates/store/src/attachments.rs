//! Files attached to a document, kept inside it once each, by a hash of their contents.
//!
//! The table `_grist_Attachments` says which rows of the document have which file; it is changed by doc actions like any other. Here are only the bytes.

use rusqlite::{OptionalExtension, params};
use sha1::{Digest, Sha1};

use crate::error::StoreError;
use crate::open::DocFile;

/// An attached file as the document keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttachedFile {
    /// Its name: a hash of the contents and an extension.
    pub ident: String,
    /// How long it is; 0 if it is kept elsewhere.
    pub bytes: u64,
    /// Where it is kept, if not in the document.
    pub store: Option<String>,
}

impl DocFile {
    /// Keeps a file, and says by what name. Contents that are there already are not kept twice.
    ///
    /// The name is Grist's: SHA-1 in hexadecimal, then the extension with its dot, in lower case.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn attach(&mut self, contents: &[u8], extension: &str) -> Result<String, StoreError> {
        let ident = format!("{}{}", hex::encode(Sha1::digest(contents)), extension.to_lowercase());
        self.connection
            .prepare_cached("INSERT OR IGNORE INTO _gristsys_Files (ident, data) VALUES (?1, ?2)")?
            .execute(params![ident, contents])?;
        Ok(ident)
    }

    /// The contents of an attached file, by what `_grist_Attachments.fileIdent` says; nothing if it is unknown or kept elsewhere.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn attachment(&self, ident: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let mut statement =
            self.connection.prepare_cached("SELECT data FROM _gristsys_Files WHERE ident = ?1")?;
        let data = statement.query_row([ident], |row| row.get::<_, Option<Vec<u8>>>(0)).optional()?;
        Ok(data.flatten())
    }

    /// All attached files, by name.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn attachments(&self) -> Result<Vec<AttachedFile>, StoreError> {
        let sql = "SELECT ident, coalesce(length(data), 0), storageId FROM _gristsys_Files WHERE ident IS NOT NULL ORDER BY ident";
        let mut statement = self.connection.prepare_cached(sql)?;
        let files = statement.query_map([], |row| {
            let bytes: i64 = row.get(1)?;
            Ok(AttachedFile {
                ident: row.get(0)?,
                bytes: u64::try_from(bytes).unwrap_or(0),
                store: row.get(2)?,
            })
        })?;
        Ok(files.collect::<Result<_, _>>()?)
    }

    /// Forgets the files that no row of `_grist_Attachments` names. Says how many.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn remove_unused_attachments(&mut self) -> Result<usize, StoreError> {
        let sql = "DELETE FROM _gristsys_Files WHERE NOT EXISTS (\
                   SELECT 1 FROM _grist_Attachments WHERE fileIdent = ident)";
        Ok(self.connection.execute(sql, [])?)
    }

    /// Bytes of the attached files that are in use, each counted once; of files kept elsewhere, the size that the document notes.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn attachment_bytes(&self) -> Result<u64, StoreError> {
        let sql = "SELECT coalesce(sum(bytes), 0) FROM (\
                     SELECT CASE WHEN f.storageId IS NULL THEN max(length(f.data)) ELSE max(a.fileSize) END AS bytes \
                     FROM _gristsys_Files f JOIN _grist_Attachments a ON a.fileIdent = f.ident \
                     WHERE a.timeDeleted IS NULL GROUP BY f.ident)";
        self.count(sql)
    }

    /// Bytes that the tables take in the file, the system's own left out. Reads the whole file: not for every turn.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn data_bytes(&self) -> Result<u64, StoreError> {
        let sql = "SELECT coalesce(sum(pgsize - unused), 0) FROM dbstat \
                   WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name NOT LIKE '\\_gristsys\\_%' ESCAPE '\\'";
        self.count(sql)
    }

    /// Bytes of the file that are in use, everything counted. Quick, whatever its size.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn used_bytes(&self) -> Result<u64, StoreError> {
        self.count("SELECT (page_count - freelist_count) * page_size FROM pragma_page_count, pragma_freelist_count, pragma_page_size")
    }

    /// How many rows a table has.
    ///
    /// # Errors
    /// When there is no such table.
    pub fn row_count(&self, table: &str) -> Result<usize, StoreError> {
        let count = self.count(&format!("SELECT count(*) FROM {}", crate::sql::quoted(table)))?;
        Ok(usize::try_from(count).unwrap_or(usize::MAX))
    }

    fn count(&self, sql: &str) -> Result<u64, StoreError> {
        let count: i64 = self.connection.query_row(sql, [], |row| row.get(0))?;
        Ok(u64::try_from(count).unwrap_or(0))
    }
}
