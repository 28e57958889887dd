//! Finding people, making them, and what they may change about themselves.

use sha2::{Digest, Sha256};

use crate::database::{Home, Transaction};
use crate::error::HomeError;
use crate::ids::{new_id, now};
use crate::person::{COLUMNS, Person, PersonId, PersonKind, normalise_email};
use crate::row::Value;

/// Keys are random and long, so that a plain hash keeps them safe: who reads the database does not learn them.
fn key_hash(key: &str) -> String {
    hex::encode(Sha256::digest(key.as_bytes()))
}

/// An address as it is compared, if it is one.
fn checked_email(email: &str) -> Result<String, HomeError> {
    let normal = normalise_email(email);
    let (before, after) = normal.split_once('@').unwrap_or_default();
    if before.is_empty() || after.is_empty() || normal.contains(char::is_whitespace) {
        return Err(HomeError::bad("Invalid email address included"));
    }
    Ok(normal)
}

/// What may be changed about a person. What is `None` stays.
#[derive(Clone, Debug, Default)]
pub struct PersonChange {
    /// E-mail.
    pub email: Option<String>,
    /// Name to show.
    pub name: Option<String>,
    /// Address of a picture, or `Some(None)`: none.
    pub picture: Option<Option<String>>,
    /// Language, or `Some(None)`: none chosen.
    pub locale: Option<Option<String>>,
}

impl Home {
    /// The person of that number.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn person(&self, id: PersonId) -> Result<Option<Person>, HomeError> {
        let sql = format!("SELECT {COLUMNS} FROM person WHERE id = $1");
        self.one(&sql, &[id.into()]).await?.map(|row| Person::read(&row, 0)).transpose()
    }

    /// The person with that e-mail, whatever its capitals.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn person_by_email(&self, email: &str) -> Result<Option<Person>, HomeError> {
        let sql = format!("SELECT {COLUMNS} FROM person WHERE email = $1");
        let found = self.one(&sql, &[normalise_email(email).into()]).await?;
        found.map(|row| Person::read(&row, 0)).transpose()
    }

    /// The person with that reference.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn person_by_reference(&self, reference: &str) -> Result<Option<Person>, HomeError> {
        let sql = format!("SELECT {COLUMNS} FROM person WHERE ref = $1");
        self.one(&sql, &[reference.into()]).await?.map(|row| Person::read(&row, 0)).transpose()
    }

    /// The person who has that API key, which may not have expired.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn person_by_api_key(&self, key: &str) -> Result<Option<Person>, HomeError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM person WHERE api_key_hash = $1 AND NOT EXISTS \
             (SELECT 1 FROM service_account WHERE person_id = person.id AND expires_at <= $2)"
        );
        self.one(&sql, &[key_hash(key).into(), now().into()])
            .await?
            .map(|row| Person::read(&row, 0))
            .transpose()
    }

    /// Everybody, in the order in which they came.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn people(&self) -> Result<Vec<Person>, HomeError> {
        let sql = format!("SELECT {COLUMNS} FROM person WHERE kind <> 'special' ORDER BY id");
        self.query(&sql, &[]).await?.iter().map(|row| Person::read(row, 0)).collect()
    }

    /// The person with that e-mail, who is made if there is none, with a personal site. `name` is for somebody new.
    ///
    /// # Errors
    /// When the address is none, or the database refuses.
    pub async fn ensure_person(&self, email: &str, name: Option<&str>) -> Result<Person, HomeError> {
        if let Some(person) = self.person_by_email(email).await? {
            return Ok(person);
        }
        let mut transaction = self.transaction().await?;
        let id = transaction.ensure_person(email, name, PersonKind::Login).await?;
        transaction.commit().await?;
        self.person(id).await?.ok_or(HomeError::NotFound("user"))
    }

    /// Notes that a person has signed in.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn note_login(&self, person: PersonId) -> Result<(), HomeError> {
        let sql = "UPDATE person SET first_login_at = COALESCE(first_login_at, $2), last_connection_at = $2 WHERE id = $1";
        self.execute(sql, &[person.into(), now().into()]).await.map(drop)
    }

    /// Gives a person another name.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn rename_person(&self, person: PersonId, name: &str) -> Result<(), HomeError> {
        self.execute("UPDATE person SET name = $2 WHERE id = $1", &[person.into(), name.into()])
            .await
            .map(drop)
    }

    /// Sets the language of a person, or forgets it.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn set_locale(&self, person: PersonId, locale: Option<&str>) -> Result<(), HomeError> {
        self.execute("UPDATE person SET locale = $2 WHERE id = $1", &[person.into(), locale.into()])
            .await
            .map(drop)
    }

    /// Replaces the options of a profile: JSON.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn set_person_options(&self, person: PersonId, options: &str) -> Result<(), HomeError> {
        self.execute("UPDATE person SET options = $2 WHERE id = $1", &[person.into(), options.into()])
            .await
            .map(drop)
    }

    /// Whether a person has an API key. The key itself is not kept.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn has_api_key(&self, person: PersonId) -> Result<bool, HomeError> {
        let sql = "SELECT 1 FROM person WHERE id = $1 AND api_key_hash IS NOT NULL";
        Ok(self.one(sql, &[person.into()]).await?.is_some())
    }

    /// Sets the API key of a person, or takes it away. Only its hash is kept.
    ///
    /// # Errors
    /// When somebody else has the same key, or the database refuses.
    pub async fn set_api_key(&self, person: PersonId, key: Option<&str>) -> Result<(), HomeError> {
        let hash: Value = key.map(key_hash).into();
        self.execute("UPDATE person SET api_key_hash = $2 WHERE id = $1", &[person.into(), hash])
            .await
            .map(drop)
    }

    /// Switches an account off or on.
    ///
    /// # Errors
    /// When there is no such person, or the database refuses.
    pub async fn set_disabled(&self, person: PersonId, disabled: bool) -> Result<(), HomeError> {
        let at: Value = disabled.then(now).into();
        let sql = "UPDATE person SET disabled_at = $2 WHERE id = $1 AND kind <> 'special'";
        if self.execute(sql, &[person.into(), at]).await? == 0 {
            return Err(HomeError::NotFound("user"));
        }
        Ok(())
    }

    /// Changes what is known of a person.
    ///
    /// # Errors
    /// [`HomeError::Conflict`] when somebody else has the e-mail; [`HomeError::Bad`] when it is none.
    pub async fn change_person(&self, person: PersonId, change: &PersonChange) -> Result<(), HomeError> {
        let mut transaction = self.transaction().await?;
        if let Some(email) = &change.email {
            let normal = checked_email(email)?;
            let taken = "SELECT 1 FROM person WHERE email = $1 AND id <> $2";
            let taken = transaction.one(taken, &[normal.as_str().into(), person.into()]).await?;
            if taken.is_some() {
                return Err(HomeError::Conflict("An existing user with the passed email exist.".into()));
            }
            let sql = "UPDATE person SET email = $2, display_email = $3 WHERE id = $1";
            transaction.execute(sql, &[person.into(), normal.into(), email.trim().into()]).await?;
        }
        if let Some(name) = &change.name {
            let sql = "UPDATE person SET name = $2 WHERE id = $1";
            transaction.execute(sql, &[person.into(), name.into()]).await?;
        }
        if let Some(picture) = &change.picture {
            let sql = "UPDATE person SET picture = $2 WHERE id = $1";
            transaction.execute(sql, &[person.into(), picture.as_ref().into()]).await?;
        }
        if let Some(locale) = &change.locale {
            let sql = "UPDATE person SET locale = $2 WHERE id = $1";
            transaction.execute(sql, &[person.into(), locale.as_ref().into()]).await?;
        }
        transaction.commit().await
    }

    /// Removes a person with their personal site and all that is in it; gives the ids of the documents, whose files are to go. What they made elsewhere stays.
    ///
    /// # Errors
    /// When there is no such person, or the database refuses.
    pub async fn delete_person(&self, person: PersonId) -> Result<Vec<String>, HomeError> {
        let mut transaction = self.transaction().await?;
        let sql = "SELECT workspace.id FROM workspace JOIN org ON org.id = workspace.org_id WHERE org.owner_id = $1";
        let mut files = Vec::new();
        for workspace in transaction.query(sql, &[person.into()]).await? {
            files.extend(transaction.delete_workspace(workspace.get(0)?).await?);
        }
        transaction.execute("DELETE FROM org WHERE owner_id = $1", &[person.into()]).await?;
        transaction.execute("DELETE FROM preference WHERE person_id = $1", &[person.into()]).await?;
        // Programs act for who made them.
        let sql =
            "DELETE FROM person WHERE id IN (SELECT person_id FROM service_account WHERE owner_id = $1)";
        transaction.execute(sql, &[person.into()]).await?;
        let sql = "DELETE FROM person WHERE id = $1 AND kind <> 'special'";
        if transaction.execute(sql, &[person.into()]).await? == 0 {
            return Err(HomeError::NotFound("user"));
        }
        transaction.commit().await?;
        Ok(files)
    }

    /// A text kept for the installation, such as the secret of sessions.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn setting(&self, name: &str) -> Result<Option<String>, HomeError> {
        let row = self.one("SELECT value FROM setting WHERE name = $1", &[name.into()]).await?;
        row.map(|row| row.get(0)).transpose()
    }

    /// Keeps a text for the installation.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn set_setting(&self, name: &str, value: &str) -> Result<(), HomeError> {
        let sql =
            "INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = $2";
        self.execute(sql, &[name.into(), value.into()]).await.map(drop)
    }
}

impl Transaction {
    /// The number of the person with that e-mail, who is made if there is none, with a personal site.
    pub(crate) async fn ensure_person(
        &mut self,
        email: &str,
        name: Option<&str>,
        kind: PersonKind,
    ) -> Result<PersonId, HomeError> {
        let normal = normalise_email(email);
        if let Some(row) =
            self.one("SELECT id FROM person WHERE email = $1", &[normal.as_str().into()]).await?
        {
            return row.get(0);
        }
        checked_email(email)?;
        let at = now();
        let row = self
            .one(
                "INSERT INTO person (ref, email, display_email, name, kind, created_at) \
                 VALUES ($1, $2, $3, $4, $5, $6) RETURNING id",
                &[
                    new_id().into(),
                    normal.into(),
                    email.trim().into(),
                    name.unwrap_or_default().into(),
                    kind.as_str().into(),
                    at.into(),
                ],
            )
            .await?
            .unwrap_or_default();
        let id: PersonId = row.get(0)?;
        if kind == PersonKind::Login {
            let sql = "INSERT INTO org (name, domain, owner_id, created_by, created_at, updated_at) \
                       VALUES ('Personal', $1, $2, $2, $3, $3) RETURNING id";
            let domain = format!("docs-{id}");
            let row = self.one(sql, &[domain.into(), id.into(), at.into()]).await?.unwrap_or_default();
            let org: i64 = row.get(0)?;
            let sql = "INSERT INTO org_access (org_id, person_id, role) VALUES ($1, $2, 3)";
            self.execute(sql, &[org.into(), id.into()]).await?;
            self.add_workspace(id, org, "Home").await?;
        }
        Ok(id)
    }
}
