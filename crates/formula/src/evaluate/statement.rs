//! Statements.

use crate::context::Context;
use crate::evaluate::Frame;
use crate::exception::{self, Exception};
use crate::ir::{Block, Handler, Statement, Try};
use crate::ops;
use crate::value::Value;

/// How a statement ended.
pub(crate) enum Flow {
    Next,
    Break,
    Continue,
    Return(Value),
}

impl Frame {
    pub(crate) fn run_block(&mut self, block: &Block, context: &mut Context<'_>) -> Result<Flow, Exception> {
        for (position, statement) in block {
            context.spend(1)?;
            match self.run(statement, context) {
                Ok(Flow::Next) => {}
                Ok(flow) => return Ok(flow),
                Err(exception) => {
                    let place = &exception.raised().position;
                    if place.get().is_none() {
                        place.set(Some(*position));
                    }
                    return Err(exception);
                }
            }
        }
        Ok(Flow::Next)
    }

    fn run(&mut self, statement: &Statement, context: &mut Context<'_>) -> Result<Flow, Exception> {
        match statement {
            Statement::Return(node) => return Ok(Flow::Return(self.evaluate(node, context)?)),
            Statement::Expression(node) => {
                self.evaluate(node, context)?;
            }
            Statement::Assign(targets, node) => {
                let value = self.evaluate(node, context)?;
                for target in targets {
                    self.assign(target, value.clone(), context)?;
                }
            }
            Statement::Augment(target, operator, node) => {
                let (before, place) = self.read(target, context)?;
                let operand = self.evaluate(node, context)?;
                let value = context.binary_in_place(*operator, &before, &operand)?;
                match place {
                    Some((object, index)) => context.set_item(&object, &index, value)?,
                    None => self.assign(target, value, context)?,
                }
            }
            Statement::If(branches, otherwise) => {
                for (test, body) in branches {
                    if ops::truth(&self.evaluate(test, context)?) {
                        return self.run_block(body, context);
                    }
                }
                return self.run_block(otherwise, context);
            }
            Statement::For { target, iterable, body, otherwise } => {
                let iterable = self.evaluate(iterable, context)?;
                let mut iter = context.iterate(&iterable)?;
                while let Some(item) = iter.next(context)? {
                    self.assign(target, item, context)?;
                    match self.run_block(body, context)? {
                        Flow::Break => return Ok(Flow::Next),
                        Flow::Return(value) => return Ok(Flow::Return(value)),
                        Flow::Next | Flow::Continue => {}
                    }
                }
                return self.run_block(otherwise, context);
            }
            Statement::While { test, body, otherwise } => {
                while ops::truth(&self.evaluate(test, context)?) {
                    context.spend(1)?;
                    match self.run_block(body, context)? {
                        Flow::Break => return Ok(Flow::Next),
                        Flow::Return(value) => return Ok(Flow::Return(value)),
                        Flow::Next | Flow::Continue => {}
                    }
                }
                return self.run_block(otherwise, context);
            }
            Statement::Break => return Ok(Flow::Break),
            Statement::Continue => return Ok(Flow::Continue),
            Statement::Pass => {}
            Statement::Try(attempt) => return self.run_try(attempt, context),
            Statement::Raise(exception, cause) => {
                return Err(self.raise(exception.as_ref(), cause.as_ref(), context)?);
            }
            Statement::Assert(test, message) => {
                if !ops::truth(&self.evaluate(test, context)?) {
                    let args = match message {
                        Some(message) => vec![self.evaluate(message, context)?],
                        None => Vec::new(),
                    };
                    return Err(Exception::with_args(&exception::ASSERTION_ERROR, args));
                }
            }
            Statement::Delete(targets) => {
                for target in targets {
                    self.delete(target, context)?;
                }
            }
            Statement::Define(target, function, defaults) => {
                let closure = self.closure(function, defaults, context)?;
                self.assign(target, closure, context)?;
            }
            Statement::Match(subject, cases) => {
                let subject = self.evaluate(subject, context)?;
                for (pattern, guard, body) in cases {
                    if self.matches(pattern, &subject, context)? {
                        let passes = match guard {
                            Some(guard) => ops::truth(&self.evaluate(guard, context)?),
                            None => true,
                        };
                        if passes {
                            return self.run_block(body, context);
                        }
                    }
                }
            }
        }
        Ok(Flow::Next)
    }

    fn run_try(&mut self, attempt: &Try, context: &mut Context<'_>) -> Result<Flow, Exception> {
        let depth = context.limits.depth;
        let mut result = self.run_block(&attempt.body, context);
        match result {
            Ok(Flow::Next) => result = self.run_block(&attempt.otherwise, context),
            Err(raised) if raised.can_be_caught() => {
                context.limits.depth = depth;
                result = self.handle(&attempt.handlers, raised, context);
            }
            _ => {}
        }
        if attempt.finally.is_empty() || result.as_ref().is_err_and(|exception| !exception.can_be_caught()) {
            return result;
        }
        match self.run_block(&attempt.finally, context)? {
            Flow::Next => result,
            flow => Ok(flow),
        }
    }

    fn handle(
        &mut self,
        handlers: &[Handler],
        raised: Exception,
        context: &mut Context<'_>,
    ) -> Result<Flow, Exception> {
        for handler in handlers {
            let catches = match &handler.class {
                None => true,
                Some(class) => {
                    let class = self.evaluate(class, context)?;
                    catches(&class, &raised)?
                }
            };
            if !catches {
                continue;
            }
            if let Some(name) = &handler.name {
                self.assign(name, Value::Exception(raised.clone()), context)?;
            }
            self.handling.push(raised);
            let result = self.run_block(&handler.body, context);
            self.handling.pop();
            if let Some(crate::ir::Target::Variable(variable, _)) = &handler.name {
                self.set(*variable, None);
            }
            return result;
        }
        Err(raised)
    }

    fn raise(
        &mut self,
        exception: Option<&crate::ir::Node>,
        cause: Option<&crate::ir::Node>,
        context: &mut Context<'_>,
    ) -> Result<Exception, Exception> {
        let Some(node) = exception else {
            return Ok(self.handling.last().cloned().unwrap_or_else(|| {
                Exception::new(&exception::RUNTIME_ERROR, "No active exception to reraise")
            }));
        };
        let value = self.evaluate(node, context)?;
        let raised = match value {
            Value::Exception(exception) => exception,
            Value::Type(class) if class.is_exception() => Exception::empty(class),
            _ => return Err(exception::type_error("exceptions must derive from BaseException")),
        };
        let Some(cause) = cause else { return Ok(raised) };
        match self.evaluate(cause, context)? {
            Value::Exception(cause) => Ok(raised.caused_by(cause)),
            Value::Type(class) if class.is_exception() => Ok(raised.caused_by(Exception::empty(class))),
            Value::None => Ok(raised),
            _ => Err(exception::type_error("exception causes must derive from BaseException")),
        }
    }
}

/// Whether `except class` catches an exception. Of an error in a referenced cell, the class of that error counts too.
fn catches(class: &Value, raised: &Exception) -> Result<bool, Exception> {
    match class {
        Value::Type(class) if class.is_exception() => Ok(raised.is(class)),
        Value::Tuple(classes) => {
            for class in classes.iter() {
                if catches(class, raised)? {
                    return Ok(true);
                }
            }
            Ok(false)
        }
        _ => Err(exception::type_error(
            "catching classes that do not inherit from BaseException is not allowed",
        )),
    }
}
