//! Windows: views over a table, sorted and filtered here, of which a client reads the rows that it shows (`docs/windows.md`).
//!
//! A window keeps the order of its rows. A turn that touches few rows changes the order in place and tells the client by splices; a turn that touches many makes
//! the order anew.

mod collation;
mod filter;
mod follow;
mod order;
mod window;

pub use filter::{Filter, FilterKind};
pub use order::{SortKey, select_rows, sort_rows};
pub use window::{Page, WindowAnswer, WindowId, WindowRequest};

pub(crate) use collation::fold;
pub(crate) use window::Window;

use model::RowId;

/// Some rows of a window's order gone, others come: `(index, removed, inserted)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Splice {
    /// Where.
    pub index: usize,
    /// How many rows are gone from there.
    pub removed: usize,
    /// Which rows have come there.
    pub inserted: Vec<RowId>,
}

/// How the rows of a window have changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WindowChange {
    /// Which window.
    pub window: WindowId,
    /// Its version now.
    pub version: u64,
    /// How many rows it has now.
    pub row_count: usize,
    /// What changed, each on the result of the one before; nothing: too much, read again.
    pub splices: Option<Vec<Splice>>,
}
