//! Making documents, changing what is known of them, moving, removing.

use serde_json::{Map, Value as Json};

use crate::database::{Home, Transaction};
use crate::documents::{DocumentName, NewDocument, SHORT};
use crate::error::HomeError;
use crate::ids::{new_id, now};
use crate::person::{ANONYMOUS, Person, PersonId};
use crate::row::Value;

/// What may be changed about a document. What is `None` stays.
#[derive(Clone, Debug, Default)]
pub struct DocumentChange {
    /// Another name.
    pub name: Option<String>,
    /// Shown on top or not.
    pub is_pinned: Option<bool>,
    /// Another name in addresses; `Some(None)`: none.
    pub url_id: Option<Option<String>>,
    /// `template`, `tutorial`, or `Some(None)`: an ordinary document.
    pub kind: Option<Option<String>>,
    /// Options to set; JSON null takes one away.
    pub options: Option<Map<String, Json>>,
}

/// A name by which a document can be addressed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alias {
    /// The site.
    pub org_id: i64,
    /// The name.
    pub url_id: String,
    /// When it was given, in milliseconds.
    pub created_at: i64,
}

/// A fork of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fork {
    /// Its own id: the middle part of the whole name.
    pub id: String,
    /// Who made it.
    pub created_by: Option<PersonId>,
    /// When it was last changed, in milliseconds.
    pub updated_at: i64,
    /// JSON.
    pub options: Option<String>,
}

impl Home {
    /// Makes a document in a workspace, owned by a person; gives its id. The file is another's business.
    ///
    /// # Errors
    /// When the name in addresses is taken, or the database refuses.
    pub async fn add_document(
        &self,
        person: &Person,
        workspace: i64,
        new: &NewDocument,
    ) -> Result<String, HomeError> {
        let mut transaction = self.transaction().await?;
        let id = new.id.clone().unwrap_or_else(new_id);
        let sql = "INSERT INTO doc (id, workspace_id, name, type, options, is_pinned, created_by, created_at, updated_at) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)";
        let parameters = [
            id.as_str().into(),
            workspace.into(),
            new.name.as_str().into(),
            new.kind.as_ref().into(),
            new.options.as_ref().into(),
            new.is_pinned.into(),
            person.id.into(),
            now().into(),
        ];
        transaction.execute(sql, &parameters).await?;
        if person.id != ANONYMOUS {
            let sql = "INSERT INTO doc_access (doc_id, person_id, role) VALUES ($1, $2, 3)";
            transaction.execute(sql, &[id.as_str().into(), person.id.into()]).await?;
        }
        let short = id.get(..SHORT).unwrap_or(&id).to_owned();
        transaction.add_alias(&id, &short).await?;
        if let Some(url_id) = &new.url_id {
            transaction.set_url_id(&id, Some(url_id)).await?;
        }
        transaction.commit().await?;
        Ok(id)
    }

    /// Makes the entry of a fork, or (`trunk` is `new`) of a document that is not saved; gives its whole name.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn add_fork(&self, person: &Person, trunk: &str, name: &str) -> Result<String, HomeError> {
        let id = new_id();
        let sql = "INSERT INTO doc (id, trunk_id, name, created_by, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $5)";
        let by = Some(person.id).filter(|id| *id != ANONYMOUS);
        let parameters = [id.as_str().into(), trunk.into(), name.into(), by.into(), now().into()];
        self.execute(sql, &parameters).await?;
        Ok(DocumentName::of_fork(trunk, &id, by))
    }

    /// Changes what is known of a document.
    ///
    /// # Errors
    /// When the name in addresses is taken or no name, or the database refuses.
    pub async fn change_document(&self, id: &str, change: &DocumentChange) -> Result<(), HomeError> {
        let mut transaction = self.transaction().await?;
        if let Some(url_id) = &change.url_id {
            transaction.set_url_id(id, url_id.as_deref()).await?;
        }
        if let Some(kind) = &change.kind {
            let sql = "UPDATE doc SET type = $2 WHERE id = $1";
            transaction.execute(sql, &[id.into(), kind.as_ref().into()]).await?;
        }
        if let Some(options) = &change.options {
            let row = transaction.one("SELECT options FROM doc WHERE id = $1", &[id.into()]).await?;
            let kept: Option<String> = row.unwrap_or_default().get(0)?;
            let merged = merge(kept.as_deref(), options);
            let sql = "UPDATE doc SET options = $2 WHERE id = $1";
            transaction.execute(sql, &[id.into(), merged.into()]).await?;
        }
        let sql = "UPDATE doc SET name = COALESCE($2, name), is_pinned = COALESCE($3, is_pinned), updated_at = $4 WHERE id = $1";
        let name: Value = change.name.as_ref().into();
        transaction.execute(sql, &[id.into(), name, change.is_pinned.into(), now().into()]).await?;
        transaction.commit().await
    }

    /// Notes that what is in documents has changed, all at one instant in milliseconds.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn note_changes(&self, ids: impl IntoIterator<Item = &str>, at: i64) -> Result<(), HomeError> {
        let mut transaction = self.transaction().await?;
        for id in ids {
            let name = DocumentName::parse(id);
            let own = name.fork.unwrap_or(name.trunk);
            let sql = "UPDATE doc SET updated_at = $2 WHERE id = $1";
            transaction.execute(sql, &[own.into(), at.into()]).await?;
        }
        transaction.commit().await
    }

    /// Removes for good what has been in the trash since before an instant, and forks and unsaved documents that nobody has changed since; gives the ids whose files
    /// are to go.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn empty_trash(&self, before: i64) -> Result<Vec<String>, HomeError> {
        let mut transaction = self.transaction().await?;
        let mut files = Vec::new();
        let sql = "SELECT id FROM workspace WHERE removed_at < $1";
        for row in transaction.query(sql, &[before.into()]).await? {
            files.extend(transaction.delete_workspace(row.get(0)?).await?);
        }
        let sql = "SELECT id FROM doc WHERE removed_at < $1 AND trunk_id IS NULL";
        for row in transaction.query(sql, &[before.into()]).await? {
            files.extend(transaction.delete_document(&row.get::<String>(0)?).await?);
        }
        let sql = "DELETE FROM doc WHERE updated_at < $1 AND trunk_id IS NOT NULL RETURNING trunk_id, id, created_by";
        for row in transaction.query(sql, &[before.into()]).await? {
            files.push(DocumentName::of_fork(&row.get::<String>(0)?, &row.get::<String>(1)?, row.get(2)?));
        }
        transaction.commit().await?;
        Ok(files)
    }

    /// Puts a document into the trash, or takes it out.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn set_document_removed(&self, id: &str, removed: bool) -> Result<(), HomeError> {
        let at: Value = removed.then(now).into();
        self.execute("UPDATE doc SET removed_at = $2 WHERE id = $1", &[id.into(), at]).await.map(drop)
    }

    /// Switches a document off or on.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn set_document_disabled(&self, id: &str, disabled: bool) -> Result<(), HomeError> {
        let at: Value = disabled.then(now).into();
        self.execute("UPDATE doc SET disabled_at = $2 WHERE id = $1", &[id.into(), at]).await.map(drop)
    }

    /// Moves a document to another workspace, perhaps of another site. Its names in addresses come along as far as they are free there.
    ///
    /// # Errors
    /// When it is there already, or the database refuses.
    pub async fn move_document(&self, id: &str, workspace: i64) -> Result<(), HomeError> {
        let mut transaction = self.transaction().await?;
        let sql = "UPDATE doc SET workspace_id = $2 WHERE id = $1 AND workspace_id <> $2";
        if transaction.execute(sql, &[id.into(), workspace.into()]).await? == 0 {
            return Err(HomeError::bad("Bad request: doc is already in destination workspace"));
        }
        // Old addresses go on working in the old site; the new site needs them too.
        let sql = "INSERT INTO alias (org_id, url_id, doc_id, created_at) \
                   SELECT workspace.org_id, alias.url_id, alias.doc_id, alias.created_at FROM alias \
                   JOIN workspace ON workspace.id = $2 WHERE alias.doc_id = $1 ON CONFLICT DO NOTHING";
        transaction.execute(sql, &[id.into(), workspace.into()]).await?;
        transaction.commit().await
    }

    /// Removes a document with its forks for good; gives the ids whose files are to go.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn delete_document(&self, id: &str) -> Result<Vec<String>, HomeError> {
        let name = DocumentName::parse(id);
        let mut transaction = self.transaction().await?;
        let files = match name.fork {
            Some(fork) => {
                transaction.execute("DELETE FROM doc WHERE id = $1", &[fork.into()]).await?;
                vec![id.to_owned()]
            }
            None => transaction.delete_document(id).await?,
        };
        transaction.commit().await?;
        Ok(files)
    }

    /// All names by which a document can be addressed, the newest first.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn aliases(&self, id: &str) -> Result<Vec<Alias>, HomeError> {
        let sql =
            "SELECT org_id, url_id, created_at FROM alias WHERE doc_id = $1 ORDER BY created_at DESC, url_id";
        let rows = self.query(sql, &[id.into()]).await?;
        rows.iter()
            .map(|row| Ok(Alias { org_id: row.get(0)?, url_id: row.get(1)?, created_at: row.get(2)? }))
            .collect()
    }

    /// The forks of a document that a person made.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn forks(&self, id: &str, person: PersonId) -> Result<Vec<Fork>, HomeError> {
        let sql = "SELECT id, created_by, updated_at, options FROM doc WHERE trunk_id = $1 AND created_by = $2 ORDER BY updated_at DESC";
        let rows = self.query(sql, &[id.into(), person.into()]).await?;
        rows.iter()
            .map(|row| {
                Ok(Fork {
                    id: row.get(0)?,
                    created_by: row.get(1)?,
                    updated_at: row.get(2)?,
                    options: row.get(3)?,
                })
            })
            .collect()
    }
}

impl Transaction {
    pub(crate) async fn delete_document(&mut self, id: &str) -> Result<Vec<String>, HomeError> {
        let forks = self.query("SELECT id, created_by FROM doc WHERE trunk_id = $1", &[id.into()]).await?;
        let mut files = vec![id.to_owned()];
        for fork in forks {
            let fork_id: String = fork.get(0)?;
            files.push(DocumentName::of_fork(id, &fork_id, fork.get(1)?));
        }
        self.execute("DELETE FROM doc WHERE id = $1 OR trunk_id = $1", &[id.into()]).await?;
        Ok(files)
    }

    async fn set_url_id(&mut self, id: &str, url_id: Option<&str>) -> Result<(), HomeError> {
        if let Some(url_id) = url_id {
            let letters = url_id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
            if url_id.is_empty() || !letters {
                return Err(HomeError::bad(format!("urlId invalid: {url_id}")));
            }
            let sql = "SELECT 1 FROM alias JOIN workspace ON workspace.org_id = alias.org_id \
                       JOIN doc ON doc.workspace_id = workspace.id \
                       WHERE doc.id = $1 AND alias.url_id = $2 AND alias.doc_id <> $1 LIMIT 1";
            if self.one(sql, &[id.into(), url_id.into()]).await?.is_some() {
                return Err(HomeError::bad("urlId already in use"));
            }
            self.add_alias(id, url_id).await?;
        }
        let sql = "UPDATE doc SET url_id = $2 WHERE id = $1";
        self.execute(sql, &[id.into(), url_id.into()]).await.map(drop)
    }

    async fn add_alias(&mut self, id: &str, url_id: &str) -> Result<(), HomeError> {
        let sql = "INSERT INTO alias (org_id, url_id, doc_id, created_at) \
                   SELECT workspace.org_id, $2, doc.id, $3 FROM doc JOIN workspace ON workspace.id = doc.workspace_id \
                   WHERE doc.id = $1 ON CONFLICT (org_id, url_id) DO UPDATE SET created_at = $3";
        self.execute(sql, &[id.into(), url_id.into(), now().into()]).await.map(drop)
    }
}

/// Options with changes; JSON null takes one away.
fn merge(kept: Option<&str>, change: &Map<String, Json>) -> Option<String> {
    let mut options: Map<String, Json> =
        kept.and_then(|kept| serde_json::from_str(kept).ok()).unwrap_or_default();
    for (key, value) in change {
        if value.is_null() {
            options.shift_remove(key);
        } else {
            options.insert(key.clone(), value.clone());
        }
    }
    if options.is_empty() { None } else { Some(Json::Object(options).to_string()) }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::merge;

    #[test]
    fn options_are_merged() {
        let change = json!({"icon": "x", "description": null});
        let merged = merge(Some(r#"{"description":"d","openMode":"fork"}"#), change.as_object().unwrap());
        assert_eq!(merged.as_deref(), Some(r#"{"openMode":"fork","icon":"x"}"#));
        assert_eq!(merge(Some(r#"{"icon":"x"}"#), json!({"icon": null}).as_object().unwrap()), None);
    }
}
