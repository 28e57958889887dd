//! Access rules: who may see and change what in a document.
//!
//! [`Rules`] are read from the metadata tables. With somebody who asks they make a [`View`]: verdicts for tables, columns, rows and cells. [`Steps`] are what a
//! turn did to the rows it touched; from them the view gives the part of a turn that the person may hear of ([`View::filter`]), and says whether they
//! may do it ([`View::check`]).
//!
//! **Invariant:** what cannot be decided is denied. Rules that cannot be read leave the document to its owners. Nothing here knows of clients or files: cells come in
//! through [`Source`].

mod check;
mod error;
mod filter;
mod metadata;
mod permission;
mod predicate;
mod rules;
mod steps;
mod user;
mod view;

pub use error::{Denied, RulesError};
pub use metadata::censored;
pub use permission::Permission;
pub use predicate::{Cells, Predicate};
pub use rules::{Rules, change_rules};
pub use steps::{RowState, Source, Steps};
pub use user::User;
pub use view::{Verdict, View};
