//! The `.grist` file: open and check it, migrate it, read tables, commit turns, keep the history.
//!
//! **Invariant:** one door to disk. A turn is written as one transaction ([`DocFile::commit`]) or not at all; whoever is told of it is told after it is durable.
//! Knows nothing of users, HTTP or formulas.
//!
//! Source of the format: Grist's `DocStorage.ts` and `migrations.py`, described in COMPAT.md as far as we differ.

mod attachments;
mod commit;
mod copies;
mod create;
mod error;
mod history;
pub mod migrations;
mod open;
mod outgoing;
mod read;
mod rebuild;
mod schema;
mod select;
mod sql;

pub use attachments::AttachedFile;
pub use commit::{Committed, Record};
pub use copies::CopyOptions;
pub use error::StoreError;
pub use history::{HistoryEntry, HistoryHead, Info};
pub use open::{DocFile, OpenReport, check_upload};
pub use outgoing::{Outgoing, Waiting};
pub use select::{Select, SelectError, SqlCell, select};
