//! Renames of tables and columns inside formulas: exact edits of the text, nothing else moves.
//!
//! What is renamed: `$col` and `rec.col`, attributes of records and record sets whose table is known, table names, the keywords of lookups
//! and the columns named by their `order_by`, `sort_by` and `group_by`. What cannot be known without running the formula stays as it is.

use model::{ColId, TableId};
use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{Expr, Stmt};
use ruff_text_size::Ranged;
use rustc_hash::FxHashMap;

use crate::compile::lower::{Mention, lower_noting};
use crate::compile::source::Source;
use crate::formula::{Place, Refusal};
use crate::schema::{ColIx, Schema, TableIx};

/// New names, by slot.
#[derive(Clone, Debug, Default)]
pub struct Renames {
    /// Tables.
    pub tables: FxHashMap<TableIx, TableId>,
    /// Columns.
    pub columns: FxHashMap<(TableIx, ColIx), ColId>,
}

/// The formula with the new names, or `None` if it does not mention what is renamed. `schema` has the old names.
#[must_use]
pub fn rename_in_formula(
    formula: &str,
    place: Place,
    schema: &dyn Schema,
    renames: &Renames,
) -> Option<String> {
    let source = Source::read(formula).ok()?;
    let mut mentions = Vec::new();
    if let Err(Refusal::Unsupported(_)) = lower_noting(&source, place, schema, &mut mentions) {
        // What this crate cannot run can still be renamed where the names are plain to see.
        let mut plain = Plain { source: &source, place, schema, mentions: &mut mentions };
        for statement in &source.body {
            plain.visit_stmt(statement);
        }
    }
    mentions.sort_unstable();
    mentions.dedup();
    let mut edits: Vec<(usize, usize, &str)> = Vec::new();
    for mention in mentions {
        let (old, new) = match mention.col {
            None => match renames.tables.get(&mention.table) {
                Some(new) => (schema.table_id(mention.table).text(), new.as_str()),
                None => continue,
            },
            Some(col) => match renames.columns.get(&(mention.table, col)) {
                Some(new) => (schema.column_id(mention.table, col).text(), new.as_str()),
                None => continue,
            },
        };
        let start = source.origin(mention.offset) as usize;
        let end = start + old.len();
        if formula.get(start..end) == Some(old.as_str())
            && edits.last().is_none_or(|(_, last, _)| *last <= start)
        {
            edits.push((start, end, new));
        }
    }
    if edits.is_empty() {
        return None;
    }
    let mut renamed = String::with_capacity(formula.len() + 16);
    let mut at = 0;
    for (start, end, new) in edits {
        renamed.push_str(&formula[at..start]);
        renamed.push_str(new);
        at = end;
    }
    renamed.push_str(&formula[at..]);
    Some(renamed)
}

/// Names that need no inference.
struct Plain<'a> {
    source: &'a Source,
    place: Place,
    schema: &'a dyn Schema,
    mentions: &'a mut Vec<Mention>,
}

impl Plain<'_> {
    fn column(&mut self, offset: u32, table: TableIx, name: &str) {
        if let Some(col) = self.schema.column(table, name) {
            self.mentions.push(Mention { offset, table, col: Some(col) });
        }
    }
}

impl<'a> Visitor<'a> for Plain<'_> {
    fn visit_stmt(&mut self, statement: &'a Stmt) {
        visitor::walk_stmt(self, statement);
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        match expr {
            Expr::Name(name) => {
                let offset = u32::from(name.start());
                if self.source.dollars.contains(&offset) {
                    self.column(offset + 1, self.place.table, &name.id[1..]);
                } else if let Some(table) = self.schema.table(&name.id) {
                    self.mentions.push(Mention { offset, table, col: None });
                }
            }
            Expr::Attribute(attribute) if matches!(&*attribute.value, Expr::Name(name) if name.id == "rec") =>
            {
                self.column(u32::from(attribute.attr.start()), self.place.table, &attribute.attr);
            }
            Expr::Call(call) => {
                if let Expr::Attribute(method) = &*call.func
                    && matches!(method.attr.as_str(), "lookupRecords" | "lookupOne")
                    && let Expr::Name(name) = &*method.value
                    && let Some(table) = self.schema.table(&name.id)
                {
                    for keyword in &call.arguments.keywords {
                        if let Some(name) = &keyword.arg {
                            self.column(u32::from(name.start()), table, name);
                        }
                    }
                }
            }
            _ => {}
        }
        visitor::walk_expr(self, expr);
    }
}
