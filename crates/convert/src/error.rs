//! Why a file cannot be read.

impl ConvertError {
    /// A word for programs, which have texts of their own.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unknown(_) => "IMPORT_UNKNOWN",
            Self::TooLarge(..) => "IMPORT_TOO_LARGE",
            Self::Empty => "IMPORT_EMPTY",
            Self::Malformed(..) => "IMPORT_MALFORMED",
            Self::Io(_) => "IMPORT_UNREADABLE",
        }
    }
}

/// Why a file cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ConvertError {
    /// A file of another kind.
    #[error("cannot read {0}: CSV, TSV, XLSX, XLS, ODS and JSON files can be imported")]
    Unknown(String),
    /// Too many bytes.
    #[error("the file has {0} bytes; files of up to {1} bytes can be imported")]
    TooLarge(u64, u64),
    /// Nothing in it.
    #[error("No data found (all tables empty)")]
    Empty,
    /// Not what its ending says.
    #[error("Failed to parse {0} file.\nError: {1}")]
    Malformed(&'static str, String),
    /// The disk.
    #[error("the file cannot be read: {0}")]
    Io(#[from] std::io::Error),
}
