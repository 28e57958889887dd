//! Who has the document open, and who is told of it.
//!
//! One entry per person, however many windows they have: its id is that of the first. Only editors and owners learn of the others.

use model::Role;

use crate::outlet::Push;
use crate::person::{ClientId, Person, Visitor};
use crate::state::{Client, Document};

/// Somebody as others see them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Profile {
    /// Name as shown.
    pub name: String,
    /// E-mail address, where it may be known.
    pub email: Option<String>,
    /// Address of a picture.
    pub picture: Option<String>,
    /// Whether nobody knows who it is.
    pub is_anonymous: bool,
}

impl Profile {
    fn of(person: &Person) -> Self {
        if !person.logged_in {
            return Self { name: "Anonymous User".into(), is_anonymous: true, ..Self::default() };
        }
        Self {
            name: person.name.clone(),
            email: Some(person.email.clone()),
            picture: person.picture.clone(),
            is_anonymous: false,
        }
    }
}

fn may_know(person: &Person) -> bool {
    person.role >= Some(Role::Editor)
}

fn is_same(a: &Person, b: &Person) -> bool {
    a.logged_in && b.logged_in && a.id == b.id
}

impl Document {
    pub(crate) fn arrive(&mut self, id: ClientId, visitor: Visitor) {
        let before = self.clients.values().find(|other| is_same(&other.person, &visitor.person));
        let presence =
            before.map_or_else(|| format!("{:016x}", self.presence_id(id)), |other| other.presence.clone());
        if before.is_none() {
            let push = Push::Presence(presence.clone(), Some(Profile::of(&visitor.person)));
            for client in self.clients.values().filter(|client| may_know(&client.person)) {
                client.listener.hear(push.clone());
            }
        }
        let Visitor { person, windows, listener } = visitor;
        self.clients.insert(id, Client { person, windows, listener, presence, bundle: None });
    }

    pub(crate) fn depart(&mut self, id: ClientId) {
        let Some((place, _, gone)) = self.clients.shift_remove_full(&id) else { return };
        // Somebody's other window takes the place of the first: people stand in the order in which they came.
        if let Some(other) = self.clients.values().position(|other| other.presence == gone.presence) {
            self.clients.move_index(other, place.min(other));
            return;
        }
        // That somebody has gone says nothing about who it was: all are told.
        self.tell_all(&Push::Presence(gone.presence, None));
    }

    pub(crate) fn rename_visitor(&mut self, id: ClientId, person: Person) {
        if let Some(client) = self.clients.get_mut(&id) {
            client.person = person;
            self.renew_windows(id);
        }
    }

    /// The others, each once.
    pub(crate) fn profiles_for(&self, id: ClientId) -> Vec<(String, Profile)> {
        let Some(asking) = self.clients.get(&id).filter(|client| may_know(&client.person)) else {
            return Vec::new();
        };
        let mut seen: Vec<(String, Profile)> = Vec::new();
        for client in self.clients.values().filter(|client| client.presence != asking.presence) {
            if !seen.iter().any(|(presence, _)| *presence == client.presence) {
                seen.push((client.presence.clone(), Profile::of(&client.person)));
            }
        }
        seen
    }

    /// An id that says nothing: a mix of the connection's number and the time (SplitMix64).
    fn presence_id(&self, id: ClientId) -> u64 {
        let mut mixed = (self.now)().to_bits().wrapping_add(id.0.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}
