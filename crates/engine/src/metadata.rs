//! What the engine itself reads from the metadata tables: summaries and triggers.

use std::collections::BTreeMap;

use formula::{ColIx, TableIx};
use model::schema::METADATA;
use model::{CellValue, ColId, ColumnType, RowId, TableData, TableId};
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
        let data = |id: &str| self.table(id).map(|table| table.data(true));
        let (Some(tables), Some(columns)) = (data("_grist_Tables"), data("_grist_Tables_column")) else {
            return;
        };
        self.declare_described(&tables, &columns, in_source);
    }

    /// As [`Engine::declare_user_tables`], from records of the two metadata tables as they were given: a row id may occur twice.
    pub fn declare_described(&mut self, tables: &TableData, columns: &TableData, in_source: bool) {
        let mut described: BTreeMap<RowId, Vec<(f64, usize, ColId, ColumnSpec)>> = BTreeMap::new();
        let cell = |data: &TableData, col: &str, at: usize| {
            data.columns.get(col).and_then(|values| values.get(at)).unwrap_or_default()
        };
        let text = |col: &str, at: usize| cell(columns, col, at).as_text().unwrap_or_default().to_owned();
        let reverse = |at: usize| {
            let other = cell(columns, "reverseCol", at).as_row_id().filter(|other| !other.is_none())?;
            let other = columns.rows.iter().position(|row| *row == other)?;
            Some(ColId::new(&text("colId", other)))
        };
        for at in 0..columns.rows.len() {
            let Some(parent) = cell(columns, "parentId", at).as_row_id() else { continue };
            let spec = ColumnSpec {
                column_type: ColumnType::parse(&text("type", at)),
                is_formula: cell(columns, "isFormula", at).is_true(),
                formula: text("formula", at).into(),
                reverse: reverse(at),
            };
            let position = cell(columns, "parentPos", at).as_number().unwrap_or(f64::INFINITY);
            described.entry(parent).or_default().push((position, at, text("colId", at).into(), spec));
        }
        let named =
            |(at, row): (usize, &RowId)| Some((*row, TableId::new(cell(tables, "tableId", at).as_text()?)));
        let tables: Vec<(RowId, TableId)> = tables.rows.iter().enumerate().filter_map(named).collect();
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
