//! What somebody is in a site or workspace, beyond the three roles.

use model::Role;

/// How a person belongs to a site or a workspace, from least to most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// Has been given something inside: sees that it exists.
    Guest,
    /// Belongs to the site, without a right in it.
    Member,
    /// Has a role, which what is inside inherits.
    Role(Role),
}

impl Standing {
    /// Grist's name: `guests`, `members`, `viewers`, `editors`, `owners`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Guest => "guests",
            Self::Member => "members",
            Self::Role(role) => role.name(),
        }
    }

    /// Reads what can be given to somebody in a site: a role, or `members`.
    #[must_use]
    pub fn parse_given(name: &str) -> Option<Self> {
        if name == "members" { Some(Self::Member) } else { Role::parse(name).map(Self::Role) }
    }

    /// What the person may do with the site or workspace itself: guests and members see it.
    #[must_use]
    pub fn role(self) -> Role {
        match self {
            Self::Guest | Self::Member => Role::Viewer,
            Self::Role(role) => role,
        }
    }

    /// As the database numbers it.
    pub(crate) fn from_number(number: i64) -> Option<Self> {
        match number {
            0 => Some(Self::Member),
            1 => Some(Self::Role(Role::Viewer)),
            2 => Some(Self::Role(Role::Editor)),
            3 => Some(Self::Role(Role::Owner)),
            _ => None,
        }
    }

    /// The number in the database. Guests are not written down.
    pub(crate) fn number(self) -> i64 {
        match self {
            Self::Guest | Self::Member => 0,
            Self::Role(Role::Viewer) => 1,
            Self::Role(Role::Editor) => 2,
            Self::Role(Role::Owner) => 3,
        }
    }
}
