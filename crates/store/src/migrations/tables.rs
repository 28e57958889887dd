//! The tables of a document while they are migrated, with a record of what was done.

use std::collections::BTreeMap;

use model::schema::metadata_columns;
use model::{
    CellValue, Cells, ColId, ColumnInfo, ColumnValues, DocAction, RowId, RowValues, TableData, TableId,
};

/// Tables, and the doc actions that changed them.
#[derive(Debug)]
pub(super) struct Tables {
    tables: BTreeMap<TableId, TableData>,
    actions: Vec<DocAction>,
}

impl Tables {
    pub(super) fn new(mut tables: BTreeMap<TableId, TableData>) -> Self {
        tables.values_mut().for_each(sort_rows);
        Self { tables, actions: Vec::new() }
    }
    pub(super) fn into_actions(self) -> Vec<DocAction> {
        self.actions
    }
    pub(super) fn into_tables(self) -> BTreeMap<TableId, TableData> {
        self.tables
    }
    pub(super) fn has(&self, table: &str) -> bool {
        self.tables.contains_key(table)
    }
    pub(super) fn has_column(&self, table: &str, col: &str) -> bool {
        self.tables.get(table).is_some_and(|data| data.columns.contains_key(col))
    }
    pub(super) fn columns(&self, table: &str) -> Vec<ColId> {
        self.tables.get(table).map(|data| data.columns.keys().cloned().collect()).unwrap_or_default()
    }
    /// The rows of a table, ascending.
    pub(super) fn rows(&self, table: &str) -> Vec<RowId> {
        self.tables.get(table).map(|data| data.rows.clone()).unwrap_or_default()
    }
    pub(super) fn next_row(&self, table: &str) -> RowId {
        let last = self.tables.get(table).and_then(|data| data.rows.last().copied());
        RowId(last.unwrap_or_default().0 + 1)
    }
    pub(super) fn cell(&self, table: &str, row: RowId, col: &str) -> CellValue {
        let cell = || {
            let data = self.tables.get(table)?;
            let at = data.rows.binary_search(&row).ok()?;
            data.columns.get(col)?.get(at)
        };
        cell().unwrap_or_default()
    }
    pub(super) fn text(&self, table: &str, row: RowId, col: &str) -> String {
        self.cell(table, row, col).as_text().unwrap_or_default().to_owned()
    }
    pub(super) fn number(&self, table: &str, row: RowId, col: &str) -> i64 {
        self.cell(table, row, col).as_int().unwrap_or(0)
    }
    pub(super) fn row_ref(&self, table: &str, row: RowId, col: &str) -> RowId {
        self.cell(table, row, col).as_row_id().unwrap_or_default()
    }

    pub(super) fn update(&mut self, table: &str, row: RowId, values: &[(&str, CellValue)]) {
        let values: RowValues = values.iter().map(|(col, value)| (ColId::new(col), value.clone())).collect();
        self.apply(DocAction::UpdateRecord(table.into(), row, values));
    }
    pub(super) fn add(&mut self, table: &str, row: RowId, values: &[(&str, CellValue)]) {
        let values: RowValues = values.iter().map(|(col, value)| (ColId::new(col), value.clone())).collect();
        self.apply(DocAction::AddRecord(table.into(), row, values));
    }

    /// Does a doc action, and keeps it.
    pub(super) fn apply(&mut self, action: DocAction) {
        match action.clone().bulk() {
            DocAction::BulkAddRecord(table, rows, columns) => self.insert(&table, &rows, &columns),
            DocAction::BulkUpdateRecord(table, rows, columns) => self.set(&table, &rows, &columns),
            DocAction::BulkRemoveRecord(table, rows) => {
                if let Some(data) = self.tables.get_mut(&table) {
                    let keep: Vec<bool> = data.rows.iter().map(|row| !rows.contains(row)).collect();
                    retain(&mut data.rows, &keep);
                    let kept = || keep.iter().enumerate().filter(|(_, keep)| **keep).map(|(at, _)| at);
                    data.columns.values_mut().for_each(|values| *values = values.select(kept()));
                }
            }
            DocAction::ReplaceTableData(table, rows, columns) => {
                if let Some(data) = self.tables.get_mut(&table) {
                    data.rows.clear();
                    data.columns.values_mut().for_each(|values| *values = Cells::new());
                }
                self.insert(&table, &rows, &columns);
            }
            DocAction::AddColumn(table, col, info) => {
                if let Some(data) = self.tables.get_mut(&table) {
                    let default = default_of(&info);
                    data.columns.insert(col, Cells::repeated(default, data.rows.len()));
                }
            }
            DocAction::RemoveColumn(table, col) => {
                if let Some(data) = self.tables.get_mut(&table) {
                    data.columns.shift_remove(&col);
                }
            }
            DocAction::AddTable(table, columns) => {
                let ids = columns.iter().filter_map(|info| info.get("id").and_then(CellValue::as_text));
                let columns: ColumnValues = ids.map(|id| (ColId::new(id), Cells::new())).collect();
                self.tables.insert(table.clone(), TableData { table, rows: Vec::new(), columns });
            }
            DocAction::RenameTable(old, new) => {
                if let Some(mut data) = self.tables.remove(&old) {
                    data.table = new.clone();
                    self.tables.insert(new, data);
                }
            }
            // Only formulas and types of user tables are concerned: no data of this model.
            _ => {}
        }
        self.actions.push(action);
    }

    fn insert(&mut self, table: &TableId, rows: &[RowId], columns: &ColumnValues) {
        let Some(data) = self.tables.get_mut(table) else { return };
        data.rows.extend(rows);
        for (col, values) in &mut data.columns {
            match columns.get(col) {
                Some(new) => values.extend(new),
                None => values.resize(data.rows.len(), metadata_default(table, col)),
            }
        }
        sort_rows(data);
    }

    fn set(&mut self, table: &TableId, rows: &[RowId], columns: &ColumnValues) {
        let Some(data) = self.tables.get_mut(table) else { return };
        for (col, new) in columns {
            let Some(values) = data.columns.get_mut(col) else { continue };
            for (row, value) in rows.iter().zip(new) {
                if let Ok(at) = data.rows.binary_search(row) {
                    values.set(at, value);
                }
            }
        }
    }
}

/// What a cell of a metadata table holds that nobody has set.
fn metadata_default(table: &str, col: &str) -> CellValue {
    metadata_columns(table)
        .and_then(|mut columns| columns.find(|(id, _)| *id == col))
        .map(|(_, column_type)| column_type.default_value())
        .unwrap_or_default()
}

/// Puts rows in the order of their ids, which finding one needs.
fn sort_rows(data: &mut TableData) {
    if data.rows.is_sorted() {
        return;
    }
    let mut order: Vec<usize> = (0..data.rows.len()).collect();
    order.sort_by_key(|at| data.rows[*at]);
    data.rows = order.iter().map(|at| data.rows[*at]).collect();
    for values in data.columns.values_mut() {
        *values = values.select(order.iter().copied());
    }
}

fn retain<T>(items: &mut Vec<T>, keep: &[bool]) {
    let mut keep = keep.iter();
    items.retain(|_| *keep.next().unwrap_or(&false));
}

fn default_of(info: &ColumnInfo) -> CellValue {
    info.get("type")
        .and_then(CellValue::as_text)
        .map(model::ColumnType::parse)
        .unwrap_or_default()
        .default_value()
}
