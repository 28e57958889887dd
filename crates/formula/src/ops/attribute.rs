//! `object.name`.

use crate::call::Call;
use crate::context::Context;
use crate::exception::{self, Exception};
use crate::native::{Native, NativeKind};
use crate::types::{self, type_of};
use crate::value::{Function, Value};

impl Context<'_> {
    /// `object.name`.
    pub fn attribute(&mut self, object: &Value, name: &str) -> Result<Value, Exception> {
        self.spend(1)?;
        match object {
            Value::Record(table, row) => return self.record_attribute(*table, *row, name),
            Value::RecordSet(set) => return self.record_set_attribute(set, name),
            Value::Module(module) => {
                return module.attribute(name).ok_or_else(|| {
                    Exception::new(
                        &exception::ATTRIBUTE_ERROR,
                        format!("module '{}' has no attribute '{name}'", module.name),
                    )
                });
            }
            Value::Type(def) => return self.type_attribute(def, name),
            Value::Table(table) => {
                if let Some(value) = self.host.kept(*table, name) {
                    return Ok(value);
                }
            }
            Value::AltText(text) => {
                let args = vec![Value::Str(text.type_name.clone()), Value::Str(text.text.clone())];
                return Err(Exception::with_args(&exception::INVALID_TYPED_VALUE, args));
            }
            Value::Object(inner) => {
                if let Some(result) = inner.clone().attribute(name, self) {
                    return result;
                }
            }
            Value::Exception(exception) => match name {
                "args" => return Ok(Value::tuple(exception.raised().args.clone())),
                "__cause__" => {
                    return Ok(exception.raised().cause.clone().map_or(Value::None, Value::Exception));
                }
                _ => {}
            },
            _ => {}
        }
        match name {
            "__class__" => return Ok(Value::Type(type_of(object))),
            "__name__" => {
                if let Value::Function(function) = object {
                    return Ok(Value::Str(match function {
                        Function::Native(native) => native.name.into(),
                        Function::Bound(bound) => bound.method.name.into(),
                        Function::Closure(closure) => closure.name(),
                    }));
                }
            }
            "__doc__" => {
                if let Value::Function(Function::Native(native)) = object {
                    return Ok(Value::str(native.help));
                }
            }
            _ => {}
        }
        let def = type_of(object);
        match def.method(name) {
            Some(native) => self.bind_method(object, def, native),
            None => match def.constant.and_then(|constant| constant(name)) {
                Some(value) => Ok(value),
                None => Err(no_attribute(object, name)),
            },
        }
    }

    fn bind_method(
        &mut self,
        object: &Value,
        def: &'static types::TypeDef,
        native: &'static Native,
    ) -> Result<Value, Exception> {
        match native.kind {
            NativeKind::Property => Call::run(self, native, std::slice::from_ref(object), &[]),
            NativeKind::Method => Ok(Value::Function(Function::bound(object.clone(), native))),
            NativeKind::ClassMethod => Ok(Value::Function(Function::bound(Value::Type(def), native))),
            NativeKind::Function => Ok(Value::Function(Function::Native(native))),
        }
    }

    fn type_attribute(&mut self, def: &'static types::TypeDef, name: &str) -> Result<Value, Exception> {
        match name {
            "__name__" | "__qualname__" => return Ok(Value::str(def.name)),
            "__module__" => {
                return Ok(Value::str(if def.module.is_empty() { "builtins" } else { def.module }));
            }
            _ => {}
        }
        if let Some(value) = def.constant.and_then(|constant| constant(name)) {
            return Ok(value);
        }
        match def.method(name) {
            Some(native) => match native.kind {
                NativeKind::ClassMethod => Ok(Value::Function(Function::bound(Value::Type(def), native))),
                _ => Ok(Value::Function(Function::Native(native))),
            },
            None => Err(Exception::new(
                &exception::ATTRIBUTE_ERROR,
                format!("type object '{}' has no attribute '{name}'", def.name),
            )),
        }
    }

    /// The native method behind `object.name`, where it is one that needs only to be called with the object first.
    pub(crate) fn plain_method(&self, object: &Value, name: &str) -> Option<&'static Native> {
        match object {
            Value::Record(..)
            | Value::RecordSet(_)
            | Value::Module(_)
            | Value::Type(_)
            | Value::AltText(_)
            | Value::Object(_) => None,
            _ => type_of(object).method(name).filter(|native| native.kind == NativeKind::Method),
        }
    }
}

/// `'str' object has no attribute 'foo'`.
pub(crate) fn no_attribute(object: &Value, name: &str) -> Exception {
    Exception::new(
        &exception::ATTRIBUTE_ERROR,
        format!("'{}' object has no attribute '{name}'", type_of(object).name),
    )
}
