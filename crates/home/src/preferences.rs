//! Preferences of people and sites, and settings that a site keeps: JSON, which nobody here looks into.

use serde_json::{Map, Value as Json};

use crate::database::Home;
use crate::error::HomeError;
use crate::ids::now;
use crate::person::PersonId;
use crate::row::Row;

/// Whose preferences.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PreferencesOf {
    /// Of a person, everywhere.
    Person(PersonId),
    /// Of a person in a site.
    PersonInOrg(PersonId, i64),
    /// Of a site, for everybody.
    Org(i64),
}

impl PreferencesOf {
    const fn key(self) -> (PersonId, i64) {
        match self {
            Self::Person(person) => (person, 0),
            Self::PersonInOrg(person, org) => (person, org),
            Self::Org(org) => (0, org),
        }
    }
}

/// A setting kept by a site (or by the installation).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// Number.
    pub id: i64,
    /// Name.
    pub key: String,
    /// JSON.
    pub value: String,
    /// When it was first set, in milliseconds.
    pub created_at: i64,
    /// When it was last set, in milliseconds.
    pub updated_at: i64,
}

impl Home {
    /// Preferences; none set: `None`.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn preferences(&self, of: PreferencesOf) -> Result<Option<Json>, HomeError> {
        let (person, org) = of.key();
        let sql = "SELECT value FROM preference WHERE person_id = $1 AND org_id = $2";
        let Some(row) = self.one(sql, &[person.into(), org.into()]).await? else { return Ok(None) };
        Ok(serde_json::from_str(&row.get::<String>(0)?).ok())
    }

    /// Sets preferences, keeping those not named.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn set_preferences(
        &self,
        of: PreferencesOf,
        change: &Map<String, Json>,
    ) -> Result<(), HomeError> {
        let mut kept = match self.preferences(of).await? {
            Some(Json::Object(kept)) => kept,
            _ => Map::new(),
        };
        kept.extend(change.clone());
        let (person, org) = of.key();
        let sql = "INSERT INTO preference (person_id, org_id, value) VALUES ($1, $2, $3) \
                   ON CONFLICT (person_id, org_id) DO UPDATE SET value = $3";
        let value = Json::Object(kept).to_string();
        self.execute(sql, &[person.into(), org.into(), value.into()]).await.map(drop)
    }

    /// A setting of a site, or (`org` is 0) of the installation.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn config(&self, org: i64, key: &str) -> Result<Option<Config>, HomeError> {
        let sql = "SELECT id, key, value, created_at, updated_at FROM config WHERE org_id = $1 AND key = $2";
        self.one(sql, &[org.into(), key.into()]).await?.map(|row| read_config(&row)).transpose()
    }

    /// Sets a setting; says whether it is new.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn set_config(&self, org: i64, key: &str, value: &str) -> Result<(Config, bool), HomeError> {
        let is_new = self.config(org, key).await?.is_none();
        let sql = "INSERT INTO config (org_id, key, value, created_at, updated_at) VALUES ($1, $2, $3, $4, $4) \
                   ON CONFLICT (org_id, key) DO UPDATE SET value = $3, updated_at = $4";
        self.execute(sql, &[org.into(), key.into(), value.into(), now().into()]).await?;
        Ok((self.config(org, key).await?.ok_or(HomeError::NotFound("config"))?, is_new))
    }

    /// Removes a setting; says whether there was one.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn delete_config(&self, org: i64, key: &str) -> Result<bool, HomeError> {
        let sql = "DELETE FROM config WHERE org_id = $1 AND key = $2";
        Ok(self.execute(sql, &[org.into(), key.into()]).await? > 0)
    }
}

fn read_config(row: &Row) -> Result<Config, HomeError> {
    Ok(Config {
        id: row.get(0)?,
        key: row.get(1)?,
        value: row.get(2)?,
        created_at: row.get(3)?,
        updated_at: row.get(4)?,
    })
}
