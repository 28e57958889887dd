//! The Grist types of the columns in a file: what decides how cells are stored.

use std::collections::HashMap;

use model::schema::METADATA;
use model::{CellValue, ColId, ColumnInfo, ColumnType, TableId};
use rusqlite::Connection;

use crate::error::StoreError;
use crate::sql::quoted;

/// The types of all columns, by table and column.
#[derive(Clone, Debug, Default)]
pub(crate) struct Types(HashMap<TableId, HashMap<ColId, ColumnType>>);

impl Types {
    /// Reads them: of metadata tables from the fixed schema, of user tables from the metadata.
    pub(crate) fn read(connection: &Connection) -> Result<Self, StoreError> {
        let mut types = Self::default();
        for (table, columns) in METADATA {
            let columns =
                columns.iter().map(|(col, kind)| (ColId::new(col), ColumnType::parse(kind))).collect();
            types.0.insert(TableId::new(table), columns);
        }
        let mut statement = connection.prepare(
            "SELECT t.tableId, c.colId, c.type FROM _grist_Tables_column c JOIN _grist_Tables t ON c.parentId = t.id",
        )?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let text = |at: usize| {
                row.get_ref(at).map(|value| crate::sql::text_of(value.as_bytes().unwrap_or_default()))
            };
            let (table, col, kind) = (text(0)?, text(1)?, text(2)?);
            types.set(&table.into(), &col.into(), ColumnType::parse(&kind));
        }
        Ok(types)
    }

    /// The type of a column, if anything is known of it.
    pub(crate) fn known(&self, table: &str, col: &str) -> Option<&ColumnType> {
        self.0.get(table).and_then(|columns| columns.get(col))
    }
    /// The type of a column; Any where nothing is known.
    pub(crate) fn of(&self, table: &str, col: &str) -> ColumnType {
        self.known(table, col).cloned().unwrap_or_default()
    }
    /// All tables and columns.
    pub(crate) fn all(&self) -> impl Iterator<Item = (&TableId, &ColId)> {
        self.0.iter().flat_map(|(table, columns)| columns.keys().map(move |col| (table, col)))
    }
    pub(crate) fn of_table(&self, table: &str) -> impl Iterator<Item = (&ColId, &ColumnType)> {
        self.0.get(table).into_iter().flatten()
    }
    pub(crate) fn set(&mut self, table: &TableId, col: &ColId, column_type: ColumnType) {
        self.0.entry(table.clone()).or_default().insert(col.clone(), column_type);
    }
    pub(crate) fn remove(&mut self, table: &TableId, col: &ColId) {
        if let Some(columns) = self.0.get_mut(table) {
            columns.remove(col);
        }
    }
    pub(crate) fn remove_table(&mut self, table: &TableId) {
        self.0.remove(table);
    }
    pub(crate) fn rename(&mut self, table: &TableId, old: &ColId, new: &ColId) {
        if let Some(columns) = self.0.get_mut(table)
            && let Some(column_type) = columns.remove(old)
        {
            columns.insert(new.clone(), column_type);
        }
    }
    pub(crate) fn rename_table(&mut self, old: &TableId, new: &TableId) {
        if let Some(columns) = self.0.remove(old) {
            self.0.insert(new.clone(), columns);
        }
    }
}

/// The type that properties of a column give.
pub(crate) fn type_in(info: &ColumnInfo) -> Option<ColumnType> {
    info.get("type").and_then(CellValue::as_text).map(ColumnType::parse)
}

/// The columns that a table has in SQL, `id` aside, in their order.
pub(crate) fn sql_columns(connection: &Connection, table: &str) -> Result<Vec<ColId>, StoreError> {
    let mut statement = connection.prepare(&format!("PRAGMA table_info({})", quoted(table)))?;
    let names = statement.query_map([], |row| row.get::<_, String>(1))?;
    Ok(names
        .collect::<Result<Vec<_>, _>>()?
        .into_iter()
        .filter(|name| name != "id")
        .map(ColId::from)
        .collect())
}

/// Whether there is such a table.
pub(crate) fn has_table(connection: &Connection, table: &str) -> Result<bool, StoreError> {
    let sql = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?1";
    Ok(connection.prepare(sql)?.exists([table])?)
}
