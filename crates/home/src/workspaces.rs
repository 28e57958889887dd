//! Workspaces: folders of documents within a site.

use std::collections::HashMap;

use model::Role;

use crate::access::{Levels, levels_sql};
use crate::database::{Home, Transaction};
use crate::documents::{self, Document};
use crate::error::HomeError;
use crate::ids::now;
use crate::orgs::{self, Org};
use crate::person::{ANONYMOUS, EVERYONE, Person, PersonId};
use crate::row::{Row, Value};
use crate::standing::Standing;

/// A workspace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Workspace {
    /// Number.
    pub id: i64,
    /// Name to show.
    pub name: String,
    /// The most that may be inherited from the site.
    pub max_inherited_role: Option<Role>,
    /// When it was made, in milliseconds.
    pub created_at: i64,
    /// When it was last changed, in milliseconds.
    pub updated_at: i64,
    /// Since when it has been in the trash.
    pub removed_at: Option<i64>,
}

/// The columns of [`Workspace::read`].
const COLUMNS: &str = "workspace.id, workspace.name, workspace.max_inherited_role, workspace.created_at, \
    workspace.updated_at, workspace.removed_at";
const WIDTH: usize = 6;

impl Workspace {
    fn read(row: &Row, at: usize) -> Result<Self, HomeError> {
        Ok(Self {
            id: row.get(at)?,
            name: row.get(at + 1)?,
            max_inherited_role: documents::role(row.get(at + 2)?),
            created_at: row.get(at + 3)?,
            updated_at: row.get(at + 4)?,
            removed_at: row.get(at + 5)?,
        })
    }
}

/// A workspace, what a person is in it, and the documents in it that they see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkspaceAccess {
    /// The workspace.
    pub workspace: Workspace,
    /// The site it belongs to.
    pub org: Org,
    /// What the person may do with what is in the site.
    pub org_role: Option<Role>,
    /// What the person is in the workspace; `None`: a stranger.
    pub standing: Option<Standing>,
    /// Documents, each with the role of the person and whether it is public; not those in the trash, unless these were asked for.
    pub documents: Vec<(Document, Role, bool)>,
}

impl WorkspaceAccess {
    /// The role that what is in the workspace inherits.
    #[must_use]
    pub fn role(&self) -> Option<Role> {
        if let Some(Standing::Role(role)) = self.standing { Some(role) } else { None }
    }
}

/// Which workspaces are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Within {
    /// One, which may be looked at by everybody who has the address.
    Workspace(i64),
    /// Those of a site.
    Org(i64),
    /// Those of all personal sites.
    Personal,
}

impl Within {
    /// A condition of SQL with the parameter `$2`, and its value.
    fn condition(self) -> (&'static str, Value) {
        match self {
            Self::Workspace(id) => ("workspace.id = $2", id.into()),
            Self::Org(id) => ("org.id = $2", id.into()),
            Self::Personal => ("org.owner_id IS NOT NULL AND $2 = $2", 0.into()),
        }
    }
}

impl Home {
    /// Workspaces with their documents, as far as a person sees them. `removed`: what is in the trash too.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn workspaces(
        &self,
        person: &Person,
        within: Within,
        removed: bool,
    ) -> Result<Vec<WorkspaceAccess>, HomeError> {
        let documents = self.documents_of(person, within, removed).await?;
        self.workspaces_with(person, within, removed, documents).await
    }

    /// One workspace without its documents, seen by somebody who sees one of them: a guest at least. `None`: there is none.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn workspace_of_document(
        &self,
        person: &Person,
        id: i64,
    ) -> Result<Option<WorkspaceAccess>, HomeError> {
        let found = self.workspaces_with(person, Within::Workspace(id), true, HashMap::new()).await?;
        Ok(found
            .into_iter()
            .next()
            .map(|found| WorkspaceAccess { standing: found.standing.or(Some(Standing::Guest)), ..found }))
    }

    async fn workspaces_with(
        &self,
        person: &Person,
        within: Within,
        removed: bool,
        mut documents: HashMap<i64, Vec<(Document, Role, bool)>>,
    ) -> Result<Vec<WorkspaceAccess>, HomeError> {
        let (condition, value) = within.condition();
        let trash = if removed { "" } else { "AND workspace.removed_at IS NULL" };
        let sql = format!(
            "SELECT {COLUMNS}, {}, {} FROM workspace JOIN org ON org.id = workspace.org_id \
             LEFT JOIN doc ON 1 = 0 WHERE {condition} {trash} \
             ORDER BY CASE WHEN org.owner_id = $1 THEN 0 ELSE 1 END, workspace.id",
            orgs::COLUMNS,
            levels_sql()
        );
        let rows = self.query(&sql, &[person.id.into(), value]).await?;
        let mut found = Vec::new();
        for row in rows {
            let workspace = Workspace::read(&row, 0)?;
            let levels = Levels::read(&row, WIDTH + orgs::WIDTH)?;
            // What is public shows to those who come with the address, not in lists.
            let public = matches!(within, Within::Workspace(_));
            let cap = workspace.max_inherited_role;
            let public_role = levels.public.on_workspace(cap).filter(|_| public);
            let role = levels.person.on_workspace(cap).max(public_role);
            let documents = documents.remove(&workspace.id).unwrap_or_default();
            let standing = match role {
                Some(role) => Some(Standing::Role(role)),
                None if documents.is_empty() => None,
                None => Some(Standing::Guest),
            };
            let org_role = levels.person.org.max(levels.public.org);
            found.push(WorkspaceAccess {
                org: Org::read(&row, WIDTH)?,
                workspace,
                org_role,
                standing,
                documents,
            });
        }
        if !matches!(within, Within::Workspace(_)) {
            found.retain(|workspace| workspace.standing.is_some());
        }
        Ok(found)
    }

    async fn documents_of(
        &self,
        person: &Person,
        within: Within,
        removed: bool,
    ) -> Result<HashMap<i64, Vec<(Document, Role, bool)>>, HomeError> {
        let (condition, value) = within.condition();
        let trash = if removed { "" } else { "AND doc.removed_at IS NULL" };
        let sql = format!(
            "SELECT {}, {} FROM doc JOIN workspace ON workspace.id = doc.workspace_id \
             JOIN org ON org.id = workspace.org_id WHERE {condition} {trash} AND doc.trunk_id IS NULL \
             ORDER BY doc.created_at, doc.id",
            documents::COLUMNS,
            levels_sql()
        );
        let listed = !matches!(within, Within::Workspace(_));
        let mut found: HashMap<i64, Vec<(Document, Role, bool)>> = HashMap::new();
        for row in self.query(&sql, &[person.id.into(), value]).await? {
            let document = Document::read(&row, 0)?;
            let levels = Levels::read(&row, documents::WIDTH)?;
            let cap = document.max_inherited_role;
            let public = levels.public.on_document(levels.workspace_cap, cap);
            let own = levels.person.on_document(levels.workspace_cap, cap);
            let seen = if listed { own.and(own.max(public)) } else { own.max(public) };
            if let (Some(role), Some(workspace)) = (seen, document.workspace_id) {
                found.entry(workspace).or_default().push((document, role, public.is_some()));
            }
        }
        Ok(found)
    }

    /// One workspace with its documents, as far as a person sees them. `None`: there is none.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn workspace(
        &self,
        person: &Person,
        id: i64,
        removed: bool,
    ) -> Result<Option<WorkspaceAccess>, HomeError> {
        Ok(self.workspaces(person, Within::Workspace(id), removed).await?.into_iter().next())
    }

    /// Makes a workspace that a person owns; gives its number.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn add_workspace(&self, person: &Person, org: i64, name: &str) -> Result<i64, HomeError> {
        let mut transaction = self.transaction().await?;
        let id = transaction.add_workspace(person.id, org, name).await?;
        transaction.commit().await?;
        Ok(id)
    }

    /// Gives a workspace another name.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn rename_workspace(&self, id: i64, name: &str) -> Result<(), HomeError> {
        let sql = "UPDATE workspace SET name = $2, updated_at = $3 WHERE id = $1";
        self.execute(sql, &[id.into(), name.into(), now().into()]).await.map(drop)
    }

    /// Puts a workspace into the trash, or takes it out.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn set_workspace_removed(&self, id: i64, removed: bool) -> Result<(), HomeError> {
        let at: Value = removed.then(now).into();
        let sql = "UPDATE workspace SET removed_at = $2 WHERE id = $1";
        self.execute(sql, &[id.into(), at]).await.map(drop)
    }

    /// Removes a workspace with all that is in it; gives the ids of the documents, whose files are to go.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn delete_workspace(&self, id: i64) -> Result<Vec<String>, HomeError> {
        let mut transaction = self.transaction().await?;
        let files = transaction.delete_workspace(id).await?;
        transaction.commit().await?;
        Ok(files)
    }
}

impl Transaction {
    pub(crate) async fn add_workspace(
        &mut self,
        person: PersonId,
        org: i64,
        name: &str,
    ) -> Result<i64, HomeError> {
        let sql = "INSERT INTO workspace (org_id, name, created_by, created_at, updated_at) \
                   VALUES ($1, $2, $3, $4, $4) RETURNING id";
        let parameters = [org.into(), name.into(), person.into(), now().into()];
        let id: i64 = self.one(sql, &parameters).await?.unwrap_or_default().get(0)?;
        if person != ANONYMOUS && person != EVERYONE {
            let sql = "INSERT INTO workspace_access (workspace_id, person_id, role) VALUES ($1, $2, 3)";
            self.execute(sql, &[id.into(), person.into()]).await?;
        }
        Ok(id)
    }

    pub(crate) async fn delete_workspace(&mut self, id: i64) -> Result<Vec<String>, HomeError> {
        let documents = self.query("SELECT id FROM doc WHERE workspace_id = $1", &[id.into()]).await?;
        let mut files = Vec::new();
        for document in documents {
            files.extend(self.delete_document(&document.get::<String>(0)?).await?);
        }
        self.execute("DELETE FROM workspace WHERE id = $1", &[id.into()]).await?;
        Ok(files)
    }
}
