//! A table as it was at one moment, to be read at leisure.

use std::sync::Arc;

use engine::{Rows, Table};
use model::{ColId, Column, ColumnType, ColumnValues, RowId, TableData, TableId};

/// A table that no later turn changes. Cheap to take: columns are shared until one is written to.
#[derive(Clone, Debug)]
pub struct TableSnapshot {
    /// The table.
    pub table: TableId,
    /// Its rows.
    pub rows: Arc<Rows>,
    /// Its columns in the schema's order, helper columns of the engine (`#…`) left out.
    pub columns: Vec<SnapshotColumn>,
}

/// A column of a snapshot.
#[derive(Clone, Debug)]
pub struct SnapshotColumn {
    /// Its id.
    pub id: ColId,
    /// Its type.
    pub column_type: ColumnType,
    /// Whether its cells are computed.
    pub is_formula: bool,
    /// Its cells by row id.
    pub cells: Arc<Column>,
}

impl TableSnapshot {
    pub(crate) fn of(table: &Table) -> Self {
        let columns = table
            .columns()
            .filter(|(_, slot)| !slot.id.starts_with('#'))
            .map(|(_, slot)| SnapshotColumn {
                id: slot.id.clone(),
                column_type: slot.spec.column_type.clone(),
                is_formula: slot.spec.is_formula,
                cells: Arc::clone(&slot.cells),
            })
            .collect();
        Self { table: table.id.clone(), rows: table.shared_rows(), columns }
    }

    /// The same table with other cells and rows: those of `data`, as far as it has them.
    pub(crate) fn with(&self, data: &TableData) -> Self {
        let mut changed = self.clone();
        changed.rows = Arc::new(data.rows.iter().copied().collect());
        changed.columns.retain(|column| data.columns.contains_key(&column.id));
        for column in &mut changed.columns {
            if let Some(values) = data.columns.get(&column.id) {
                let mut cells = Column::new(&column.column_type);
                cells.set_all(&data.rows, values);
                column.cells = Arc::new(cells);
            }
        }
        changed
    }

    /// A column by id.
    #[must_use]
    pub fn column(&self, id: &str) -> Option<&SnapshotColumn> {
        self.columns.iter().find(|column| column.id == *id)
    }

    /// The cells of some rows, in that order.
    #[must_use]
    pub fn columns_of(&self, rows: &[RowId]) -> ColumnValues {
        self.columns.iter().map(|column| (column.id.clone(), column.cells.select(rows))).collect()
    }

    /// All of it, row ids ascending.
    #[must_use]
    pub fn data(&self) -> TableData {
        let rows: Vec<RowId> = self.rows.iter().collect();
        let columns = self.columns_of(&rows);
        TableData { table: self.table.clone(), rows, columns }
    }
}
