//! A client: who it is, what it has open, what it is to be sent.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use document::ClientId;
use home::Person;

use crate::descriptor::Descriptor;
use crate::outbox::Outbox;

/// Documents that one client may have open at once.
const DOCUMENTS: usize = 1_000;

/// A browser tab or a program.
#[derive(Debug)]
pub(crate) struct Client {
    /// Nobody can guess it.
    pub(crate) id: String,
    pub(crate) person: Person,
    pub(crate) outbox: Outbox,
    descriptors: Mutex<Vec<Slot>>,
    last_request: Mutex<Option<f64>>,
    connections: AtomicU64,
}

#[derive(Clone, Debug, Default)]
enum Slot {
    #[default]
    Free,
    /// Given out; the document is being opened.
    Taken,
    Open(Arc<Descriptor>),
}

impl Client {
    pub(crate) fn new(person: Person) -> Self {
        Self {
            id: home::new_id(),
            person,
            outbox: Outbox::default(),
            descriptors: Mutex::default(),
            last_request: Mutex::default(),
            connections: AtomicU64::new(0),
        }
    }

    /// Counts connections, so that a timer knows whether it is still meant.
    pub(crate) fn note_connection(&self) {
        self.connections.fetch_add(1, Ordering::Relaxed);
    }
    pub(crate) fn connections(&self) -> u64 {
        self.connections.load(Ordering::Relaxed)
    }

    /// The number of the last request, where it was a number.
    pub(crate) fn last_request(&self) -> Option<f64> {
        *self.last_request.lock().unwrap_or_else(PoisonError::into_inner)
    }
    pub(crate) fn note_request(&self, id: Option<&serde_json::Value>) {
        if let Some(id) = id.and_then(serde_json::Value::as_f64) {
            *self.last_request.lock().unwrap_or_else(PoisonError::into_inner) = Some(id);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Slot>> {
        self.descriptors.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Gives out the lowest free descriptor.
    pub(crate) fn reserve(&self) -> Option<usize> {
        let mut slots = self.lock();
        let number = slots.iter().position(|slot| matches!(slot, Slot::Free)).unwrap_or(slots.len());
        if number == DOCUMENTS {
            return None;
        }
        if number == slots.len() {
            slots.push(Slot::Taken);
        } else {
            slots[number] = Slot::Taken;
        }
        Some(number)
    }
    /// Puts an opened document where a descriptor was reserved.
    pub(crate) fn place(&self, number: usize, descriptor: Arc<Descriptor>) {
        self.lock()[number] = Slot::Open(descriptor);
    }
    /// The document behind a descriptor.
    pub(crate) fn descriptor(&self, number: usize) -> Option<Arc<Descriptor>> {
        match self.lock().get(number) {
            Some(Slot::Open(descriptor)) => Some(Arc::clone(descriptor)),
            _ => None,
        }
    }
    /// Whether one of its descriptors is that connection to that document.
    pub(crate) fn is(&self, document: &str, seat: ClientId) -> bool {
        self.lock().iter().any(|slot| {
            matches!(slot, Slot::Open(descriptor)
                if descriptor.handle.id() == document && descriptor.seat().is_ok_and(|own| own == seat))
        })
    }
    /// Makes a descriptor free again; gives what was open there.
    pub(crate) fn free(&self, number: usize) -> Option<Arc<Descriptor>> {
        match std::mem::take(self.lock().get_mut(number)?) {
            Slot::Open(descriptor) => Some(descriptor),
            Slot::Free | Slot::Taken => None,
        }
    }
    /// Closes all documents.
    pub(crate) fn close_all(&self) {
        let slots = std::mem::take(&mut *self.lock());
        for slot in slots {
            if let Slot::Open(descriptor) = slot {
                descriptor.leave();
            }
        }
    }
}
