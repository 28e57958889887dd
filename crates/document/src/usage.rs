//! How full a document is.

use model::{RowId, TableId};
use rustc_hash::FxHashMap;

use crate::state::Document;

/// Up to so many bytes, the tables are measured, which means reading the whole file; above, all of the file counts.
const SMALL: u64 = 1 << 20;
/// After so many turns the size of the data is looked at again.
const TURNS: u32 = 100;

/// How full a document is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Usage {
    /// Rows by table record, summary tables among them.
    pub rows: Vec<(RowId, usize)>,
    /// Rows in all.
    pub total: usize,
    /// Bytes of the tables in the file, as of lately.
    pub data_bytes: u64,
    /// Bytes of the attached files in use, as of lately.
    pub attachment_bytes: u64,
}

/// Sizes as they were when they were last looked at.
#[derive(Debug, Default)]
pub(crate) struct SizeCache {
    known: Option<(u64, u64)>,
    turns: u32,
    /// Rows of tables that are still in the file only; those do not change.
    rows: FxHashMap<TableId, usize>,
}

impl SizeCache {
    /// A turn has changed something; after many, what is known is old.
    pub(crate) fn note_turn(&mut self) {
        self.turns += 1;
        if self.turns >= TURNS {
            self.known = None;
            self.turns = 0;
        }
    }
}

impl Document {
    pub(crate) fn usage(&mut self) -> Usage {
        let (data_bytes, attachment_bytes) = match self.sizes.known {
            Some(known) => known,
            None => {
                let file = self.file.borrow();
                // A figure for people: no reason to fail.
                let used = file.used_bytes().unwrap_or(0);
                let data = if used <= SMALL { file.data_bytes().unwrap_or(used) } else { used };
                let sizes = (data, file.attachment_bytes().unwrap_or(0));
                self.sizes.known = Some(sizes);
                sizes
            }
        };
        let rows = self.row_counts();
        let total = rows.iter().map(|(_, count)| count).sum();
        Usage { rows, total, data_bytes, attachment_bytes }
    }

    fn row_counts(&mut self) -> Vec<(RowId, usize)> {
        let Some(tables) = self.engine.table("_grist_Tables") else { return Vec::new() };
        let (file, known) = (&self.file, &mut self.sizes.rows);
        let mut count = |row: RowId| {
            let id = tables.cell("tableId", row);
            let table = self.engine.table(id.as_text()?)?;
            let count = if table.is_loaded() {
                table.rows().len()
            } else {
                let count = || file.borrow().row_count(&table.id).unwrap_or(0);
                *known.entry(table.id.clone()).or_insert_with(count)
            };
            Some((row, count))
        };
        tables.rows().iter().filter_map(&mut count).collect()
    }
}
