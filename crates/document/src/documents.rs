//! The open documents: each is opened when somebody asks for it, and closed when nobody has for a while.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use rustc_hash::FxHashMap;
use tokio::sync::{Mutex as AsyncMutex, mpsc, oneshot};

use crate::error::DocumentError;
use crate::handle::{Handle, Seat};
use crate::outgoing::News;
use crate::state::Document;
use crate::turns::Turn;

/// Formulas may nest deeply; their evaluation needs a deep stack. Only what is used of it costs memory.
const STACK: usize = 64 << 20;

/// How documents are kept open.
#[derive(Clone, Debug)]
pub struct Options {
    /// After how long a document that nobody has used or is connected to is closed.
    pub idle: Duration,
    /// The present: UTC seconds since 1970.
    pub now: fn() -> f64,
    /// The address of a document for `SELF_HYPERLINK`, `{id}` standing for its id.
    pub url: Option<String>,
    /// Is sent the id of a document after each of its turns.
    pub changed: Option<mpsc::UnboundedSender<String>>,
    /// Is told when a document has something to tell outside: after a turn, and on opening what is left from before.
    pub outgoing: Option<mpsc::UnboundedSender<News>>,
}

impl Default for Options {
    fn default() -> Self {
        Self { idle: Duration::from_secs(300), now: clock, url: None, changed: None, outgoing: None }
    }
}

fn clock() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0.0, |since| since.as_secs_f64())
}

/// All open documents of a server.
#[derive(Clone, Debug)]
pub struct Documents {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    options: Options,
    /// One entry per document ever asked for lately; the inner lock is held while it is opened, so that it is opened once.
    open: Mutex<FxHashMap<String, Arc<AsyncMutex<Option<Handle>>>>>,
}

impl Documents {
    /// None open yet. Must be called within a tokio runtime: it starts the task that closes idle documents.
    #[must_use]
    pub fn new(options: Options) -> Self {
        let inner = Arc::new(Inner { options, open: Mutex::default() });
        tokio::spawn(close_idle(Arc::downgrade(&inner)));
        Self { inner }
    }

    /// The document with this id, whose file is at `path`; opened if it is not.
    ///
    /// # Errors
    /// When the file cannot be used.
    pub async fn get(&self, id: &str, path: &Path) -> Result<Handle, DocumentError> {
        let place = {
            let mut open = self.inner.open.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(open.entry(id.to_owned()).or_default())
        };
        let mut place = place.lock().await;
        if let Some(handle) = place.as_ref().filter(|handle| handle.is_open()) {
            handle.touch();
            return Ok(handle.clone());
        }
        let handle = self.start(id, path.to_path_buf()).await?;
        *place = Some(handle.clone());
        Ok(handle)
    }

    async fn start(&self, id: &str, path: PathBuf) -> Result<Handle, DocumentError> {
        let (sender, receiver) = mpsc::unbounded_channel();
        let (ready, opened) = oneshot::channel();
        let options = self.inner.options.clone();
        let id = id.to_owned();
        let seat = Arc::new(Seat::new(id.clone(), options.changed.clone(), options.outgoing.clone()));
        let its_seat = Arc::clone(&seat);
        thread::Builder::new()
            .name(format!("document {id}"))
            .stack_size(STACK)
            .spawn(move || match Document::open(&id, &path, &options, its_seat) {
                Ok(document) => {
                    let _ = ready.send(Ok(()));
                    document.run(receiver);
                }
                Err(error) => {
                    let _ = ready.send(Err(error));
                }
            })
            .map_err(|error| DocumentError::Internal(error.to_string()))?;
        opened.await.map_err(|_| DocumentError::Internal("the document could not be opened".into()))??;
        Ok(Handle::new(sender, seat))
    }

    /// The document with this id, if it is open.
    pub async fn if_open(&self, id: &str) -> Option<Handle> {
        let place = {
            let open = self.inner.open.lock().unwrap_or_else(PoisonError::into_inner);
            open.get(id).cloned()
        }?;
        let place = place.lock().await;
        place.as_ref().filter(|handle| handle.is_open()).cloned()
    }

    /// Closes a document, telling those connected; does `meanwhile` with its file before anybody can open it again.
    pub async fn close_and<T>(&self, id: &str, cut: bool, meanwhile: impl AsyncFnOnce() -> T) -> T {
        let place = {
            let mut open = self.inner.open.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(open.entry(id.to_owned()).or_default())
        };
        let mut place = place.lock().await;
        if let Some(handle) = place.take() {
            handle.shut_down(cut);
            handle.close().await;
        }
        meanwhile().await
    }

    /// Closes a document, telling those connected.
    pub async fn close(&self, id: &str, cut: bool) {
        self.close_and(id, cut, async || ()).await;
    }

    /// Closes all documents: the files are single files then.
    pub async fn close_all(&self) {
        let places: Vec<_> = {
            let mut open = self.inner.open.lock().unwrap_or_else(PoisonError::into_inner);
            open.drain().map(|(_, place)| place).collect()
        };
        for place in places {
            if let Some(handle) = place.lock().await.take() {
                handle.close().await;
            }
        }
    }

    /// How many documents are open.
    #[must_use]
    pub fn count(&self) -> usize {
        let open = self.inner.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.values()
            .filter(|place| {
                place.try_lock().map_or(true, |place| place.as_ref().is_some_and(Handle::is_open))
            })
            .count()
    }
}

/// Closes documents that nobody has used for the time set, until the server is gone.
async fn close_idle(inner: Weak<Inner>) {
    loop {
        let Some(idle) = inner.upgrade().map(|inner| inner.options.idle) else { return };
        tokio::time::sleep(idle.min(Duration::from_secs(30))).await;
        let Some(inner) = inner.upgrade() else { return };
        let places: Vec<(String, Arc<AsyncMutex<Option<Handle>>>)> = {
            let open = inner.open.lock().unwrap_or_else(PoisonError::into_inner);
            open.iter().map(|(id, place)| (id.clone(), Arc::clone(place))).collect()
        };
        for (id, place) in places {
            // One that is being opened is not idle.
            let Ok(mut place) = place.try_lock() else { continue };
            let idle = match place.as_ref() {
                Some(handle) => handle.is_idle(Instant::now(), idle),
                None => true,
            };
            if !idle {
                continue;
            }
            if let Some(handle) = place.take() {
                handle.close().await;
            }
            let mut open = inner.open.lock().unwrap_or_else(PoisonError::into_inner);
            // Somebody may have asked meanwhile and be waiting for the place.
            if open.get(&id).is_some_and(|place| Arc::strong_count(place) <= 2) {
                open.remove(&id);
            }
        }
    }
}

/// Asks the document's thread something.
pub(crate) fn ask<T>(
    turns: &mpsc::UnboundedSender<Turn>,
    turn: impl FnOnce(crate::turns::Reply<T>) -> Turn,
) -> impl Future<Output = Result<T, DocumentError>> {
    let (reply, answer) = oneshot::channel();
    let sent = turns.send(turn(reply));
    async move {
        sent.map_err(|_| DocumentError::Closed)?;
        answer.await.map_err(|_| DocumentError::Closed)?
    }
}
