//! Writing a turn: its doc actions and its history entry, in one transaction.

use model::storage::{SqlValue, sql_default, to_sql};
use model::{CellValue, ColId, ColumnInfo, ColumnType, ColumnValues, DocAction, RowId, TableId};
use rusqlite::{Connection, Transaction, params_from_iter};

use crate::create::{column_definition, table_definition};
use crate::error::StoreError;
use crate::history::{self, Info};
use crate::open::DocFile;
use crate::schema::{Types, sql_columns, type_in};
use crate::sql::{Parameter, quoted, value_of};

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
        let mut types = self.types.clone();
        let transaction = self.connection.transaction()?;
        for action in record.stored {
            apply(&transaction, &mut types, action)?;
        }
        let committed = history::append(&transaction, record)?;
        transaction.commit()?;
        self.types = types;
        Ok(committed)
    }

    /// Writes doc actions without a history entry: migrations, and what nobody needs to undo.
    ///
    /// # Errors
    /// When they cannot be written; then the file is as it was.
    pub fn apply_unrecorded(&mut self, actions: &[DocAction]) -> Result<(), StoreError> {
        let mut types = self.types.clone();
        let transaction = self.connection.transaction()?;
        for action in actions {
            apply(&transaction, &mut types, action)?;
        }
        transaction.commit()?;
        self.types = types;
        Ok(())
    }
}

/// Writes one doc action.
pub(crate) fn apply(
    transaction: &Transaction<'_>,
    types: &mut Types,
    action: &DocAction,
) -> Result<(), StoreError> {
    match action {
        DocAction::AddRecord(..) | DocAction::UpdateRecord(..) | DocAction::RemoveRecord(..) => {
            apply(transaction, types, &action.clone().bulk())
        }
        DocAction::BulkAddRecord(table, rows, columns) => insert(transaction, types, table, rows, columns),
        DocAction::BulkUpdateRecord(table, rows, columns) => update(transaction, types, table, rows, columns),
        DocAction::BulkRemoveRecord(table, rows) => remove(transaction, table, rows),
        DocAction::ReplaceTableData(table, rows, columns) => {
            transaction.execute(&format!("DELETE FROM {}", quoted(table)), [])?;
            insert(transaction, types, table, rows, columns)
        }
        DocAction::AddColumn(table, col, info) => {
            let column_type = type_in(info).unwrap_or_default();
            let definition = column_definition(col, &column_type);
            transaction.execute_batch(&format!("ALTER TABLE {} ADD COLUMN {definition}", quoted(table)))?;
            types.set(table, col, column_type);
            Ok(())
        }
        DocAction::RemoveColumn(table, col) => {
            transaction.execute_batch(&format!(
                "ALTER TABLE {} DROP COLUMN {}",
                quoted(table),
                quoted(col)
            ))?;
            types.remove(table, col);
            Ok(())
        }
        DocAction::RenameColumn(table, old, new) => {
            rename_column(transaction, table, old, new)?;
            types.rename(table, old, new);
            Ok(())
        }
        DocAction::ModifyColumn(table, col, info) => modify_column(transaction, types, table, col, info),
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

/// The values of columns, ready for SQL: parallel to the rows.
fn encoded(types: &Types, table: &TableId, columns: &ColumnValues) -> Vec<Vec<SqlValue>> {
    columns
        .iter()
        .map(|(col, values)| {
            let column_type = types.of(table, col);
            values.iter().map(|value| to_sql(value, &column_type)).collect()
        })
        .collect()
}

fn insert(
    connection: &Connection,
    types: &Types,
    table: &TableId,
    rows: &[RowId],
    columns: &ColumnValues,
) -> Result<(), StoreError> {
    let names = columns.keys().map(|col| quoted(col));
    let names: Vec<String> = std::iter::once("id".to_owned()).chain(names).collect();
    let marks: Vec<String> = (1..=names.len()).map(|at| format!("?{at}")).collect();
    let sql = format!("INSERT INTO {} ({}) VALUES ({})", quoted(table), names.join(", "), marks.join(", "));
    let mut statement = connection.prepare_cached(&sql)?;
    let values = encoded(types, table, columns);
    for (at, row) in rows.iter().enumerate() {
        let id = SqlValue::Integer(i64::from(row.0));
        let parameters = std::iter::once(&id).chain(values.iter().filter_map(|column| column.get(at)));
        statement.execute(params_from_iter(parameters.map(Parameter)))?;
    }
    Ok(())
}

fn update(
    connection: &Connection,
    types: &Types,
    table: &TableId,
    rows: &[RowId],
    columns: &ColumnValues,
) -> Result<(), StoreError> {
    if columns.is_empty() {
        return Ok(());
    }
    let sets: Vec<String> =
        columns.keys().zip(2..).map(|(col, at)| format!("{} = ?{at}", quoted(col))).collect();
    let sql = format!("UPDATE {} SET {} WHERE id = ?1", quoted(table), sets.join(", "));
    let mut statement = connection.prepare_cached(&sql)?;
    let values = encoded(types, table, columns);
    for (at, row) in rows.iter().enumerate() {
        let id = SqlValue::Integer(i64::from(row.0));
        let parameters = std::iter::once(&id).chain(values.iter().filter_map(|column| column.get(at)));
        statement.execute(params_from_iter(parameters.map(Parameter)))?;
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

/// A column of another type is written anew: what SQLite converts, and how cells are encoded, follows the type.
fn modify_column(
    connection: &Connection,
    types: &mut Types,
    table: &TableId,
    col: &ColId,
    info: &ColumnInfo,
) -> Result<(), StoreError> {
    let old = types.of(table, col);
    let Some(new) = type_in(info) else { return Ok(()) };
    if new == old && is_declared(connection, table, col, &new)? {
        return Ok(());
    }
    let (quoted_table, quoted_col) = (quoted(table), quoted(col));
    let cells: Vec<(i64, SqlValue)> = {
        let mut statement = connection.prepare(&format!("SELECT id, {quoted_col} FROM {quoted_table}"))?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, value_of(row.get_ref(1)?))))?;
        rows.collect::<Result<_, _>>()?
    };
    let fresh = column_definition("_moulin_modified", &new);
    connection.execute_batch(&format!("ALTER TABLE {quoted_table} ADD COLUMN {fresh}"))?;
    let sql = format!("UPDATE {quoted_table} SET _moulin_modified = ?2 WHERE id = ?1");
    let mut statement = connection.prepare(&sql)?;
    for (id, value) in cells {
        let value = to_sql(&model::storage::from_sql(value, &old), &new);
        statement.execute(params_from_iter([&SqlValue::Integer(id), &value].map(Parameter)))?;
    }
    drop(statement);
    connection.execute_batch(&format!(
        "ALTER TABLE {quoted_table} DROP COLUMN {quoted_col}; ALTER TABLE {quoted_table} RENAME COLUMN _moulin_modified TO {quoted_col}"
    ))?;
    types.set(table, col, new);
    Ok(())
}

/// Whether the column is declared in SQL as its type wants.
fn is_declared(
    connection: &Connection,
    table: &TableId,
    col: &ColId,
    column_type: &ColumnType,
) -> Result<bool, StoreError> {
    if !sql_columns(connection, table)?.contains(col) {
        return Err(StoreError::Action(format!("there is no column {col} in {table}")));
    }
    let sql = "SELECT type, dflt_value FROM pragma_table_info(?1) WHERE name = ?2";
    let (declared, default): (String, Option<String>) =
        connection.query_row(sql, [table.as_str(), col.as_str()], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(declared == model::storage::sql_type(column_type)
        && default.as_deref().unwrap_or("NULL") == sql_default(column_type))
}
