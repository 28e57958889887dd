//! What a formula may know of the document when it is compiled.

use model::{ColId, ColumnType, TableId};

use crate::static_type::StaticType;

/// The engine's slot of a table: stable over renames, never reused while the document is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TableIx(pub u32);

impl TableIx {
    /// The name ([`crate::Formula::names`]) by which a formula asks to be compiled anew when any column of the table appears, disappears or is renamed.
    #[must_use]
    pub fn all_columns(self) -> String {
        format!("#columns of {}", self.0)
    }
}

/// The engine's slot of a column within its table: stable over renames, never reused while the document is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ColIx(pub u32);

/// The tables and columns of the document, at compile time. The engine implements it.
///
/// The column `id` is not among the columns: the row id needs no slot.
pub trait Schema {
    /// The table with this id.
    fn table(&self, id: &str) -> Option<TableIx>;
    /// The id of a table.
    fn table_id(&self, table: TableIx) -> TableId;
    /// The column with this id.
    fn column(&self, table: TableIx, id: &str) -> Option<ColIx>;
    /// All columns of a table, helper columns (`#…`) aside.
    fn columns(&self, table: TableIx) -> Vec<ColIx>;
    /// The id of a column.
    fn column_id(&self, table: TableIx, col: ColIx) -> ColId;
    /// The type of a column.
    fn column_type(&self, table: TableIx, col: ColIx) -> ColumnType;
    /// What is known of the values of a formula column of type Any, from its formula.
    fn result_type(&self, table: TableIx, col: ColIx) -> Option<StaticType>;
    /// Every column with this id, in any table: for attributes of values of unknown type.
    fn columns_named(&self, id: &str) -> Vec<(TableIx, ColIx)>;
    /// The source table of a summary table.
    fn summary_source(&self, table: TableIx) -> Option<TableIx>;
}
