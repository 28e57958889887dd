//! Verdicts: what the rules say for somebody about a table, a column, a row, a cell.

use std::sync::Arc;

use model::{CellValue, ColId};

use crate::permission::Permission;
use crate::predicate::{Cells, Surroundings, Undecided};
use crate::rules::{Rule, RuleSet, Rules, by_role};
use crate::steps::Source;
use crate::user::User;

/// What rules say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Yes.
    Allow,
    /// No; with what the rule that refused says to people.
    Deny(Option<String>),
    /// It depends on the row, or on the column.
    Mixed,
}

/// The rules as they are for somebody.
#[derive(Clone, Debug)]
pub struct View {
    pub(crate) rules: Arc<Rules>,
    pub(crate) user: User,
}

/// The records that a condition may look at: before and after.
#[derive(Clone, Copy, Default)]
pub(crate) struct Rows<'r> {
    pub(crate) before: Option<&'r dyn Cells>,
    pub(crate) after: Option<&'r dyn Cells>,
}

impl View {
    /// Makes the rules those of a person: the records that describe them are looked up now.
    #[must_use]
    pub fn new(rules: Arc<Rules>, mut user: User, source: &dyn Source) -> Self {
        for attribute in &rules.attributes {
            let found = user
                .attribute(&attribute.field)
                .filter(|value| !value.is_null())
                .and_then(|value| source.find(&attribute.table, &attribute.lookup, &value));
            let columns = source.columns(&attribute.table).unwrap_or_default();
            let cells = found.map_or_else(Vec::new, |row| {
                let cell = |col: &ColId| source.cell(&attribute.table, col, row);
                let id = ("id".to_owned(), CellValue::from(row));
                columns.iter().filter_map(|col| Some((col.to_string(), cell(col)?))).chain([id]).collect()
            });
            user.add_record(&attribute.name, cells);
        }
        Self { rules, user }
    }

    /// Whether they own the document.
    #[must_use]
    pub fn is_owner(&self) -> bool {
        self.user.is_owner()
    }

    /// Whether the same holds for two people, or for one before and after.
    #[must_use]
    pub fn same_user(&self, other: &Self) -> bool {
        self.user == other.user
    }

    /// What the rules say of the rows of a table as a whole.
    #[must_use]
    pub fn table(&self, table: &str, permission: Permission) -> Verdict {
        let default = self.column(table, None, permission);
        let columns = self.rules.tables.get(table).map_or(&[][..], |rules| &rules.columns);
        let mut all = vec![default.clone()];
        all.extend(
            columns
                .iter()
                .filter_map(|(cols, _)| cols.first())
                .map(|col| self.column(table, Some(col), permission)),
        );
        if all.iter().all(|verdict| *verdict == Verdict::Allow) {
            Verdict::Allow
        } else if all.iter().all(|verdict| matches!(verdict, Verdict::Deny(_))) {
            default
        } else {
            Verdict::Mixed
        }
    }

    /// What the rules say of a column (nothing: of columns without rules of their own).
    #[must_use]
    pub fn column(&self, table: &str, col: Option<&ColId>, permission: Permission) -> Verdict {
        self.decide(table, col, permission, None)
    }

    /// What the rules say of a cell of a row.
    pub(crate) fn cell(
        &self,
        table: &str,
        col: Option<&ColId>,
        permission: Permission,
        rows: Rows<'_>,
    ) -> Verdict {
        self.decide(table, col, permission, Some(rows))
    }

    /// Whether a special permission is granted (`SchemaEdit`, `AccessRules`, `DocCopies`, `FullCopies`).
    #[must_use]
    pub fn special(&self, name: &str, permission: Permission) -> bool {
        if self.rules.broken.is_some() {
            return self.is_owner();
        }
        let set = self.rules.special.get(name).map_or(&[][..], RuleSet::as_slice);
        match self.first(set, permission, None) {
            Some(verdict) => verdict == Verdict::Allow,
            None if name == "SchemaEdit" => by_role(self.role().as_ref(), permission),
            None => self.is_owner(),
        }
    }

    /// Whether what they may see of a table depends on its rows.
    #[must_use]
    pub fn by_row(&self, table: &str) -> bool {
        let mixed = |aspect: &Option<&ColId>| self.column(table, *aspect, Permission::Read) == Verdict::Mixed;
        self.aspects(table).iter().any(mixed)
    }

    /// Whether they may see a row of which these are the cells.
    #[must_use]
    pub fn sees_row(&self, table: &str, cells: &dyn Cells) -> bool {
        self.aspects(table).iter().any(|aspect| self.sees_cell(table, *aspect, cells))
    }

    /// Whether they may see the cell of a column in a row.
    #[must_use]
    pub fn sees_cell(&self, table: &str, col: Option<&ColId>, cells: &dyn Cells) -> bool {
        let rows = Rows { before: Some(cells), after: None };
        self.cell(table, col, Permission::Read, rows) == Verdict::Allow
    }

    /// The first column of the set to which a column belongs: what holds for it holds for the column.
    #[must_use]
    pub fn aspect_of<'v>(&'v self, table: &str, col: &ColId) -> Option<&'v ColId> {
        let columns = self.rules.tables.get(table).map_or(&[][..], |rules| &rules.columns);
        columns.iter().find(|(cols, _)| cols.contains(col)).and_then(|(cols, _)| cols.first())
    }

    /// The sets of columns that may be treated differently: those without rules of their own first.
    pub(crate) fn aspects(&self, table: &str) -> Vec<Option<&ColId>> {
        let columns = self.rules.tables.get(table).map_or(&[][..], |rules| &rules.columns);
        std::iter::once(None).chain(columns.iter().map(|(cols, _)| cols.first())).collect()
    }

    fn role(&self) -> Option<CellValue> {
        self.user.attribute(&["Access".to_owned()])
    }

    fn decide(
        &self,
        table: &str,
        col: Option<&ColId>,
        permission: Permission,
        rows: Option<Rows<'_>>,
    ) -> Verdict {
        if self.rules.broken.is_some() {
            return if self.is_owner() { Verdict::Allow } else { Verdict::Deny(None) };
        }
        let held = self.rules.tables.get(table);
        let own =
            held.zip(col).and_then(|(held, col)| held.columns.iter().find(|(cols, _)| cols.contains(col)));
        let sets = [own.map(|(_, set)| set), held.map(|held| &held.default), Some(&self.rules.default)];
        for set in sets.into_iter().flatten() {
            if let Some(verdict) = self.first(set, permission, rows) {
                return verdict;
            }
        }
        if by_role(self.role().as_ref(), permission) { Verdict::Allow } else { Verdict::Deny(None) }
    }

    /// What the first rule that says something says.
    fn first(&self, set: &[Rule], permission: Permission, rows: Option<Rows<'_>>) -> Option<Verdict> {
        for rule in set {
            let Some(grant) = rule.grants.of(permission) else { continue };
            let holds = match (&rule.condition, rows) {
                (None, _) => true,
                (Some(condition), rows) => {
                    let asked = rows.unwrap_or_default();
                    let at = Surroundings {
                        user: &self.user,
                        rec: asked.before,
                        new_rec: asked.after,
                        old_rec: None,
                    };
                    match condition.holds(&at) {
                        Ok(holds) => holds,
                        Err(Undecided::NeedsRecord) if rows.is_none() => return Some(Verdict::Mixed),
                        // What cannot be decided refuses, and does not grant.
                        Err(_) => !grant,
                    }
                }
            };
            if holds {
                let memo = || Some(rule.memo.clone()).filter(|memo| !memo.is_empty());
                return Some(if grant { Verdict::Allow } else { Verdict::Deny(memo()) });
            }
        }
        None
    }
}
