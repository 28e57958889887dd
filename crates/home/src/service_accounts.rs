//! Accounts for programs: each belongs to the person who made it, has a key, and stops working at an instant.

use crate::database::Home;
use crate::error::HomeError;
use crate::ids::{new_id, now};
use crate::person::{PersonId, PersonKind};
use crate::row::Row;

/// An account for a program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceAccount {
    /// Its number as a person: it can be given access like anybody.
    pub id: PersonId,
    /// Its e-mail, at which nobody reads.
    pub email: String,
    /// Who made it.
    pub owner_id: PersonId,
    /// What it is called.
    pub label: String,
    /// What it is for.
    pub description: String,
    /// When it stops working, in milliseconds.
    pub expires_at: i64,
    /// Whether it has a key.
    pub has_key: bool,
}

impl ServiceAccount {
    /// Whether it has a key that works.
    #[must_use]
    pub fn has_valid_key(&self) -> bool {
        self.has_key && self.expires_at > now()
    }
}

/// What may be changed about an account. What is `None` stays.
#[derive(Clone, Debug, Default)]
pub struct ServiceAccountChange {
    /// What it is called.
    pub label: Option<String>,
    /// What it is for.
    pub description: Option<String>,
    /// When it stops working, in milliseconds.
    pub expires_at: Option<i64>,
}

const SELECT: &str = "SELECT person.id, person.display_email, service_account.owner_id, service_account.label, \
    service_account.description, service_account.expires_at, person.api_key_hash IS NOT NULL \
    FROM service_account JOIN person ON person.id = service_account.person_id";

fn read(row: &Row) -> Result<ServiceAccount, HomeError> {
    Ok(ServiceAccount {
        id: row.get(0)?,
        email: row.get(1)?,
        owner_id: row.get(2)?,
        label: row.get(3)?,
        description: row.get(4)?,
        expires_at: row.get(5)?,
        has_key: row.get(6)?,
    })
}

impl Home {
    /// Makes an account for a program of a person.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn add_service_account(
        &self,
        owner: PersonId,
        label: &str,
        description: &str,
        expires_at: i64,
    ) -> Result<ServiceAccount, HomeError> {
        let mut transaction = self.transaction().await?;
        // Upper and lower case are one in addresses.
        let email = format!("{}@serviceaccounts.invalid", new_id().to_lowercase());
        let id = transaction.ensure_person(&email, Some(label), PersonKind::Service).await?;
        let sql = "INSERT INTO service_account (person_id, owner_id, label, description, expires_at) VALUES ($1, $2, $3, $4, $5)";
        let parameters = [id.into(), owner.into(), label.into(), description.into(), expires_at.into()];
        transaction.execute(sql, &parameters).await?;
        transaction.commit().await?;
        self.service_account(id).await?.ok_or(HomeError::NotFound("service account"))
    }

    /// The accounts for programs of a person.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn service_accounts(&self, owner: PersonId) -> Result<Vec<ServiceAccount>, HomeError> {
        let sql = format!("{SELECT} WHERE service_account.owner_id = $1 ORDER BY person.id");
        self.query(&sql, &[owner.into()]).await?.iter().map(read).collect()
    }

    /// An account for a program, by its number as a person.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn service_account(&self, id: PersonId) -> Result<Option<ServiceAccount>, HomeError> {
        let sql = format!("{SELECT} WHERE person.id = $1");
        self.one(&sql, &[id.into()]).await?.map(|row| read(&row)).transpose()
    }

    /// Changes an account.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn change_service_account(
        &self,
        id: PersonId,
        change: &ServiceAccountChange,
    ) -> Result<(), HomeError> {
        let sql = "UPDATE service_account SET label = COALESCE($2, label), description = COALESCE($3, description), \
                   expires_at = COALESCE($4, expires_at) WHERE person_id = $1";
        let parameters = [
            id.into(),
            change.label.as_ref().into(),
            change.description.as_ref().into(),
            change.expires_at.into(),
        ];
        self.execute(sql, &parameters).await.map(drop)
    }
}
