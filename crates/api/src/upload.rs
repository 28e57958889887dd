//! Files that come in: streamed to the disk beside the documents, so that none is ever held in memory.

use std::path::{Path, PathBuf};

use axum::extract::Multipart;
use axum::extract::multipart::Field;
use tokio::io::AsyncWriteExt;

use crate::error::ApiError;
use crate::state::Server;

/// The longest text that stands beside files in a form.
const LONGEST_FIELD: usize = 1 << 20;

/// A file that came in. Removed when nobody has kept it.
#[derive(Debug)]
pub(crate) struct Upload {
    path: PathBuf,
    /// Its name where it came from.
    pub(crate) name: String,
}

impl Upload {
    /// Where it lies for now.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Moves it to where it stays.
    pub(crate) fn keep_as(self, path: &Path) -> std::io::Result<()> {
        std::fs::rename(&self.path, path)
    }

    /// Whether it is a document, as its name says.
    pub(crate) fn is_document(&self) -> bool {
        self.name.to_lowercase().ends_with(".grist")
    }

    /// Its name without the ending.
    pub(crate) fn title(&self) -> String {
        let stem = Path::new(&self.name).file_stem().map(|stem| stem.to_string_lossy().into_owned());
        stem.filter(|stem| !stem.is_empty()).unwrap_or_else(|| "Untitled document".to_owned())
    }
}

impl Drop for Upload {
    fn drop(&mut self) {
        // Kept elsewhere, or never written: then there is nothing to remove.
        let _ = std::fs::remove_file(&self.path);
    }
}

/// A form with files.
#[derive(Debug, Default)]
pub(crate) struct Form {
    fields: Vec<(String, String)>,
    pub(crate) files: Vec<Upload>,
}

impl Form {
    /// The text of that name.
    pub(crate) fn field(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The one file, a document or one that can become a document.
    pub(crate) fn into_document(mut self) -> Result<Upload, ApiError> {
        let count = self.files.len();
        let upload = self.files.pop().filter(|_| count == 1);
        let upload = upload.ok_or_else(|| ApiError::bad("send one file, in a part named upload"))?;
        if upload.is_document() || convert::is_known(&upload.name) {
            Ok(upload)
        } else {
            let error = convert::ConvertError::Unknown(upload.name.clone());
            Err(ApiError::bad(error.to_string()).with_details(serde_json::json!({"code": error.code()})))
        }
    }
}

/// Takes a whole form in.
pub(crate) async fn receive(server: &Server, mut multipart: Multipart) -> Result<Form, ApiError> {
    let bad =
        |error: axum::extract::multipart::MultipartError| ApiError::new(error.status(), error.body_text());
    let mut form = Form::default();
    while let Some(field) = multipart.next_field().await.map_err(bad)? {
        let name = field.name().unwrap_or_default().to_owned();
        if let Some(file) = field.file_name().map(str::to_owned) {
            form.files.push(keep(server, field, file).await?);
        } else {
            let bytes = field.bytes().await.map_err(bad)?;
            if bytes.len() > LONGEST_FIELD {
                return Err(ApiError::bad(format!("the field {name} is too long")));
            }
            form.fields.push((name, String::from_utf8_lossy(&bytes).into_owned()));
        }
    }
    Ok(form)
}

async fn keep(server: &Server, mut field: Field<'_>, name: String) -> Result<Upload, ApiError> {
    let upload = Upload { path: server.upload_path(), name };
    let mut file = tokio::fs::File::create_new(&upload.path).await?;
    while let Some(chunk) =
        field.chunk().await.map_err(|error| ApiError::new(error.status(), error.body_text()))?
    {
        file.write_all(&chunk).await?;
    }
    file.flush().await?;
    file.sync_all().await?;
    Ok(upload)
}
