//! Which column holds the same values as a list: for guessing what a reference should refer to.

use model::{CellValue, RowId};
use rustc_hash::FxHashSet;

use crate::engine::Engine;

impl Engine {
    /// The column records whose cells match most of the values, best first; of equals, the newer one. `limit` 0: all.
    ///
    /// # Errors
    /// When cells cannot be read.
    pub fn find_columns(
        &mut self,
        values: &[CellValue],
        limit: usize,
        table: Option<&str>,
    ) -> Result<Vec<RowId>, crate::EngineError> {
        let wanted: FxHashSet<String> = values.iter().map(word).collect();
        let mut found: Vec<(usize, RowId)> = Vec::new();
        let records = self.column_records();
        for (record, column) in records {
            let (ix, col) = column.node;
            let Some(id) = self.at(ix).map(|held| held.id.clone()) else { continue };
            if id.is_metadata() || table.is_some_and(|table| id != *table) {
                continue;
            }
            let held = self.loaded(&id)?;
            let Some(slot) = held.slot(col) else { continue };
            if slot.id == "manualSort" || slot.id.starts_with("gristHelper_") || slot.id.starts_with('#') {
                continue;
            }
            let mut seen: FxHashSet<String> = FxHashSet::default();
            for row in held.rows().iter() {
                let word = word(&slot.cells.get(row));
                if wanted.contains(&word) {
                    seen.insert(word);
                }
            }
            if !seen.is_empty() {
                found.push((seen.len(), record));
            }
        }
        found.sort_unstable_by(|a, b| b.cmp(a));
        if limit > 0 {
            found.truncate(limit);
        }
        Ok(found.into_iter().map(|(_, record)| record).collect())
    }
}

/// A value as something that compares as Python does: 1, 1.0 and true are the same.
fn word(value: &CellValue) -> String {
    match value {
        CellValue::Bool(truth) => f64::from(u8::from(*truth)).to_string(),
        CellValue::Text(text) => format!("'{text}"),
        other => other.as_number().map_or_else(|| format!("{other:?}"), |number| number.to_string()),
    }
}
