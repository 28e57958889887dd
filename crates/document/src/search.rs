//! Rows whose cell contains a text, and the values of a column: for references, and for choosing filters.

use indexmap::IndexMap;
use model::json::{Dialect, cell_to_json};
use model::{CellValue, ColId, ColumnValues};
use rustc_hash::FxBuildHasher;

use crate::error::DocumentError;
use crate::snapshot::TableSnapshot;
use crate::state::Document;
use crate::turns::Search;
use crate::windows::{Page, fold};

impl Document {
    /// Case and accents ignored; those that begin with the text first, then by row id.
    pub(crate) fn search_column(&mut self, search: &Search) -> Result<Page, DocumentError> {
        let table = self.snapshot_for(&search.person, &search.table)?;
        let column = table
            .column(&search.col)
            .ok_or_else(|| engine::EngineError::NoColumn(table.table.clone(), search.col.as_str().into()))?;
        let wanted = fold(&search.text);
        let (mut first, mut later) = (Vec::new(), Vec::new());
        let most = search.limit.saturating_add(1);
        for row in table.rows.iter() {
            let text = match column.cells.get(row) {
                CellValue::Text(text) => fold(&text),
                CellValue::Int(int) => int.to_string().into(),
                CellValue::Float(float) => float.to_string().into(),
                CellValue::Null if wanted.is_empty() => continue,
                _ => continue,
            };
            match text.find(wanted.as_str()) {
                Some(0) => first.push(row),
                Some(_) if later.len() < most => later.push(row),
                _ => {}
            }
            if first.len() >= most {
                break;
            }
        }
        first.extend(later);
        first.truncate(most);
        let cells = column.cells.select(&first);
        let columns = ColumnValues::from_iter([(ColId::new(&search.col), cells)]);
        Ok(Page { start: 0, rows: first, columns })
    }
}

/// The values of a column with how often they are there, the most frequent first, those as frequent in the order of rows; and whether there are more than
/// `limit`. Of lists each element counts, an empty list as one blank.
pub(crate) fn distinct_values(
    table: &TableSnapshot,
    col: &str,
    limit: usize,
) -> Result<(Vec<(CellValue, usize)>, bool), DocumentError> {
    let column =
        table.column(col).ok_or_else(|| engine::EngineError::NoColumn(table.table.clone(), col.into()))?;
    let mut seen: IndexMap<Key, (CellValue, usize), FxBuildHasher> = IndexMap::default();
    let mut count = |cell: CellValue| match seen.entry(Key::of(&cell)) {
        indexmap::map::Entry::Occupied(mut entry) => entry.get_mut().1 += 1,
        indexmap::map::Entry::Vacant(entry) => {
            entry.insert((cell, 1));
        }
    };
    for row in table.rows.iter() {
        match column.cells.get(row) {
            CellValue::List(items) if column.column_type.is_list() => {
                if items.is_empty() {
                    count(CellValue::Null);
                }
                items.iter().cloned().for_each(&mut count);
            }
            cell => count(cell),
        }
    }
    let mut values: Vec<(CellValue, usize)> = seen.into_values().collect();
    values.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let more = values.len() > limit;
    values.truncate(limit);
    Ok((values, more))
}

/// By what values are the same.
#[derive(PartialEq, Eq, Hash)]
enum Key {
    Text(model::Text),
    Number(u64),
    Other(String),
}

impl Key {
    fn of(cell: &CellValue) -> Self {
        #[expect(
            clippy::cast_precision_loss,
            reason = "whole numbers beyond 2^53 are rare and may fall together"
        )]
        match cell {
            CellValue::Text(text) => Self::Text(text.clone()),
            CellValue::Int(int) => Self::Number((*int as f64).to_bits()),
            CellValue::Float(float) => Self::Number(float.to_bits()),
            other => Self::Other(cell_to_json(other, Dialect::Stdio).to_string()),
        }
    }
}
