//! Why somebody may not, and why rules are not rules.

use crate::permission::Permission;

/// Something that rules forbid.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Denied {
    /// A permission that the person lacks.
    #[error("Blocked by {scope} {} access rules", permission.name())]
    Blocked {
        /// `table`, `column` or `row`.
        scope: &'static str,
        /// Which permission.
        permission: Permission,
        /// What the rules that refused say to people.
        memos: Vec<String>,
    },
    /// Rules are for owners.
    #[error("Only owners can modify access rules")]
    Rules,
}

impl Denied {
    /// What the rules that refused say to people.
    #[must_use]
    pub fn memos(&self) -> &[String] {
        match self {
            Self::Blocked { memos, .. } => memos,
            Self::Rules => &[],
        }
    }
}

/// Rules that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RulesError {
    /// Rules about tables that are not there.
    #[error("Invalid tables in rules: {0}")]
    Tables(String),
    /// Rules about columns that are not there.
    #[error("Invalid columns in rules for table {0}: {1}")]
    Columns(String, String),
    /// A condition without a meaning.
    #[error("Invalid rule: {0}")]
    Condition(String),
    /// An attribute of users that cannot be read.
    #[error("Invalid user attribute rule: {0}")]
    Attribute(String),
}
