//! Where cells come from that are not in memory yet.

use model::{ColId, Column, ColumnType, RowId, TableId};

/// A table as its source has it.
#[derive(Debug)]
pub struct Loaded {
    /// The row ids, in any order.
    pub rows: Vec<RowId>,
    /// The columns asked for, in that order.
    pub columns: Vec<Column>,
}

/// Loads tables on first need.
pub trait Source {
    /// Reads the columns of a table; a column that the source lacks comes back empty.
    ///
    /// # Errors
    /// A text that says what went wrong.
    fn load(&mut self, table: &TableId, columns: &[(ColId, ColumnType)]) -> Result<Loaded, String>;
}
