//! Python's classes: their names, constructors and methods.
//!
//! One [`TypeDef`] per class, in one file per family below. Methods, properties and class methods are [`Native`]s; what operators do is in
//! [`crate::ops`], or in [`crate::Object`] for classes without a variant of their own.

use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use crate::native::Native;
use crate::value::{Function, Value};

pub mod base;
mod construct;
pub mod datetime;
pub mod dict;
pub mod list;
pub mod number;
pub mod record;
pub mod set;
pub mod text;

pub use base::*;

/// A class.
#[derive(Debug)]
pub struct TypeDef {
    /// Its name, such as `str`.
    pub name: &'static str,
    /// The module that `repr(class)` shows; empty for builtins.
    pub module: &'static str,
    /// What it derives from; `None` stands for `object`.
    pub base: Option<&'static TypeDef>,
    /// What calling the class does; argument 0 is the first argument given.
    pub construct: Option<&'static Native>,
    /// Methods, properties, class methods.
    pub methods: &'static [&'static [Native]],
    /// Attributes that are plain values, such as `date.max`.
    pub constant: Option<fn(&str) -> Option<Value>>,
    is_exception: bool,
    index: OnceLock<FxHashMap<&'static str, &'static Native>>,
}

impl TypeDef {
    /// A class with its methods.
    #[must_use]
    pub const fn new(
        name: &'static str,
        module: &'static str,
        construct: Option<&'static Native>,
        methods: &'static [&'static [Native]],
    ) -> Self {
        Self {
            name,
            module,
            base: None,
            construct,
            methods,
            constant: None,
            is_exception: false,
            index: OnceLock::new(),
        }
    }
    /// The same, derived from another class.
    #[must_use]
    pub const fn derived(mut self, base: &'static TypeDef) -> Self {
        self.base = Some(base);
        self
    }
    /// The same, with constants.
    #[must_use]
    pub const fn constants(mut self, constant: fn(&str) -> Option<Value>) -> Self {
        self.constant = Some(constant);
        self
    }
    /// A class of exceptions.
    #[must_use]
    pub const fn exception(name: &'static str, base: Option<&'static TypeDef>) -> Self {
        let mut def = Self::new(name, "", None, &[]);
        def.base = base;
        def.is_exception = true;
        def
    }
    /// Whether instances can be raised.
    #[must_use]
    pub fn is_exception(&self) -> bool {
        self.is_exception
    }
    /// Whether this is `other` or derives from it.
    #[must_use]
    pub fn derives_from(&'static self, other: &'static TypeDef) -> bool {
        let mut def = Some(self);
        while let Some(at) = def {
            if std::ptr::eq(at, other) {
                return true;
            }
            def = at.base;
        }
        std::ptr::eq(other, &OBJECT)
    }
    /// The method, property or class method with this name, of the class or a base.
    #[must_use]
    pub fn method(&self, name: &str) -> Option<&'static Native> {
        let index = self.index.get_or_init(|| {
            self.methods.iter().flat_map(|table| table.iter()).map(|native| (native.name, native)).collect()
        });
        match index.get(name) {
            Some(native) => Some(native),
            None => self.base.and_then(|base| base.method(name)),
        }
    }
}

/// The class of a value.
#[must_use]
pub fn type_of(value: &Value) -> &'static TypeDef {
    match value {
        Value::None => &NONE_TYPE,
        Value::Bool(_) => &BOOL,
        Value::Int(_) | Value::Big(_) => &INT,
        Value::Float(_) => &FLOAT,
        Value::Str(_) => &STR,
        Value::Bytes(_) => &BYTES,
        Value::Date(_) => &DATE,
        Value::DateTime(_) => &DATE_TIME,
        Value::Time(_) => &TIME,
        Value::Delta(_) => &DELTA,
        Value::List(_) => &LIST,
        Value::Tuple(_) => &TUPLE,
        Value::Dict(_) => &DICT,
        Value::Set(_) => &SET,
        Value::FrozenSet(_) => &FROZEN_SET,
        Value::Range(_) => &RANGE,
        Value::Slice(_) => &SLICE,
        Value::Record(..) => &RECORD,
        Value::RecordSet(_) => &RECORD_SET,
        Value::Table(_) => &USER_TABLE,
        Value::Function(Function::Native(native)) if native.help.is_empty() => &BUILTIN_FUNCTION,
        Value::Function(Function::Bound(_)) => &BUILTIN_FUNCTION,
        Value::Function(_) => &FUNCTION,
        Value::Type(_) => &TYPE,
        Value::Module(_) => &MODULE,
        Value::Exception(exception) | Value::Error(exception) => exception.class(),
        Value::Iterator(iterator) => match iterator.type_name {
            "generator" => &GENERATOR,
            "zip" => &ZIP,
            "map" => &MAP,
            "filter" => &FILTER,
            "enumerate" => &ENUMERATE,
            "reversed" => &REVERSED,
            _ => &ITERATOR,
        },
        Value::AltText(_) => &ALT_TEXT,
        Value::Object(object) => object.type_def(),
        Value::Ellipsis => &ELLIPSIS,
        Value::NotImplemented => &NOT_IMPLEMENTED,
    }
}
