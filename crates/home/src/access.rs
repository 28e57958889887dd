//! The one question asked most: what may this person do with this document?
//!
//! A role on a document is the higher of what was given on the document itself and of what is inherited from its workspace, which in turn inherits from the site; each
//! step may lower what is inherited (`maxInheritedRole`). What is given to `everyone@` and `anon@` counts for everybody. Members and guests inherit nothing.

use model::Role;

use crate::database::Home;
use crate::documents::{self, Document, DocumentName, SHORT};
use crate::error::HomeError;
use crate::person::{ANONYMOUS, EVERYONE, Person};
use crate::row::{Row, Value};
use crate::site::Site;

/// A document and what a person may do with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentAccess {
    /// The document; of a fork its own entry, with the whole name as its id.
    pub document: Document,
    /// What the person may do; `None`: nothing.
    pub role: Option<Role>,
    /// What everybody may do.
    pub public_role: Option<Role>,
    /// What the person may do with the document that this is a fork of; without a fork the same as `role`.
    pub trunk_role: Option<Role>,
    /// The site it belongs to; a document that was never saved has none.
    pub org_id: Option<i64>,
    /// Whether it, or its workspace, is in the trash.
    pub is_removed: bool,
    /// The snapshot that the name asks for.
    pub snapshot: Option<String>,
}

impl DocumentAccess {
    /// Whether the administrator has switched the document off.
    #[must_use]
    pub const fn is_disabled(&self) -> bool {
        self.document.disabled_at.is_some()
    }
}

/// The highest of the roles given to somebody at one level.
fn given(level: &str, whom: &str) -> String {
    format!("(SELECT MAX(role) FROM {level}_access WHERE {level}_id = {level}.id AND person_id IN ({whom}))")
}

/// The select list that [`Levels::read`] reads: what the person `$1` and the public were given at each level.
pub(crate) fn levels_sql() -> String {
    let public = format!("{ANONYMOUS}, {EVERYONE}");
    let mut list = Vec::new();
    for whom in ["$1", public.as_str()] {
        list.extend(["doc", "workspace", "org"].map(|level| given(level, whom)));
    }
    format!("{}, workspace.max_inherited_role", list.join(", "))
}

/// How many columns [`levels_sql`] has.
pub(crate) const LEVELS: usize = 7;

/// What was given to somebody at each level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Given {
    pub(crate) document: Option<Role>,
    pub(crate) workspace: Option<Role>,
    pub(crate) org: Option<Role>,
}

impl Given {
    /// The role that results on the workspace.
    pub(crate) fn on_workspace(self, cap: Option<Role>) -> Option<Role> {
        self.workspace.max(self.org.min(cap))
    }

    /// The role that results on the document.
    pub(crate) fn on_document(self, workspace_cap: Option<Role>, cap: Option<Role>) -> Option<Role> {
        self.document.max(self.on_workspace(workspace_cap).min(cap))
    }
}

/// What was given to a person and to the public.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Levels {
    pub(crate) person: Given,
    pub(crate) public: Given,
    pub(crate) workspace_cap: Option<Role>,
}

impl Levels {
    pub(crate) fn read(row: &Row, at: usize) -> Result<Self, HomeError> {
        let role = |column: usize| -> Result<Option<Role>, HomeError> {
            Ok(row.get::<Option<i64>>(at + column)?.and_then(documents::role))
        };
        let given = |from: usize| -> Result<Given, HomeError> {
            Ok(Given { document: role(from)?, workspace: role(from + 1)?, org: role(from + 2)? })
        };
        Ok(Self { person: given(0)?, public: given(3)?, workspace_cap: role(6)? })
    }
}

impl Home {
    /// What a person may do with the document of that id, start of an id (12 letters at least), chosen name, or name of a fork. `None`: there is no such document on
    /// that site.
    ///
    /// A document in the trash, or switched off, is found: look at [`DocumentAccess::is_removed`] and [`DocumentAccess::is_disabled`].
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn document_access(
        &self,
        person: &Person,
        site: &Site,
        id_or_url_id: &str,
    ) -> Result<Option<DocumentAccess>, HomeError> {
        let name = DocumentName::parse(id_or_url_id);
        if let Some(fork) = &name.fork {
            return self.fork_access(person, site, &name, fork).await;
        }
        let found = self.trunk_access(person, site, &name.trunk).await?;
        Ok(found.map(|access| DocumentAccess { snapshot: name.snapshot, ..access }))
    }

    async fn trunk_access(
        &self,
        person: &Person,
        site: &Site,
        name: &str,
    ) -> Result<Option<DocumentAccess>, HomeError> {
        let Some((id, org_id)) = self.find_document(site, name).await? else { return Ok(None) };
        let sql = format!(
            "SELECT {}, {}, workspace.removed_at FROM doc JOIN workspace ON workspace.id = doc.workspace_id \
             JOIN org ON org.id = workspace.org_id WHERE doc.id = $2",
            documents::COLUMNS,
            levels_sql()
        );
        let Some(row) = self.one(&sql, &[person.id.into(), id.into()]).await? else { return Ok(None) };
        let document = Document::read(&row, 0)?;
        let levels = Levels::read(&row, documents::WIDTH)?;
        let cap = document.max_inherited_role;
        let public_role = levels.public.on_document(levels.workspace_cap, cap);
        let role = levels.person.on_document(levels.workspace_cap, cap).max(public_role);
        let workspace_removed: Option<i64> = row.get(documents::WIDTH + LEVELS)?;
        Ok(Some(DocumentAccess {
            is_removed: document.removed_at.is_some() || workspace_removed.is_some(),
            document,
            role,
            public_role,
            trunk_role: role,
            org_id: Some(org_id),
            snapshot: None,
        }))
    }

    /// The id of a document and its site's. An id comes before the start of one, which comes before a chosen name.
    async fn find_document(&self, site: &Site, name: &str) -> Result<Option<(String, i64)>, HomeError> {
        const FROM: &str = "FROM doc JOIN workspace ON workspace.id = doc.workspace_id JOIN org ON org.id = workspace.org_id";
        // A site may be named by its domain; the personal ones are named together.
        let (within, domain): (&str, Value) = match site {
            Site::Unnamed | Site::Personal => ("$2 = $2", Value::Int(0)),
            Site::Domain(domain) => ("org.domain = $2", domain.as_str().into()),
        };
        let read = |row: &Row| -> Result<(String, i64), HomeError> { Ok((row.get(0)?, row.get(1)?)) };
        let exact = format!("SELECT doc.id, org.id {FROM} WHERE doc.id = $1 AND {within}");
        if let Some(row) = self.one(&exact, &[name.into(), domain.clone()]).await? {
            return read(&row).map(Some);
        }
        if name.len() >= SHORT {
            let sql = format!(
                "SELECT doc.id, org.id {FROM} WHERE doc.id >= $1 AND doc.id < $3 AND doc.trunk_id IS NULL AND {within} LIMIT 2"
            );
            let rows = self.query(&sql, &[name.into(), domain.clone(), format!("{name}~").into()]).await?;
            if let [row] = rows.as_slice() {
                return read(row).map(Some);
            }
        }
        let sql = format!(
            "SELECT doc.id, org.id {FROM} JOIN alias ON alias.doc_id = doc.id AND alias.org_id = org.id \
             WHERE alias.url_id = $1 AND {within} ORDER BY alias.created_at DESC LIMIT 1"
        );
        self.one(&sql, &[name.into(), domain]).await?.map(|row| read(&row)).transpose()
    }

    /// A fork belongs to who made it; others see it as far as they see its trunk, and may not change it. A fork made by nobody in particular belongs to all who see it.
    async fn fork_access(
        &self,
        person: &Person,
        site: &Site,
        name: &DocumentName,
        fork: &str,
    ) -> Result<Option<DocumentAccess>, HomeError> {
        let sql = format!("SELECT {} FROM doc WHERE id = $1 AND trunk_id IS NOT NULL", documents::COLUMNS);
        let Some(row) = self.one(&sql, &[fork.into()]).await? else { return Ok(None) };
        let mut document = Document::read(&row, 0)?;
        let maker = document.created_by.filter(|maker| *maker != ANONYMOUS);
        let trunk_id = document.trunk_id.clone().unwrap_or_default();
        let trunk = match trunk_id.as_str() {
            "new" if name.trunk == "new" => None,
            _ => match self.trunk_access(person, site, &name.trunk).await? {
                Some(trunk) if trunk.document.id == trunk_id => Some(trunk),
                _ => return Ok(None),
            },
        };
        if name.fork_by.is_some() && name.fork_by != maker {
            return Ok(None);
        }
        document.id = DocumentName::of_fork(&trunk_id, fork, maker);
        let seen = trunk.as_ref().map_or(Some(Role::Owner), |trunk| trunk.role);
        let role = match maker {
            // Who made the fork keeps it as long as they see the trunk.
            Some(maker) if maker == person.id => seen.map(|_| Role::Owner),
            Some(_) if trunk.is_none() => None,
            Some(_) => seen.min(Some(Role::Viewer)),
            None => seen.map(|_| Role::Owner),
        };
        let is_removed =
            document.removed_at.is_some() || trunk.as_ref().is_some_and(|trunk| trunk.is_removed);
        if let Some(trunk) = &trunk {
            document.name.clone_from(&trunk.document.name);
            document.disabled_at = document.disabled_at.or(trunk.document.disabled_at);
            document.workspace_id = trunk.document.workspace_id;
        }
        Ok(Some(DocumentAccess {
            document,
            role,
            public_role: None,
            trunk_role: trunk.as_ref().map_or(role, |trunk| trunk.role),
            org_id: trunk.and_then(|trunk| trunk.org_id),
            is_removed,
            snapshot: name.snapshot.clone(),
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const V: Option<Role> = Some(Role::Viewer);
    const E: Option<Role> = Some(Role::Editor);
    const O: Option<Role> = Some(Role::Owner);

    #[test]
    fn roles_are_inherited_as_far_as_the_caps_let_them() {
        // Given on document, workspace, site; cap of the workspace, of the document; the role that results.
        let cases = [
            ([None, None, None], [O, O], None),
            ([None, None, O], [O, O], O),
            ([None, None, O], [O, E], E),
            ([None, None, O], [V, O], V),
            ([None, None, O], [None, O], None),
            ([None, E, O], [None, O], E),
            ([V, E, O], [None, None], V),
            ([O, None, V], [O, O], O),
            ([V, O, None], [None, O], O),
        ];
        for ([document, workspace, org], [workspace_cap, cap], expected) in cases {
            let given = Given { document, workspace, org };
            assert_eq!(
                given.on_document(workspace_cap, cap),
                expected,
                "{given:?} {workspace_cap:?} {cap:?}"
            );
        }
    }
}
