//! Whether somebody may do what a turn did.

use std::rc::Rc;

use model::{ColId, DocAction, RowId};

use crate::error::Denied;
use crate::permission::Permission;
use crate::predicate::Cells;
use crate::steps::{RowState, Step, Steps};
use crate::view::{Rows, Verdict, View};

impl View {
    /// Whether the person may do this: the doc actions that they asked for (`direct`), with what they did to rows.
    ///
    /// # Errors
    /// What forbids it.
    pub fn check(&self, actions: &[DocAction], direct: &[bool], steps: &Steps) -> Result<(), Denied> {
        let none = Step::default();
        for (at, action) in actions.iter().enumerate() {
            if direct.get(at).copied().unwrap_or(true) {
                self.check_action(action, steps.steps.get(at).unwrap_or(&none))?;
            }
        }
        Ok(())
    }

    /// Whether the person may see all of a table, as what looks for rows by value requires.
    ///
    /// # Errors
    /// If not.
    pub fn check_reads(&self, table: &str) -> Result<(), Denied> {
        match self.table(table, Permission::Read) {
            Verdict::Allow => Ok(()),
            Verdict::Deny(memo) => Err(blocked("table", Permission::Read, memo)),
            Verdict::Mixed => Err(blocked("table", Permission::Read, None)),
        }
    }

    fn check_action(&self, action: &DocAction, step: &Step) -> Result<(), Denied> {
        let table = action.table();
        if *table == *"_grist_ACLRules" || *table == *"_grist_ACLResources" {
            return if self.is_owner() { Ok(()) } else { Err(Denied::Rules) };
        }
        // Files attached and remarks on cells are data.
        let is_data = !table.is_metadata() || *table == *"_grist_Attachments" || *table == *"_grist_Cells";
        if action.is_schema() || !is_data {
            return if self.special("SchemaEdit", Permission::Schema) {
                Ok(())
            } else {
                Err(blocked("table", Permission::Schema, None))
            };
        }
        if table.is_metadata() {
            return Ok(());
        }
        let bulk = action.clone().bulk();
        let (permission, rows, columns): (_, &[RowId], Vec<&ColId>) = match &bulk {
            DocAction::BulkAddRecord(_, rows, columns) => {
                (Permission::Create, rows, columns.keys().collect())
            }
            DocAction::BulkUpdateRecord(_, rows, columns) => {
                (Permission::Update, rows, columns.keys().collect())
            }
            DocAction::BulkRemoveRecord(_, rows) => (Permission::Delete, rows, Vec::new()),
            DocAction::ReplaceTableData(_, rows, columns) => {
                self.check_table(table, Permission::Delete)?;
                (Permission::Create, rows, columns.keys().collect())
            }
            _ => return Ok(()),
        };
        if self.check_table(table, permission)? {
            return Ok(());
        }
        self.check_rows(table, permission, (rows, &columns), step)
    }

    /// Whether all is allowed, without a look at rows or columns.
    fn check_table(&self, table: &str, permission: Permission) -> Result<bool, Denied> {
        match self.table(table, permission) {
            Verdict::Allow => Ok(true),
            Verdict::Deny(memo) => Err(blocked("table", permission, memo)),
            Verdict::Mixed => Ok(false),
        }
    }

    fn check_rows(
        &self,
        table: &str,
        permission: Permission,
        (rows, columns): (&[RowId], &[&ColId]),
        step: &Step,
    ) -> Result<(), Denied> {
        // Columns with rules of their own, and the others together; positions of rows are nobody's secret.
        let mut aspects: Vec<Option<&ColId>> = Vec::new();
        for col in columns.iter().filter(|col| ***col != *"manualSort") {
            let aspect = self.aspect_of(table, col);
            if !aspects.contains(&aspect) {
                aspects.push(aspect);
            }
        }
        if aspects.is_empty() || permission != Permission::Update {
            aspects.retain(Option::is_some);
            aspects.insert(0, None);
        }
        for aspect in aspects {
            match self.column(table, aspect, permission) {
                Verdict::Allow => continue,
                Verdict::Deny(memo) => {
                    return Err(blocked(if aspect.is_some() { "column" } else { "table" }, permission, memo));
                }
                Verdict::Mixed => {}
            }
            for row in rows {
                let state = |of: Option<&Rc<RowState>>| of.cloned();
                let (before, after) = (state(step.before.get(row)), state(step.after.get(row)));
                let before = before.or_else(|| after.clone());
                fn cells(state: Option<&Rc<RowState>>) -> Option<&dyn Cells> {
                    state.map(|state| &**state as &dyn Cells)
                }
                let seen = Rows { before: cells(before.as_ref()), after: cells(after.as_ref()) };
                if let Verdict::Deny(memo) = self.cell(table, aspect, permission, seen) {
                    return Err(blocked(if aspect.is_some() { "cell" } else { "row" }, permission, memo));
                }
            }
        }
        Ok(())
    }
}

fn blocked(scope: &'static str, permission: Permission, memo: Option<String>) -> Denied {
    Denied::Blocked { scope, permission, memos: memo.into_iter().collect() }
}
