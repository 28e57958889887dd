//! What the engine itself reads from the metadata tables: summaries and triggers.

use formula::{ColIx, TableIx};
use model::{CellValue, RowId};
use rustc_hash::FxHashMap;

use crate::engine::Engine;
use crate::graph::Node;
use crate::table::Table;

/// A column as `_grist_Tables_column` describes it.
#[derive(Debug)]
pub(crate) struct ColumnRecord {
    pub(crate) node: Node,
    /// The column of the source table by which a summary table groups; `None` where it does not.
    pub(crate) summary_source: Option<RowId>,
    /// When a trigger formula runs: 0 on new records and on changes of `watched`, 1 never, 2 on new records and manual updates.
    pub(crate) recalc_when: i64,
    /// Columns whose changes run a trigger formula.
    pub(crate) watched: Vec<RowId>,
}

impl Engine {
    /// The tables by their row in `_grist_Tables`.
    pub(crate) fn table_refs(&self) -> FxHashMap<RowId, TableIx> {
        let Some(tables) = self.table("_grist_Tables") else { return FxHashMap::default() };
        let id = |row| tables.cell("tableId", row).as_text().and_then(|id| self.table_ix(id));
        tables.rows().iter().filter_map(|row| id(row).map(|table| (row, table))).collect()
    }

    /// The columns by their row in `_grist_Tables_column`.
    pub(crate) fn column_records(&self) -> FxHashMap<RowId, ColumnRecord> {
        let Some(columns) = self.table("_grist_Tables_column") else { return FxHashMap::default() };
        let tables = self.table_refs();
        columns
            .rows()
            .iter()
            .filter_map(|row| column_record(self, columns, &tables, row).map(|record| (row, record)))
            .collect()
    }

    /// Source tables of summary tables, from `_grist_Tables.summarySourceTable`.
    pub(crate) fn read_summary_sources(&self) -> FxHashMap<TableIx, TableIx> {
        let Some(tables) = self.table("_grist_Tables") else { return FxHashMap::default() };
        let refs = self.table_refs();
        refs.iter()
            .filter_map(|(row, table)| {
                let source = tables.cell("summarySourceTable", *row).as_row_id()?;
                Some((*table, *refs.get(&source)?))
            })
            .collect()
    }
}

fn column_record(
    engine: &Engine,
    columns: &Table,
    tables: &FxHashMap<RowId, TableIx>,
    row: RowId,
) -> Option<ColumnRecord> {
    let table = *tables.get(&columns.cell("parentId", row).as_row_id()?)?;
    let col: ColIx = engine.at(table)?.find(columns.cell("colId", row).as_text()?)?;
    let watched = match columns.cell("recalcDeps", row) {
        CellValue::List(items) => items.iter().filter_map(CellValue::as_row_id).collect(),
        _ => Vec::new(),
    };
    Some(ColumnRecord {
        node: (table, col),
        summary_source: columns.cell("summarySourceCol", row).as_row_id().filter(|source| !source.is_none()),
        recalc_when: columns.cell("recalcWhen", row).as_int().unwrap_or(0),
        watched,
    })
}
