//! Documents as entries: how they are named, and what is known of them without opening them.

use crate::error::HomeError;
use crate::person::PersonId;
use crate::row::Row;

/// How long the short form of a document's id is, which stands in addresses.
pub(crate) const SHORT: usize = 12;

/// What is known of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// The whole id: 22 letters; of a fork `trunk~fork~person`. Names the file too.
    pub id: String,
    /// Name to show.
    pub name: String,
    /// The name in addresses that somebody chose.
    pub url_id: Option<String>,
    /// The document it is a fork of; `new` for one that was never saved.
    pub trunk_id: Option<String>,
    /// `template` or `tutorial`.
    pub kind: Option<String>,
    /// Description, icon and the like: JSON.
    pub options: Option<String>,
    /// Whether it is shown on top.
    pub is_pinned: bool,
    /// The most that may be inherited from the workspace.
    pub max_inherited_role: Option<model::Role>,
    /// Who made it.
    pub created_by: Option<PersonId>,
    /// When it was made, in milliseconds.
    pub created_at: i64,
    /// When it was last changed, in milliseconds.
    pub updated_at: i64,
    /// Since when it has been in the trash.
    pub removed_at: Option<i64>,
    /// Since when it has been switched off by the administrator.
    pub disabled_at: Option<i64>,
    /// The workspace; a document that was never saved has none.
    pub workspace_id: Option<i64>,
}

/// The columns of [`Document::read`].
pub(crate) const COLUMNS: &str = "doc.id, doc.name, doc.url_id, doc.trunk_id, doc.type, doc.options, doc.is_pinned, \
    doc.max_inherited_role, doc.created_by, doc.created_at, doc.updated_at, doc.removed_at, doc.disabled_at, doc.workspace_id";

/// How many columns that is.
pub(crate) const WIDTH: usize = 14;

impl Document {
    pub(crate) fn read(row: &Row, at: usize) -> Result<Self, HomeError> {
        Ok(Self {
            id: row.get(at)?,
            name: row.get(at + 1)?,
            url_id: row.get(at + 2)?,
            trunk_id: row.get(at + 3)?,
            kind: row.get(at + 4)?,
            options: row.get(at + 5)?,
            is_pinned: row.get(at + 6)?,
            max_inherited_role: role(row.get(at + 7)?),
            created_by: row.get(at + 8)?,
            created_at: row.get(at + 9)?,
            updated_at: row.get(at + 10)?,
            removed_at: row.get(at + 11)?,
            disabled_at: row.get(at + 12)?,
            workspace_id: row.get(at + 13)?,
        })
    }

    /// What names it in addresses: the chosen name, else the first letters of its id.
    #[must_use]
    pub fn address(&self) -> &str {
        match &self.url_id {
            Some(chosen) => chosen,
            None if self.trunk_id.is_some() => &self.id,
            None => self.id.get(..SHORT).unwrap_or(&self.id),
        }
    }
}

/// Roles as the database numbers them; 0 grants nothing.
pub(crate) const fn role(number: i64) -> Option<model::Role> {
    match number {
        1 => Some(model::Role::Viewer),
        2 => Some(model::Role::Editor),
        3 => Some(model::Role::Owner),
        _ => None,
    }
}

/// A document to be made.
#[derive(Clone, Debug, Default)]
pub struct NewDocument {
    /// Its id, if it is fixed already.
    pub id: Option<String>,
    /// Name to show.
    pub name: String,
    /// The name in addresses.
    pub url_id: Option<String>,
    /// `template` or `tutorial`.
    pub kind: Option<String>,
    /// JSON.
    pub options: Option<String>,
    /// Whether it is shown on top.
    pub is_pinned: bool,
}

/// The parts of what names a document in an address: `trunk~fork~person`, `doc~v=snapshot`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentName {
    /// A document's id, the start of one, a chosen name, or `new`.
    pub trunk: String,
    /// The fork's own id.
    pub fork: Option<String>,
    /// Who made the fork.
    pub fork_by: Option<PersonId>,
    /// The snapshot that is meant.
    pub snapshot: Option<String>,
}

impl DocumentName {
    /// Takes a name apart. Everything is a name; whether there is such a document is another question.
    #[must_use]
    pub fn parse(name: &str) -> Self {
        let mut parts = name.split('~');
        let trunk = parts.next().unwrap_or_default().to_owned();
        let mut parsed = Self { trunk, fork: None, fork_by: None, snapshot: None };
        for part in parts {
            if let Some(snapshot) = part.strip_prefix("v=") {
                parsed.snapshot = Some(snapshot.to_owned());
            } else if parsed.fork.is_none() {
                parsed.fork = Some(part.to_owned());
            } else {
                parsed.fork_by = part.parse().ok();
            }
        }
        parsed
    }

    /// The whole name of a fork, which also names its file.
    #[must_use]
    pub fn of_fork(trunk: &str, fork: &str, by: Option<PersonId>) -> String {
        match by {
            Some(person) => format!("{trunk}~{fork}~{person}"),
            None => format!("{trunk}~{fork}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::DocumentName;

    #[test]
    fn names_are_taken_apart() {
        let name = DocumentName::parse("abc~def~7");
        assert_eq!((name.trunk.as_str(), name.fork.as_deref(), name.fork_by), ("abc", Some("def"), Some(7)));
        let name = DocumentName::parse("abc~v=12");
        assert_eq!((name.fork.as_deref(), name.snapshot.as_deref()), (None, Some("12")));
        assert_eq!(DocumentName::of_fork("new", "x", None), "new~x");
    }
}
