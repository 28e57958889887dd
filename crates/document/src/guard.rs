//! What rules let out of the document for whom: tables, metadata, cells, files. What becomes of turns is in [`crate::verdict`].
//!
//! A document without rules has no [`View`], and none of this costs anything then.

use std::sync::Arc;

use access::{Cells, Denied, Permission, Rules, RulesError, Source, User, Verdict, View};
use engine::{Engine, Rows};
use model::{CellValue, ColId, ColumnType, RowId, TableData};

use crate::error::DocumentError;
use crate::person::Person;
use crate::snapshot::TableSnapshot;
use crate::state::Document;

const FILES: &str = "_grist_Attachments";

/// The document as rules look at it. Tables that are needed are in memory.
pub(crate) struct Seen<'e>(pub(crate) &'e Engine);

impl Source for Seen<'_> {
    fn data(&self, table: &str) -> Option<TableData> {
        self.0.table(table).map(|table| table.data(true))
    }
    fn columns(&self, table: &str) -> Option<Vec<ColId>> {
        let columns = self.0.table(table)?.columns();
        Some(columns.map(|(_, slot)| slot.id.clone()).filter(|id| !id.starts_with('#')).collect())
    }
    fn cell(&self, table: &str, col: &str, row: RowId) -> Option<CellValue> {
        Some(self.0.table(table)?.column(col)?.cells.get(row))
    }
    fn default(&self, table: &str, col: &str) -> Option<CellValue> {
        Some(self.0.table(table)?.column(col)?.spec.column_type.default_value())
    }
    fn has_row(&self, table: &str, row: RowId) -> bool {
        self.0.table(table).is_some_and(|table| table.rows().contains(row))
    }
    fn find(&self, table: &str, col: &str, value: &CellValue) -> Option<RowId> {
        let table = self.0.table(table)?;
        let cells = &table.column(col)?.cells;
        table.rows().iter().find(|row| cells.holds(*row, value))
    }
}

/// A row of a snapshot.
struct SnapshotRow<'s>(&'s TableSnapshot, RowId);

impl Cells for SnapshotRow<'_> {
    fn cell(&self, col: &str) -> Option<CellValue> {
        if col == "id" {
            return Some(CellValue::from(self.1));
        }
        self.0.column(col).map(|column| column.cells.get(self.1))
    }
}

/// What somebody may see of tables and columns, for what is read from the metadata.
#[derive(Debug)]
pub struct Sight(Option<View>);

impl Sight {
    /// Whether they may see a table, or some of it.
    #[must_use]
    pub fn sees_table(&self, table: &str) -> bool {
        self.0.as_ref().is_none_or(|view| !matches!(view.table(table, Permission::Read), Verdict::Deny(_)))
    }
    /// Whether they may see all of a table.
    #[must_use]
    pub fn sees_all_of(&self, table: &str) -> bool {
        self.0.as_ref().is_none_or(|view| view.table(table, Permission::Read) == Verdict::Allow)
    }
    /// Whether they may see a column, or some of its cells.
    #[must_use]
    pub fn sees_column(&self, table: &str, col: &str) -> bool {
        let denied = |view: &View| {
            matches!(view.column(table, Some(&ColId::new(col)), Permission::Read), Verdict::Deny(_))
        };
        self.0.as_ref().is_none_or(|view| !denied(view))
    }
}

impl Document {
    /// Reads the rules anew.
    pub(crate) fn read_rules(&mut self) {
        self.rules = Rules::of(&Seen(&self.engine)).map(Arc::new);
    }

    /// The rules as they are for somebody; nothing if there are none.
    pub(crate) fn view(&mut self, person: &Person) -> Option<View> {
        let rules = Arc::clone(self.rules.as_ref()?);
        for table in rules.attribute_tables() {
            // A table that is not there describes nobody.
            let _ = self.engine.loaded(table);
        }
        Some(View::new(rules, User::new(person.fields()), &Seen(&self.engine)))
    }

    /// A table as somebody may see it.
    pub(crate) fn snapshot_for(
        &mut self,
        person: &Person,
        table: &str,
    ) -> Result<TableSnapshot, DocumentError> {
        let snapshot = self.snapshot(table)?;
        let Some(view) = self.view(person) else { return Ok(snapshot) };
        if snapshot.table == *FILES {
            return self.files_in_sight(&view, snapshot);
        }
        if snapshot.table.is_metadata() {
            let data = access::censored(&view, vec![snapshot.data()], &Seen(&self.engine));
            return Ok(data.into_iter().next().map_or(snapshot.clone(), |data| snapshot.with(&data)));
        }
        filtered(&view, snapshot)
    }

    /// The rows of files that stand in cells somebody may see.
    fn files_in_sight(
        &mut self,
        view: &View,
        mut files: TableSnapshot,
    ) -> Result<TableSnapshot, DocumentError> {
        if self.reads_all(view) {
            return Ok(files);
        }
        let mut seen = Rows::default();
        for table in self.engine.table_ids().into_iter().filter(|table| !table.is_metadata()) {
            let Ok(table) = filtered(view, self.snapshot(&table)?) else { continue };
            for column in table.columns.iter().filter(|column| column.column_type == ColumnType::Attachments)
            {
                for row in table.rows.iter() {
                    if let CellValue::List(cells) = column.cells.get(row) {
                        seen.extend(cells.iter().filter_map(CellValue::as_row_id));
                    }
                }
            }
        }
        seen.intersect_with(&files.rows);
        files.rows = Arc::new(seen);
        Ok(files)
    }

    /// Metadata tables as somebody may see them.
    pub(crate) fn metadata_for(&mut self, person: &Person, tables: Vec<TableData>) -> Vec<TableData> {
        match self.view(person) {
            Some(view) => access::censored(&view, tables, &Seen(&self.engine)),
            None => tables,
        }
    }

    /// Whether somebody may see all of the document: code, history and whole copies show everything.
    pub(crate) fn reads_everything(&mut self, person: &Person) -> bool {
        self.view(person).is_none_or(|view| self.reads_all(&view))
    }

    /// The same for a view that is there already.
    pub(crate) fn reads_all(&self, view: &View) -> bool {
        let mut tables = self.engine.tables().filter(|(_, table)| !table.id.is_metadata());
        tables.all(|(_, table)| view.table(&table.id, Permission::Read) == Verdict::Allow)
    }

    /// Whether somebody may take a whole copy of the document.
    pub(crate) fn may_copy(&mut self, person: &Person) -> bool {
        self.reads_everything(person)
            || self.view(person).is_none_or(|view| view.special("FullCopies", Permission::Read))
    }

    /// Whether somebody may see the rules.
    pub(crate) fn reads_rules(&mut self, person: &Person) -> bool {
        self.view(person).is_none_or(|view| view.special("AccessRules", Permission::Read))
    }

    /// What somebody may see.
    pub(crate) fn sight(&mut self, person: &Person) -> Sight {
        Sight(self.view(person))
    }

    /// Goes on if somebody may see a cell.
    pub(crate) fn require_cell(
        &mut self,
        person: &Person,
        table: &str,
        col: &str,
        row: RowId,
    ) -> Result<(), DocumentError> {
        if self.rules.is_none() {
            return Ok(());
        }
        let hidden = || DocumentError::Hidden;
        let snapshot = self.snapshot_for(person, table).map_err(|_| hidden())?;
        let column = snapshot.column(col).ok_or_else(hidden)?;
        if snapshot.rows.contains(row) && !matches!(column.cells.get(row), CellValue::Censored) {
            Ok(())
        } else {
            Err(hidden())
        }
    }
}

/// A table without what somebody may not see. The cells of rows that are left out are still in the columns: who reads a snapshot reads its rows.
fn filtered(view: &View, mut snapshot: TableSnapshot) -> Result<TableSnapshot, DocumentError> {
    let table = snapshot.table.clone();
    match view.table(&table, Permission::Read) {
        Verdict::Allow => return Ok(snapshot),
        Verdict::Deny(memo) => {
            let memos = memo.into_iter().collect();
            return Err(Denied::Blocked { scope: "table", permission: Permission::Read, memos }.into());
        }
        Verdict::Mixed => {}
    }
    let whole = snapshot.clone();
    snapshot.columns.retain(|column| {
        !matches!(view.column(&table, Some(&column.id), Permission::Read), Verdict::Deny(_))
    });
    if !view.by_row(&table) {
        return Ok(snapshot);
    }
    let rows = whole.rows.iter().filter(|row| view.sees_row(&table, &SnapshotRow(&whole, *row)));
    snapshot.rows = Arc::new(rows.collect());
    for column in &mut snapshot.columns {
        let aspect = view.aspect_of(&table, &column.id);
        if view.column(&table, aspect, Permission::Read) != Verdict::Mixed {
            continue;
        }
        let hidden = |row: &RowId| !view.sees_cell(&table, aspect, &SnapshotRow(&whole, *row));
        let hidden: Vec<RowId> = snapshot.rows.iter().filter(hidden).collect();
        if !hidden.is_empty() {
            let cells = Arc::make_mut(&mut column.cells);
            for row in hidden {
                cells.set(row, CellValue::Censored);
            }
        }
    }
    Ok(snapshot)
}

impl From<Denied> for DocumentError {
    fn from(denied: Denied) -> Self {
        Self::Denied(denied)
    }
}

impl From<RulesError> for DocumentError {
    fn from(error: RulesError) -> Self {
        Self::Rules(error)
    }
}
