//! What a formula reads, known without evaluating it.

use crate::schema::{ColIx, TableIx};

/// Cells that a formula may read: rows of `table.col`, reached from the formula's own row by walking `steps`.
///
/// The list of a formula is an over-approximation that can be relied on: a cell outside it is never read.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Dependency {
    /// The table that is read.
    pub table: TableIx,
    /// The column that is read.
    pub col: ColIx,
    /// How its rows are reached; empty: the formula's own row.
    pub steps: Vec<Step>,
}

/// One step from rows to rows.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// Follow a column of type Ref or RefList.
    Ref(TableIx, ColIx),
    /// The rows that [`crate::Formula::lookups`]`[i]` selects.
    Lookup(usize),
    /// A key or sort column of [`crate::Formula::lookups`]`[i]`, whose change moves rows in or out of the selection.
    LookupKey(usize),
    /// Any row of the table.
    All,
}
