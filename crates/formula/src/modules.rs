//! Modules that formulas may import, one file per module.
//!
//! A module is a file below with a `pub static MODULE: ModuleDef`; [`MODULES`] lists them. An import of anything else is refused when the
//! formula is compiled.

pub mod bisect;
pub mod calendar;
pub mod copy;
pub mod datetime;
pub mod functools;
pub mod itertools;
pub mod json;
pub mod math;
pub mod re;
pub mod statistics;
pub mod string;
pub mod unicodedata;

use std::fmt;

use crate::native::Native;
use crate::types::TypeDef;
use crate::value::{Function, Value};

/// All modules.
pub static MODULES: &[&ModuleDef] = &[
    &bisect::HEAPQ,
    &bisect::MODULE,
    &calendar::MODULE,
    &copy::MODULE,
    &datetime::MODULE,
    &functools::MODULE,
    &itertools::MODULE,
    &json::MODULE,
    &math::MODULE,
    &re::MODULE,
    &statistics::MODULE,
    &string::MODULE,
    &unicodedata::MODULE,
];

/// A module.
pub struct ModuleDef {
    /// Its name, such as `datetime` or `os.path`.
    pub name: &'static str,
    /// Its functions.
    pub functions: &'static [&'static [Native]],
    /// Its classes.
    pub types: &'static [&'static TypeDef],
    /// Modules within it.
    pub modules: &'static [&'static ModuleDef],
    /// Its constants, such as `math.pi`.
    pub constant: Option<fn(&str) -> Option<Value>>,
}

impl ModuleDef {
    /// An attribute of the module.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<Value> {
        if let Some(native) =
            self.functions.iter().flat_map(|table| table.iter()).find(|native| native.name == name)
        {
            return Some(Value::Function(Function::Native(native)));
        }
        if let Some(def) = self.types.iter().copied().find(|def| def.name == name) {
            return Some(Value::Type(def));
        }
        if let Some(module) =
            self.modules.iter().copied().find(|module| module.name.rsplit('.').next() == Some(name))
        {
            return Some(Value::Module(module));
        }
        self.constant.and_then(|constant| constant(name))
    }
}

impl fmt::Debug for ModuleDef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<module '{}'>", self.name)
    }
}

/// The module with this full name.
#[must_use]
pub fn named(name: &str) -> Option<&'static ModuleDef> {
    fn find(modules: &[&'static ModuleDef], name: &str) -> Option<&'static ModuleDef> {
        modules
            .iter()
            .find_map(|module| if module.name == name { Some(*module) } else { find(module.modules, name) })
    }
    find(MODULES, name)
}
