//! Functions that formulas define, and their calls.

use std::fmt;
use std::rc::Rc;
use std::sync::Arc;

use ecow::EcoString;

use crate::call::Named;
use crate::context::Context;
use crate::evaluate::{Frame, Origin, Shared};
use crate::exception::{self, Exception};
use crate::ir::Function;
use crate::value::{Dict, Key, Value};

/// A `def` or `lambda` of the formula with the variables it captured.
pub struct Closure {
    pub(crate) function: Arc<Function>,
    pub(crate) origin: Origin,
    pub(crate) captured: Option<Rc<[Shared]>>,
    pub(crate) defaults: Box<[Value]>,
}

impl fmt::Debug for Closure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<function {}>", self.function.name)
    }
}

impl Closure {
    /// Its name; `<lambda>` for a lambda.
    #[must_use]
    pub fn name(&self) -> EcoString {
        self.function.name.clone()
    }

    /// Calls it.
    pub fn call(
        self: Rc<Self>,
        positional: &[Value],
        named: &Named,
        context: &mut Context<'_>,
    ) -> Result<Value, Exception> {
        let mut frame = Frame::new(&self.function, self.origin.clone(), self.captured.clone());
        self.bind(&mut frame, positional, named)?;
        context.spend(4)?;
        context.allocate(64 + frame.locals.len() * size_of::<Value>())?;
        context.enter(self.function.weight)?;
        let result = frame.run_body(&self.function.body, context);
        context.leave(self.function.weight);
        result
    }

    fn bind(&self, frame: &mut Frame, positional: &[Value], named: &Named) -> Result<(), Exception> {
        let function = &*self.function;
        let mut given: Vec<Option<Value>> = vec![None; function.parameters.len()];
        for (slot, value) in given.iter_mut().take(function.positional).zip(positional) {
            *slot = Some(value.clone());
        }
        let rest = positional.get(function.positional..).unwrap_or(&[]);
        match function.star {
            Some(variable) => frame.set(variable, Some(Value::tuple(rest.to_vec()))),
            None if !rest.is_empty() => {
                let required =
                    function.parameters[..function.positional].iter().filter(|p| p.default.is_none()).count();
                return Err(exception::too_many_arguments(
                    &function.name,
                    required,
                    function.positional,
                    positional.len(),
                ));
            }
            None => {}
        }
        let mut others = Dict::default();
        for (name, value) in named {
            let at = function.parameters.iter().position(|parameter| parameter.name == *name);
            match at {
                Some(at) if at >= function.positional_only => {
                    if given[at].is_some() {
                        return Err(exception::type_error(format!(
                            "{}() got multiple values for argument '{name}'",
                            function.name
                        )));
                    }
                    given[at] = Some(value.clone());
                }
                _ if function.named.is_some() => {
                    others.insert(Key::text(name), value.clone());
                }
                _ => {
                    return Err(exception::type_error(format!(
                        "{}() got an unexpected keyword argument '{name}'",
                        function.name
                    )));
                }
            }
        }
        if let Some(variable) = function.named {
            frame.set(variable, Some(Value::dict(others)));
        }
        let mut missing = Vec::new();
        for (at, (parameter, value)) in function.parameters.iter().zip(given).enumerate() {
            let value = value.or_else(|| parameter.default.map(|default| self.defaults[default].clone()));
            if value.is_none() {
                missing.push((at < function.positional, parameter.name.as_str()));
            }
            frame.set(parameter.variable, value);
        }
        if missing.is_empty() {
            return Ok(());
        }
        let positional = missing.iter().any(|(positional, _)| *positional);
        let names: Vec<&str> =
            missing.iter().filter(|(kind, _)| *kind == positional).map(|(_, name)| *name).collect();
        Err(exception::missing_arguments(
            &function.name,
            if positional { "positional" } else { "keyword-only" },
            &names,
        ))
    }
}
