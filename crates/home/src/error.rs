//! What can go wrong around documents.

/// A request to the home database that was refused or failed. The texts of the first four are shown to people.
#[derive(Debug, thiserror::Error)]
pub enum HomeError {
    /// There is nothing of that kind under that name: "document", "workspace", "organization", "user".
    #[error("{0} not found")]
    NotFound(&'static str),
    /// The person may not do that.
    #[error("access denied")]
    Denied,
    /// The request makes no sense.
    #[error("{0}")]
    Bad(String),
    /// It clashes with what is there.
    #[error("{0}")]
    Conflict(String),
    /// A row that is not as the program expects it: an error of ours.
    #[error("home database: column {column} of a row holds {found}")]
    Row {
        /// Position of the column.
        column: usize,
        /// What is there.
        found: &'static str,
    },
    /// The database was made by a newer program.
    #[error("the home database is of version {found}, but this program knows versions up to {known} only")]
    Newer {
        /// Version of the database.
        found: i64,
        /// Highest version known.
        known: i64,
    },
    /// SQLite refused.
    #[error("home database: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// The task that waited for the disk was cut off.
    #[error("home database: the operation was cut off")]
    CutOff,
}

impl HomeError {
    pub(crate) fn bad(message: impl Into<String>) -> Self {
        Self::Bad(message.into())
    }
}
