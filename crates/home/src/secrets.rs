//! What documents refer to but do not hold themselves: addresses and keys of webhooks.

use crate::database::Home;
use crate::documents::DocumentName;
use crate::error::HomeError;

/// Entries of forks have the fork's own id.
fn entry(document: &str) -> String {
    let name = DocumentName::parse(document);
    name.fork.unwrap_or(name.trunk)
}

impl Home {
    /// A secret of a document.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn secret(&self, document: &str, id: &str) -> Result<Option<String>, HomeError> {
        let sql = "SELECT value FROM secret WHERE doc_id = $1 AND id = $2";
        let row = self.one(sql, &[entry(document).into(), id.into()]).await?;
        row.map(|row| row.get(0)).transpose()
    }

    /// All secrets of a document: id and value.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn secrets(&self, document: &str) -> Result<Vec<(String, String)>, HomeError> {
        let rows =
            self.query("SELECT id, value FROM secret WHERE doc_id = $1", &[entry(document).into()]).await?;
        rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
    }

    /// The documents that have secrets.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn documents_with_secrets(&self) -> Result<Vec<String>, HomeError> {
        let rows = self.query("SELECT DISTINCT doc_id FROM secret ORDER BY doc_id", &[]).await?;
        rows.iter().map(|row| row.get(0)).collect()
    }

    /// Whether a document is there, neither in the trash (nor its workspace) nor switched off.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn is_in_use(&self, document: &str) -> Result<bool, HomeError> {
        let sql = "SELECT 1 FROM doc LEFT JOIN workspace ON workspace.id = doc.workspace_id \
                   WHERE doc.id = $1 AND doc.removed_at IS NULL AND doc.disabled_at IS NULL AND workspace.removed_at IS NULL";
        Ok(self.one(sql, &[entry(document).into()]).await?.is_some())
    }

    /// Keeps a secret of a document; `None` forgets it.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn set_secret(&self, document: &str, id: &str, value: Option<&str>) -> Result<(), HomeError> {
        let document = entry(document);
        let changed = match value {
            Some(value) => {
                let sql = "INSERT INTO secret (doc_id, id, value) VALUES ($1, $2, $3) \
                           ON CONFLICT (doc_id, id) DO UPDATE SET value = $3";
                self.execute(sql, &[document.into(), id.into(), value.into()]).await
            }
            None => {
                let sql = "DELETE FROM secret WHERE doc_id = $1 AND id = $2";
                self.execute(sql, &[document.into(), id.into()]).await
            }
        };
        changed.map(drop)
    }
}
