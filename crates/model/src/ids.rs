//! Ids as distinct types, so that a column id is never taken for a table id.

use std::borrow::Borrow;
use std::fmt;
use std::ops::Deref;

use ecow::EcoString;

macro_rules! name_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
        pub struct $name(EcoString);

        impl $name {
            /// Takes the name as it is; sanitising is the business of `actions`.
            #[must_use]
            pub fn new(name: &str) -> Self {
                Self(EcoString::from(name))
            }
            /// The bare name.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
            /// The name as cheaply cloned text.
            #[must_use]
            pub fn text(&self) -> EcoString {
                self.0.clone()
            }
        }
        impl Deref for $name {
            type Target = str;
            fn deref(&self) -> &str {
                &self.0
            }
        }
        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }
        impl From<&str> for $name {
            fn from(name: &str) -> Self {
                Self::new(name)
            }
        }
        impl From<String> for $name {
            fn from(name: String) -> Self {
                Self(EcoString::from(name))
            }
        }
        impl From<EcoString> for $name {
            fn from(name: EcoString) -> Self {
                Self(name)
            }
        }
        impl PartialEq<str> for $name {
            fn eq(&self, other: &str) -> bool {
                self.0 == other
            }
        }
        impl PartialEq<&str> for $name {
            fn eq(&self, other: &&str) -> bool {
                self.0 == *other
            }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Debug::fmt(self.as_str(), f)
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self)
            }
        }
    };
}

name_id!(
    /// The id of a table, such as `People` or `_grist_Tables`.
    TableId
);
name_id!(
    /// The id of a column within its table, such as `Full_Name`.
    ColId
);

impl TableId {
    /// Whether this is one of the `_grist_*` tables that describe the document itself.
    #[must_use]
    pub fn is_metadata(&self) -> bool {
        self.starts_with("_grist_")
    }
}

/// The id of a row within its table: 1 and up. `RowId(0)` is the empty reference, never a row.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct RowId(pub u32);

impl RowId {
    /// The empty reference.
    pub const NONE: Self = Self(0);

    /// As an index into vectors that are laid out by row id.
    #[must_use]
    pub fn index(self) -> usize {
        self.0 as usize
    }
    /// Whether this is the empty reference.
    #[must_use]
    pub fn is_none(self) -> bool {
        self.0 == 0
    }
}

impl fmt::Debug for RowId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.0)
    }
}

impl fmt::Display for RowId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}
