//! User actions: what somebody asks, turned into doc actions, what happens.

pub mod error;
pub mod identifiers;
pub mod positions;
pub mod predicate;

pub use error::ActionError;
