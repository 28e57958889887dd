//! Reading tables: metadata as table data, user tables straight into typed vectors.

use model::storage::{SqlValue, from_sql};
use model::{Cells, Column, ColumnData, ColumnType, ColumnValues, RowId, TableData, TableId};
use rusqlite::Connection;
use rusqlite::types::ValueRef;

use crate::error::StoreError;
use crate::open::DocFile;
use crate::schema::{Types, sql_columns};
use crate::sql::{quoted, text_of, value_of};

/// Row ids up to this are never too far apart.
const DENSE: i64 = 5_000_000;
/// Above, there must be a row for so many ids.
const SPARSE: u64 = 100;

impl DocFile {
    /// The ids of all tables but the system ones.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn table_ids(&self) -> Result<Vec<TableId>, StoreError> {
        Self::table_ids_of(&self.connection)
    }

    pub(crate) fn table_ids_of(connection: &Connection) -> Result<Vec<TableId>, StoreError> {
        let sql = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE '\\_gristsys\\_%' ESCAPE '\\' \
                   AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name";
        let mut statement = connection.prepare(sql)?;
        let names = statement.query_map([], |row| row.get::<_, String>(0))?;
        Ok(names.collect::<Result<Vec<_>, _>>()?.into_iter().map(TableId::from).collect())
    }

    /// The Grist type of a column; Any where nothing is known.
    #[must_use]
    pub fn column_type(&self, table: &str, col: &str) -> ColumnType {
        self.types.of(table, col)
    }

    /// A table with all the columns it has in SQL, decoded by their Grist types.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn table(&self, table: &str) -> Result<TableData, StoreError> {
        Self::table_of(&self.connection, &self.types, table)
    }

    pub(crate) fn table_of(
        connection: &Connection,
        types: &Types,
        table: &str,
    ) -> Result<TableData, StoreError> {
        let columns = sql_columns(connection, table)?;
        let types: Vec<ColumnType> = columns.iter().map(|col| types.of(table, col)).collect();
        let names: Vec<String> = columns.iter().map(|col| quoted(col)).collect();
        let list = std::iter::once("id".to_owned()).chain(names).collect::<Vec<_>>().join(", ");
        let mut statement =
            connection.prepare(&format!("SELECT {list} FROM {} ORDER BY id", quoted(table)))?;
        let mut rows = statement.query([])?;
        let mut ids = Vec::new();
        let mut values = vec![Cells::new(); columns.len()];
        while let Some(row) = rows.next()? {
            let Some(id) = row_id(row.get_ref(0)?) else { continue };
            ids.push(id);
            for ((at, column_type), values) in types.iter().enumerate().zip(&mut values) {
                values.push(from_sql(value_of(row.get_ref(at + 1)?), column_type));
            }
        }
        let columns: ColumnValues = columns.into_iter().zip(values).collect();
        Ok(TableData { table: TableId::new(table), rows: ids, columns })
    }

    /// Columns of a table as typed vectors, with the row ids. A column that the file lacks comes back empty.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn columns(
        &self,
        table: &str,
        wanted: &[(model::ColId, ColumnType)],
    ) -> Result<(Vec<RowId>, Vec<Column>), StoreError> {
        let there = sql_columns(&self.connection, table)?;
        let mut columns: Vec<Column> =
            wanted.iter().map(|(_, column_type)| Column::new(column_type)).collect();
        let read: Vec<usize> = (0..wanted.len()).filter(|at| there.contains(&wanted[*at].0)).collect();
        let names = read.iter().map(|at| quoted(&wanted[*at].0));
        let list = std::iter::once("id".to_owned()).chain(names).collect::<Vec<_>>().join(", ");
        let len = self.highest_row(table)? + 1;
        for column in &mut columns {
            column.grow(len);
        }
        let mut statement =
            self.connection.prepare(&format!("SELECT {list} FROM {} ORDER BY id", quoted(table)))?;
        let mut rows = statement.query([])?;
        let mut ids = Vec::new();
        while let Some(row) = rows.next()? {
            let Some(id) = row_id(row.get_ref(0)?) else { continue };
            ids.push(id);
            for (place, at) in read.iter().enumerate() {
                put(&mut columns[*at], id, row.get_ref(place + 1)?, &wanted[*at].1);
            }
        }
        Ok((ids, columns))
    }

    /// The highest row id. Vectors are as long as this, so it must not be absurd: a few cells must not take all memory.
    fn highest_row(&self, table: &str) -> Result<usize, StoreError> {
        let sql = format!("SELECT max(id) FROM {}", quoted(table));
        let id = self.connection.query_row(&sql, [], |row| row.get::<_, Option<i64>>(0))?;
        let id = id.unwrap_or(0).clamp(0, i64::from(u32::MAX));
        if id > DENSE {
            let rows = u64::try_from(self.row_count(table)?).unwrap_or(u64::MAX);
            if id.unsigned_abs() > rows.saturating_mul(SPARSE) {
                return Err(StoreError::Sparse { table: table.to_owned(), rows, id });
            }
        }
        Ok(usize::try_from(id).unwrap_or(0))
    }
}

fn row_id(value: ValueRef<'_>) -> Option<RowId> {
    match value {
        ValueRef::Integer(int) => u32::try_from(int).ok().filter(|id| *id > 0).map(RowId),
        _ => None,
    }
}

/// Puts a value of SQLite into a typed vector: directly where it is of the vector's kind.
fn put(column: &mut Column, row: RowId, value: ValueRef<'_>, column_type: &ColumnType) {
    let at = row.index();
    match (&mut column.data, value) {
        (ColumnData::Float(vector), ValueRef::Real(float)) => vector[at] = float,
        #[expect(clippy::cast_precision_loss, reason = "SQLite made an integer of a whole float")]
        (ColumnData::Float(vector), ValueRef::Integer(int)) => vector[at] = int as f64,
        (ColumnData::Int(vector), ValueRef::Integer(int)) if int != model::column::BLANK_INT => {
            vector[at] = int;
        }
        (ColumnData::Ref(vector), ValueRef::Integer(int)) if u32::try_from(int).is_ok() => {
            vector[at] = u32::try_from(int).unwrap_or_default();
        }
        (ColumnData::Bool(vector), ValueRef::Integer(int @ (0 | 1))) => vector[at] = int == 1,
        (ColumnData::Text(vector), ValueRef::Text(bytes)) => vector[at] = text_of(bytes),
        (_, ValueRef::Null) => column.set(row, from_sql(SqlValue::Null, column_type)),
        (_, value) => column.set(row, from_sql(value_of(value), column_type)),
    }
}
