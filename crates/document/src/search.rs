//! Rows whose cell contains a text: for references, and for choosing filters.

use model::{CellValue, ColId, ColumnValues, RowId};

use crate::error::DocumentError;
use crate::state::Document;
use crate::turns::Search;
use crate::windows::{Page, fold};

impl Document {
    /// Case and accents ignored; those that begin with the text first, then by row id.
    pub(crate) fn search_column(&mut self, search: &Search) -> Result<Page, DocumentError> {
        let table = self.snapshot(&search.table)?;
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
        let cells: Vec<CellValue> = first.iter().map(|row: &RowId| column.cells.get(*row)).collect();
        let columns = ColumnValues::from_iter([(ColId::new(&search.col), cells)]);
        Ok(Page { start: 0, rows: first, columns })
    }
}
