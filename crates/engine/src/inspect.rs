//! One cell looked at closely: why it is in error, what its formula gives.

use std::rc::Rc;

use formula::{Context, Exception, Formula, Refusal, Value, convert, exception};
use model::{CellError, CellValue, RowId};

use crate::code_view::CodeView;
use crate::engine::Engine;
use crate::evaluation::Evaluation;
use crate::graph::{Compute, Node};
use crate::recalculate::limits;
use crate::turn::{EngineError, Moment};

/// What a formula gives for a row, for people who ask why.
#[derive(Clone, Debug, PartialEq)]
pub struct Evaluated {
    /// Whether it is an error.
    pub error: bool,
    /// The formula as Python.
    pub formula: String,
    /// The value as Python writes it, or the error.
    pub result: String,
    /// The cells of the same row that the formula reads, as Python writes them.
    pub attributes: Vec<(String, String)>,
}

impl Engine {
    /// Evaluates one cell again, without any effect. An error comes with its text and a traceback; anything else as it is.
    ///
    /// # Errors
    /// When there is no such column.
    pub fn formula_error(
        &mut self,
        moment: Moment,
        table: &str,
        col: &str,
        row: RowId,
    ) -> Result<CellValue, EngineError> {
        let (node, formula) = self.formula_of(moment.clone(), table, col)?;
        let Some(formula) = formula else {
            return Ok(self.at(node.0).map(|held| held.cell(col, row)).unwrap_or_default());
        };
        // A trigger formula may not fail any more where it did: the cell tells how.
        if let Some(slot) =
            self.at(node.0).and_then(|held| held.slot(node.1)).filter(|slot| !slot.spec.is_formula)
            && let CellValue::Error(error) = slot.cells.get(row)
            && error.message.is_some()
        {
            return Ok(CellValue::Error(std::sync::Arc::new(CellError {
                user_input: None,
                ..(*error).clone()
            })));
        }
        let mut turn = self.begin(moment);
        let mut evaluation = Evaluation::new(&mut turn);
        let error = match evaluation.inspect(node, row, &formula) {
            Ok(value) => {
                let mut limits = limits(crate::evaluation::TURN_FUEL);
                return Ok(convert::encode(&value, &mut Context::new(&mut evaluation, &mut limits)));
            }
            Err(error) => error,
        };
        drop(turn);
        Ok(self.detailed(node, &formula, &error))
    }

    /// Evaluates one formula for people who ask what it does.
    ///
    /// # Errors
    /// When there is no such column.
    pub fn evaluate_formula(
        &mut self,
        moment: Moment,
        table: &str,
        col: &str,
        row: RowId,
    ) -> Result<Evaluated, EngineError> {
        let (node, formula) = self.formula_of(moment.clone(), table, col)?;
        let source = self.at(node.0).and_then(|held| held.slot(node.1)).map(|slot| slot.spec.formula.clone());
        let text = formula::python_text(source.as_deref().unwrap_or_default());
        let Some(formula) = formula else {
            return Ok(Evaluated {
                error: false,
                formula: text,
                result: "None".into(),
                attributes: Vec::new(),
            });
        };
        let read: Vec<(String, Node)> = formula
            .dependencies
            .iter()
            .filter(|dependency| dependency.table == node.0 && dependency.steps.is_empty())
            .filter_map(|dependency| {
                let (_, id) = self.names(dependency.table, dependency.col)?;
                Some((format!("rec.{id}"), (dependency.table, dependency.col)))
            })
            .collect();
        let mut turn = self.begin(moment);
        let mut evaluation = Evaluation::new(&mut turn);
        let (error, result) = match evaluation.inspect(node, row, &formula) {
            Ok(value) => (false, evaluation.written(&value)),
            Err(error) => {
                let inner = error.innermost();
                (true, format!("{}: {}", inner.name(), inner.message()))
            }
        };
        let attributes =
            read.into_iter().map(|(name, cell)| (name, evaluation.written_cell(cell, row))).collect();
        Ok(Evaluated { error, formula: text, result, attributes })
    }

    fn formula_of(
        &mut self,
        moment: Moment,
        table: &str,
        col: &str,
    ) -> Result<(Node, Option<Rc<Formula>>), EngineError> {
        self.loaded(table)?;
        let node = self.find(table, col).ok_or_else(|| EngineError::NoColumn(table.into(), col.into()))?;
        let mut turn = self.begin(moment);
        turn.recalculate();
        drop(turn.commit());
        Ok(match self.graph.compute(node) {
            Some(Compute::Formula(formula)) => (node, Some(Rc::clone(formula))),
            _ => (node, None),
        })
    }

    fn detailed(&self, node: Node, formula: &Formula, error: &Exception) -> CellValue {
        let inner = error.innermost();
        let mut message = inner.message().to_string();
        if std::ptr::eq(error.class(), &exception::CELL_ERROR)
            && let [table, col, row] = error.raised().args.as_slice()
        {
            let part = formula::ops::plain_str;
            message.push_str(&format!("\n(in referenced cell {}[{}].{})", part(table), part(row), part(col)));
        }
        if let Some(explanation) = explanation(formula, inner) {
            message.push_str("\n\n");
            message.push_str(&explanation);
        }
        let details = self.traceback(node, formula, error, &message);
        CellValue::Error(std::sync::Arc::new(CellError {
            name: inner.name().into(),
            message: Some(message.into()),
            details: Some(details.into()),
            ..CellError::default()
        }))
    }

    fn traceback(&self, node: Node, formula: &Formula, error: &Exception, message: &str) -> String {
        let view = CodeView::of(self);
        let mut text = String::from("Traceback (most recent call last):\n");
        if let Some(first) = view.line_of(node) {
            let line = first + formula.line_of(error) - 1;
            let col = self.names(node.0, node.1).map(|(_, col)| col).unwrap_or_default();
            text.push_str(&format!("  File \"usercode\", line {line}, in {col}\n"));
            if let Some(source) = view.text.lines().nth(line - 1) {
                text.push_str(&format!("    {}\n", source.trim()));
            }
        }
        let first = message.split("\n\n").next().unwrap_or_default();
        text.push_str(&format!("{}: {first}\n", error.innermost().name()));
        text
    }
}

/// What the class of an error means, for people.
fn explanation(formula: &Formula, error: &Exception) -> Option<String> {
    let text = match error.name() {
        "IndentationError" => {
            let Some(Refusal::Syntax { line, .. }) = &formula.refusal else { return None };
            return Some(format!(
                "An `IndentationError` occurs when a given line of code is\nnot indented (aligned vertically with other lines) as expected.\n\n\
                 Line `{line}` identified above is more indented than expected.\n\n (usercode, line {line})"
            ));
        }
        "SyntaxError" => {
            let Some(Refusal::Syntax { line, .. }) = &formula.refusal else { return None };
            return Some(format!(
                "A `SyntaxError` occurs when Python cannot make sense of a formula as it is written.\n\n (usercode, line {line})"
            ));
        }
        "ZeroDivisionError" => "A `ZeroDivisionError` occurs when a number is divided by zero.",
        "TypeError" => {
            "A `TypeError` occurs when a value is of a kind that an operation or function cannot use."
        }
        "ValueError" => {
            "A `ValueError` occurs when a value is of the right kind but cannot be used all the same."
        }
        "NameError" => "A `NameError` occurs when a formula uses a name that is not known.",
        "KeyError" => "A `KeyError` occurs when something is looked up by a key that is not there.",
        "RecursionError" => "A `RecursionError` occurs when functions call each other without end.",
        "TimeoutError" => "A `TimeoutError` occurs when a formula takes too long.",
        "MemoryError" => "A `MemoryError` occurs when a formula needs too much memory.",
        _ => return None,
    };
    Some(text.to_owned())
}

impl Evaluation<'_, '_> {
    /// A value as Python writes it.
    pub(crate) fn written(&mut self, value: &Value) -> String {
        let mut limits = limits(crate::evaluation::TURN_FUEL);
        Context::new(self, &mut limits)
            .repr(value)
            .map_or_else(|error| error.name().to_owned(), |text| text.to_string())
    }

    /// A cell as Python writes it, or the name of its error.
    pub(crate) fn written_cell(&mut self, cell: Node, row: RowId) -> String {
        let mut limits = limits(crate::evaluation::TURN_FUEL);
        match Context::new(self, &mut limits).cell(cell.0, cell.1, row) {
            Ok(value) => self.written(&value),
            Err(error) => error.innermost().name().to_owned(),
        }
    }
}
