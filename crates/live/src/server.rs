//! What all connections share.

use std::path::PathBuf;
use std::sync::Arc;

use axum::routing::{MethodRouter, get};
use document::Documents;
use home::{DocumentAccess, Home, Person, Site};
use login::{Login, Throttle};
use model::Role;

use crate::answer::Refusal;
use crate::clients::Clients;
use crate::connection::connect;

/// The rooms that this one needs.
#[derive(Clone, Debug)]
pub struct Rooms {
    /// People, sites, documents as entries.
    pub home: Home,
    /// Who speaks.
    pub login: Login,
    /// The open documents.
    pub documents: Documents,
    /// How much one document is asked for at a time by programs.
    pub throttle: Throttle,
    /// Where the files of documents lie.
    pub folder: PathBuf,
}

/// The server of the WebSocket protocol. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Live {
    pub(crate) rooms: Rooms,
    pub(crate) clients: Arc<Clients>,
    /// For work that documents' threads cause.
    pub(crate) runtime: tokio::runtime::Handle,
}

/// What somebody may do with a document now.
#[derive(Clone, Debug)]
pub(crate) struct Rights {
    pub(crate) id: String,
    pub(crate) role: Option<Role>,
    pub(crate) is_fork: bool,
    pub(crate) is_removed: bool,
    pub(crate) is_disabled: bool,
}

impl Rights {
    fn of(access: DocumentAccess) -> Self {
        Self {
            role: access.role,
            is_fork: access.document.trunk_id.is_some(),
            is_removed: access.is_removed,
            is_disabled: access.is_disabled(),
            id: access.document.id,
        }
    }

    /// The role, if the document can be used at all.
    pub(crate) fn usable(&self) -> Result<Role, Refusal> {
        let role = self.role.ok_or(Refusal::NoView("default"))?;
        if self.is_removed {
            return Err(Refusal::Removed);
        }
        if self.is_disabled {
            return Err(Refusal::Disabled);
        }
        Ok(role)
    }
}

impl Live {
    /// A server without clients. Must be called within a tokio runtime.
    #[must_use]
    pub fn new(rooms: Rooms) -> Self {
        Self { rooms, clients: Arc::default(), runtime: tokio::runtime::Handle::current() }
    }

    /// Takes upgrades, at whatever path it is put. The site that the path names is read from the request's extensions (`home::Site`).
    pub fn route<S: Clone + Send + Sync + 'static>(&self) -> MethodRouter<S> {
        get(connect).with_state(self.clone())
    }

    /// How many clients there are, those included that have lost their connection lately.
    #[must_use]
    pub fn client_count(&self) -> usize {
        self.clients.count()
    }

    pub(crate) fn document_path(&self, id: &str) -> PathBuf {
        self.rooms.folder.join(format!("{id}.grist"))
    }

    /// What somebody may do with the document of that id.
    pub(crate) async fn rights(
        &self,
        person: &Person,
        site: &Site,
        id: &str,
    ) -> Result<Option<Rights>, Refusal> {
        let access = self.rooms.home.document_access(person, site, id).await;
        Ok(access.map_err(|error| Refusal::broken(&error))?.map(Rights::of))
    }
}
