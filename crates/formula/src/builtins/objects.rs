//! Kinds of objects, attributes, characters, text of values.

use crate::call::Call;
use crate::exception::{self, Exception};
use crate::native::Native;
use crate::ops::{self, number};
use crate::types::{self, type_of};
use crate::value::{Key, Value};

pub(super) static FUNCTIONS: &[Native] = &[
    Native::function("ascii", "obj, /", "", |call| {
        let repr = call.context.repr(&call.arg(0).clone())?;
        Ok(Value::from(ops::ascii(&repr)))
    }),
    Native::function("callable", "obj, /", "", |call| {
        Ok(Value::Bool(matches!(call.arg(0), Value::Function(_) | Value::Type(_))))
    }),
    Native::function("chr", "i, /", "", chr),
    Native::function("format", "value, format_spec='', /", "", format),
    Native::function("getattr", "object, name, default=None, /", "", getattr),
    Native::function("hasattr", "obj, name, /", "", hasattr),
    Native::function("hash", "obj, /", "", hash),
    Native::function("id", "obj, /", "", id),
    Native::function("isinstance", "obj, class_or_tuple, /", "", isinstance),
    Native::function("issubclass", "cls, class_or_tuple, /", "", issubclass),
    Native::function("ord", "c, /", "", ord),
    Native::function("print", "*args, sep=' ', end='\\n', file=None, flush=False", "", |_| Ok(Value::None)),
    Native::function("repr", "obj, /", "", |call| call.context.repr(&call.arg(0).clone()).map(Value::Str)),
];

fn chr(call: &mut Call<'_, '_>) -> Result<Value, Exception> {
    let code = number::index(call.arg(0))?;
    if !(0..=0x0010_ffff).contains(&code) {
        return Err(exception::value_error("chr() arg not in range(0x110000)"));
    }
    match u32::try_from(code).ok().and_then(char::from_u32) {
        Some(c) => Ok(Value::Str(ecow::EcoString::from(c))),
        None => Err(exception::value_error("surrogates cannot be text here")),
    }
}

fn ord(call: &mut Call<'_, '_>) -> Result<Value, Exception> {
    match call.arg(0) {
        Value::Str(text) => {
            let mut chars = text.chars();
            match (chars.next(), chars.next()) {
                (Some(c), None) => Ok(Value::Int(i64::from(u32::from(c)))),
                _ => Err(exception::type_error(format!(
                    "ord() expected a character, but string of length {} found",
                    text.chars().count()
                ))),
            }
        }
        Value::Bytes(bytes) if bytes.len() == 1 => Ok(Value::Int(i64::from(bytes[0]))),
        other => Err(exception::type_error(format!(
            "ord() expected string of length 1, but {} found",
            type_of(other).name
        ))),
    }
}

fn format(call: &mut Call<'_, '_>) -> Result<Value, Exception> {
    let value = call.arg(0).clone();
    let spec = match call.get(1) {
        None => ecow::EcoString::new(),
        Some(Value::Str(spec)) => spec.clone(),
        Some(other) => {
            return Err(exception::type_error(format!(
                "format() argument 2 must be str, not {}",
                type_of(other).name
            )));
        }
    };
    call.context.format(&value, &spec).map(Value::Str)
}

fn attribute_name(call: &Call<'_, '_>) -> Result<ecow::EcoString, Exception> {
    match call.arg(1) {
        Value::Str(name) => Ok(name.clone()),
        other => Err(exception::type_error(format!(
            "attribute name must be string, not '{}'",
            type_of(other).name
        ))),
    }
}

fn getattr(call: &mut Call<'_, '_>) -> Result<Value, Exception> {
    let name = attribute_name(call)?;
    let object = call.arg(0).clone();
    match call.context.attribute(&object, &name) {
        Err(error) if error.is(&exception::ATTRIBUTE_ERROR) => call.get(2).cloned().ok_or(error),
        result => result,
    }
}

fn hasattr(call: &mut Call<'_, '_>) -> Result<Value, Exception> {
    let name = attribute_name(call)?;
    let object = call.arg(0).clone();
    match call.context.attribute(&object, &name) {
        Ok(_) => Ok(Value::Bool(true)),
        Err(error) if error.is(&exception::ATTRIBUTE_ERROR) => Ok(Value::Bool(false)),
        Err(error) => Err(error),
    }
}

fn hash(call: &mut Call<'_, '_>) -> Result<Value, Exception> {
    use std::hash::{Hash, Hasher};
    if let Some(int) = number::small(call.arg(0)) {
        return Ok(Value::Int(int));
    }
    let mut hasher = rustc_hash::FxHasher::default();
    Key::new(call.arg(0).clone())?.hash(&mut hasher);
    Ok(Value::Int(i64::try_from(hasher.finish() >> 2).unwrap_or(0)))
}

fn id(call: &mut Call<'_, '_>) -> Result<Value, Exception> {
    // Equal for identical values of one evaluation is all that can be promised.
    hash(call).or(Ok(Value::Int(0)))
}

fn isinstance(call: &mut Call<'_, '_>) -> Result<Value, Exception> {
    is_of(
        type_of(call.arg(0)),
        call.arg(1),
        "isinstance() arg 2 must be a type, a tuple of types, or a union",
    )
    .map(Value::Bool)
}

fn issubclass(call: &mut Call<'_, '_>) -> Result<Value, Exception> {
    match call.arg(0) {
        Value::Type(def) => {
            is_of(def, call.arg(1), "issubclass() arg 2 must be a class, a tuple of classes, or a union")
                .map(Value::Bool)
        }
        _ => Err(exception::type_error("issubclass() arg 1 must be a class")),
    }
}

fn is_of(def: &'static types::TypeDef, class: &Value, message: &str) -> Result<bool, Exception> {
    match class {
        Value::Type(class) => Ok(def.derives_from(class)),
        Value::Tuple(classes) => {
            for class in classes.iter() {
                if is_of(def, class, message)? {
                    return Ok(true);
                }
            }
            Ok(false)
        }
        _ => Err(exception::type_error(message)),
    }
}
