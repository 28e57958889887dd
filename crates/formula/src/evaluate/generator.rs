//! Generator expressions: evaluated one element at a time.

use std::sync::Arc;

use crate::context::Context;
use crate::evaluate::Frame;
use crate::exception::Exception;
use crate::ir::{Body, Function};
use crate::ops::Iter;
use crate::value::{Iterate, Value};

/// A generator in progress: the loops entered so far, outermost first.
pub(crate) struct Generator {
    function: Arc<Function>,
    frame: Frame,
    loops: Vec<Iter>,
}

impl Generator {
    pub(crate) fn new(function: Arc<Function>, frame: Frame, first: Iter) -> Self {
        Self { function, frame, loops: vec![first] }
    }
}

impl Iterate for Generator {
    fn next(&mut self, context: &mut Context<'_>) -> Result<Option<Value>, Exception> {
        let function = self.function.clone();
        let Body::Generator(clauses, element) = &function.body else { return Ok(None) };
        context.enter(function.weight)?;
        let result = self.step(clauses, element, context);
        context.leave(function.weight);
        if result.is_err() {
            // A generator that raised is exhausted.
            self.loops.clear();
        }
        result
    }

    fn type_name(&self) -> &'static str {
        "generator"
    }
}

impl Generator {
    fn step(
        &mut self,
        clauses: &[crate::ir::Clause],
        element: &crate::ir::Node,
        context: &mut Context<'_>,
    ) -> Result<Option<Value>, Exception> {
        while !self.loops.is_empty() {
            let clause = &clauses[self.loops.len() - 1];
            let Some(innermost) = self.loops.last_mut() else { break };
            match innermost.next(context)? {
                None => {
                    self.loops.pop();
                }
                Some(item) => {
                    self.frame.assign(&clause.target, item, context)?;
                    if !self.frame.all_hold(&clause.conditions, context)? {
                        continue;
                    }
                    match clauses.get(self.loops.len()) {
                        Some(inner) => {
                            let iterable = self.frame.evaluate(&inner.iterable, context)?;
                            self.loops.push(context.iterate(&iterable)?);
                        }
                        None => return self.frame.evaluate(element, context).map(Some),
                    }
                }
            }
        }
        Ok(None)
    }
}
