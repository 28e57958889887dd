//! Columns whose declaration in SQL changes: the table is written anew, in one pass, with its columns in their order.

use std::collections::HashSet;

use model::storage::{SqlValue, from_sql, sql_default, sql_type, stored_alike, to_sql};
use model::{ColId, ColumnType, TableId};
use rusqlite::Connection;
use rusqlite::functions::FunctionFlags;
use rusqlite::types::Value;

use crate::create::table_definition;
use crate::error::StoreError;
use crate::schema::Types;
use crate::sql::{quoted, value_of};

const FRESH: &str = "_moulin_fresh";

/// A column as SQL declares it.
struct Declared {
    name: String,
    kind: String,
    default: String,
}

impl Declared {
    fn definition(&self) -> String {
        format!("{} {} DEFAULT {}", quoted(&self.name), self.kind, self.default)
    }
}

/// Changes the type of a column: its declaration, and the encoding of its cells, which keep their values.
pub(crate) fn change_type(
    connection: &Connection,
    table: &TableId,
    col: &ColId,
    old: &ColumnType,
    new: &ColumnType,
) -> Result<(), StoreError> {
    let mut columns = declared(connection, table)?;
    let column = columns.iter_mut().find(|column| column.name == col.as_str());
    let column = column.ok_or_else(|| StoreError::Action(format!("there is no column {col} in {table}")))?;
    let is_declared = column.kind == sql_type(new) && column.default == sql_default(new);
    if if old == new { is_declared } else { stored_alike(old, new) } {
        return Ok(());
    }
    sql_type(new).clone_into(&mut column.kind);
    sql_default(new).clone_into(&mut column.default);
    let (old, new) = (old.clone(), new.clone());
    connection.create_scalar_function(
        "moulin_encode",
        1,
        FunctionFlags::SQLITE_DETERMINISTIC,
        move |call| {
            let value = to_sql(&from_sql(value_of(call.get_raw(0)), &old), &new);
            Ok(match value {
                SqlValue::Null => Value::Null,
                SqlValue::Integer(int) => Value::Integer(int),
                SqlValue::Real(float) => Value::Real(float),
                SqlValue::Text(text) => Value::Text(text.into()),
                SqlValue::Blob(bytes) => Value::Blob(bytes),
            })
        },
    )?;
    write_anew(connection, table, &columns, |column| {
        let name = quoted(&column.name);
        if column.name == col.as_str() { format!("moulin_encode({name})") } else { name }
    })
}

/// Declares the columns of a table as their types want: all of it, or only the defaults, where a blank takes the place of no value.
pub(crate) fn declare(
    connection: &Connection,
    types: &Types,
    table: &TableId,
    defaults_only: bool,
) -> Result<(), StoreError> {
    let mut columns = declared(connection, table)?;
    let mut changed = HashSet::new();
    for column in &mut columns {
        let Some(column_type) = types.known(table, &column.name) else { continue };
        let (kind, default) = (sql_type(column_type), sql_default(column_type));
        if !defaults_only && (column.kind != kind || column.default != default) {
            kind.clone_into(&mut column.kind);
            default.clone_into(&mut column.default);
            changed.insert(column.name.clone());
        } else if column.default == "NULL" && default != "NULL" {
            default.clone_into(&mut column.default);
            changed.insert(column.name.clone());
        }
    }
    if changed.is_empty() {
        return Ok(());
    }
    write_anew(connection, table, &columns, |column| {
        let name = quoted(&column.name);
        if changed.contains(&column.name) && column.default != "NULL" {
            format!("coalesce({name}, {})", column.default)
        } else {
            name
        }
    })
}

fn write_anew(
    connection: &Connection,
    table: &TableId,
    columns: &[Declared],
    value: impl Fn(&Declared) -> String,
) -> Result<(), StoreError> {
    let indexes: Vec<String> = {
        let sql = "SELECT sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = ?1 AND sql IS NOT NULL";
        let mut statement = connection.prepare(sql)?;
        let texts = statement.query_map([table.as_str()], |row| row.get(0))?;
        texts.collect::<Result<_, _>>()?
    };
    connection.execute_batch(&table_definition(FRESH, columns.iter().map(Declared::definition)))?;
    let values: Vec<String> = std::iter::once("id".to_owned()).chain(columns.iter().map(value)).collect();
    let table = quoted(table);
    connection.execute_batch(&format!(
        "INSERT INTO {FRESH} SELECT {} FROM {table}; DROP TABLE {table}; ALTER TABLE {FRESH} RENAME TO {table};",
        values.join(", ")
    ))?;
    for index in indexes {
        connection.execute_batch(&index)?;
    }
    Ok(())
}

/// The columns of a table, `id` aside. Defaults that only old programs wrote are put right.
fn declared(connection: &Connection, table: &TableId) -> Result<Vec<Declared>, StoreError> {
    let sql = "SELECT name, type, coalesce(dflt_value, 'NULL') FROM pragma_table_info(?1) WHERE name <> 'id'";
    let mut statement = connection.prepare(sql)?;
    let columns = statement.query_map([table.as_str()], |row| {
        let default: String = row.get(2)?;
        let default = match default.as_str() {
            "\"\"" => "''".to_owned(),
            "undefined" | "null" => "NULL".to_owned(),
            _ => default,
        };
        Ok(Declared { name: row.get(0)?, kind: row.get(1)?, default })
    })?;
    Ok(columns.collect::<Result<_, _>>()?)
}

/// Removes a column, with the indexes that are about it.
pub(crate) fn remove_column(connection: &Connection, table: &TableId, col: &ColId) -> Result<(), StoreError> {
    let sql = "SELECT DISTINCT i.name FROM pragma_index_list(?1) i JOIN pragma_index_info(i.name) c WHERE c.name = ?2";
    let indexes: Vec<String> = {
        let mut statement = connection.prepare(sql)?;
        let names = statement.query_map([table.as_str(), col.as_str()], |row| row.get(0))?;
        names.collect::<Result<_, _>>()?
    };
    for index in indexes {
        connection.execute_batch(&format!("DROP INDEX {}", quoted(&index)))?;
    }
    Ok(connection.execute_batch(&format!("ALTER TABLE {} DROP COLUMN {}", quoted(table), quoted(col)))?)
}
