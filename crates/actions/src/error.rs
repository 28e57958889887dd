//! What goes wrong with user actions.

/// A user action that cannot be done. Each kind is the Python exception that Grist raises, with the text of Python's `str(exception)`; clients
/// rely on both.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ActionError {
    /// `ValueError`: the arguments make no sense for this document.
    #[error("{0}")]
    Value(String),
    /// `ValueError`: there is no action of that name.
    #[error("Unknown action {0}")]
    Unknown(String),
    /// `KeyError`: no such table, column or row; the text is the representation of the key.
    #[error("{0}")]
    Key(String),
    /// `TypeError`: arguments missing, too many, or of the wrong shape.
    #[error("{0}")]
    Type(String),
    /// `AssertionError`: the document would not be sound any more.
    #[error("{0}")]
    Assertion(String),
    /// `SyntaxError`: a condition that does not parse.
    #[error("{0}")]
    Syntax(String),
    /// `AttributeError`: something is not of the kind it should be.
    #[error("{0}")]
    Attribute(String),
    /// `UniqueReferenceError`: a two-way reference would have two owners.
    #[error("{0}")]
    UniqueReference(String),
    /// `NotImplementedError`: known, but not done here.
    #[error("{0}")]
    NotImplemented(String),
}

impl ActionError {
    /// The name of the Python exception.
    #[must_use]
    pub fn python_type(&self) -> &'static str {
        match self {
            Self::Value(_) | Self::Unknown(_) => "ValueError",
            Self::Key(_) => "KeyError",
            Self::Type(_) => "TypeError",
            Self::Assertion(_) => "AssertionError",
            Self::Syntax(_) => "SyntaxError",
            Self::Attribute(_) => "AttributeError",
            Self::UniqueReference(_) => "UniqueReferenceError",
            Self::NotImplemented(_) => "NotImplementedError",
        }
    }

    /// A `KeyError` with the representation of a key that is text.
    pub(crate) fn key(key: &str) -> Self {
        Self::Key(format!("'{key}'"))
    }
}
