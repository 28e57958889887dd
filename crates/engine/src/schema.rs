//! The schema as formulas are compiled against it.

use formula::{ColIx, Schema, StaticType, TableIx};
use model::{ColId, ColumnType, TableId};

use crate::engine::Engine;
use crate::graph::Compute;

impl Schema for Engine {
    fn table(&self, id: &str) -> Option<TableIx> {
        self.table_ix(id)
    }
    fn table_id(&self, table: TableIx) -> TableId {
        self.at(table).map(|table| table.id.clone()).unwrap_or_default()
    }
    fn column(&self, table: TableIx, id: &str) -> Option<ColIx> {
        self.at(table)?.find(id)
    }
    fn columns(&self, table: TableIx) -> Vec<ColIx> {
        let Some(table) = self.at(table) else { return Vec::new() };
        table.columns().filter(|(_, slot)| !slot.id.starts_with('#')).map(|(col, _)| col).collect()
    }
    fn column_id(&self, table: TableIx, col: ColIx) -> ColId {
        self.names(table, col).map(|(_, col)| col).unwrap_or_default()
    }
    fn column_type(&self, table: TableIx, col: ColIx) -> ColumnType {
        self.at(table)
            .and_then(|table| table.slot(col))
            .map(|slot| slot.spec.column_type.clone())
            .unwrap_or_default()
    }
    fn result_type(&self, table: TableIx, col: ColIx) -> Option<StaticType> {
        match self.graph.compute((table, col))? {
            Compute::Formula(formula) => Some(formula.result_type.clone()),
            Compute::SummaryLink(_) => None,
        }
    }
    fn columns_named(&self, id: &str) -> Vec<(TableIx, ColIx)> {
        self.tables().filter_map(|(table, held)| held.find(id).map(|col| (table, col))).collect()
    }
    fn summary_source(&self, table: TableIx) -> Option<TableIx> {
        self.summary_sources.get(&table).copied()
    }
}
