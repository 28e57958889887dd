//! Calls.

use crate::call::{Call, Named};
use crate::context::Context;
use crate::exception::{self, Exception};
use crate::types::{TYPE, type_of};
use crate::value::{Function, Value};

impl Context<'_> {
    /// `function(…)`.
    pub fn call(
        &mut self,
        function: &Value,
        positional: &[Value],
        named: &Named,
    ) -> Result<Value, Exception> {
        self.spend(2)?;
        match function {
            Value::Function(Function::Native(native)) => Call::run(self, native, positional, named),
            Value::Function(Function::Bound(bound)) => {
                let mut all = Vec::with_capacity(positional.len() + 1);
                all.push(bound.object.clone());
                all.extend_from_slice(positional);
                Call::run(self, bound.method, &all, named)
            }
            Value::Function(Function::Closure(closure)) => closure.clone().call(positional, named, self),
            Value::Type(def) if std::ptr::eq(*def, &TYPE) && positional.len() == 1 => {
                Ok(Value::Type(type_of(&positional[0])))
            }
            Value::Type(def) if def.is_exception() => {
                if named.is_empty() {
                    Ok(Value::Exception(Exception::with_args(def, positional.to_vec())))
                } else {
                    Err(exception::type_error(format!("{}() takes no keyword arguments", def.name)))
                }
            }
            Value::Type(def) => match def.construct {
                Some(native) => Call::run(self, native, positional, named),
                None => Err(exception::type_error(format!("cannot create '{}' instances", def.name))),
            },
            Value::Object(object) => match object.clone().call(positional, named, self) {
                Some(result) => result,
                None => Err(not_callable(function)),
            },
            _ => Err(not_callable(function)),
        }
    }

    /// `object.name(…)`.
    pub fn call_method(
        &mut self,
        object: &Value,
        name: &str,
        positional: &[Value],
        named: &Named,
    ) -> Result<Value, Exception> {
        if let Some(native) = self.plain_method(object, name) {
            self.spend(2)?;
            let mut all = Vec::with_capacity(positional.len() + 1);
            all.push(object.clone());
            all.extend_from_slice(positional);
            return Call::run(self, native, &all, named);
        }
        let function = self.attribute(object, name)?;
        self.call(&function, positional, named)
    }
}

fn not_callable(value: &Value) -> Exception {
    exception::type_error(format!("'{}' object is not callable", type_of(value).name))
}
