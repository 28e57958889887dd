//! The closed list of what can be asked of a document, and the loop that does it.

use std::panic::{AssertUnwindSafe, catch_unwind};

use model::{CellValue, RowId};
use tokio::sync::{mpsc, oneshot};

use crate::apply::{Applied, ApplyOptions};
use crate::error::DocumentError;
use crate::person::{ClientId, Person, Visitor};
use crate::presence::Profile;
use crate::snapshot::TableSnapshot;
use crate::state::{Document, Opened};
use crate::usage::Usage;
use crate::windows::{Page, WindowAnswer, WindowId, WindowRequest};
use actions::UserAction;
use store::HistoryEntry;

/// Where an answer goes.
pub(crate) type Reply<T> = oneshot::Sender<Result<T, DocumentError>>;

/// What can be asked. Each is done whole before the next.
#[derive(Debug)]
pub(crate) enum Turn {
    Join(Box<Visitor>, Reply<Opened>),
    Leave(ClientId),
    Rename(ClientId, Box<Person>),
    Apply(Box<Apply>, Reply<Applied>),
    TravelInTime(Box<TravelInTime>, Reply<Applied>),
    Bundle(ClientId, bool, Reply<()>),
    Snapshot(Box<Person>, String, Reply<TableSnapshot>),
    WholeTable(String, Reply<TableSnapshot>),
    History(u32, Reply<Vec<HistoryEntry>>),
    States(Reply<Vec<(i64, String)>>),
    Usage(Reply<Usage>),
    Rights(Box<Person>, Reply<Rights>),
    FormulaError(Box<Person>, String, String, RowId, Reply<CellValue>),
    OpenWindow(ClientId, Box<WindowRequest>, Reply<WindowAnswer>),
    UpdateWindow(ClientId, WindowId, Box<WindowRequest>, Reply<WindowAnswer>),
    ReadWindow(ClientId, WindowId, usize, usize, Reply<WindowAnswer>),
    SeekWindow(ClientId, WindowId, RowId, Reply<Option<usize>>),
    RowIdsOfWindow(ClientId, WindowId, usize, usize, Reply<Vec<RowId>>),
    CloseWindow(ClientId, WindowId),
    SearchColumn(Box<Search>, Reply<Page>),
    Profiles(ClientId, Reply<Vec<(String, Profile)>>),
    With(Visit),
    Chatter(serde_json::Value),
    Shutdown { cut: bool },
    Close(Option<oneshot::Sender<()>>),
}

/// What somebody may do with a document as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rights {
    /// See all of it: also code, history, and what SQL gives.
    pub reads_everything: bool,
    /// Take a whole copy.
    pub may_copy: bool,
    /// See the rules.
    pub reads_rules: bool,
}

/// A request to apply user actions.
#[derive(Debug)]
pub(crate) struct Apply {
    pub(crate) person: Person,
    pub(crate) client: Option<ClientId>,
    pub(crate) actions: Vec<UserAction>,
    pub(crate) options: ApplyOptions,
}

/// A request to undo or redo turns.
#[derive(Debug)]
pub(crate) struct TravelInTime {
    pub(crate) person: Person,
    pub(crate) client: Option<ClientId>,
    pub(crate) numbers: Vec<i64>,
    pub(crate) hashes: Vec<String>,
    pub(crate) undo: bool,
    pub(crate) options: ApplyOptions,
}

/// A request for rows whose cell contains a text.
#[derive(Debug)]
pub(crate) struct Search {
    pub(crate) person: Person,
    pub(crate) table: String,
    pub(crate) col: String,
    pub(crate) text: String,
    pub(crate) limit: usize,
}

/// Something on the document that is short and has no list entry of its own.
pub(crate) struct Visit(pub(crate) Box<dyn FnOnce(&mut Document) + Send>);

impl std::fmt::Debug for Visit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Visit")
    }
}

impl Document {
    /// Takes turns until the document is to be closed or nobody can ask any more.
    pub(crate) fn run(mut self, mut turns: mpsc::UnboundedReceiver<Turn>) {
        while let Some(turn) = turns.blocking_recv() {
            if let Turn::Close(done) = turn {
                self.close();
                // Whoever asks from now on is told that it is closed.
                drop(turns);
                if let Some(done) = done {
                    let _ = done.send(());
                }
                return;
            }
            // A panic is a fault of ours. The turn was rolled back when it unwound; whoever asked sees their question dropped.
            if catch_unwind(AssertUnwindSafe(|| self.take(turn))).is_err() {
                tracing::error!(path = %self.file.borrow().path().display(), "a turn has panicked");
                self.recover();
            }
        }
        self.close();
    }

    fn take(&mut self, turn: Turn) {
        // Whoever has stopped waiting for an answer does not want it.
        fn answer<T>(reply: Reply<T>, result: Result<T, DocumentError>) {
            let _ = reply.send(result);
        }
        match turn {
            Turn::Join(visitor, reply) => answer(reply, self.join(*visitor)),
            Turn::Leave(client) => self.leave(client),
            Turn::Rename(client, person) => self.rename_visitor(client, *person),
            Turn::Apply(apply, reply) => answer(reply, self.apply(*apply)),
            Turn::TravelInTime(travel, reply) => answer(reply, self.travel_in_time(*travel)),
            Turn::Bundle(client, start, reply) => answer(reply, self.bundle(client, start)),
            Turn::Snapshot(person, table, reply) => answer(reply, self.snapshot_for(&person, &table)),
            Turn::WholeTable(table, reply) => answer(reply, self.snapshot(&table)),
            Turn::History(count, reply) => {
                answer(reply, self.file.borrow().recent_history(count).map_err(DocumentError::from));
            }
            Turn::States(reply) => answer(reply, self.file.borrow().states().map_err(DocumentError::from)),
            Turn::Usage(reply) => answer(reply, Ok(self.usage())),
            Turn::Rights(person, reply) => {
                let (reads_everything, may_copy) = (self.reads_everything(&person), self.may_copy(&person));
                let reads_rules = self.reads_rules(&person);
                answer(reply, Ok(Rights { reads_everything, may_copy, reads_rules }));
            }
            Turn::FormulaError(person, table, col, row, reply) => {
                answer(reply, self.formula_error(&person, &table, &col, row));
            }
            Turn::OpenWindow(client, request, reply) => answer(reply, self.open_window(client, *request)),
            Turn::UpdateWindow(client, window, request, reply) => {
                answer(reply, self.update_window(client, window, *request));
            }
            Turn::ReadWindow(client, window, start, count, reply) => {
                answer(reply, self.read_window(client, window, start, count));
            }
            Turn::SeekWindow(client, window, row, reply) => {
                answer(reply, self.seek_window(client, window, row));
            }
            Turn::RowIdsOfWindow(client, window, start, count, reply) => {
                answer(reply, self.row_ids_of_window(client, window, start, count));
            }
            Turn::CloseWindow(client, window) => self.close_window(client, window),
            Turn::SearchColumn(search, reply) => answer(reply, self.search_column(&search)),
            Turn::Profiles(client, reply) => answer(reply, Ok(self.profiles_for(client))),
            Turn::With(visit) => visit.0(self),
            Turn::Chatter(value) => self.tell_all(&crate::outlet::Push::Chatter(value)),
            Turn::Shutdown { cut } => self.shut_down(cut),
            Turn::Close(_) => {}
        }
    }
}
