//! Who asks, and about which document: the path parameter `did`.
//!
//! [`DocumentEntry`] is for what surrounds the document (its name, who has access); [`DocumentCaller`] for what is in it: it lets only those in who may read, when the
//! document is there and in use, and only so many at a time.

use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::StatusCode;
use axum::http::request::Parts;
use document::Handle;
use home::DocumentAccess;
use login::Turnstile;
use model::Role;

use crate::caller::Caller;
use crate::error::ApiError;
use crate::state::Server;

/// Who asks about which document as an entry.
#[derive(Debug)]
pub struct DocumentEntry {
    /// Who.
    pub caller: Caller,
    /// The document, perhaps in the trash, and what they may do with it.
    pub access: DocumentAccess,
}

/// Who asks about what is in a document, which they may read.
#[derive(Debug)]
pub struct DocumentCaller {
    /// Who.
    pub caller: Caller,
    /// The document and what they may do with it.
    pub access: DocumentAccess,
    /// What they may do with it.
    pub role: Role,
    server: Server,
    _turnstile: Turnstile,
}

impl DocumentEntry {
    /// Goes on if the person has that role.
    ///
    /// # Errors
    /// 403.
    pub fn require(&self, role: Role) -> Result<(), ApiError> {
        if self.access.role >= Some(role) { Ok(()) } else { Err(ApiError::denied()) }
    }

    /// Goes on if the document is not in the trash.
    ///
    /// # Errors
    /// 404.
    pub fn not_removed(&self) -> Result<(), ApiError> {
        if self.access.is_removed { Err(ApiError::not_found("document not found")) } else { Ok(()) }
    }

    /// Goes on if the document is not switched off.
    ///
    /// # Errors
    /// 403.
    pub fn not_disabled(&self) -> Result<(), ApiError> {
        if self.access.is_disabled() { Err(ApiError::forbidden("Document is disabled")) } else { Ok(()) }
    }
}

impl DocumentCaller {
    /// The whole id of the document.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.access.document.id
    }

    /// Goes on if the person may change the document.
    ///
    /// # Errors
    /// 403.
    pub fn require_editor(&self) -> Result<(), ApiError> {
        if self.role >= Role::Editor { Ok(()) } else { Err(ApiError::forbidden("No write access")) }
    }

    /// Goes on if the person owns the document.
    ///
    /// # Errors
    /// 403.
    pub fn require_owner(&self) -> Result<(), ApiError> {
        if self.role >= Role::Owner { Ok(()) } else { Err(ApiError::forbidden("No owner access")) }
    }

    /// The person, as the document knows people.
    #[must_use]
    pub fn person(&self) -> document::Person {
        let person = self.caller.person();
        document::Person {
            role: Some(self.role),
            id: person.id,
            reference: Some(person.reference.clone()),
            email: person.email.clone(),
            name: person.name.clone(),
            picture: person.picture.clone(),
            session: self.caller.identity.session_id(""),
            logged_in: !person.is_anonymous(),
            origin: None,
            link_key: Vec::new(),
        }
    }

    /// Goes on if rules let the person see all of the document.
    ///
    /// # Errors
    /// 403.
    pub async fn require_everything(&self, document: &Handle) -> Result<(), ApiError> {
        if document.rights(&self.person()).await?.reads_everything {
            Ok(())
        } else {
            Err(ApiError::forbidden("insufficient document access"))
        }
    }

    /// Goes on if rules let the person take a whole copy of the document.
    ///
    /// # Errors
    /// 403.
    pub async fn require_copies(&self, document: &Handle) -> Result<(), ApiError> {
        if document.rights(&self.person()).await?.may_copy {
            Ok(())
        } else {
            Err(ApiError::forbidden("Insufficient access to document to copy it entirely"))
        }
    }

    /// The document itself, opened if it is not.
    ///
    /// # Errors
    /// When its file cannot be used.
    pub async fn open(&self) -> Result<Handle, ApiError> {
        Ok(self.server.documents.get(self.id(), &self.server.document_path(self.id())).await?)
    }
}

async fn find(parts: &mut Parts, server: &Server) -> Result<(Caller, DocumentAccess), ApiError> {
    let caller = Caller::from_request_parts(parts, server).await?;
    let parameters =
        RawPathParams::from_request_parts(parts, server).await.map_err(|error| ApiError::internal(&error))?;
    let name = parameters.iter().find(|(name, _)| *name == "did").map(|(_, value)| value);
    let name = name.ok_or_else(|| ApiError::internal(&"a route about documents without {did}"))?;
    let access = server.home.document_access(caller.person(), &caller.site, name).await?;
    let access = access.ok_or_else(|| ApiError::not_found("document not found"))?;
    Ok((caller, access))
}

impl FromRequestParts<Server> for DocumentEntry {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, server: &Server) -> Result<Self, ApiError> {
        let (caller, access) = find(parts, server).await?;
        Ok(Self { caller, access })
    }
}

impl FromRequestParts<Server> for DocumentCaller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, server: &Server) -> Result<Self, ApiError> {
        let (caller, access) = find(parts, server).await?;
        Self::admit(server, caller, access)
    }
}

impl DocumentCaller {
    /// The document that is named elsewhere than in the path.
    pub(crate) async fn named(server: &Server, caller: Caller, name: &str) -> Result<Self, ApiError> {
        let access = server.home.document_access(caller.person(), &caller.site, name).await?;
        Self::admit(server, caller, access.ok_or_else(|| ApiError::not_found("document not found"))?)
    }

    fn admit(server: &Server, caller: Caller, access: DocumentAccess) -> Result<Self, ApiError> {
        let Some(role) = access.role else { return Err(ApiError::forbidden("No view access")) };
        if access.is_removed {
            return Err(ApiError::not_found("Document is deleted"));
        }
        if access.is_disabled() {
            return Err(ApiError::forbidden("Document is disabled"));
        }
        let turnstile = server.throttle.enter(&access.document.id).ok_or_else(|| {
            ApiError::new(
                StatusCode::TOO_MANY_REQUESTS,
                "Too many backlogged requests for document - try again later?",
            )
        })?;
        Ok(Self { caller, access, role, server: server.clone(), _turnstile: turnstile })
    }
}
