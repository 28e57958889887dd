//! Opening, reading and seeking windows.

use model::{ColId, ColumnValues, RowId};
use rustc_hash::{FxHashMap, FxHashSet};

use super::filter::{Filter, FilterKind};
use super::order::{SortKey, select_rows};
use crate::error::DocumentError;
use crate::person::ClientId;
use crate::snapshot::TableSnapshot;
use crate::state::Document;

/// Rows that one reading gives at most.
const PAGE: usize = 1_000;
/// Row ids that one question gives at most.
const IDS: usize = 100_000;

/// A window of a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct WindowId(pub u64);

/// What a window shows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct WindowRequest {
    /// The table.
    pub table: String,
    /// The columns to give; nothing: all.
    pub columns: Option<Vec<String>>,
    /// The order; ends with `manualSort` and the row id.
    pub sort: Vec<SortKey>,
    /// All must hold.
    pub filters: Vec<Filter>,
    /// Only these rows.
    pub row_ids: Option<Vec<RowId>>,
    /// Rows shown whatever the filters say, as those just added.
    pub keep: Vec<RowId>,
    /// The first row to give at once.
    pub start: usize,
    /// How many rows to give at once.
    pub count: usize,
}

/// Rows of a window with their cells.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Page {
    /// The place of the first.
    pub start: usize,
    /// Which rows.
    pub rows: Vec<RowId>,
    /// Their cells by column.
    pub columns: ColumnValues,
}

/// The answer to opening, changing and reading a window.
#[derive(Clone, Debug, PartialEq)]
pub struct WindowAnswer {
    /// Which window.
    pub window: WindowId,
    /// Its version.
    pub version: u64,
    /// How many rows it has.
    pub row_count: usize,
    /// The rows asked for.
    pub page: Page,
}

/// An open window.
#[derive(Debug)]
pub(crate) struct Window {
    pub(super) request: WindowRequest,
    pub(super) order: Vec<RowId>,
    pub(super) version: u64,
    /// The rows that the client has read lately, about which it is told.
    pub(super) held: FxHashSet<RowId>,
}

impl Window {
    pub(super) fn filters(request: &WindowRequest) -> Vec<Filter> {
        let rows = request
            .row_ids
            .iter()
            .map(|rows| Filter { col: String::new(), kind: FilterKind::Rows(rows.clone()) });
        rows.chain(request.filters.iter().cloned()).collect()
    }
    pub(super) fn select(table: &TableSnapshot, request: &WindowRequest) -> Vec<RowId> {
        select_rows(table, &request.sort, &Self::filters(request), &request.keep)
    }

    fn hold(&mut self, start: usize, count: usize) {
        let from = start.saturating_sub(count);
        let to = (start + 2 * count).min(self.order.len());
        self.held = self.order[from.min(to)..to].iter().copied().collect();
    }

    fn read(&mut self, table: &TableSnapshot, window: WindowId, start: usize, count: usize) -> WindowAnswer {
        let count = count.min(PAGE);
        let start = start.min(self.order.len());
        let end = (start + count).min(self.order.len());
        let rows = self.order[start..end].to_vec();
        self.hold(start, count);
        let mut columns = ColumnValues::default();
        for column in &table.columns {
            if self.request.columns.as_ref().is_none_or(|wanted| wanted.iter().any(|col| column.id == **col))
            {
                columns.insert(column.id.clone(), rows.iter().map(|row| column.cells.get(*row)).collect());
            }
        }
        WindowAnswer {
            window,
            version: self.version,
            row_count: self.order.len(),
            page: Page { start, rows, columns },
        }
    }
}

impl Document {
    pub(crate) fn open_window(
        &mut self,
        client: ClientId,
        request: WindowRequest,
    ) -> Result<WindowAnswer, DocumentError> {
        let id = WindowId(self.next_window);
        let table = self.snapshot_of(client, &request.table)?;
        let (start, count) = (request.start, request.count);
        let order = Window::select(&table, &request);
        let mut window = Window { request, order, version: 0, held: FxHashSet::default() };
        let answer = window.read(&table, id, start, count);
        self.next_window += 1;
        self.windows.insert((client, id), window);
        Ok(answer)
    }

    pub(crate) fn update_window(
        &mut self,
        client: ClientId,
        id: WindowId,
        request: WindowRequest,
    ) -> Result<WindowAnswer, DocumentError> {
        self.window(client, id)?;
        let table = self.snapshot_of(client, &request.table)?;
        let (start, count) = (request.start, request.count);
        let order = Window::select(&table, &request);
        let window = self.window(client, id)?;
        window.request = request;
        window.order = order;
        window.version += 1;
        Ok(window.read(&table, id, start, count))
    }

    pub(crate) fn read_window(
        &mut self,
        client: ClientId,
        id: WindowId,
        start: usize,
        count: usize,
    ) -> Result<WindowAnswer, DocumentError> {
        let table = self.window(client, id)?.request.table.clone();
        let table = self.snapshot_of(client, &table)?;
        Ok(self.window(client, id)?.read(&table, id, start, count))
    }

    pub(crate) fn seek_window(
        &mut self,
        client: ClientId,
        id: WindowId,
        row: RowId,
    ) -> Result<Option<usize>, DocumentError> {
        Ok(self.window(client, id)?.order.iter().position(|other| *other == row))
    }

    pub(crate) fn row_ids_of_window(
        &mut self,
        client: ClientId,
        id: WindowId,
        start: usize,
        count: usize,
    ) -> Result<Vec<RowId>, DocumentError> {
        let order = &self.window(client, id)?.order;
        let start = start.min(order.len());
        let end = start.saturating_add(count.min(IDS)).min(order.len());
        Ok(order[start..end].to_vec())
    }

    pub(crate) fn close_window(&mut self, client: ClientId, id: WindowId) {
        self.windows.remove(&(client, id));
    }

    /// A table as the person at a connection may see it.
    pub(super) fn snapshot_of(
        &mut self,
        client: ClientId,
        table: &str,
    ) -> Result<TableSnapshot, DocumentError> {
        let person = self.client(client)?.person.clone();
        self.snapshot_for(&person, table)
    }

    fn window(&mut self, client: ClientId, id: WindowId) -> Result<&mut Window, DocumentError> {
        self.windows.get_mut(&(client, id)).ok_or_else(|| DocumentError::Bad(format!("no window {}", id.0)))
    }

    /// The rows that the windows of a client hold, by table.
    pub(crate) fn held_rows(&self, client: ClientId) -> FxHashMap<String, FxHashSet<RowId>> {
        let mut held: FxHashMap<String, FxHashSet<RowId>> = FxHashMap::default();
        for ((_, _), window) in self.windows.iter().filter(|((owner, _), _)| *owner == client) {
            held.entry(window.request.table.clone()).or_default().extend(window.held.iter().copied());
        }
        held
    }
}

/// Columns by which a window's rows and their order are decided.
pub(super) fn deciding(request: &WindowRequest) -> FxHashSet<ColId> {
    let sorted = request.sort.iter().map(|key| ColId::new(&key.col));
    let filtered = request.filters.iter().map(|filter| ColId::new(&filter.col));
    sorted.chain(filtered).chain([ColId::new("manualSort")]).collect()
}
