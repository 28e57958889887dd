//! Renaming choices: in cells, and in filters on them.

use model::json::raw;
use model::{CellValue, Cells, ColId, ColumnValues, TableId};

use crate::apply::Bundle;
use crate::arguments::Arguments;
use crate::error::ActionError;
use crate::metadata::{FIELDS, SECTIONS};

const FILTERS: &str = "_grist_Filters";

impl Bundle<'_, '_> {
    pub(crate) fn rename_choices(&mut self, arguments: Arguments<'_>) -> Result<CellValue, ActionError> {
        let table = TableId::new(arguments.text(0, "the table id")?);
        let col = arguments.text(1, "the column id")?;
        let renames = arguments.values(2, "renames")?;
        let column = self.column_ref(&table, col)?;
        let renamed = |cell: &CellValue| match cell {
            CellValue::Text(text) => renames.get(text.as_str()).cloned(),
            CellValue::List(items) => {
                let new = |item: &CellValue| item.as_text().and_then(|text| renames.get(text)).cloned();
                items.iter().any(|item| new(item).is_some()).then(|| {
                    CellValue::list(items.iter().map(|item| new(item).unwrap_or_else(|| item.clone())))
                })
            }
            _ => None,
        };
        let (rows, cells) = self.cells_of(&table, col)?;
        let (rows, values): (Vec<_>, Cells) =
            rows.into_iter().zip(&cells).filter_map(|(row, cell)| Some((row, renamed(cell)?))).unzip();
        if !rows.is_empty() && !self.cell(crate::metadata::COLUMNS, column, "isFormula").is_true() {
            self.update_values(&table, &rows, ColumnValues::from_iter([(ColId::new(col), values)]))?;
        }
        let mut update = (Vec::new(), Cells::new());
        for filter in self.referring(FILTERS, "colRef", column) {
            let section = self.reference(FILTERS, filter, "viewSectionRef");
            if section.is_none() || !self.has_row(SECTIONS, section) {
                continue;
            }
            let text = self.text(FILTERS, filter, "filter");
            if let Some(CellValue::Dict(entries)) = raw::parse(&text) {
                let entries = entries
                    .iter()
                    .map(|(key, value)| (key.clone(), renamed(value).unwrap_or_else(|| value.clone())))
                    .collect();
                let new = raw::dump(&CellValue::Dict(entries), false);
                if raw::parse(&new) != raw::parse(&text) {
                    update.0.push(filter);
                    update.1.push(CellValue::text(&new));
                }
            }
        }
        let _ = FIELDS;
        if !update.0.is_empty() {
            let values = ColumnValues::from_iter([(ColId::new("filter"), update.1)]);
            self.update_values(&FILTERS.into(), &update.0, values)?;
        }
        Ok(CellValue::Null)
    }
}
