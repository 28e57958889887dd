//! The conductor: one loop per open document, taking one turn at a time.
//!
//! [`Documents`] keeps the open documents; a [`Handle`] asks one of them. Behind it a thread owns the document alone: its engine, its file, and who is
//! connected. A turn is checked, applied, recomputed, committed to the file, told to those connected, and only then answered.
//!
//! **Invariants:** one writer per document, over the closed list [`turns::Turn`]; readers get snapshots ([`TableSnapshot`]) that no later turn changes; whatever
//! leaves for a person goes through `outlet`. Knows nothing of HTTP; values leave as values, the rim makes them JSON.

mod action_group;
mod action_summary;
mod apply;
mod documents;
mod error;
mod guard;
mod handle;
mod metadata;
mod open;
mod outgoing;
mod outlet;
mod person;
mod presence;
mod search;
mod snapshot;
mod state;
mod time_travel;
mod timing;
mod turns;
mod usage;
mod verdict;
mod windows;

pub use action_group::{ActionGroup, LogEntry};
pub use action_summary::{ActionSummary, ColumnDelta, TableDelta};
pub use apply::{Applied, ApplyOptions};
pub use documents::{Documents, Options};
pub use error::DocumentError;
pub use guard::Sight;
pub use handle::Handle;
pub use open::{NewDocument, create};
pub use outgoing::News;
pub use outlet::{Listener, Push};
pub use person::{ClientId, Person, Visitor};
pub use presence::Profile;
pub use snapshot::{SnapshotColumn, TableSnapshot};
pub use state::Opened;
pub use timing::timings_json;
pub use turns::Rights;
pub use usage::Usage;
pub use windows::{
    Filter, FilterKind, Page, SortKey, Splice, WindowAnswer, WindowChange, WindowId, WindowRequest,
    select_rows, sort_rows,
};
