//! A person, as the other rooms see one.

use crate::error::HomeError;
use crate::row::Row;

/// The number of a person.
pub type PersonId = i64;

/// Whoever is not signed in. Sharing with `anon@getgrist.com` is public access by link, not shown in lists.
pub const ANONYMOUS: PersonId = 1;

/// Stands for everybody: sharing with `everyone@getgrist.com` is public access.
pub const EVERYONE: PersonId = 2;

/// What kind of account a person is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PersonKind {
    /// Somebody who signs in.
    Login,
    /// A program that somebody made an account for.
    Service,
    /// `anon@` and `everyone@`.
    Special,
}

impl PersonKind {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Login => "login",
            Self::Service => "service",
            Self::Special => "special",
        }
    }
    fn parse(name: &str) -> Self {
        match name {
            "service" => Self::Service,
            "special" => Self::Special,
            _ => Self::Login,
        }
    }
}

/// Somebody: signed in, anonymous, or a program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Number, for use within the installation.
    pub id: PersonId,
    /// Reference that may be shown to others (`UserRef` in formulas): 22 letters.
    pub reference: String,
    /// E-mail as the person writes it.
    pub email: String,
    /// Name to show.
    pub name: String,
    /// Address of a picture.
    pub picture: Option<String>,
    /// Language, such as `fr`.
    pub locale: Option<String>,
    /// Kind of account.
    pub kind: PersonKind,
    /// Since when the account is switched off, in milliseconds.
    pub disabled_at: Option<i64>,
    /// First sign-in, in milliseconds.
    pub first_login_at: Option<i64>,
    /// Options of the profile: JSON.
    pub options: Option<String>,
}

/// The columns of [`Person::read`].
pub(crate) const COLUMNS: &str = "person.id, person.ref, person.display_email, person.name, person.picture, \
    person.locale, person.kind, person.disabled_at, person.first_login_at, person.options";

impl Person {
    /// Whether this is the anonymous person.
    #[must_use]
    pub const fn is_anonymous(&self) -> bool {
        self.id == ANONYMOUS
    }

    /// Reads [`COLUMNS`], the first of which is at `at`.
    pub(crate) fn read(row: &Row, at: usize) -> Result<Self, HomeError> {
        Ok(Self {
            id: row.get(at)?,
            reference: row.get(at + 1)?,
            email: row.get(at + 2)?,
            name: row.get(at + 3)?,
            picture: row.get(at + 4)?,
            locale: row.get(at + 5)?,
            kind: PersonKind::parse(&row.get::<String>(at + 6)?),
            disabled_at: row.get(at + 7)?,
            first_login_at: row.get(at + 8)?,
            options: row.get(at + 9)?,
        })
    }
}

/// E-mail addresses are one when they differ in capitals only.
#[must_use]
pub fn normalise_email(email: &str) -> String {
    email.trim().to_lowercase()
}
