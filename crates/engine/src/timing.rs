//! How long formulas take, by column: measured while somebody asks for it.
//!
//! The clock is handed in. A column that is computed as a whole counts each of its cells with the same share.

use model::{ColId, TableId};
use rustc_hash::FxHashMap;

use crate::engine::Engine;
use crate::graph::Node;

/// What the formula of a column has cost since measuring began.
#[derive(Clone, Debug, PartialEq)]
pub struct FormulaTiming {
    /// Its table.
    pub table: TableId,
    /// The column.
    pub col: ColId,
    /// All cells together, in seconds.
    pub sum: f64,
    /// How many cells were computed.
    pub count: u64,
    /// The one that took longest, in seconds.
    pub max: f64,
}

impl FormulaTiming {
    /// A cell on average, in seconds.
    #[must_use]
    pub fn average(&self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "numbers of cells are far below 2^53")]
        let count = self.count.max(1) as f64;
        self.sum / count
    }
}

/// Measuring in progress.
#[derive(Debug)]
pub(crate) struct Timings {
    clock: fn() -> f64,
    columns: FxHashMap<Node, (f64, u64, f64)>,
}

impl Engine {
    /// Begins to measure, by a clock that gives seconds. Says whether it was not measuring yet.
    pub fn start_timing(&mut self, clock: fn() -> f64) -> bool {
        let new = self.timings.is_none();
        if new {
            self.timings = Some(Timings { clock, columns: FxHashMap::default() });
        }
        new
    }

    /// Whether it measures.
    #[must_use]
    pub fn is_timing(&self) -> bool {
        self.timings.is_some()
    }

    /// What was measured so far, by table and column; nothing if it does not measure.
    #[must_use]
    pub fn timings(&self) -> Option<Vec<FormulaTiming>> {
        let timings = self.timings.as_ref()?;
        let measured = timings.columns.iter().filter_map(|((table, col), (sum, count, max))| {
            let (table, col) = self.names(*table, *col).filter(|(_, col)| !col.starts_with('#'))?;
            Some(FormulaTiming { table, col, sum: *sum, count: *count, max: *max })
        });
        let mut measured: Vec<FormulaTiming> = measured.collect();
        measured.sort_by(|a, b| (&a.table, &a.col).cmp(&(&b.table, &b.col)));
        Some(measured)
    }

    /// Ends measuring; what was measured.
    pub fn stop_timing(&mut self) -> Option<Vec<FormulaTiming>> {
        let measured = self.timings();
        self.timings = None;
        measured
    }

    /// The instant, if it measures.
    pub(crate) fn timing_now(&self) -> Option<f64> {
        self.timings.as_ref().map(|timings| (timings.clock)())
    }

    /// Some cells of a column were computed since an instant.
    pub(crate) fn note_timing(&mut self, node: Node, since: Option<f64>, cells: usize) {
        let (Some(timings), Some(since)) = (&mut self.timings, since) else { return };
        if cells == 0 {
            return;
        }
        let spent = (timings.clock)() - since;
        let entry = timings.columns.entry(node).or_default();
        entry.0 += spent;
        entry.1 += cells as u64;
        #[expect(clippy::cast_precision_loss, reason = "numbers of cells are far below 2^53")]
        let each = spent / cells as f64;
        entry.2 = entry.2.max(each);
    }
}
