//! What every route works with.

use std::path::PathBuf;
use std::sync::Arc;

use document::Documents;
use home::Home;
use login::{Login, Throttle};
use outbox::Outbox;
use settings::Settings;

/// The server's rooms. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Server {
    /// All settings.
    pub settings: Arc<Settings>,
    /// People, sites, documents as entries.
    pub home: Home,
    /// Who speaks.
    pub login: Login,
    /// The open documents.
    pub documents: Documents,
    /// What is told outside.
    pub outbox: Outbox,
    /// How much one document is asked for at a time.
    pub throttle: Throttle,
}

impl Server {
    /// Where the files of documents lie.
    #[must_use]
    pub fn documents_folder(&self) -> PathBuf {
        documents_folder(&self.settings)
    }

    /// The file of the document with that whole id.
    #[must_use]
    pub fn document_path(&self, id: &str) -> PathBuf {
        document_path(&self.settings, id)
    }

    /// A name for a file under construction, on the same disk as the documents.
    #[must_use]
    pub fn upload_path(&self) -> PathBuf {
        self.documents_folder().join(format!(".upload-{}", home::new_id()))
    }
}

fn documents_folder(settings: &Settings) -> PathBuf {
    settings.data_dir.join("docs")
}

pub(crate) fn document_path(settings: &Settings, id: &str) -> PathBuf {
    documents_folder(settings).join(format!("{id}.grist"))
}
