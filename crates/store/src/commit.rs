//! Writing a turn: its doc actions and its history entry, in one transaction.

use std::borrow::Cow;

use model::storage::{SqlValue, to_sql};
use model::{
    CellValue, Cells, ColId, ColumnInfo, ColumnType, ColumnValues, DocAction, RowId, RowValues, TableId,
};
use rusqlite::{Connection, Transaction, params_from_iter};

use crate::create::{column_definition, table_definition};
use crate::error::StoreError;
use crate::history::{self, Info};
use crate::open::DocFile;
use crate::outgoing::{self, Outgoing};
use crate::rebuild;
use crate::schema::{Types, type_in};
use crate::sql::{Parameter, quoted};

/// A turn to be kept.
#[derive(Clone, Debug, Default)]
pub struct Record<'r> {
    /// What happened, in order.
    pub stored: &'r [DocAction],
    /// What takes it back, to be applied last to first.
    pub undo: &'r [DocAction],
    /// What was asked for: each as a JSON list `[name, …]`.
    pub user_actions: Vec<serde_json::Value>,
    /// Who, when and why.
    pub info: Info,
    /// Whom it is to be told outside.
    pub outgoing: &'r [Outgoing],
}

/// How a turn is known from now on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Committed {
    /// Its number: 1 and up.
    pub action_num: i64,
    /// Its hash: 64 hexadecimal digits, chained to the turn before.
    pub action_hash: String,
}

impl DocFile {
    /// Writes a turn. When this returns, it is on disk.
    ///
    /// # Errors
    /// When it cannot be written; then the file is as it was.
    pub fn commit(&mut self, record: &Record<'_>) -> Result<Committed, StoreError> {
        self.write(record.stored, |transaction| {
            outgoing::append(transaction, record.outgoing, record.info.time_ms)?;
            history::append(transaction, record)
        })
    }

    /// Writes doc actions without a history entry: migrations, and what nobody needs to undo.
    ///
    /// # Errors
    /// When they cannot be written; then the file is as it was.
    pub fn apply_unrecorded(&mut self, actions: &[DocAction]) -> Result<(), StoreError> {
        self.write(actions, |_| Ok(()))
    }

    fn write<T>(
        &mut self,
        actions: &[DocAction],
        more: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let before = actions.iter().any(DocAction::is_schema).then(|| self.types.clone());
        let transaction = self.connection.transaction()?;
        let types = &mut self.types;
        let written = actions
            .iter()
            .try_for_each(|action| apply(&transaction, types, action))
            .and_then(|()| more(&transaction))
            .and_then(|done| transaction.commit().map(|()| done).map_err(StoreError::from));
        if let (Err(_), Some(before)) = (&written, before) {
            self.types = before;
        }
        written
    }
}

/// Writes one doc action.
pub(crate) fn apply(
    transaction: &Transaction<'_>,
    types: &mut Types,
    action: &DocAction,
) -> Result<(), StoreError> {
    match action {
        DocAction::AddRecord(table, row, values) => {
            insert(transaction, types, table, &[*row], single(values))
        }
        DocAction::UpdateRecord(table, row, values) => {
            update(transaction, types, table, &[*row], single(values))
        }
        DocAction::RemoveRecord(table, row) => remove(transaction, table, &[*row]),
        DocAction::BulkAddRecord(table, rows, columns) => {
            insert(transaction, types, table, rows, several(columns))
        }
        DocAction::BulkUpdateRecord(table, rows, columns) => {
            update(transaction, types, table, rows, several(columns))
        }
        DocAction::BulkRemoveRecord(table, rows) => remove(transaction, table, rows),
        DocAction::ReplaceTableData(table, rows, columns) => {
            transaction.execute(&format!("DELETE FROM {}", quoted(table)), [])?;
            insert(transaction, types, table, rows, several(columns))
        }
        DocAction::AddColumn(table, col, info) => {
            let column_type = type_in(info).unwrap_or_default();
            let definition = column_definition(col, &column_type);
            transaction.execute_batch(&format!("ALTER TABLE {} ADD COLUMN {definition}", quoted(table)))?;
            types.set(table, col, column_type);
            Ok(())
        }
        DocAction::RemoveColumn(table, col) => {
            rebuild::remove_column(transaction, table, col)?;
            types.remove(table, col);
            Ok(())
        }
        DocAction::RenameColumn(table, old, new) => {
            rename_column(transaction, table, old, new)?;
            types.rename(table, old, new);
            Ok(())
        }
        DocAction::ModifyColumn(table, col, info) => {
            if let Some(new) = type_in(info) {
                rebuild::change_type(transaction, table, col, &types.of(table, col), &new)?;
                types.set(table, col, new);
            }
            Ok(())
        }
        DocAction::AddTable(table, columns) => add_table(transaction, types, table, columns),
        DocAction::RemoveTable(table) => {
            transaction.execute_batch(&format!("DROP TABLE {}", quoted(table)))?;
            types.remove_table(table);
            Ok(())
        }
        DocAction::RenameTable(old, new) => {
            rename_table(transaction, old, new)?;
            types.rename_table(old, new);
            Ok(())
        }
    }
}

/// Columns with their values, parallel to the rows.
type Columns<'a> = Vec<(&'a ColId, Cow<'a, Cells>)>;

fn single(values: &RowValues) -> Columns<'_> {
    values.iter().map(|(col, value)| (col, Cow::Owned(Cells::one(value.clone())))).collect()
}

fn several(columns: &ColumnValues) -> Columns<'_> {
    columns.iter().map(|(col, values)| (col, Cow::Borrowed(values))).collect()
}

fn insert(
    connection: &Connection,
    types: &Types,
    table: &TableId,
    rows: &[RowId],
    columns: Columns<'_>,
) -> Result<(), StoreError> {
    let names = columns.iter().map(|(col, _)| quoted(col));
    let names: Vec<String> = std::iter::once("id".to_owned()).chain(names).collect();
    let marks: Vec<String> = (1..=names.len()).map(|at| format!("?{at}")).collect();
    let sql = format!("INSERT INTO {} ({}) VALUES ({})", quoted(table), names.join(", "), marks.join(", "));
    execute(connection, &sql, types, table, rows, columns)
}

fn update(
    connection: &Connection,
    types: &Types,
    table: &TableId,
    rows: &[RowId],
    columns: Columns<'_>,
) -> Result<(), StoreError> {
    if columns.is_empty() {
        return Ok(());
    }
    let sets: Vec<String> =
        columns.iter().zip(2..).map(|((col, _), at)| format!("{} = ?{at}", quoted(col))).collect();
    let sql = format!("UPDATE {} SET {} WHERE id = ?1", quoted(table), sets.join(", "));
    execute(connection, &sql, types, table, rows, columns)
}

/// Runs a statement for each row: the row id is its first parameter, the cells are the others.
fn execute(
    connection: &Connection,
    sql: &str,
    types: &Types,
    table: &TableId,
    rows: &[RowId],
    columns: Columns<'_>,
) -> Result<(), StoreError> {
    let mut statement = connection.prepare_cached(sql)?;
    let columns: Vec<(ColumnType, Cow<'_, Cells>)> =
        columns.into_iter().map(|(col, values)| (types.of(table, col), values)).collect();
    let mut parameters = Vec::with_capacity(columns.len() + 1);
    for (at, row) in rows.iter().enumerate() {
        parameters.clear();
        parameters.push(SqlValue::Integer(i64::from(row.0)));
        for (column_type, values) in &columns {
            parameters.push(values.get(at).map_or(SqlValue::Null, |value| to_sql(&value, column_type)));
        }
        statement.execute(params_from_iter(parameters.iter().map(Parameter)))?;
    }
    Ok(())
}

fn remove(connection: &Connection, table: &TableId, rows: &[RowId]) -> Result<(), StoreError> {
    let mut statement = connection.prepare_cached(&format!("DELETE FROM {} WHERE id = ?1", quoted(table)))?;
    for row in rows {
        statement.execute([i64::from(row.0)])?;
    }
    Ok(())
}

fn add_table(
    connection: &Connection,
    types: &mut Types,
    table: &TableId,
    columns: &[ColumnInfo],
) -> Result<(), StoreError> {
    let mut definitions = Vec::with_capacity(columns.len());
    for info in columns {
        let col = info.get("id").and_then(CellValue::as_text).map(ColId::new);
        let col =
            col.ok_or_else(|| StoreError::Action(format!("a column of the new table {table} has no id")))?;
        let column_type = type_in(info).unwrap_or_default();
        definitions.push(column_definition(&col, &column_type));
        types.set(table, &col, column_type);
    }
    connection.execute_batch(&table_definition(table, definitions.into_iter()))?;
    Ok(())
}

/// SQLite takes names that differ in case only for the same: such a rename goes by another name.
fn rename_table(connection: &Connection, old: &TableId, new: &TableId) -> Result<(), StoreError> {
    let rename = |from: &str, to: &str| {
        connection.execute_batch(&format!("ALTER TABLE {} RENAME TO {}", quoted(from), quoted(to)))
    };
    if old.eq_ignore_ascii_case(new) {
        rename(old, "_moulin_renaming")?;
        return Ok(rename("_moulin_renaming", new)?);
    }
    Ok(rename(old, new)?)
}

fn rename_column(
    connection: &Connection,
    table: &TableId,
    old: &ColId,
    new: &ColId,
) -> Result<(), StoreError> {
    let rename = |from: &str, to: &str| {
        let (table, from, to) = (quoted(table), quoted(from), quoted(to));
        connection.execute_batch(&format!("ALTER TABLE {table} RENAME COLUMN {from} TO {to}"))
    };
    if old.eq_ignore_ascii_case(new) {
        rename(old, "_moulin_renaming")?;
        return Ok(rename("_moulin_renaming", new)?);
    }
    Ok(rename(old, new)?)
}
