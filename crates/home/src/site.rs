//! Which site a request is about.

/// The site (organisation) named by an address.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub enum Site {
    /// None was named.
    #[default]
    Unnamed,
    /// `docs`: the personal sites of everybody, as one.
    Personal,
    /// A team site by its domain, or a personal one (`docs-17`).
    Domain(String),
}

impl Site {
    /// The site of that domain.
    #[must_use]
    pub fn named(domain: &str) -> Self {
        if domain == "docs" { Self::Personal } else { Self::Domain(domain.to_lowercase()) }
    }

    /// The domain, as it stands in addresses.
    #[must_use]
    pub fn domain(&self) -> Option<&str> {
        match self {
            Self::Unnamed => None,
            Self::Personal => Some("docs"),
            Self::Domain(domain) => Some(domain),
        }
    }
}
