//! A document while it is open: everything that its thread owns.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use engine::{Engine, Moment};
use indexmap::IndexMap;
use model::{CellError, CellValue, RowId, TableData};
use rustc_hash::FxHashMap;
use store::DocFile;

use crate::action_group::LogEntry;
use crate::error::DocumentError;
use crate::handle::Seat;
use crate::outlet::{Listener, Push};
use crate::person::{ClientId, Person, Visitor};
use crate::snapshot::TableSnapshot;
use crate::usage::{SizeCache, Usage};
use crate::windows::{Window, WindowId};

/// Newest turns whose numbers and hashes a client is given when it opens the document, to undo them.
const LOG: u32 = 100;

/// An open document.
#[derive(Debug)]
pub(crate) struct Document {
    pub(crate) engine: Engine,
    /// Shared with the engine, which reads tables from it when it first needs them; both live on this thread.
    pub(crate) file: Rc<RefCell<DocFile>>,
    pub(crate) clients: IndexMap<ClientId, Client>,
    pub(crate) windows: FxHashMap<(ClientId, WindowId), Window>,
    /// Nothing: nobody made rules.
    pub(crate) rules: Option<Arc<access::Rules>>,
    pub(crate) sizes: SizeCache,
    pub(crate) now: fn() -> f64,
    pub(crate) url: Option<String>,
    pub(crate) seat: Arc<Seat>,
    /// What opening found worth saying: the file is newer than this program, or was migrated.
    pub(crate) warning: Option<String>,
    next_client: u64,
    pub(crate) next_window: u64,
    turns: u64,
}

/// Somebody connected.
#[derive(Debug)]
pub(crate) struct Client {
    pub(crate) person: Person,
    pub(crate) windows: bool,
    pub(crate) listener: Arc<dyn Listener>,
    /// Under which id others see this person.
    pub(crate) presence: String,
    /// Within a bundle: the number of the turn before, 0 at first.
    pub(crate) bundle: Option<i64>,
}

/// What somebody is given who opens a document.
#[derive(Clone, Debug)]
pub struct Opened {
    /// Their connection.
    pub client: ClientId,
    /// All metadata tables.
    pub metadata: Vec<TableData>,
    /// The newest turns, oldest first.
    pub log: Vec<LogEntry>,
    /// How full the document is.
    pub usage: Usage,
    /// Whether formulas are being measured.
    pub is_timing: bool,
    /// A warning about the file.
    pub warning: Option<String>,
}

impl Document {
    pub(crate) fn new(
        engine: Engine,
        file: Rc<RefCell<DocFile>>,
        (now, url): (fn() -> f64, Option<String>),
        seat: Arc<Seat>,
        warning: Option<String>,
    ) -> Self {
        Self {
            engine,
            file,
            clients: IndexMap::new(),
            windows: FxHashMap::default(),
            rules: None,
            sizes: SizeCache::default(),
            now,
            url,
            seat,
            warning,
            next_client: 1,
            next_window: 1,
            turns: 0,
        }
    }

    /// What a turn knows of the world.
    pub(crate) fn moment(&mut self, person: Option<&Person>) -> Moment {
        self.turns += 1;
        let now = (self.now)();
        let settings = self.settings();
        Moment {
            now,
            seed: now.to_bits() ^ self.turns.rotate_left(32),
            zone: settings.zone,
            locale: settings.locale,
            url: self.url.clone(),
            user: person.map(Person::fields),
        }
    }

    pub(crate) fn join(&mut self, visitor: Visitor) -> Result<Opened, DocumentError> {
        if !visitor.person.may_view() {
            return Err(DocumentError::NoView);
        }
        let client = ClientId(self.next_client);
        self.next_client += 1;
        let log = self.file.borrow().recent_heads(LOG)?.into_iter().map(LogEntry::of).collect();
        let metadata = self.engine.tables().filter(|(_, table)| table.id.is_metadata());
        let mut metadata: Vec<TableData> = metadata.map(|(_, table)| table.data(true)).collect();
        metadata.sort_by(|a, b| a.table.cmp(&b.table));
        let metadata = self.metadata_for(&visitor.person, metadata);
        let usage = self.usage();
        self.arrive(client, visitor);
        self.seat.connected.store(self.clients.len(), Ordering::Relaxed);
        let is_timing = self.engine.is_timing();
        Ok(Opened { client, metadata, log, usage, is_timing, warning: self.warning.clone() })
    }

    pub(crate) fn leave(&mut self, client: ClientId) {
        self.windows.retain(|(owner, _), _| *owner != client);
        self.depart(client);
        self.seat.connected.store(self.clients.len(), Ordering::Relaxed);
    }

    pub(crate) fn client(&self, client: ClientId) -> Result<&Client, DocumentError> {
        self.clients.get(&client).ok_or(DocumentError::Closed)
    }

    pub(crate) fn snapshot(&mut self, table: &str) -> Result<TableSnapshot, DocumentError> {
        Ok(TableSnapshot::of(self.engine.loaded(table)?))
    }

    /// The value of a cell, its error with what is known of it.
    pub(crate) fn formula_error(
        &mut self,
        person: &Person,
        table: &str,
        col: &str,
        row: RowId,
    ) -> Result<CellValue, DocumentError> {
        self.require_cell(person, table, col, row)?;
        let held = self.engine.loaded(table)?;
        let slot =
            held.column(col).ok_or_else(|| engine::EngineError::NoColumn(held.id.clone(), col.into()))?;
        if !slot.spec.has_formula() {
            // As Grist has it: what is not computed cannot be computed again.
            let error = CellError { name: "TypeError".into(), ..CellError::default() };
            return Ok(CellValue::Error(Arc::new(error)));
        }
        let moment = self.moment(None);
        Ok(self.engine.formula_error(moment, table, col, row)?)
    }

    pub(crate) fn bundle(&mut self, client: ClientId, start: bool) -> Result<(), DocumentError> {
        let client = self.clients.get_mut(&client).ok_or(DocumentError::Closed)?;
        client.bundle = if start { client.bundle.or(Some(0)) } else { None };
        Ok(())
    }

    /// Tells everybody to come again.
    pub(crate) fn shut_down(&mut self, cut: bool) {
        self.tell_all(&Push::Shutdown { cut });
        self.clients.clear();
        self.windows.clear();
        self.seat.connected.store(0, Ordering::Relaxed);
    }

    /// Makes the file one single file. What was committed is safe even if that fails.
    pub(crate) fn close(self) {
        drop(self.engine);
        let Ok(file) = Rc::try_unwrap(self.file) else { return };
        if let Err(error) = file.into_inner().close() {
            tracing::warn!(%error, "a document was closed, but its log could not be moved into the file");
        }
    }
}
