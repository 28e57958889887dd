//! What the engine itself reads from the metadata tables: summaries and triggers.

use std::collections::BTreeMap;

use formula::{ColIx, TableIx};
use model::schema::METADATA;
use model::{CellValue, ColId, ColumnType, RowId, TableId};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::engine::Engine;
use crate::graph::Node;
use crate::table::{ColumnSpec, Table};

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
    /// Declares all metadata tables, empty.
    pub fn declare_metadata(&mut self) {
        for (table, columns) in METADATA {
            let columns = columns.iter().map(|(col, kind)| {
                (
                    ColId::new(col),
                    ColumnSpec { column_type: ColumnType::parse(kind), ..ColumnSpec::default() },
                )
            });
            self.declare(TableId::new(table), columns, false);
        }
    }

    /// Declares the user tables that the metadata describes. `in_source`: their cells are loaded from the source when needed.
    ///
    /// A column named twice is taken once; a table or column without a name is passed over.
    pub fn declare_user_tables(&mut self, in_source: bool) {
        let mut described: BTreeMap<RowId, Vec<(f64, RowId, ColId, ColumnSpec)>> = BTreeMap::new();
        let reverse = self.reverse_columns();
        if let Some(columns) = self.table("_grist_Tables_column") {
            for row in columns.rows().iter() {
                let text = |col: &str| columns.cell(col, row).as_text().unwrap_or_default().to_owned();
                let Some(parent) = columns.cell("parentId", row).as_row_id() else { continue };
                let spec = ColumnSpec {
                    column_type: ColumnType::parse(&text("type")),
                    is_formula: columns.cell("isFormula", row).is_true(),
                    formula: text("formula").into(),
                    reverse: reverse.get(&row).cloned(),
                };
                let position = columns.cell("parentPos", row).as_number().unwrap_or(f64::INFINITY);
                described.entry(parent).or_default().push((position, row, text("colId").into(), spec));
            }
        }
        let tables: Vec<(RowId, TableId)> = self
            .table("_grist_Tables")
            .map(|tables| {
                let named = |row| Some((row, TableId::new(tables.cell("tableId", row).as_text()?)));
                tables.rows().iter().filter_map(named).collect()
            })
            .unwrap_or_default();
        for (row, id) in tables {
            if id.is_empty() || self.table_ix(&id).is_some() {
                continue;
            }
            let mut columns = described.remove(&row).unwrap_or_default();
            columns.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
            let mut seen = FxHashSet::default();
            let columns: Vec<(ColId, ColumnSpec)> = columns
                .into_iter()
                .map(|(_, _, col, spec)| (col, spec))
                .filter(|(col, _)| !col.is_empty() && seen.insert(col.clone()))
                .collect();
            self.declare(id, columns, in_source);
        }
    }

    /// The ids of the other sides of two-way references, by column record.
    fn reverse_columns(&self) -> FxHashMap<RowId, ColId> {
        let Some(columns) = self.table("_grist_Tables_column") else { return FxHashMap::default() };
        let reverse = |row: RowId| {
            let other = columns.cell("reverseCol", row).as_row_id().filter(|other| !other.is_none())?;
            Some((row, ColId::new(columns.cell("colId", other).as_text()?)))
        };
        columns.rows().iter().filter_map(reverse).collect()
    }

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
