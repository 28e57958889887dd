//! What can go wrong with a file.

use std::path::PathBuf;

/// A file that cannot be used, or an operation on it that failed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// There is no such file.
    #[error("there is no file {}", .0.display())]
    Missing(PathBuf),
    /// Not a SQLite database at all.
    #[error("this is not a Grist document: the file is not a SQLite database")]
    NotSqlite,
    /// A SQLite database whose end is missing.
    #[error(
        "the file is cut off: it should be {expected} bytes long and is {found}; download or copy it again"
    )]
    Truncated {
        /// Length by its own header.
        expected: u64,
        /// Length on disk.
        found: u64,
    },
    /// A SQLite database of another program.
    #[error("this is a SQLite database, but not a Grist document: it has no table {0}")]
    NotGrist(&'static str),
    /// Damaged inside.
    #[error("the file is damaged: {0}")]
    Damaged(String),
    /// A row id so far from the others that the columns could not be held.
    #[error("the table {table} cannot be read: it has {rows} rows, and one of them has the id {id}")]
    Sparse {
        /// The table.
        table: String,
        /// How many rows it has.
        rows: u64,
        /// The highest id.
        id: i64,
    },
    /// SQLite refused.
    #[error("the file could not be read or written: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// The system refused.
    #[error("the file could not be read or written: {0}")]
    Io(#[from] std::io::Error),
    /// A doc action that does not fit the file.
    #[error("the change does not fit the file: {0}")]
    Action(String),
}
