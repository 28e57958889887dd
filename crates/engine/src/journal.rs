//! What a turn has changed, so that it can be taken back: not as doc actions but as memory was.

use std::sync::Arc;

use formula::{ColIx, TableIx};
use model::{CellValue, Cells, Column, RowId, TableId};

use crate::table::Table;

/// One thing that was changed, with what was there before.
#[derive(Debug)]
pub(crate) enum Entry {
    /// A cell.
    Cell(TableIx, ColIx, RowId, CellValue),
    /// Cells of a column, parallel to the rows.
    Cells(TableIx, ColIx, Vec<RowId>, Cells),
    /// All cells of a column.
    Column(TableIx, ColIx, Arc<Column>),
    /// Whether rows existed.
    Rows(TableIx, Vec<RowId>, bool),
    /// A whole table, before a change of its schema or of all its data.
    Table(TableIx, Box<Table>),
    /// A table that was added.
    Added(TableIx),
    /// The name of a table.
    Name(TableIx, TableId),
}
