//! The home database as the rest of the room sees it: four ways to ask, whichever engine answers.
//!
//! SQL is written for SQLite and PostgreSQL alike: parameters `$1`, `$2`, …; instants are milliseconds, JSON is text, switches are 0 or 1.

use std::path::Path;

use crate::error::HomeError;
use crate::row::{Row, Value};
use crate::sqlite::{Sqlite, SqliteTransaction};

/// The home database. Cheap to clone; all clones are one database.
#[derive(Clone, Debug)]
pub enum Home {
    /// A file in the data directory.
    Sqlite(Sqlite),
}

impl Home {
    /// Opens the database file, makes it if there is none, and brings it up to date.
    ///
    /// # Errors
    /// When the file cannot be used, or a newer program made it.
    pub async fn open(path: &Path) -> Result<Self, HomeError> {
        let home = Self::Sqlite(Sqlite::open(path)?);
        crate::migrations::migrate(&home).await?;
        Ok(home)
    }

    /// All rows of an answer.
    ///
    /// # Errors
    /// When the database refuses.
    #[expect(clippy::unused_async, reason = "the other engine will have to wait")]
    pub async fn query(&self, sql: &str, parameters: &[Value]) -> Result<Vec<Row>, HomeError> {
        match self {
            Self::Sqlite(sqlite) => sqlite.query(sql, parameters),
        }
    }

    /// The first row of an answer.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn one(&self, sql: &str, parameters: &[Value]) -> Result<Option<Row>, HomeError> {
        Ok(self.query(sql, parameters).await?.into_iter().next())
    }

    /// Changes something; gives the number of rows changed.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn execute(&self, sql: &str, parameters: &[Value]) -> Result<u64, HomeError> {
        let mut transaction = self.transaction().await?;
        let count = transaction.execute(sql, parameters).await?;
        transaction.commit().await?;
        Ok(count)
    }

    /// Begins a change of several steps. What is not committed has not happened.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn transaction(&self) -> Result<Transaction, HomeError> {
        match self {
            Self::Sqlite(sqlite) => Ok(Transaction::Sqlite(sqlite.transaction().await?)),
        }
    }
}

/// A change under way. Dropping it undoes it.
#[derive(Debug)]
pub enum Transaction {
    /// In the file.
    Sqlite(SqliteTransaction),
}

impl Transaction {
    /// All rows of an answer.
    ///
    /// # Errors
    /// When the database refuses.
    #[expect(clippy::unused_async, reason = "the other engine will have to wait")]
    pub async fn query(&mut self, sql: &str, parameters: &[Value]) -> Result<Vec<Row>, HomeError> {
        match self {
            Self::Sqlite(sqlite) => sqlite.query(sql, parameters),
        }
    }

    /// The first row of an answer.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn one(&mut self, sql: &str, parameters: &[Value]) -> Result<Option<Row>, HomeError> {
        Ok(self.query(sql, parameters).await?.into_iter().next())
    }

    /// Changes something; gives the number of rows changed.
    ///
    /// # Errors
    /// When the database refuses.
    #[expect(clippy::unused_async, reason = "the other engine will have to wait")]
    pub async fn execute(&mut self, sql: &str, parameters: &[Value]) -> Result<u64, HomeError> {
        match self {
            Self::Sqlite(sqlite) => sqlite.execute(sql, parameters),
        }
    }

    pub(crate) fn batch(&mut self, sql: &str) -> Result<(), HomeError> {
        match self {
            Self::Sqlite(sqlite) => sqlite.batch(sql),
        }
    }

    /// Makes it lasting.
    ///
    /// # Errors
    /// When the database refuses; then nothing has happened.
    pub async fn commit(self) -> Result<(), HomeError> {
        match self {
            Self::Sqlite(sqlite) => sqlite.commit().await,
        }
    }
}
