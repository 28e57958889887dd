//! What a person may do with a document, a workspace or a site.

/// A role; each includes the ones before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// May read.
    Viewer,
    /// May change data and structure.
    Editor,
    /// May do everything, sharing and removal too.
    Owner,
}

impl Role {
    /// Grist's name: `viewers`, `editors`, `owners`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Viewer => "viewers",
            Self::Editor => "editors",
            Self::Owner => "owners",
        }
    }

    /// Reads Grist's name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Viewer, Self::Editor, Self::Owner].into_iter().find(|role| role.name() == name)
    }
}
