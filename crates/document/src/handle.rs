//! Asking an open document.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use actions::UserAction;
use model::{CellValue, RowId};
use store::{CopyOptions, DocFile, HistoryEntry};
use tokio::sync::{mpsc, oneshot};

use crate::apply::{Applied, ApplyOptions};
use crate::documents::ask;
use crate::error::DocumentError;
use crate::guard::Sight;
use crate::outgoing::News;
use crate::person::{ClientId, Person, Visitor};
use crate::presence::Profile;
use crate::search::distinct_values;
use crate::snapshot::TableSnapshot;
use crate::state::{Document, Opened};
use crate::turns::{Apply, Rights, Search, TravelInTime, Turn, Visit};
use crate::usage::Usage;
use crate::windows::{Page, WindowAnswer, WindowId, WindowRequest};

/// What both sides know of an open document without asking.
#[derive(Debug)]
pub(crate) struct Seat {
    id: String,
    born: Instant,
    /// Milliseconds since `born` of the last use.
    used: AtomicU64,
    /// How many are connected.
    pub(crate) connected: AtomicUsize,
    /// Is told of each turn.
    changed: Option<mpsc::UnboundedSender<String>>,
    /// Is told what there is to tell outside.
    outgoing: Option<mpsc::UnboundedSender<News>>,
}

impl Seat {
    pub(crate) fn new(
        id: String,
        changed: Option<mpsc::UnboundedSender<String>>,
        outgoing: Option<mpsc::UnboundedSender<News>>,
    ) -> Self {
        let (used, connected) = (AtomicU64::new(0), AtomicUsize::new(0));
        Self { id, born: Instant::now(), used, connected, changed, outgoing }
    }
    pub(crate) fn note_outgoing(&self, webhooks: Vec<String>) {
        if let Some(outgoing) = &self.outgoing {
            // It is in the file: who listens later is told then.
            let _ = outgoing.send(News { document: self.id.clone(), webhooks });
        }
    }
    pub(crate) fn note_turn(&self) {
        if let Some(changed) = &self.changed {
            // Whoever listened has gone when the server ends.
            let _ = changed.send(self.id.clone());
        }
    }
}

/// An open document. Cheap to clone; all requests are taken in the order in which they were made.
#[derive(Clone, Debug)]
pub struct Handle {
    turns: mpsc::UnboundedSender<Turn>,
    seat: Arc<Seat>,
}

impl Handle {
    pub(crate) fn new(turns: mpsc::UnboundedSender<Turn>, seat: Arc<Seat>) -> Self {
        Self { turns, seat }
    }
    pub(crate) fn touch(&self) {
        let since = u64::try_from(self.seat.born.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.seat.used.store(since, Ordering::Relaxed);
    }
    pub(crate) fn is_idle(&self, now: Instant, limit: Duration) -> bool {
        let used = self.seat.born + Duration::from_millis(self.seat.used.load(Ordering::Relaxed));
        self.seat.connected.load(Ordering::Relaxed) == 0 && now.saturating_duration_since(used) >= limit
    }
    /// Whether it is still open.
    #[must_use]
    pub fn is_open(&self) -> bool {
        !self.turns.is_closed()
    }
    /// Its id.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.seat.id
    }
    /// How many are connected.
    #[must_use]
    pub fn connected(&self) -> usize {
        self.seat.connected.load(Ordering::Relaxed)
    }

    /// Connects somebody, who hears of all turns from now on.
    ///
    /// # Errors
    /// When they may not read the document.
    pub async fn join(&self, visitor: Visitor) -> Result<Opened, DocumentError> {
        ask(&self.turns, |reply| Turn::Join(Box::new(visitor), reply)).await
    }
    /// Disconnects; windows are closed.
    pub fn leave(&self, client: ClientId) {
        self.touch();
        let _ = self.turns.send(Turn::Leave(client));
    }
    /// Says that somebody connected has another role or name now.
    pub fn renew(&self, client: ClientId, person: Person) {
        let _ = self.turns.send(Turn::Rename(client, Box::new(person)));
    }

    /// Applies user actions as one turn: all of it or nothing. Answers when it is on disk and everybody was told.
    ///
    /// # Errors
    /// What forbids it; the document is as it was then.
    pub async fn apply(
        &self,
        person: Person,
        client: Option<ClientId>,
        actions: Vec<UserAction>,
        options: ApplyOptions,
    ) -> Result<Applied, DocumentError> {
        let apply = Box::new(Apply { person, client, actions, options });
        ask(&self.turns, |reply| Turn::Apply(apply, reply)).await
    }
    /// Undoes or redoes turns, named by number and hash, as one turn.
    ///
    /// # Errors
    /// When one is not in the history, or what it undoes is not there any more.
    pub async fn apply_by_id(
        &self,
        person: Person,
        client: Option<ClientId>,
        (numbers, hashes): (Vec<i64>, Vec<String>),
        undo: bool,
        options: ApplyOptions,
    ) -> Result<Applied, DocumentError> {
        let travel = Box::new(TravelInTime { person, client, numbers, hashes, undo, options });
        ask(&self.turns, |reply| Turn::TravelInTime(travel, reply)).await
    }
    /// From now on (or no longer), each turn of this client is linked to the one before it: together they are one step of undo.
    ///
    /// # Errors
    /// When the document was closed.
    pub async fn bundle(&self, client: ClientId, start: bool) -> Result<(), DocumentError> {
        ask(&self.turns, |reply| Turn::Bundle(client, start, reply)).await
    }

    /// A table as it is now, as far as somebody may see it.
    ///
    /// # Errors
    /// When there is no such table, or it cannot be read.
    pub async fn snapshot(&self, person: &Person, table: &str) -> Result<TableSnapshot, DocumentError> {
        ask(&self.turns, |reply| Turn::Snapshot(Box::new(person.clone()), table.to_owned(), reply)).await
    }
    /// A table as it is now, all of it: for the server's own use. Nothing of it may leave the document.
    ///
    /// # Errors
    /// When there is no such table, or it cannot be read.
    pub async fn whole_table(&self, table: &str) -> Result<TableSnapshot, DocumentError> {
        ask(&self.turns, |reply| Turn::WholeTable(table.to_owned(), reply)).await
    }
    /// What somebody may do with the document as a whole.
    ///
    /// # Errors
    /// When the document was closed.
    pub async fn rights(&self, person: &Person) -> Result<Rights, DocumentError> {
        ask(&self.turns, |reply| Turn::Rights(Box::new(person.clone()), reply)).await
    }
    /// The newest turns, oldest first.
    ///
    /// # Errors
    /// When the history cannot be read.
    pub async fn history(&self, count: u32) -> Result<Vec<HistoryEntry>, DocumentError> {
        ask(&self.turns, |reply| Turn::History(count, reply)).await
    }
    /// Numbers and hashes of all turns that the history has, newest first.
    ///
    /// # Errors
    /// When the history cannot be read.
    pub async fn states(&self) -> Result<Vec<(i64, String)>, DocumentError> {
        ask(&self.turns, Turn::States).await
    }
    /// How full the document is.
    ///
    /// # Errors
    /// When the document was closed.
    pub async fn usage(&self) -> Result<Usage, DocumentError> {
        ask(&self.turns, Turn::Usage).await
    }
    /// A cell computed once more, its error with a traceback.
    ///
    /// # Errors
    /// When there is no such cell.
    pub async fn formula_error(
        &self,
        person: &Person,
        table: &str,
        col: &str,
        row: RowId,
    ) -> Result<CellValue, DocumentError> {
        let person = Box::new(person.clone());
        ask(&self.turns, |reply| Turn::FormulaError(person, table.to_owned(), col.to_owned(), row, reply))
            .await
    }

    /// Opens a window over a table and reads its first page.
    ///
    /// # Errors
    /// When there is no such table or client.
    pub async fn open_window(
        &self,
        client: ClientId,
        request: WindowRequest,
    ) -> Result<WindowAnswer, DocumentError> {
        ask(&self.turns, |reply| Turn::OpenWindow(client, Box::new(request), reply)).await
    }
    /// Gives a window another sort, filter or set of columns.
    ///
    /// # Errors
    /// When there is no such window.
    pub async fn update_window(
        &self,
        client: ClientId,
        window: WindowId,
        request: WindowRequest,
    ) -> Result<WindowAnswer, DocumentError> {
        ask(&self.turns, |reply| Turn::UpdateWindow(client, window, Box::new(request), reply)).await
    }
    /// Reads a page of a window.
    ///
    /// # Errors
    /// When there is no such window.
    pub async fn read_window(
        &self,
        client: ClientId,
        window: WindowId,
        start: usize,
        count: usize,
    ) -> Result<WindowAnswer, DocumentError> {
        ask(&self.turns, |reply| Turn::ReadWindow(client, window, start, count, reply)).await
    }
    /// Where a row stands in a window.
    ///
    /// # Errors
    /// When there is no such window.
    pub async fn seek_window(
        &self,
        client: ClientId,
        window: WindowId,
        row: RowId,
    ) -> Result<Option<usize>, DocumentError> {
        ask(&self.turns, |reply| Turn::SeekWindow(client, window, row, reply)).await
    }
    /// The ids of a range of rows of a window.
    ///
    /// # Errors
    /// When there is no such window.
    pub async fn row_ids_of_window(
        &self,
        client: ClientId,
        window: WindowId,
        start: usize,
        count: usize,
    ) -> Result<Vec<RowId>, DocumentError> {
        ask(&self.turns, |reply| Turn::RowIdsOfWindow(client, window, start, count, reply)).await
    }
    /// Closes a window.
    pub fn close_window(&self, client: ClientId, window: WindowId) {
        let _ = self.turns.send(Turn::CloseWindow(client, window));
    }
    /// Rows whose cell in a column contains a text, those that begin with it first: a page of that one column. One more than `limit` says that there are more.
    ///
    /// # Errors
    /// When there is no such column.
    pub async fn search_column(
        &self,
        person: &Person,
        (table, col): (&str, &str),
        text: &str,
        limit: usize,
    ) -> Result<Page, DocumentError> {
        let search = Search {
            person: person.clone(),
            table: table.to_owned(),
            col: col.to_owned(),
            text: text.to_owned(),
            limit,
        };
        ask(&self.turns, |reply| Turn::SearchColumn(Box::new(search), reply)).await
    }
    /// The values of a column with how often they are there, the most frequent first; and whether there are more. Counted beside the document's thread.
    ///
    /// # Errors
    /// When there is no such column.
    pub async fn distinct_values(
        &self,
        person: &Person,
        table: &str,
        col: &str,
        limit: usize,
    ) -> Result<(Vec<(CellValue, usize)>, bool), DocumentError> {
        let table = self.snapshot(person, table).await?;
        let col = col.to_owned();
        tokio::task::spawn_blocking(move || distinct_values(&table, &col, limit))
            .await
            .map_err(|error| DocumentError::Internal(error.to_string()))?
    }
    /// Who else has the document open, as far as this client may know.
    ///
    /// # Errors
    /// When the document was closed.
    pub async fn profiles(&self, client: ClientId) -> Result<Vec<(String, Profile)>, DocumentError> {
        ask(&self.turns, |reply| Turn::Profiles(client, reply)).await
    }

    /// Tells everybody connected something.
    pub fn chatter(&self, value: serde_json::Value) {
        let _ = self.turns.send(Turn::Chatter(value));
    }
    /// Tells everybody connected to open the document again; `cut` cuts their connections as well.
    pub fn shut_down(&self, cut: bool) {
        let _ = self.turns.send(Turn::Shutdown { cut });
    }
    /// Closes the document; when this ends, its file is one single file.
    pub async fn close(&self) {
        let (done, closed) = oneshot::channel();
        if self.turns.send(Turn::Close(Some(done))).is_ok() {
            let _ = closed.await;
        }
    }

    /// A copy of the file as it is now.
    ///
    /// # Errors
    /// When it cannot be written.
    pub async fn copy_to(&self, target: &Path, options: CopyOptions) -> Result<(), DocumentError> {
        let target = target.to_path_buf();
        self.with_file(move |file| {
            if options == CopyOptions::default() {
                file.copy_to(&target)
            } else {
                file.copy_partly(&target, options)
            }
        })
        .await?
        .map_err(DocumentError::from)
    }

    /// Does something short with the file, between turns. Not for what a turn should do: it is neither recorded nor told.
    ///
    /// # Errors
    /// When the document was closed.
    pub async fn with_file<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut DocFile) -> T + Send + 'static,
    ) -> Result<T, DocumentError> {
        self.visit(|document| work(&mut document.file.borrow_mut())).await
    }

    /// Reads from the engine, between turns, for somebody: what they may see is for the reader to mind.
    ///
    /// # Errors
    /// When the document was closed.
    pub async fn with_sight<T: Send + 'static>(
        &self,
        person: &Person,
        work: impl FnOnce(&mut engine::Engine, &Sight) -> T + Send + 'static,
    ) -> Result<T, DocumentError> {
        let person = person.clone();
        self.visit(move |document| {
            let sight = document.sight(&person);
            work(&mut document.engine, &sight)
        })
        .await
    }

    /// Reads from the engine, between turns: what has no method of its own here, as completions of formulas.
    ///
    /// # Errors
    /// When the document was closed.
    pub async fn with_engine<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut engine::Engine, &engine::Moment) -> T + Send + 'static,
    ) -> Result<T, DocumentError> {
        self.visit(|document| {
            let moment = document.moment(None);
            work(&mut document.engine, &moment)
        })
        .await
    }

    /// Does something with the document, between turns.
    async fn visit<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Document) -> T + Send + 'static,
    ) -> Result<T, DocumentError> {
        let (reply, answer) = oneshot::channel();
        let visit = Visit(Box::new(move |document| {
            // Whoever has stopped waiting for an answer does not want it.
            let _ = reply.send(work(document));
        }));
        self.turns.send(Turn::With(visit)).map_err(|_| DocumentError::Closed)?;
        answer.await.map_err(|_| DocumentError::Closed)
    }
}
