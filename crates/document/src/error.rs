//! What a turn can fail with.

use actions::ActionError;
use engine::EngineError;
use store::StoreError;

/// Why a turn did not happen. The document, its file and its clients are as they were before.
#[derive(Debug, thiserror::Error)]
pub enum DocumentError {
    /// The person may not read the document.
    #[error("No view access")]
    NoView,
    /// The person may not change the document.
    #[error("No write access")]
    NoEdit,
    /// Only owners may do this.
    #[error("Only document owners may do this")]
    NotOwner,
    /// A user action that cannot be done.
    #[error("[Sandbox] {} {}", .0.python_type(), .0)]
    Action(#[from] ActionError),
    /// A table or column that is not there, or a table that cannot be read.
    #[error("{0}")]
    Engine(#[from] EngineError),
    /// The file could not be read or written.
    #[error("{0}")]
    Store(#[from] StoreError),
    /// Access rules forbid it.
    #[error("{0}")]
    Denied(access::Denied),
    /// Rules that cannot be saved.
    #[error("{0}")]
    Rules(access::RulesError),
    /// A cell that the person may not see, or that is not there.
    #[error("Cannot access cell")]
    Hidden,
    /// The request makes no sense for this document.
    #[error("{0}")]
    Bad(String),
    /// The document was closed, or its thread has stopped: open it again.
    #[error("the document was closed; open it again")]
    Closed,
    /// Something of ours is broken; the turn was rolled back.
    #[error("internal error: {0}")]
    Internal(String),
}
