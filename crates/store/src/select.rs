//! One `SELECT` of somebody's own over a document, on a connection that cannot write.
//!
//! The connection is a second one beside that of the document: it sees what was committed, and can neither change the file nor reach another. The statement is put
//! into `SELECT * FROM (…)`, so that it can only be one query; an authoriser lets only reading through, and a deadline ends it.

use std::path::Path;
use std::time::{Duration, Instant};

use model::storage::SqlValue;
use rusqlite::hooks::{AuthAction, AuthContext, Authorization};
use rusqlite::types::{Value, ValueRef};
use rusqlite::{Connection, OpenFlags, params_from_iter};

use crate::error::StoreError;
use crate::open::harden;

/// Steps of SQLite's machine between two looks at the clock.
const STEPS: std::ffi::c_int = 10_000;
/// How much text or bytes one value may be.
const LONGEST: i32 = 100_000_000;

/// What is asked.
#[derive(Clone, Debug)]
pub struct Select {
    /// The statement.
    pub sql: String,
    /// Values for its `?`.
    pub arguments: Vec<SqlValue>,
    /// How long it may take.
    pub limit: Duration,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum SelectError {
    /// Not a query.
    #[error("only select statements are supported")]
    NotSelect,
    /// It took too long.
    #[error("a slow statement resulted in a database interrupt")]
    TooSlow,
    /// SQLite does not understand it, or refuses.
    #[error("SQLITE_ERROR: {0}")]
    Refused(String),
    /// The file cannot be used.
    #[error("{0}")]
    Store(#[from] StoreError),
}

/// A value of a row, as it lies in the file.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum SqlCell<'c> {
    /// NULL.
    Null,
    /// INTEGER.
    Integer(i64),
    /// REAL.
    Real(f64),
    /// TEXT; UTF-8 unless the file is wrong.
    Text(&'c [u8]),
    /// BLOB.
    Blob(&'c [u8]),
}

/// Does a query; `row` hears the names of the columns and the values of each row, and says whether to go on.
///
/// # Errors
/// When it is no query, is refused, or takes too long; rows may have been heard by then.
pub fn select(
    path: &Path,
    select: Select,
    mut row: impl FnMut(&[String], &[SqlCell<'_>]) -> bool,
) -> Result<(), SelectError> {
    let query = bare(&select.sql);
    if !begins_query(query) {
        return Err(SelectError::NotSelect);
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(path, flags).map_err(StoreError::from)?;
    harden(&connection)?;
    connection.set_limit(rusqlite::limits::Limit::SQLITE_LIMIT_LENGTH, LONGEST).map_err(StoreError::from)?;
    connection.authorizer(Some(authorise)).map_err(StoreError::from)?;
    let deadline = Instant::now() + select.limit;
    connection.progress_handler(STEPS, Some(move || Instant::now() >= deadline)).map_err(StoreError::from)?;
    // A line of its own, so that a comment at the end of the query cannot swallow the bracket.
    let mut statement = connection.prepare(&format!("SELECT * FROM ({query}\n)")).map_err(refused)?;
    if statement.parameter_count() != select.arguments.len() {
        return Err(SelectError::Refused(format!(
            "{} values for {} parameters",
            select.arguments.len(),
            statement.parameter_count()
        )));
    }
    let names: Vec<String> = statement.column_names().map(str::to_owned).collect();
    let mut rows =
        statement.query(params_from_iter(select.arguments.into_iter().map(parameter))).map_err(refused)?;
    while let Some(found) = rows.next().map_err(refused)? {
        let cells = (0..names.len()).map(|at| found.get_ref(at).map(cell));
        let cells: Vec<SqlCell<'_>> = cells.collect::<Result<_, _>>().map_err(refused)?;
        if !row(&names, &cells) {
            return Ok(());
        }
    }
    Ok(())
}

fn cell(value: ValueRef<'_>) -> SqlCell<'_> {
    match value {
        ValueRef::Null => SqlCell::Null,
        ValueRef::Integer(int) => SqlCell::Integer(int),
        ValueRef::Real(float) => SqlCell::Real(float),
        ValueRef::Text(bytes) => SqlCell::Text(bytes),
        ValueRef::Blob(bytes) => SqlCell::Blob(bytes),
    }
}

/// Without the semicolon at its end.
fn bare(sql: &str) -> &str {
    let sql = sql.trim();
    sql.strip_suffix(';').map_or(sql, str::trim_end)
}

fn begins_query(sql: &str) -> bool {
    let word: String = sql.chars().take_while(char::is_ascii_alphabetic).collect();
    word.eq_ignore_ascii_case("select") || word.eq_ignore_ascii_case("with")
}

/// Reading is all there is; functions that load code are not for anybody.
fn authorise(context: AuthContext<'_>) -> Authorization {
    match context.action {
        AuthAction::Select | AuthAction::Read { .. } | AuthAction::Recursive => Authorization::Allow,
        AuthAction::Function { function_name } if !function_name.eq_ignore_ascii_case("load_extension") => {
            Authorization::Allow
        }
        _ => Authorization::Deny,
    }
}

fn parameter(value: SqlValue) -> Value {
    match value {
        SqlValue::Null => Value::Null,
        SqlValue::Integer(int) => Value::Integer(int),
        SqlValue::Real(float) => Value::Real(float),
        SqlValue::Text(text) => Value::Text(text.to_string()),
        SqlValue::Blob(bytes) => Value::Blob(bytes),
    }
}

fn refused(error: rusqlite::Error) -> SelectError {
    use rusqlite::ErrorCode as Code;
    match &error {
        rusqlite::Error::SqliteFailure(failure, message) => match failure.code {
            Code::OperationInterrupted => SelectError::TooSlow,
            Code::DatabaseBusy | Code::DatabaseCorrupt | Code::SystemIoFailure => {
                SelectError::Store(error.into())
            }
            _ => SelectError::Refused(message.clone().unwrap_or_else(|| failure.to_string())),
        },
        rusqlite::Error::SqlInputError { msg, .. } => SelectError::Refused(msg.clone()),
        other => SelectError::Refused(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::DocFile;

    fn ask(path: &Path, sql: &str, arguments: Vec<SqlValue>) -> Result<String, String> {
        let mut told = String::new();
        let asked = Select { sql: sql.to_owned(), arguments, limit: Duration::from_millis(500) };
        select(path, asked, |names, cells| {
            told.push_str(&format!("{}: {cells:?};", names.join(",")));
            true
        })
        .map_err(|error| error.to_string())?;
        Ok(told)
    }

    #[test]
    fn only_one_query_that_reads() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.grist");
        let (file, _) = DocFile::create(&path).unwrap();
        let asked = "select ? as a, ? as b;";
        let arguments = vec![SqlValue::Integer(1), SqlValue::Text("x".into())];
        assert_eq!(ask(&path, asked, arguments).unwrap(), "a,b: [Integer(1), Text([120])];");
        let good = [
            "SELECT count(*) AS n FROM _grist_Tables",
            "with x as (select 1 as n) select n from x -- a comment",
            "select 1 as n where 0 union select 2",
        ];
        for sql in good {
            assert!(ask(&path, sql, Vec::new()).is_ok(), "{sql}: {:?}", ask(&path, sql, Vec::new()));
        }
        let bad = [
            ("update _grist_DocInfo set docId = 'x'", "only select statements are supported"),
            ("pragma user_version", "only select statements are supported"),
            ("", "only select statements are supported"),
            ("select 1; select 2", "SQLITE_ERROR: near \";\": syntax error"),
            ("select * from Nope", "SQLITE_ERROR: no such table: Nope"),
            ("with x as (select 1) delete from _grist_Tables", "SQLITE_ERROR"),
            ("select load_extension('x')", "SQLITE_ERROR"),
            ("select ?", "SQLITE_ERROR: 0 values for 1 parameters"),
            (
                "with recursive c(n) as (select 1 union all select n + 1 from c) select max(n) from c",
                "a slow",
            ),
        ];
        for (sql, message) in bad {
            let error = ask(&path, sql, Vec::new()).unwrap_err();
            assert!(error.starts_with(message), "{sql}: {error}");
        }
        file.close().unwrap();
    }
}
