//! Who is known, connected or not, and what a connection that comes is told.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use login::Identity;
use rustc_hash::FxHashMap;

use crate::client::Client;
use crate::greeting::{Greeting, Welcome};
use crate::server::Live;

/// How long a client without connection is kept.
const KEPT: Duration = Duration::from_secs(300);

/// All clients by id.
#[derive(Debug, Default)]
pub(crate) struct Clients {
    known: Mutex<FxHashMap<String, Arc<Client>>>,
}

impl Clients {
    fn lock(&self) -> MutexGuard<'_, FxHashMap<String, Arc<Client>>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
    pub(crate) fn count(&self) -> usize {
        self.lock().len()
    }
    fn find(&self, id: &str) -> Option<Arc<Client>> {
        self.lock().get(id).cloned()
    }

    /// Forgets a client and closes its documents; its connection ends.
    pub(crate) fn discard(&self, client: &Client) {
        self.lock().remove(&client.id);
        client.outbox.invalidate();
        client.close_all();
        client.outbox.abandon();
    }

    /// A client has lost its connection: it is kept for a while.
    pub(crate) fn keep_for_a_while(self: &Arc<Self>, client: &Arc<Client>) {
        let clients = Arc::downgrade(self);
        let client = Arc::clone(client);
        let connection = client.connections();
        tokio::spawn(async move {
            tokio::time::sleep(KEPT).await;
            if client.connections() == connection
                && !client.outbox.is_connected()
                && let Some(clients) = clients.upgrade()
            {
                clients.discard(&client);
            }
        });
    }
}

impl Live {
    /// The client that has connected: the one it says it is, if that is the same person's and what it missed is still here; else a new one. From here on it is
    /// connected.
    pub(crate) async fn greet(&self, greeting: &Greeting, identity: &Identity) -> (Arc<Client>, Welcome) {
        let old = self.clients.find(&greeting.client);
        let old = old.filter(|client| client.person.id == identity.person.id);
        match old {
            Some(client) if !greeting.is_new => {
                let missed = client.outbox.attach(greeting.last_seq).await;
                client.note_connection();
                if missed.is_none() {
                    client.outbox.invalidate();
                    client.close_all();
                }
                let welcome = Welcome {
                    client: client.id.clone(),
                    is_dead_end: missed.is_none(),
                    resumed: missed.map(|missed| (missed, client.last_request())),
                };
                (client, welcome)
            }
            Some(client) if !client.outbox.is_connected() => {
                client.outbox.attach(None).await;
                client.note_connection();
                client.outbox.forget();
                client.close_all();
                let welcome = Welcome { client: client.id.clone(), is_dead_end: false, resumed: None };
                (client, welcome)
            }
            _ => {
                let client = Arc::new(Client::new(identity.person.clone()));
                self.clients.lock().insert(client.id.clone(), Arc::clone(&client));
                client.outbox.attach(None).await;
                client.note_connection();
                let is_dead_end = !greeting.is_new;
                if is_dead_end {
                    client.outbox.invalidate();
                }
                let welcome = Welcome { client: client.id.clone(), is_dead_end, resumed: None };
                (client, welcome)
            }
        }
    }
}
