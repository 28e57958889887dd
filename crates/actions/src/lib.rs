//! User actions: what somebody asks, turned into doc actions, what happens.
//!
//! [`apply_user_actions`] does a bundle of them within a [`Turn`]: all of it or, when one fails, nothing. Arguments travel raw ([`model::json::raw`]):
//! only the action knows which of its arguments are cells.
//!
//! Knows nothing of users, SQL or the network; whether somebody may do what they ask is decided elsewhere.

mod apply;
mod arguments;
mod choices;
mod column_updates;
mod columns;
mod conditions;
mod display;
mod duplicate;
pub mod error;
mod guess;
pub mod identifiers;
mod importer;
mod init;
mod metadata;
pub mod positions;
pub mod predicate;
mod records;
mod removal;
mod rename;
mod soundness;
mod strings;
mod summaries;
mod tables;
mod transforms;
mod two_way;
mod upsert;
mod views;

pub use apply::{UserAction, apply_user_actions};
pub use error::ActionError;
pub use strings::parse_strings;
