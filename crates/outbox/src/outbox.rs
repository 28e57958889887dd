//! The lanes: one for each webhook that has something to deliver.

use std::collections::HashMap;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::task::AbortHandle;

use crate::client::Client;
use crate::error::OutboxError;
use crate::lane;
use crate::status::Status;

/// Something of a [`Source`] that takes time.
pub type Work<'a, T> = Pin<Box<dyn Future<Output = Result<T, OutboxError>> + Send + 'a>>;

/// Where events wait, and whom they are for.
pub trait Source: Send + Sync + std::fmt::Debug {
    /// Whom a webhook calls.
    fn target<'a>(&'a self, document: &'a str, webhook: &'a str) -> Work<'a, Target>;
    /// The events of a webhook that have waited longest, not more than `most`.
    fn batch<'a>(&'a self, document: &'a str, webhook: &'a str, most: usize) -> Work<'a, Batch>;
    /// Forgets the events of a webhook up to a number.
    fn forget<'a>(&'a self, document: &'a str, webhook: &'a str, upto: i64) -> Work<'a, ()>;
    /// Forgets all events of a webhook but the newest.
    fn keep_newest<'a>(&'a self, document: &'a str, webhook: &'a str, keep: u64) -> Work<'a, ()>;
}

/// Whom a webhook calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// Somebody.
    Known {
        /// Where they are.
        url: String,
        /// What the header `Authorization` says; empty: there is none.
        authorization: String,
    },
    /// Nobody any more.
    Gone,
    /// Nobody as long as the document is in the trash or switched off.
    Paused,
}

/// An event that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Its number: later events have higher ones.
    pub id: i64,
    /// When it happened, in milliseconds since 1970.
    pub time_ms: i64,
    /// JSON.
    pub payload: String,
}

/// Events that wait.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Batch {
    /// The oldest, in order.
    pub events: Vec<Event>,
    /// How many wait in all.
    pub waiting: u64,
}

/// How fast, how often, how many.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// One step of the waits between attempts: 1, 2, 4 … up to 64 steps.
    pub step: Duration,
    /// Attempts before a batch is put off.
    pub attempts: u32,
    /// How many events of a webhook may wait before those that cannot be delivered are given up.
    pub most_waiting: u64,
    /// Events in one request.
    pub batch: usize,
    /// How old an event becomes.
    pub expiry: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            step: Duration::from_secs(1),
            attempts: 20,
            most_waiting: 1000,
            batch: 100,
            expiry: Duration::from_secs(7 * 24 * 3600),
        }
    }
}

/// Document and webhook.
pub(crate) type Key = (String, String);

#[derive(Debug, Default)]
struct Lane {
    running: Option<AbortHandle>,
    /// More has come since it looked last.
    poked: bool,
    status: Status,
}

#[derive(Debug)]
pub(crate) struct Inner {
    pub(crate) source: Arc<dyn Source>,
    pub(crate) client: Client,
    pub(crate) pace: Pace,
    lanes: Mutex<HashMap<Key, Lane>>,
}

/// Delivers. Cheap to clone. Its methods must be called within a tokio runtime.
#[derive(Clone, Debug)]
pub struct Outbox(Arc<Inner>);

impl Outbox {
    /// Delivers nothing until it is told that there is something.
    #[must_use]
    pub fn new(source: Arc<dyn Source>, client: Client, pace: Pace) -> Self {
        Self(Arc::new(Inner { source, client, pace, lanes: Mutex::default() }))
    }

    /// What makes the requests.
    #[must_use]
    pub fn client(&self) -> &Client {
        &self.0.client
    }

    /// Events wait for these webhooks of a document.
    pub fn wake(&self, document: &str, webhooks: &[String]) {
        let mut lanes = self.0.lanes();
        for webhook in webhooks {
            let key = (document.to_owned(), webhook.clone());
            let lane = lanes.entry(key.clone()).or_default();
            lane.poked = true;
            if lane.running.as_ref().is_none_or(AbortHandle::is_finished) {
                lane.running = Some(tokio::spawn(lane::run(Arc::clone(&self.0), key)).abort_handle());
            }
        }
    }

    /// Tries at once what was put off, for instance because the address has changed.
    pub fn retry(&self, document: &str, webhook: &str) {
        self.halt(document, webhook);
        self.wake(document, &[webhook.to_owned()]);
    }

    /// Stops delivering for a webhook and forgets how it went; events that are still there are delivered when more come.
    pub fn stop(&self, document: &str, webhook: Option<&str>) {
        let mut lanes = self.0.lanes();
        lanes.retain(|(of, id), lane| {
            let is_meant = of == document && webhook.is_none_or(|webhook| webhook == id);
            if is_meant && let Some(running) = &lane.running {
                running.abort();
            }
            !is_meant
        });
    }

    /// Stops everything: what is not delivered stays where it waits.
    pub fn stop_all(&self) {
        for (_, lane) in self.0.lanes().drain() {
            if let Some(running) = lane.running {
                running.abort();
            }
        }
    }

    /// How it goes with a webhook; nothing if it was not called since the program began.
    #[must_use]
    pub fn status(&self, document: &str, webhook: &str) -> Option<Status> {
        let lanes = self.0.lanes();
        let lane = lanes.get(&(document.to_owned(), webhook.to_owned()))?;
        Some(lane.status.clone()).filter(|status| status.updated > 0)
    }

    fn halt(&self, document: &str, webhook: &str) {
        let mut lanes = self.0.lanes();
        let lane = lanes.get_mut(&(document.to_owned(), webhook.to_owned()));
        if let Some(running) = lane.and_then(|lane| lane.running.take()) {
            running.abort();
        }
    }
}

impl Inner {
    fn lanes(&self) -> MutexGuard<'_, HashMap<Key, Lane>> {
        self.lanes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A lane is about to look for events.
    pub(crate) fn look(&self, key: &Key) {
        if let Some(lane) = self.lanes().get_mut(key) {
            lane.poked = false;
        }
    }

    /// A lane has found nothing. Whether it may end: nothing has come meanwhile.
    pub(crate) fn retire(&self, key: &Key) -> bool {
        match self.lanes().get_mut(key) {
            Some(lane) if lane.poked => false,
            Some(lane) => {
                lane.running = None;
                true
            }
            None => true,
        }
    }

    pub(crate) fn note(&self, key: &Key, change: impl FnOnce(&mut Status)) {
        if let Some(lane) = self.lanes().get_mut(key) {
            change(&mut lane.status);
        }
    }
}
