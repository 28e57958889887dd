//! Who has access, and changing it.

use std::collections::BTreeMap;

use model::Role;

use crate::database::{Home, Transaction};
use crate::error::HomeError;
use crate::person::{self, EVERYONE, Person, PersonId, PersonKind, normalise_email};
use crate::row::{Row, Value};
use crate::standing::Standing;

/// What access is given to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resource {
    /// A site.
    Org(i64),
    /// A workspace.
    Workspace(i64),
    /// A document.
    Document(String),
}

impl Resource {
    const fn level(&self) -> &'static str {
        match self {
            Self::Org(_) => "org",
            Self::Workspace(_) => "workspace",
            Self::Document(_) => "doc",
        }
    }
    fn key(&self) -> Value {
        match self {
            Self::Org(id) | Self::Workspace(id) => (*id).into(),
            Self::Document(id) => id.as_str().into(),
        }
    }
}

/// A person in a list of who has access.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonAccess {
    /// Who.
    pub person: Person,
    /// What was given to them here.
    pub given: Option<Standing>,
    /// What they would inherit from above if nothing limited it here.
    pub inherited: Option<Role>,
    /// Whether they belong to the site.
    pub is_member: bool,
}

/// Who has access to something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessList {
    /// Everybody who has, or belongs to the site.
    pub people: Vec<PersonAccess>,
    /// The most that is inherited here; sites inherit nothing.
    pub max_inherited_role: Option<Role>,
}

/// A change of access.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccessChange {
    /// The most that is inherited; `Some(None)`: nothing.
    pub max_inherited_role: Option<Option<Role>>,
    /// What is given, by e-mail; `None`: nothing any more.
    pub people: BTreeMap<String, Option<Standing>>,
}

impl Home {
    /// Who has access to something, in the order in which they came to the installation.
    ///
    /// # Errors
    /// When there is no such thing, or the database refuses.
    pub async fn access_list(&self, resource: &Resource) -> Result<AccessList, HomeError> {
        let none = Value::Null;
        let (document, workspace, org) = match resource {
            Resource::Org(id) => (none.clone(), none, Value::Int(*id)),
            Resource::Workspace(id) => {
                let sql = "SELECT org_id FROM workspace WHERE id = $1";
                let row = self.one(sql, &[(*id).into()]).await?.ok_or(HomeError::NotFound("workspace"))?;
                (none, Value::Int(*id), row.get::<i64>(0)?.into())
            }
            Resource::Document(id) => {
                let sql = "SELECT workspace.id, workspace.org_id FROM doc JOIN workspace ON workspace.id = doc.workspace_id WHERE doc.id = $1";
                let row =
                    self.one(sql, &[id.as_str().into()]).await?.ok_or(HomeError::NotFound("document"))?;
                (Value::from(id.as_str()), row.get::<i64>(0)?.into(), row.get::<i64>(1)?.into())
            }
        };
        let caps = self.caps(resource).await?;
        let sql = format!(
            "SELECT {}, doc_access.role, workspace_access.role, org_access.role FROM person \
             LEFT JOIN doc_access ON doc_access.person_id = person.id AND doc_access.doc_id = $1 \
             LEFT JOIN workspace_access ON workspace_access.person_id = person.id AND workspace_access.workspace_id = $2 \
             LEFT JOIN org_access ON org_access.person_id = person.id AND org_access.org_id = $3 \
             WHERE person.id IN (SELECT person_id FROM doc_access WHERE doc_id = $1 \
               UNION SELECT person_id FROM workspace_access WHERE workspace_id = $2 \
               UNION SELECT person_id FROM org_access WHERE org_id = $3) ORDER BY person.id",
            person::COLUMNS
        );
        let rows = self.query(&sql, &[document, workspace, org]).await?;
        let people =
            rows.iter().map(|row| read_access(row, resource, &caps)).collect::<Result<Vec<_>, _>>()?;
        Ok(AccessList { people, max_inherited_role: caps.here })
    }

    async fn caps(&self, resource: &Resource) -> Result<Caps, HomeError> {
        let sql = match resource {
            Resource::Org(_) => return Ok(Caps { here: None, workspace: None }),
            Resource::Workspace(_) => {
                "SELECT max_inherited_role, max_inherited_role FROM workspace WHERE id = $1"
            }
            Resource::Document(_) => {
                "SELECT doc.max_inherited_role, workspace.max_inherited_role FROM doc \
                 JOIN workspace ON workspace.id = doc.workspace_id WHERE doc.id = $1"
            }
        };
        let row = self.one(sql, &[resource.key()]).await?.unwrap_or_default();
        let role = |column| -> Result<Option<Role>, HomeError> {
            Ok(crate::documents::role(row.get::<Option<i64>>(column)?.unwrap_or_default()))
        };
        Ok(Caps { here: role(0)?, workspace: role(1)? })
    }

    /// Changes who has access. Whoever is named and not known yet becomes a person who has not signed in.
    ///
    /// Nobody changes what they have themselves, except to give it up; `by` is checked for that alone, not for the right to share.
    ///
    /// # Errors
    /// When somebody would change their own role, nobody would own the thing any more, an address is none, or the database refuses.
    pub async fn change_access(
        &self,
        by: &Person,
        resource: &Resource,
        change: &AccessChange,
    ) -> Result<(), HomeError> {
        let mut transaction = self.transaction().await?;
        if let Some(cap) = change.max_inherited_role {
            let number = cap.map_or(0, |role| Standing::Role(role).number());
            let level = resource.level();
            let sql = format!("UPDATE {level} SET max_inherited_role = $2 WHERE id = $1");
            transaction.execute(&sql, &[resource.key(), number.into()]).await?;
        }
        for (email, standing) in &change.people {
            let own = normalise_email(email) == normalise_email(&by.email);
            if own && standing.is_some() {
                return Err(HomeError::bad("Bad request: cannot update own permissions"));
            }
            let person = transaction.ensure_person(email, None, PersonKind::Login).await?;
            transaction.give(resource, person, *standing).await?;
        }
        if matches!(resource, Resource::Org(_)) && !transaction.is_owned(resource).await? {
            return Err(HomeError::bad("Bad request: somebody must own the site"));
        }
        transaction.commit().await
    }

    /// Gives a person something, whatever they had: for seeding.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn give(
        &self,
        resource: &Resource,
        person: PersonId,
        standing: Option<Standing>,
    ) -> Result<(), HomeError> {
        let mut transaction = self.transaction().await?;
        transaction.give(resource, person, standing).await?;
        transaction.commit().await
    }
}

/// The limits on what is inherited.
struct Caps {
    here: Option<Role>,
    workspace: Option<Role>,
}

fn read_access(row: &Row, resource: &Resource, caps: &Caps) -> Result<PersonAccess, HomeError> {
    let given = |column: usize| -> Result<Option<Standing>, HomeError> {
        Ok(row.get::<Option<i64>>(10 + column)?.and_then(Standing::from_number))
    };
    let role = |standing: Option<Standing>| match standing {
        Some(Standing::Role(role)) => Some(role),
        _ => None,
    };
    let (document, workspace, org) = (given(0)?, given(1)?, given(2)?);
    let (here, inherited) = match resource {
        Resource::Org(_) => (org, None),
        Resource::Workspace(_) => (workspace, role(org)),
        Resource::Document(_) => (document, role(workspace).max(role(org).min(caps.workspace))),
    };
    let person = Person::read(row, 0)?;
    let is_member = org.is_some() && person.id > EVERYONE;
    Ok(PersonAccess { person, given: here, inherited, is_member })
}

impl Transaction {
    async fn give(
        &mut self,
        resource: &Resource,
        person: PersonId,
        standing: Option<Standing>,
    ) -> Result<(), HomeError> {
        let level = resource.level();
        match standing {
            None => {
                let sql = format!("DELETE FROM {level}_access WHERE {level}_id = $1 AND person_id = $2");
                self.execute(&sql, &[resource.key(), person.into()]).await?;
            }
            Some(standing) => {
                let sql = format!(
                    "INSERT INTO {level}_access ({level}_id, person_id, role) VALUES ($1, $2, $3) \
                     ON CONFLICT ({level}_id, person_id) DO UPDATE SET role = $3"
                );
                self.execute(&sql, &[resource.key(), person.into(), standing.number().into()]).await?;
            }
        }
        Ok(())
    }

    async fn is_owned(&mut self, resource: &Resource) -> Result<bool, HomeError> {
        let level = resource.level();
        let sql = format!("SELECT 1 FROM {level}_access WHERE {level}_id = $1 AND role = 3 LIMIT 1");
        Ok(self.one(&sql, &[resource.key()]).await?.is_some())
    }
}
