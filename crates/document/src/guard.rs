//! The one door: what rules let out of the document for whom, and in from whom.
//!
//! A document without rules has no [`View`], and none of this costs anything then.

use std::sync::Arc;

use access::{
    Cells, Denied, Permission, Rules, RulesError, Source, Steps, TouchesRules, User, Verdict, View,
};
use actions::UserAction;
use engine::{Engine, Outcome};
use model::{CellValue, ColId, RowId, TableData};

use crate::action_group::ActionGroup;
use crate::action_summary::ActionSummary;
use crate::error::DocumentError;
use crate::outlet::Push;
use crate::person::{ClientId, Person};
use crate::snapshot::TableSnapshot;
use crate::state::Document;

/// User actions that look for rows by their values: who may not see all of a table learns from them what is there.
const SEEKING: [&str; 3] = ["AddOrUpdateRecord", "BulkAddOrUpdateRecord", "LookupOrAddRecord"];

/// The document as rules look at it. Tables that are needed are in memory.
struct Seen<'e>(&'e Engine);

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

/// What rules make of a turn: whether it is allowed, and what it did to rows.
#[derive(Debug)]
pub(crate) struct Judged {
    pub(crate) steps: Steps,
    pub(crate) touches: TouchesRules,
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
        if snapshot.table.is_metadata() {
            let data = access::censored(&view, vec![snapshot.data()], &Seen(&self.engine));
            return Ok(data.into_iter().next().map_or(snapshot.clone(), |data| snapshot.with(&data)));
        }
        filtered(&view, snapshot)
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
        let Some(view) = self.view(person) else { return true };
        let tables = self.engine.table_ids();
        view.reads_all(tables.iter().filter(|table| !table.is_metadata()).map(|table| table.as_str()))
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

    /// Before a turn: whether somebody may ask for this at all.
    pub(crate) fn require_asking(
        &mut self,
        person: &Person,
        actions: &[UserAction],
    ) -> Result<Option<View>, DocumentError> {
        let Some(view) = self.view(person) else { return Ok(None) };
        for action in actions.iter().filter(|action| SEEKING.contains(&action.name.as_str())) {
            if let Some(CellValue::Text(table)) = action.arguments.first() {
                view.check_reads(table)?;
            }
        }
        Ok(Some(view))
    }
}

/// Judges what a turn did, while it can still be taken back. `view`: whom it must be allowed to; nothing: anybody.
pub(crate) fn judge(
    engine: &Engine,
    rules: Option<&Arc<Rules>>,
    view: Option<&View>,
    outcome: &Outcome,
) -> Result<Judged, DocumentError> {
    let touches = TouchesRules::of(&outcome.stored);
    let seen = Seen(engine);
    if touches.rules {
        Rules::check(&seen)?;
    }
    let Some(rules) = rules else { return Ok(Judged { steps: Steps::default(), touches }) };
    let steps = Steps::of(&outcome.stored, &outcome.undo, &seen, &|table| rules.look_at_rows_of(table));
    if let Some(view) = view {
        view.check(&outcome.stored, &outcome.direct, &steps)?;
    }
    Ok(Judged { steps, touches })
}

/// A table without what somebody may not see.
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
    // Cells of rows out of sight are not read, but must not be there either.
    Ok(snapshot)
}

impl Document {
    /// A turn as somebody connected may hear of it; nothing if they may not hear anything of it.
    pub(crate) fn part_for(
        &mut self,
        client: ClientId,
        group: &Arc<ActionGroup>,
        steps: &Steps,
    ) -> Option<Arc<ActionGroup>> {
        let person = self.clients.get(&client)?.person.clone();
        let Some(view) = self.view(&person) else { return Some(Arc::clone(group)) };
        if self.reads_everything(&person) {
            return Some(Arc::clone(group));
        }
        let doc_actions = view.filter(&group.doc_actions, steps, &Seen(&self.engine));
        if doc_actions.is_empty() && !group.doc_actions.is_empty() {
            return None;
        }
        Some(Arc::new(ActionGroup {
            action_num: group.action_num,
            action_hash: group.action_hash.clone(),
            desc: Some(String::new()),
            from_client: group.from_client,
            link_id: group.link_id,
            other_id: group.other_id,
            time_ms: group.time_ms,
            user: group.user.clone(),
            row_id_hint: group.row_id_hint,
            primary_action: group.primary_action.clone(),
            is_undo: group.is_undo,
            internal: group.internal,
            summary: ActionSummary::default(),
            doc_actions,
            ..ActionGroup::default()
        }))
    }
}

impl Document {
    /// After a turn: the rules as they are now.
    pub(crate) fn follow_rules(&mut self, touches: TouchesRules) {
        // Renamed tables and columns are renamed in rules as well, which are records then.
        if touches.rules {
            self.read_rules();
        }
    }

    /// What rules make of everybody connected, where records describe users.
    pub(crate) fn views(&mut self) -> Vec<(ClientId, View)> {
        if self.rules.as_ref().is_none_or(|rules| rules.attribute_tables().next().is_none()) {
            return Vec::new();
        }
        let people: Vec<(ClientId, Person)> =
            self.clients.iter().map(|(id, client)| (*id, client.person.clone())).collect();
        people.into_iter().filter_map(|(id, person)| Some((id, self.view(&person)?))).collect()
    }

    /// Tells those to come again whom the records describe otherwise than before.
    pub(crate) fn tell_changed_users(&mut self, before: &[(ClientId, View)]) {
        for (id, view) in before {
            let Some(person) = self.clients.get(id).map(|client| client.person.clone()) else { continue };
            if self.view(&person).is_none_or(|now| !now.same_user(view))
                && let Some(client) = self.clients.get(id)
            {
                client.listener.hear(Push::Reload { author: None });
            }
        }
    }
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
