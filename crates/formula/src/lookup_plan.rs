//! What a lookup selects and in which order: fixed at compile time, executed by the host.

use std::sync::OnceLock;

use crate::schema::{ColIx, TableIx};

/// A lookup: rows of a table where key columns equal given values, in a fixed order.
#[derive(Debug)]
pub struct LookupPlan {
    /// The table looked in.
    pub table: TableIx,
    /// The columns compared, in the order of the keys given to [`crate::Host::lookup`].
    pub keys: Vec<KeyColumn>,
    /// The order of the rows; row id comes last, ascending, if absent.
    pub order: Vec<SortKey>,
    /// The engine's slot for the index that serves this plan; the engine fills it in.
    pub index: OnceLock<u32>,
}

/// A column that a lookup compares.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct KeyColumn {
    /// The column; `None` is the row id.
    pub col: Option<ColIx>,
    /// With `CONTAINS`: the cell is a list and must contain the value.
    pub contains: Option<MatchEmpty>,
}

/// What an empty list matches in `CONTAINS(value, match_empty=…)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MatchEmpty {
    /// Nothing.
    Nothing,
    /// The value given: a text, or blank. The value itself follows as an extra key.
    Value,
}

/// One column of an order.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SortKey {
    /// What is compared.
    pub by: SortColumn,
    /// Largest first.
    pub descending: bool,
}

/// What an order compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SortColumn {
    /// The row id.
    RowId,
    /// A column.
    Column(ColIx),
}

impl LookupPlan {
    /// A plan without a slot yet.
    #[must_use]
    pub fn new(table: TableIx, keys: Vec<KeyColumn>, order: Vec<SortKey>) -> Self {
        Self { table, keys, order, index: OnceLock::new() }
    }
}

impl Clone for LookupPlan {
    fn clone(&self) -> Self {
        Self::new(self.table, self.keys.clone(), self.order.clone())
    }
}

impl PartialEq for LookupPlan {
    fn eq(&self, other: &Self) -> bool {
        self.table == other.table && self.keys == other.keys && self.order == other.order
    }
}
