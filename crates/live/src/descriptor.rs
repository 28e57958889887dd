//! A document that a client has open: what it may do there, and what it is told.
//!
//! Rights are looked up again at requests and at broadcasts when they are some seconds old: who has lost access is told to open the document anew, and nothing
//! more. While they are looked up, or while the answer to `openDoc` is not out yet, what is to be told waits here, in order.

use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak};
use std::time::{Duration, Instant};

use document::{ClientId, DocumentError, Handle, Listener, Person, Push, Visitor};
use home::Site;
use model::Role;
use serde_json::Value;

use crate::answer::Refusal;
use crate::client::Client;
use crate::outbox::Overflow;
use crate::render::{Outgoing, profile_json, window_change_json};
use crate::server::{Live, Rights};

/// How old rights may be for a request.
const FRESH: Duration = Duration::from_secs(1);
/// How old rights may be for a broadcast.
const STALE: Duration = Duration::from_secs(5);

/// In which way a document was opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    Default,
    /// To read only.
    View,
    /// To read, until the first edit, which makes a fork.
    Fork,
}

impl Mode {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::View => "view",
            Self::Fork => "fork",
        }
    }
    /// The role that shows, given the true one.
    pub(crate) fn shown(self, role: Role) -> Role {
        if self == Self::Fork { Role::Owner } else { role }
    }
}

/// An open document of a client.
#[derive(Debug)]
pub(crate) struct Descriptor {
    live: Live,
    client: Weak<Client>,
    pub(crate) number: usize,
    pub(crate) handle: Handle,
    pub(crate) site: Site,
    pub(crate) mode: Mode,
    pub(crate) is_fork: bool,
    seat: OnceLock<ClientId>,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    person: Person,
    /// The true role; nothing: no access any more.
    role: Result<Role, Refusal>,
    checked: Instant,
    /// What waits to be told.
    held: Option<Vec<Push>>,
    /// Nothing is told any more.
    is_over: bool,
}

impl Descriptor {
    pub(crate) fn new(
        live: Live,
        client: &Arc<Client>,
        number: usize,
        handle: Handle,
        (site, mode, rights): (Site, Mode, &Rights),
        (person, role): (Person, Role),
    ) -> Self {
        let state =
            State { person, role: Ok(role), checked: Instant::now(), held: Some(Vec::new()), is_over: false };
        Self {
            live,
            client: Arc::downgrade(client),
            number,
            handle,
            site,
            mode,
            is_fork: rights.is_fork,
            seat: OnceLock::new(),
            state: Mutex::new(state),
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Joins the document. What happens from then on waits until [`Self::tell`].
    pub(crate) async fn join(self: &Arc<Self>, windows: bool) -> Result<document::Opened, DocumentError> {
        let visitor = Visitor { person: self.person(), windows, listener: Arc::<Self>::clone(self) };
        let opened = self.handle.join(visitor).await?;
        let _ = self.seat.set(opened.client);
        if self.lock().is_over {
            self.handle.leave(opened.client);
        }
        Ok(opened)
    }

    /// Leaves the document: nothing is told any more.
    pub(crate) fn leave(&self) {
        self.lock().is_over = true;
        if let Some(seat) = self.seat.get() {
            self.handle.leave(*seat);
        }
    }

    /// The connection as the document knows it.
    pub(crate) fn seat(&self) -> Result<ClientId, Refusal> {
        self.seat.get().copied().ok_or_else(|| Refusal::NoDescriptor(self.number.to_string()))
    }
    /// Who it is, with the role that counts here.
    pub(crate) fn person(&self) -> Person {
        self.lock().person.clone()
    }

    /// The true role now, looked up again if what is known is old.
    pub(crate) async fn role(&self) -> Result<Role, Refusal> {
        {
            let state = self.lock();
            if let (Ok(role), true) = (&state.role, state.checked.elapsed() < FRESH) {
                return Ok(*role);
            }
        }
        self.look_up().await
    }

    async fn look_up(&self) -> Result<Role, Refusal> {
        let Some(client) = self.client.upgrade() else { return Err(Refusal::NoView("default")) };
        let rights = self.live.rights(&client.person, &self.site, self.handle.id()).await?;
        let role = rights.ok_or_else(Refusal::not_found).and_then(|rights| rights.usable());
        let mut state = self.lock();
        state.checked = Instant::now();
        let shown = role.as_ref().ok().map(|role| self.mode.shown(*role));
        if state.person.role != shown {
            state.person.role = shown;
            if let Some(seat) = self.seat.get() {
                self.handle.renew(*seat, state.person.clone());
            }
        }
        let answer = match &role {
            Ok(role) => Ok(*role),
            Err(refusal) => Err(refusal.again()),
        };
        state.role = role;
        answer
    }

    /// From now on what happens is told; what has waited first.
    pub(crate) fn tell(&self) {
        let mut state = self.lock();
        let held = state.held.take().unwrap_or_default();
        let mut told = Ok(());
        for push in held {
            told = told.and(self.deliver(&mut state, push));
        }
        drop(state);
        if told.is_err() {
            self.give_up();
        }
    }

    /// The client missed too much: it has to begin anew.
    fn give_up(&self) {
        if let Some(client) = self.client.upgrade() {
            self.live.clients.discard(&client);
        }
    }

    fn deliver(&self, state: &mut State, push: Push) -> Result<(), Overflow> {
        let Some(client) = self.client.upgrade().filter(|_| !state.is_over) else { return Ok(()) };
        let say = |kind, data: &Value| Outgoing::Push {
            kind,
            descriptor: self.number,
            from_self: false,
            data: data.to_string(),
        };
        if state.role.is_err() {
            // The first thing that they may not know any more says that they may not.
            if !matches!(push, Push::Actions { .. } | Push::Reload { .. } | Push::Shutdown { .. }) {
                return Ok(());
            }
            state.is_over = true;
            if let Some(seat) = self.seat.get() {
                self.handle.leave(*seat);
            }
            return client.outbox.push(say("docShutdown", &Value::Null));
        }
        client.outbox.push(match push {
            Push::Actions { group, part, from_self, author, usage } => Outgoing::Turn {
                descriptor: self.number,
                // By another descriptor of the same client: its own as well.
                from_self: from_self || author.is_some_and(|author| client.is(self.handle.id(), author)),
                group,
                part,
                usage,
                shows_usage: state.person.may_edit(),
            },
            Push::Window(change) => say("windowChange", &window_change_json(&change)),
            Push::Presence(id, profile) => {
                let profile = profile.map_or(Value::Null, |profile| profile_json(&id, &profile));
                say("docUserPresenceUpdate", &serde_json::json!({"id": id, "profile": profile}))
            }
            Push::Chatter(value) => say("docChatter", &value),
            Push::Reload { author } => Outgoing::Push {
                kind: "docShutdown",
                descriptor: self.number,
                from_self: author.is_some_and(|author| {
                    self.seat.get() == Some(&author) || client.is(self.handle.id(), author)
                }),
                data: Value::Null.to_string(),
            },
            Push::Shutdown { cut } => {
                state.is_over = true;
                client.free(self.number);
                let told = client.outbox.push(say("docShutdown", &Value::Null));
                if cut {
                    client.outbox.cut();
                }
                return told;
            }
        })
    }
}

impl Listener for Descriptor {
    fn hear(&self, push: Push) {
        let mut state = self.lock();
        if let Some(held) = &mut state.held {
            held.push(push);
            return;
        }
        if matches!(push, Push::Actions { .. }) && state.checked.elapsed() > STALE && !state.is_over {
            state.held = Some(vec![push]);
            drop(state);
            self.look_up_and_tell();
            return;
        }
        let told = self.deliver(&mut state, push);
        drop(state);
        if told.is_err() {
            self.give_up();
        }
    }
}

impl Descriptor {
    /// Looks rights up and tells what waits; from a thread that must not wait.
    fn look_up_and_tell(&self) {
        let Some(this) = self.client.upgrade().and_then(|client| client.descriptor(self.number)) else {
            return;
        };
        if !std::ptr::eq(Arc::as_ptr(&this), self) {
            return;
        }
        self.live.runtime.spawn(async move {
            if let Err(refusal) = this.look_up().await {
                tracing::debug!(%refusal, "somebody who has a document open may not read it any more");
            }
            this.tell();
        });
    }
}
