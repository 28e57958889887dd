//! Sites (organisations): team sites, and one personal site for each person.

use model::Role;

use crate::database::Home;
use crate::error::HomeError;
use crate::ids::now;
use crate::person::{ANONYMOUS, EVERYONE, Person, PersonId};
use crate::row::{Row, Value};
use crate::standing::Standing;

/// A site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Org {
    /// Number.
    pub id: i64,
    /// Name to show.
    pub name: String,
    /// What names it in addresses; `docs-<number>` of a personal site.
    pub domain: Option<String>,
    /// Whose personal site it is.
    pub owner_id: Option<PersonId>,
    /// When it was made, in milliseconds.
    pub created_at: i64,
    /// When it was last changed, in milliseconds.
    pub updated_at: i64,
}

/// The columns of [`Org::read`].
pub(crate) const COLUMNS: &str = "org.id, org.name, org.domain, org.owner_id, org.created_at, org.updated_at";

/// How many columns that is.
pub(crate) const WIDTH: usize = 6;

impl Org {
    pub(crate) fn read(row: &Row, at: usize) -> Result<Self, HomeError> {
        Ok(Self {
            id: row.get(at)?,
            name: row.get(at + 1)?,
            domain: row.get(at + 2)?,
            owner_id: row.get(at + 3)?,
            created_at: row.get(at + 4)?,
            updated_at: row.get(at + 5)?,
        })
    }
}

/// A site and what a person is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrgAccess {
    /// The site.
    pub org: Org,
    /// What the person is in it; `None`: a stranger.
    pub standing: Option<Standing>,
}

impl OrgAccess {
    /// The role that what is in the site inherits.
    #[must_use]
    pub fn role(&self) -> Option<Role> {
        if let Some(Standing::Role(role)) = self.standing { Some(role) } else { None }
    }
}

/// Names a site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OrgKey {
    /// By number.
    Id(i64),
    /// By domain.
    Domain(String),
}

/// What may be changed about a site.
#[derive(Clone, Debug, Default)]
pub struct OrgChange {
    /// Another name.
    pub name: Option<String>,
    /// Another domain.
    pub domain: Option<String>,
}

impl Home {
    /// The sites where a person has been given something, their own first.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn orgs(&self, person: &Person) -> Result<Vec<OrgAccess>, HomeError> {
        // What is public is not listed: it would be shown to everybody.
        if person.is_anonymous() {
            return Ok(Vec::new());
        }
        let sql = format!(
            "SELECT {COLUMNS}, (SELECT MAX(role) FROM org_access WHERE org_id = org.id AND person_id IN ($1, {EVERYONE})) \
             FROM org WHERE org.id IN ( \
               SELECT org_id FROM org_access WHERE person_id = $1 \
               UNION SELECT workspace.org_id FROM workspace_access \
                 JOIN workspace ON workspace.id = workspace_access.workspace_id WHERE person_id = $1 \
               UNION SELECT workspace.org_id FROM doc_access JOIN doc ON doc.id = doc_access.doc_id \
                 JOIN workspace ON workspace.id = doc.workspace_id WHERE person_id = $1) \
             ORDER BY CASE WHEN org.owner_id = $1 THEN 0 ELSE 1 END, org.id"
        );
        let rows = self.query(&sql, &[person.id.into()]).await?;
        let read = |row: &Row| -> Result<OrgAccess, HomeError> {
            let given: Option<i64> = row.get(WIDTH)?;
            let standing = given.and_then(Standing::from_number).or(Some(Standing::Guest));
            Ok(OrgAccess { org: Org::read(row, 0)?, standing })
        };
        rows.iter().map(read).collect()
    }

    /// A site and what a person is in it. `None`: there is none.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn org(&self, person: &Person, key: &OrgKey) -> Result<Option<OrgAccess>, HomeError> {
        let (by, value): (&str, Value) = match key {
            OrgKey::Id(id) => ("org.id = $2", (*id).into()),
            OrgKey::Domain(domain) => ("org.domain = $2", domain.to_lowercase().into()),
        };
        let public = format!("$1, {ANONYMOUS}, {EVERYONE}");
        let sql = format!(
            "SELECT {COLUMNS}, (SELECT MAX(role) FROM org_access WHERE org_id = org.id AND person_id IN ({public})), \
             EXISTS (SELECT 1 FROM workspace_access JOIN workspace ON workspace.id = workspace_access.workspace_id \
               WHERE workspace.org_id = org.id AND person_id IN ({public})) \
             OR EXISTS (SELECT 1 FROM doc_access JOIN doc ON doc.id = doc_access.doc_id \
               JOIN workspace ON workspace.id = doc.workspace_id \
               WHERE workspace.org_id = org.id AND person_id IN ({public})) \
             FROM org WHERE {by}"
        );
        let Some(row) = self.one(&sql, &[person.id.into(), value]).await? else { return Ok(None) };
        let given: Option<i64> = row.get(WIDTH)?;
        let guest = row.get::<bool>(WIDTH + 1)?.then_some(Standing::Guest);
        let standing = given.and_then(Standing::from_number).or(guest);
        Ok(Some(OrgAccess { org: Org::read(&row, 0)?, standing }))
    }

    /// Makes a team site with one workspace, owned by a person; gives its number.
    ///
    /// # Errors
    /// When the domain is taken or no domain, or the database refuses.
    pub async fn add_org(&self, person: &Person, name: &str, domain: Option<&str>) -> Result<i64, HomeError> {
        let domain = domain.map(checked_domain).transpose()?;
        let mut transaction = self.transaction().await?;
        if let Some(domain) = &domain
            && transaction.one("SELECT 1 FROM org WHERE domain = $1", &[domain.into()]).await?.is_some()
        {
            return Err(HomeError::bad(format!("Domain already in use: {domain}")));
        }
        let sql = "INSERT INTO org (name, domain, created_by, created_at, updated_at) VALUES ($1, $2, $3, $4, $4) RETURNING id";
        let parameters = [name.into(), domain.into(), person.id.into(), now().into()];
        let id: i64 = transaction.one(sql, &parameters).await?.unwrap_or_default().get(0)?;
        let sql = "INSERT INTO org_access (org_id, person_id, role) VALUES ($1, $2, 3)";
        transaction.execute(sql, &[id.into(), person.id.into()]).await?;
        transaction.add_workspace(person.id, id, "Home").await?;
        transaction.commit().await?;
        Ok(id)
    }

    /// Changes name or domain of a site.
    ///
    /// # Errors
    /// When the domain is taken or no domain, or the database refuses.
    pub async fn change_org(&self, id: i64, change: &OrgChange) -> Result<(), HomeError> {
        let domain = change.domain.as_deref().map(checked_domain).transpose()?;
        let mut transaction = self.transaction().await?;
        if let Some(domain) = &domain {
            let taken = "SELECT 1 FROM org WHERE domain = $1 AND id <> $2";
            if transaction.one(taken, &[domain.into(), id.into()]).await?.is_some() {
                return Err(HomeError::bad(format!("Domain already in use: {domain}")));
            }
        }
        let sql = "UPDATE org SET name = COALESCE($2, name), domain = COALESCE($3, domain), updated_at = $4 WHERE id = $1";
        let name: Value = change.name.as_ref().into();
        transaction.execute(sql, &[id.into(), name, domain.into(), now().into()]).await?;
        transaction.commit().await
    }

    /// Removes a site with all that is in it; gives the ids of the documents, whose files are to go.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn delete_org(&self, id: i64) -> Result<Vec<String>, HomeError> {
        let mut transaction = self.transaction().await?;
        let workspaces =
            transaction.query("SELECT id FROM workspace WHERE org_id = $1", &[id.into()]).await?;
        let mut files = Vec::new();
        for workspace in workspaces {
            files.extend(transaction.delete_workspace(workspace.get(0)?).await?);
        }
        transaction.execute("DELETE FROM preference WHERE org_id = $1", &[id.into()]).await?;
        transaction.execute("DELETE FROM config WHERE org_id = $1", &[id.into()]).await?;
        transaction.execute("DELETE FROM org WHERE id = $1", &[id.into()]).await?;
        transaction.commit().await?;
        Ok(files)
    }

    /// Whether a domain could be given to a new site: is it one, and is it free?
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn check_domain(&self, domain: &str) -> Result<(bool, bool), HomeError> {
        let Ok(domain) = checked_domain(domain) else { return Ok((false, false)) };
        let taken = self.one("SELECT 1 FROM org WHERE domain = $1", &[domain.into()]).await?.is_some();
        Ok((true, !taken))
    }
}

/// A domain is letters, digits and hyphens, and none that the addresses need for themselves.
fn checked_domain(domain: &str) -> Result<String, HomeError> {
    const RESERVED: &[&str] = &["docs", "api", "www", "admin", "static", "login", "logout", "current"];
    let domain = domain.to_lowercase();
    let letters = domain.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let begins = domain.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic());
    let fits = (3..=63).contains(&domain.len()) && letters && begins && !domain.ends_with('-');
    let reserved = RESERVED.contains(&domain.as_str())
        || domain.strip_prefix("docs-").is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit()));
    if fits && !reserved {
        Ok(domain)
    } else {
        Err(HomeError::bad(format!("Domain is not permitted: {domain}")))
    }
}

#[cfg(test)]
mod tests {
    use super::checked_domain;

    #[test]
    fn domains() {
        for good in ["oracle", "free-domain-xyz", "A1b"] {
            assert!(checked_domain(good).is_ok(), "{good}");
        }
        for bad in ["!!", "", "ab", "docs", "docs-5", "1abc", "a_b", "abc-", "a.b"] {
            assert!(checked_domain(bad).is_err(), "{bad}");
        }
    }
}
