//! What rules grant and refuse.

/// A kind of access.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Permission {
    /// See.
    Read,
    /// Change cells.
    Update,
    /// Add rows.
    Create,
    /// Remove rows.
    Delete,
    /// Change the structure.
    Schema,
}

const ALL: [(char, Permission); 5] = [
    ('R', Permission::Read),
    ('U', Permission::Update),
    ('C', Permission::Create),
    ('D', Permission::Delete),
    ('S', Permission::Schema),
];

impl Permission {
    /// The name in messages.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Update => "update",
            Self::Create => "create",
            Self::Delete => "delete",
            Self::Schema => "structure",
        }
    }
}

/// What a rule says of each permission: granted, refused, or nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Grants([Option<bool>; 5]);

impl Grants {
    /// Reads `all`, `none`, or `+RU-CD`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        match text {
            "all" => return Some(Self([Some(true); 5])),
            "none" => return Some(Self([Some(false); 5])),
            _ => {}
        }
        let mut grants = Self::default();
        let mut grant = None;
        for c in text.chars() {
            match c {
                '+' => grant = Some(true),
                '-' => grant = Some(false),
                letter => {
                    let (_, permission) = ALL.iter().find(|(known, _)| *known == letter)?;
                    grants.0[*permission as usize] = Some(grant?);
                }
            }
        }
        Some(grants)
    }

    pub(crate) fn of(self, permission: Permission) -> Option<bool> {
        self.0[permission as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_read_as_grist_writes_them() {
        let read = |text| Grants::parse(text).map(|grants| ALL.map(|(_, permission)| grants.of(permission)));
        let (yes, no) = (Some(true), Some(false));
        assert_eq!(read("all"), Some([yes; 5]));
        assert_eq!(read("none"), Some([no; 5]));
        assert_eq!(read("+R-CUD"), Some([yes, no, no, no, None]));
        assert_eq!(read("-U"), Some([None, no, None, None, None]));
        assert_eq!(read(""), Some([None; 5]));
        assert_eq!((read("RU"), read("+X")), (None, None));
    }
}
