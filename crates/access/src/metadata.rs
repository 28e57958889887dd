//! What the metadata tables would tell of tables and columns that somebody may not see.

use model::{CellValue, ColumnValues, DocAction, RowId, TableData};
use rustc_hash::FxHashSet;

use crate::permission::Permission;
use crate::steps::{Source, row_ids};
use crate::view::{Verdict, View};

/// Files: their names say what cells hold. The rows of those in sight are for the caller to put back.
const FILES: &str = "_grist_Attachments";
/// Remarks on cells.
const REMARKS: &str = "_grist_Cells";
const RULES: [&str; 2] = ["_grist_ACLResources", "_grist_ACLRules"];

/// Columns that say something of what a record is about, with what they say instead.
const CENSORED: [(&str, &[(&str, Blank)]); 6] = [
    ("_grist_Tables", &[("tableId", Blank::Text)]),
    (
        "_grist_Tables_column",
        &[
            ("colId", Blank::Text),
            ("label", Blank::Text),
            ("type", Blank::Any),
            ("formula", Blank::Text),
            ("widgetOptions", Blank::Text),
            ("description", Blank::Text),
            ("parentId", Blank::Zero),
        ],
    ),
    ("_grist_Views", &[("name", Blank::Text)]),
    (
        "_grist_Views_section",
        &[("title", Blank::Text), ("description", Blank::Text), ("tableRef", Blank::Zero)],
    ),
    (
        "_grist_Views_section_field",
        &[("widgetOptions", Blank::Text), ("filter", Blank::Text), ("parentId", Blank::Zero)],
    ),
    ("_grist_Filters", &[("filter", Blank::Text)]),
];

#[derive(Clone, Copy, Debug)]
enum Blank {
    Text,
    Any,
    Zero,
}

impl Blank {
    fn value(self) -> CellValue {
        match self {
            Self::Text => CellValue::text(""),
            Self::Any => CellValue::text("Any"),
            Self::Zero => CellValue::Int(0),
        }
    }
}

/// The records of the metadata that tell of what somebody may not see.
#[derive(Debug, Default)]
pub(crate) struct Hidden {
    records: FxHashSet<(&'static str, RowId)>,
    /// Tables of which not all is seen.
    partly: FxHashSet<RowId>,
    rules: bool,
}

impl Hidden {
    pub(crate) fn of(view: &View, source: &dyn Source) -> Self {
        let mut hidden = Self { rules: !view.special("AccessRules", Permission::Read), ..Self::default() };
        let [tables, columns, views, sections, fields, filters] = CENSORED.map(|(name, _)| name);
        let text = |table: &str, col: &str, row: RowId| {
            source
                .cell(table, col, row)
                .and_then(|cell| cell.as_text().map(ToOwned::to_owned))
                .unwrap_or_default()
        };
        let reference = |table: &str, col: &str, row: RowId| {
            source.cell(table, col, row).and_then(|cell| cell.as_row_id()).unwrap_or_default()
        };
        let rows = |table: &str| source.data(table).map(|data| data.rows).unwrap_or_default();
        let denied = |verdict: Verdict| matches!(verdict, Verdict::Deny(_));
        for row in rows(tables) {
            let verdict = view.table(&text(tables, "tableId", row), Permission::Read);
            if verdict != Verdict::Allow {
                hidden.partly.insert(row);
            }
            if denied(verdict) {
                hidden.records.insert((tables, row));
            }
        }
        for row in rows(columns) {
            let table = reference(columns, "parentId", row);
            let id = model::ColId::new(&text(columns, "colId", row));
            if hidden.has(tables, table)
                || denied(view.column(&text(tables, "tableId", table), Some(&id), Permission::Read))
            {
                hidden.records.insert((columns, row));
            }
        }
        for row in rows(REMARKS) {
            if hidden.partly.contains(&reference(REMARKS, "tableRef", row)) {
                hidden.records.insert((REMARKS, row));
            }
        }
        if hidden.records.is_empty() {
            return hidden;
        }
        for row in rows(sections) {
            if hidden.has(tables, reference(sections, "tableRef", row)) {
                hidden.records.insert((sections, row));
                let view = reference(sections, "parentId", row);
                if !view.is_none() {
                    hidden.records.insert((views, view));
                }
            }
        }
        for row in rows(fields) {
            if hidden.has(columns, reference(fields, "colRef", row))
                || hidden.has(sections, reference(fields, "parentId", row))
            {
                hidden.records.insert((fields, row));
            }
        }
        for row in rows(filters) {
            if hidden.has(columns, reference(filters, "colRef", row)) {
                hidden.records.insert((filters, row));
            }
        }
        hidden
    }

    fn has(&self, table: &'static str, row: RowId) -> bool {
        self.records.contains(&(table, row))
    }

    fn censor(&self, table: &str, rows: &[RowId], columns: &mut ColumnValues) {
        let Some((name, blanks)) = CENSORED.iter().find(|(name, _)| *name == table) else { return };
        for (at, _) in rows.iter().enumerate().filter(|(_, row)| self.has(name, **row)) {
            for (col, blank) in *blanks {
                if let Some(values) = columns.get_mut(*col) {
                    values.set(at, blank.value());
                }
            }
        }
    }

    /// A metadata table, censored.
    pub(crate) fn table(&self, mut data: TableData) -> TableData {
        if self.rules && RULES.contains(&data.table.as_str()) {
            return TableData { rows: Vec::new(), columns: ColumnValues::default(), ..data };
        }
        let table = data.table.clone();
        let kept: Vec<usize> = (0..data.rows.len()).filter(|at| self.tells(&table, data.rows[*at])).collect();
        if kept.len() < data.rows.len() {
            data.rows = kept.iter().map(|at| data.rows[*at]).collect();
            data.columns.values_mut().for_each(|cells| *cells = cells.select(kept.iter().copied()));
        }
        self.censor(&table, &data.rows, &mut data.columns);
        data
    }

    /// Whether anything of a record may be told.
    fn tells(&self, table: &str, row: RowId) -> bool {
        match table {
            FILES => self.partly.is_empty(),
            REMARKS => !self.has(REMARKS, row),
            _ => true,
        }
    }

    /// A doc action on metadata, censored.
    pub(crate) fn action(&self, action: &DocAction) -> Option<DocAction> {
        if self.rules && RULES.contains(&action.table().as_str()) {
            return None;
        }
        let table = action.table().clone();
        // Remarks and files mostly come and go one by one.
        if !row_ids(action).iter().all(|row| self.tells(&table, *row)) {
            return None;
        }
        let single = !matches!(action, DocAction::BulkAddRecord(..) | DocAction::BulkUpdateRecord(..));
        let mut bulk = action.clone().bulk();
        if let DocAction::BulkAddRecord(_, rows, columns) | DocAction::BulkUpdateRecord(_, rows, columns) =
            &mut bulk
        {
            let rows = rows.clone();
            self.censor(&table, &rows, columns);
        }
        Some(if single { bulk.simplified() } else { bulk })
    }
}

/// Metadata tables as somebody may see them.
#[must_use]
pub fn censored(view: &View, tables: Vec<TableData>, source: &dyn Source) -> Vec<TableData> {
    let hidden = Hidden::of(view, source);
    tables.into_iter().map(|data| hidden.table(data)).collect()
}
