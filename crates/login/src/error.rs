//! Why somebody is not let in.

/// A request that is refused before anybody asks what it is about.
#[derive(Debug, thiserror::Error)]
pub enum LoginError {
    /// The key belongs to nobody.
    #[error("Bad request: invalid API key")]
    BadKey,
    /// The account has been switched off.
    #[error("User is disabled")]
    Disabled,
    /// This installation shows nothing to those who are not signed in.
    #[error("user not authorized")]
    SignInFirst,
    /// A page of another site asked.
    #[error("Credentials not supported for cross-origin requests")]
    ForeignOrigin,
    /// A change asked for in a way that a page of another site could use.
    #[error(
        "Unauthenticated requests require one of the headers 'Content-Type: application/json' or 'X-Requested-With: XMLHttpRequest'"
    )]
    Forgery,
    /// The home database failed.
    #[error(transparent)]
    Home(#[from] home::HomeError),
}

impl LoginError {
    /// The HTTP status that says so.
    #[must_use]
    pub const fn status(&self) -> u16 {
        match self {
            Self::BadKey | Self::SignInFirst | Self::Forgery => 401,
            Self::Disabled | Self::ForeignOrigin => 403,
            Self::Home(_) => 500,
        }
    }
}
