//! Running a compiled formula.

use std::rc::Rc;

use ecow::EcoString;
use model::RowId;

use crate::call::Named;
use crate::context::Context;
use crate::exception::Exception;
use crate::formula::Trigger;
use crate::value::Value;

/// The code of a formula.
#[derive(Debug, Default)]
pub struct Program {}

/// A `def` or `lambda` of the formula with the variables it captured.
#[derive(Debug)]
pub struct Closure {}

impl Closure {
    /// Its name; `<lambda>` for a lambda.
    #[must_use]
    pub fn name(&self) -> EcoString {
        "<lambda>".into()
    }
    /// Calls it.
    pub fn call(
        self: Rc<Self>,
        _positional: &[Value],
        _named: &Named,
        _context: &mut Context<'_>,
    ) -> Result<Value, Exception> {
        Ok(Value::None)
    }
}

impl Program {
    /// The result for a row.
    pub fn run(
        &self,
        _row: RowId,
        _context: &mut Context<'_>,
        _trigger: Option<Trigger>,
    ) -> Result<Value, Exception> {
        Ok(Value::None)
    }
}
