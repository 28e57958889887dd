//! Who acts on a document, and who is connected to it.

use std::sync::Arc;

use model::{CellValue, Role};

use crate::outlet::Listener;

/// A connection to one document, for as long as the document is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ClientId(pub u64);

/// Somebody, with their role in this document. Formulas and rules see this as `user`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Person {
    /// What they may do; nothing: no access.
    pub role: Option<Role>,
    /// Number of the person in the home database.
    pub id: i64,
    /// Lasting public reference of the person.
    pub reference: Option<String>,
    /// E-mail address.
    pub email: String,
    /// Name as shown.
    pub name: String,
    /// Address of a picture of them.
    pub picture: Option<String>,
    /// Which session; `u` and the id for those who are logged in.
    pub session: String,
    /// Whether they are logged in (not anonymous).
    pub logged_in: bool,
    /// The `Origin` of the connection, if it has one.
    pub origin: Option<String>,
    /// Parameters of the link by which they came, without their final underscore.
    pub link_key: Vec<(String, String)>,
}

impl Person {
    /// Whether they may read the document.
    #[must_use]
    pub fn may_view(&self) -> bool {
        self.role.is_some()
    }
    /// Whether they may change the document.
    #[must_use]
    pub fn may_edit(&self) -> bool {
        self.role >= Some(Role::Editor)
    }
    /// Whether they own the document.
    #[must_use]
    pub fn is_owner(&self) -> bool {
        self.role >= Some(Role::Owner)
    }

    /// The fields of `user` in formulas.
    #[must_use]
    pub fn fields(&self) -> Vec<(String, CellValue)> {
        let text = |text: &str| CellValue::text(text);
        let optional = |text: &Option<String>| text.as_deref().map_or(CellValue::Null, CellValue::text);
        let keys = self.link_key.iter().map(|(key, value)| (key.as_str().into(), text(value))).collect();
        vec![
            ("Access".to_owned(), self.role.map_or(CellValue::Null, |role| text(role.name()))),
            ("Email".to_owned(), text(&self.email)),
            ("IsLoggedIn".to_owned(), CellValue::Bool(self.logged_in)),
            ("LinkKey".to_owned(), CellValue::Dict(keys)),
            ("Name".to_owned(), text(&self.name)),
            ("Origin".to_owned(), optional(&self.origin)),
            ("SessionID".to_owned(), text(&self.session)),
            ("ShareRef".to_owned(), CellValue::Null),
            ("UserID".to_owned(), CellValue::Int(self.id)),
            ("UserRef".to_owned(), optional(&self.reference)),
        ]
    }
}

/// Somebody who connects to hear what happens.
#[derive(Clone, Debug)]
pub struct Visitor {
    /// Who.
    pub person: Person,
    /// Whether they work through windows: they are then told of rows that their windows hold only (`docs/windows.md`).
    pub windows: bool,
    /// What hears.
    pub listener: Arc<dyn Listener>,
}
