//! The document as Python: every table a class, every column a field or a function. For people to read; nothing runs it.

use formula::{ColIx, TableIx, python_text};
use model::{ColumnType, TableId};
use rustc_hash::FxHashMap;

use crate::engine::Engine;
use crate::graph::Node;
use crate::table::Slot;

const HEADER: &str = "import grist\n\
from functions import *       # global uppercase functions\n\
import datetime, math, re     # modules commonly needed in formulas\n";

/// The text, and where the formulas of columns begin in it.
#[derive(Debug, Default)]
pub(crate) struct CodeView {
    pub(crate) text: String,
    lines: FxHashMap<Node, usize>,
}

impl Engine {
    /// The tables and formulas of the document as the text of a Python module.
    #[must_use]
    pub fn code_view(&self) -> String {
        CodeView::of(self).text
    }
}

impl CodeView {
    pub(crate) fn of(engine: &Engine) -> Self {
        let mut view = Self { text: HEADER.to_owned(), lines: FxHashMap::default() };
        let sources = engine.read_summary_sources();
        let mut tables: Vec<(TableId, TableIx)> = engine
            .tables()
            .filter(|(ix, table)| {
                !table.id.is_metadata() && !table.id.starts_with("GristHidden_") && !sources.contains_key(ix)
            })
            .map(|(ix, table)| (table.id.clone(), ix))
            .collect();
        tables.sort();
        for (id, table) in tables {
            view.text.push_str(&format!("\n\n@grist.UserTable\nclass {id}:\n"));
            let before = view.text.len();
            for formulas in [false, true] {
                for (col, slot) in visible(engine, table).filter(|(_, slot)| slot.spec.is_formula == formulas)
                {
                    view.column((table, col), slot, "  ");
                }
            }
            view.summaries(engine, &sources, table);
            if view.text.len() == before {
                view.text.push_str("  pass\n");
            }
        }
        view
    }

    /// The line (from 1) at which the formula of a column begins.
    pub(crate) fn line_of(&self, node: Node) -> Option<usize> {
        self.lines.get(&node).copied()
    }

    /// The formulas of all summaries of a table, each once.
    fn summaries(&mut self, engine: &Engine, sources: &FxHashMap<TableIx, TableIx>, source: TableIx) {
        let mut summaries: Vec<(TableId, TableIx)> = sources
            .iter()
            .filter(|(_, from)| **from == source)
            .filter_map(|(ix, _)| Some((engine.at(*ix)?.id.clone(), *ix)))
            .collect();
        summaries.sort();
        let mut seen = FxHashMap::default();
        let mut begun = false;
        for (_, summary) in summaries {
            for (col, slot) in visible(engine, summary).filter(|(_, slot)| slot.spec.is_formula) {
                if let Some(line) = seen.get(&slot.id) {
                    self.lines.insert((summary, col), *line);
                    continue;
                }
                if !std::mem::replace(&mut begun, true) {
                    self.text.push_str("\n  class _Summary:\n");
                }
                self.column((summary, col), slot, "    ");
                if let Some(line) = self.lines.get(&(summary, col)) {
                    seen.insert(slot.id.clone(), *line);
                }
            }
        }
    }

    fn column(&mut self, node: Node, slot: &Slot, indent: &str) {
        let kind = type_text(&slot.spec.column_type);
        let id = &slot.id;
        if slot.spec.is_formula {
            self.text.push('\n');
            if slot.spec.column_type != ColumnType::Any {
                self.text.push_str(&format!("{indent}@grist.formulaType({kind})\n"));
            }
            self.text.push_str(&format!("{indent}def {id}(rec, table):\n"));
            self.body(node, slot, indent);
            return;
        }
        if !slot.spec.formula.is_empty() {
            self.text.push_str(&format!("\n{indent}def _default_{id}(rec, table, value, user):\n"));
            self.body(node, slot, indent);
        }
        self.text.push_str(&format!("{indent}{id} = {kind}\n"));
    }

    fn body(&mut self, node: Node, slot: &Slot, indent: &str) {
        self.lines.insert(node, self.text.matches('\n').count() + 1);
        let text = if slot.spec.formula.trim().is_empty() {
            format!("return {}", default_text(&slot.spec.column_type))
        } else {
            python_text(&slot.spec.formula)
        };
        for line in text.lines() {
            if !line.trim().is_empty() {
                self.text.push_str(&format!("{indent}  {line}"));
            }
            self.text.push('\n');
        }
    }
}

fn visible(engine: &Engine, table: TableIx) -> impl Iterator<Item = (ColIx, &Slot)> {
    engine.at(table).into_iter().flat_map(|held| held.columns()).filter(|(_, slot)| {
        slot.id != "manualSort" && !slot.id.starts_with('#') && !slot.id.starts_with("gristHelper_")
    })
}

fn type_text(column_type: &ColumnType) -> String {
    match column_type {
        ColumnType::Ref(table) => format!("grist.Reference('{table}')"),
        ColumnType::RefList(table) => format!("grist.ReferenceList('{table}')"),
        ColumnType::DateTime(zone) if !zone.is_empty() => format!("grist.DateTime('{zone}')"),
        ColumnType::DateTime(_) => "grist.DateTime()".to_owned(),
        other => format!("grist.{other}()"),
    }
}

/// What an empty formula gives.
fn default_text(column_type: &ColumnType) -> &'static str {
    match column_type {
        ColumnType::Text | ColumnType::Choice => "''",
        ColumnType::Numeric => "0.0",
        ColumnType::Int | ColumnType::Ref(_) | ColumnType::Id => "0",
        ColumnType::Bool => "False",
        _ => "None",
    }
}
