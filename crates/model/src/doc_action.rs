//! Doc actions: the fourteen primitive changes of a document.
//!
//! A user action (what somebody asks) becomes doc actions (what happens). Doc actions are stored in the history, broadcast to
//! clients, and undone by other doc actions.

use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;

use crate::cell::CellValue;
use crate::cells::Cells;
use crate::ids::{ColId, RowId, TableId};

/// Values of one row by column, in the order in which they were given.
pub type RowValues = IndexMap<ColId, CellValue, FxBuildHasher>;
/// Values of several rows by column; each is parallel to the row ids.
pub type ColumnValues = IndexMap<ColId, Cells, FxBuildHasher>;
/// Properties of a column (`type`, `isFormula`, `formula`, …), in order; in an [`DocAction::AddTable`] also `id`.
pub type ColumnInfo = IndexMap<ColId, CellValue, FxBuildHasher>;

/// Rows of a table with the values of columns, each parallel to `rows`.
#[derive(Clone, Debug, PartialEq)]
pub struct TableData {
    /// The table.
    pub table: TableId,
    /// The row ids, ascending where the engine gives them.
    pub rows: Vec<RowId>,
    /// The columns, `id` not among them.
    pub columns: ColumnValues,
}

/// A primitive change of a document.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "the fields are the arguments of the actions, under their usual names")]
pub enum DocAction {
    AddRecord(TableId, RowId, RowValues),
    BulkAddRecord(TableId, Vec<RowId>, ColumnValues),
    RemoveRecord(TableId, RowId),
    BulkRemoveRecord(TableId, Vec<RowId>),
    UpdateRecord(TableId, RowId, RowValues),
    BulkUpdateRecord(TableId, Vec<RowId>, ColumnValues),
    ReplaceTableData(TableId, Vec<RowId>, ColumnValues),
    AddColumn(TableId, ColId, ColumnInfo),
    RemoveColumn(TableId, ColId),
    RenameColumn(TableId, ColId, ColId),
    ModifyColumn(TableId, ColId, ColumnInfo),
    AddTable(TableId, Vec<ColumnInfo>),
    RemoveTable(TableId),
    RenameTable(TableId, TableId),
}

impl DocAction {
    /// The name on the wire.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::AddRecord(..) => "AddRecord",
            Self::BulkAddRecord(..) => "BulkAddRecord",
            Self::RemoveRecord(..) => "RemoveRecord",
            Self::BulkRemoveRecord(..) => "BulkRemoveRecord",
            Self::UpdateRecord(..) => "UpdateRecord",
            Self::BulkUpdateRecord(..) => "BulkUpdateRecord",
            Self::ReplaceTableData(..) => "ReplaceTableData",
            Self::AddColumn(..) => "AddColumn",
            Self::RemoveColumn(..) => "RemoveColumn",
            Self::RenameColumn(..) => "RenameColumn",
            Self::ModifyColumn(..) => "ModifyColumn",
            Self::AddTable(..) => "AddTable",
            Self::RemoveTable(..) => "RemoveTable",
            Self::RenameTable(..) => "RenameTable",
        }
    }

    /// The table it is about (the old name for a rename).
    #[must_use]
    pub fn table(&self) -> &TableId {
        match self {
            Self::AddRecord(table, ..)
            | Self::BulkAddRecord(table, ..)
            | Self::RemoveRecord(table, ..)
            | Self::BulkRemoveRecord(table, ..)
            | Self::UpdateRecord(table, ..)
            | Self::BulkUpdateRecord(table, ..)
            | Self::ReplaceTableData(table, ..)
            | Self::AddColumn(table, ..)
            | Self::RemoveColumn(table, ..)
            | Self::RenameColumn(table, ..)
            | Self::ModifyColumn(table, ..)
            | Self::AddTable(table, ..)
            | Self::RemoveTable(table)
            | Self::RenameTable(table, ..) => table,
        }
    }

    /// Whether it changes the schema rather than data.
    #[must_use]
    pub fn is_schema(&self) -> bool {
        self.name().ends_with("Column") || self.name().ends_with("Table")
    }

    /// About how many characters it takes as text: to bound what waits to be sent.
    #[must_use]
    pub fn weight(&self) -> usize {
        let cells = |values: &Cells| match values.as_texts() {
            Some(texts) => texts.iter().map(|text| text.len() + 3).sum(),
            None if values.as_floats().is_some() || values.as_ints().is_some() => 8 * values.len(),
            None => values.iter().map(|value| cell_weight(&value)).sum::<usize>(),
        };
        let row = |values: &RowValues| values.iter().map(|(col, cell)| col.len() + cell_weight(cell)).sum();
        let columns = |columns: &ColumnValues| columns.values().map(cells).sum::<usize>();
        let size: usize = match self {
            Self::AddRecord(_, _, values) | Self::UpdateRecord(_, _, values) => row(values),
            Self::BulkAddRecord(_, rows, values)
            | Self::BulkUpdateRecord(_, rows, values)
            | Self::ReplaceTableData(_, rows, values) => 6 * rows.len() + columns(values),
            Self::BulkRemoveRecord(_, rows) => 6 * rows.len(),
            Self::AddColumn(_, _, info) | Self::ModifyColumn(_, _, info) => row(info),
            Self::AddTable(_, infos) => infos.iter().map(row).sum(),
            Self::RemoveRecord(..)
            | Self::RemoveColumn(..)
            | Self::RenameColumn(..)
            | Self::RemoveTable(..)
            | Self::RenameTable(..) => 0,
        };
        size + 40
    }

    /// The form that is reported: a bulk action on one row becomes its single-record form.
    #[must_use]
    pub fn simplified(self) -> Self {
        match self {
            Self::BulkAddRecord(table, rows, columns) if rows.len() == 1 => {
                Self::AddRecord(table, rows[0], first_row(columns))
            }
            Self::BulkUpdateRecord(table, rows, columns) if rows.len() == 1 => {
                Self::UpdateRecord(table, rows[0], first_row(columns))
            }
            Self::BulkRemoveRecord(table, rows) if rows.len() == 1 => Self::RemoveRecord(table, rows[0]),
            other => other,
        }
    }

    /// The bulk form of a record action, so that one code path handles both; other actions come back unchanged.
    #[must_use]
    pub fn bulk(self) -> Self {
        match self {
            Self::AddRecord(table, row, values) => Self::BulkAddRecord(table, vec![row], one_row(values)),
            Self::UpdateRecord(table, row, values) => {
                Self::BulkUpdateRecord(table, vec![row], one_row(values))
            }
            Self::RemoveRecord(table, row) => Self::BulkRemoveRecord(table, vec![row]),
            other => other,
        }
    }
}

fn first_row(columns: ColumnValues) -> RowValues {
    columns.into_iter().map(|(col, values)| (col, values.at(0))).collect()
}

fn one_row(values: RowValues) -> ColumnValues {
    values.into_iter().map(|(col, value)| (col, Cells::one(value))).collect()
}

fn cell_weight(cell: &CellValue) -> usize {
    match cell {
        CellValue::Text(text) | CellValue::Unmarshallable(text) => text.len() + 3,
        CellValue::List(items) => items.iter().map(cell_weight).sum::<usize>() + 6,
        CellValue::Dict(entries) | CellValue::Versions(entries) => {
            entries.iter().map(|(key, value)| key.len() + cell_weight(value)).sum::<usize>() + 6
        }
        CellValue::RecordSet(_, rows) => 20 + 6 * rows.len(),
        CellValue::Error(error) => 20 + error.details.as_ref().map_or(0, |details| details.len()),
        _ => 8,
    }
}
