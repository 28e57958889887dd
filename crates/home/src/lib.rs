//! What surrounds documents: people, sites, workspaces, documents as entries in lists, who may do what, keys and preferences.
//!
//! [`Home`] is the home database. One SQL text serves SQLite (today's engine) and PostgreSQL (to come): see the methods `query`, `one`, `execute`, `transaction`.
//! Promise: a change of several rows happens as a whole or not at all. Knows nothing of what is inside a document, nor of HTTP.

mod access;
mod database;
mod document_changes;
mod documents;
mod error;
mod ids;
mod migrations;
mod orgs;
mod people;
mod person;
mod preferences;
mod proposals;
mod row;
mod secrets;
mod service_accounts;
mod sharing;
mod site;
mod sqlite;
mod standing;
mod workspaces;

pub use access::DocumentAccess;
pub use database::{Home, Transaction};
pub use document_changes::{Alias, DocumentChange, Fork};
pub use documents::{Document, DocumentName, NewDocument};
pub use error::HomeError;
pub use ids::{new_id, now};
pub use orgs::{Org, OrgAccess, OrgChange, OrgKey};
pub use people::PersonChange;
pub use person::{ANONYMOUS, EVERYONE, Person, PersonId, PersonKind, normalise_email};
pub use preferences::{Config, PreferencesOf};
pub use proposals::{Proposal, ProposalStatus};
pub use row::{FromValue, Row, Value};
pub use service_accounts::{ServiceAccount, ServiceAccountChange};
pub use sharing::{AccessChange, AccessList, PersonAccess, Resource};
pub use site::Site;
pub use standing::Standing;
pub use workspaces::{Within, Workspace, WorkspaceAccess};

/// Name of the [`Home::setting`] that keeps the e-mail of the administrator named by `moulin seed`.
pub const ADMIN_SETTING: &str = "admin";
