//! Running a compiled formula: a walk over the tree.

mod assign;
mod closure;
mod expression;
mod generator;
mod patterns;
mod percent;
mod statement;

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use model::RowId;

pub use closure::Closure;

use crate::context::Context;
use crate::exception::{self, Exception};
use crate::formula::Trigger;
use crate::ir::{Body, Function, Variable};
use crate::schema::{ColIx, TableIx};
use crate::value::Value;

/// A variable that nested functions share.
pub(crate) type Shared = Rc<RefCell<Option<Value>>>;

/// The code of a formula.
#[derive(Debug)]
pub(crate) struct Program {
    pub(crate) table: TableIx,
    pub(crate) col: ColIx,
    pub(crate) main: Arc<Function>,
}

/// What is the same in all functions of one evaluation.
#[derive(Clone, Debug)]
pub(crate) struct Origin {
    pub(crate) table: TableIx,
    pub(crate) row: RowId,
    pub(crate) trigger: Option<Rc<Trigger>>,
}

/// The variables of one call.
#[derive(Debug)]
pub(crate) struct Frame {
    pub(crate) origin: Origin,
    pub(crate) locals: Vec<Option<Value>>,
    pub(crate) shared: Vec<Shared>,
    /// Cells of enclosing functions; `None` where there are none.
    pub(crate) captured: Option<Rc<[Shared]>>,
    /// The exceptions being handled, innermost last: what a bare `raise` raises again.
    pub(crate) handling: Vec<Exception>,
}

impl Frame {
    pub(crate) fn new(function: &Function, origin: Origin, captured: Option<Rc<[Shared]>>) -> Self {
        Self {
            origin,
            locals: if function.locals == 0 { Vec::new() } else { vec![None; function.locals as usize] },
            shared: if function.shared == 0 {
                Vec::new()
            } else {
                (0..function.shared).map(|_| Shared::default()).collect()
            },
            captured,
            handling: Vec::new(),
        }
    }

    fn cell(&self, at: u32) -> Option<&Shared> {
        self.captured.as_deref()?.get(at as usize)
    }

    pub(crate) fn get(&self, variable: Variable, name: &str) -> Result<Value, Exception> {
        let value = match variable {
            Variable::Local(at) => self.locals[at as usize].clone(),
            Variable::Shared(at) => self.shared[at as usize].borrow().clone(),
            Variable::Captured(at) => self.cell(at).and_then(|cell| cell.borrow().clone()),
        };
        value.ok_or_else(|| match variable {
            Variable::Captured(_) => Exception::new(
                &exception::NAME_ERROR,
                format!("cannot access free variable '{name}' where it is not associated with a value in enclosing scope"),
            ),
            _ => Exception::new(
                &exception::UNBOUND_LOCAL_ERROR,
                format!("cannot access local variable '{name}' where it is not associated with a value"),
            ),
        })
    }

    pub(crate) fn set(&mut self, variable: Variable, value: Option<Value>) {
        match variable {
            Variable::Local(at) => self.locals[at as usize] = value,
            Variable::Shared(at) => *self.shared[at as usize].borrow_mut() = value,
            Variable::Captured(at) => {
                if let Some(cell) = self.cell(at) {
                    *cell.borrow_mut() = value;
                }
            }
        }
    }

    /// The cell of a variable that a nested function captures.
    pub(crate) fn share(&self, variable: Variable) -> Shared {
        match variable {
            Variable::Shared(at) => self.shared[at as usize].clone(),
            Variable::Captured(at) => self.cell(at).cloned().unwrap_or_default(),
            // Captured variables are never plain locals: lowering sees to that.
            Variable::Local(_) => Shared::default(),
        }
    }
}

impl Program {
    /// The result for a row.
    pub(crate) fn run(
        &self,
        row: RowId,
        context: &mut Context<'_>,
        trigger: Option<Trigger>,
    ) -> Result<Value, Exception> {
        let origin = Origin { table: self.table, row, trigger: trigger.map(Rc::new) };
        let mut frame = Frame::new(&self.main, origin, None);
        context.current = Some((self.table, self.col, row));
        context.enter(self.main.weight)?;
        let result = frame.run_body(&self.main.body, context);
        context.leave(self.main.weight);
        result
    }
}

impl Frame {
    pub(crate) fn run_body(&mut self, body: &Body, context: &mut Context<'_>) -> Result<Value, Exception> {
        match body {
            Body::Expression(node) => self.evaluate(node, context),
            Body::Block(block) => match self.run_block(block, context)? {
                statement::Flow::Return(value) => Ok(value),
                _ => Ok(Value::None),
            },
            Body::Generator(..) => Ok(Value::None),
        }
    }
}
