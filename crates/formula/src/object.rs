//! Python objects that have no variant of their own in [`Value`]: compiled patterns, matches, decimals, user objects, ….

use std::any::Any;
use std::fmt;
use std::rc::Rc;

use crate::context::Context;
use crate::exception::Exception;
use crate::types::TypeDef;
use crate::value::Value;

/// A Python object. Methods and properties come from the [`TypeDef`]; this trait has what Python spells with double underscores.
///
/// The defaults mean "not supported"; the caller then raises Python's usual error.
pub trait Object: Any + fmt::Debug {
    /// Its class.
    fn type_def(&self) -> &'static TypeDef;
    /// For downcasting: `self`.
    fn as_any(&self) -> &dyn Any;

    /// An attribute that is not in the class's table; asked first.
    fn attribute(
        self: Rc<Self>,
        _name: &str,
        _context: &mut Context<'_>,
    ) -> Option<Result<Value, Exception>> {
        None
    }
    /// `repr(self)`; the default is `<name object>`.
    fn repr(&self, _context: &mut Context<'_>) -> Result<String, Exception> {
        Ok(format!("<{} object>", self.type_def().name))
    }
    /// `str(self)`, where it differs from the repr.
    fn text(&self, context: &mut Context<'_>) -> Result<String, Exception> {
        self.repr(context)
    }
    /// `format(self, spec)`, where the spec is not empty.
    fn format(&self, _spec: &str, _context: &mut Context<'_>) -> Option<Result<String, Exception>> {
        None
    }
    /// `bool(self)`.
    fn truth(&self) -> bool {
        true
    }
    /// `self == other`; `None`: not comparable, hence different.
    fn equals(&self, _other: &Value) -> Option<bool> {
        None
    }
    /// A hash that agrees with `equals`; `None`: unhashable. The default hashes the address.
    fn hash(&self) -> Option<u64> {
        Some(std::ptr::from_ref(self).cast::<()>() as usize as u64)
    }
    /// `self < other` and so on; `None`: not supported.
    fn compare(&self, _other: &Value) -> Option<std::cmp::Ordering> {
        None
    }
    /// `self op other` (`reflected`: `other op self`); `None`: not supported.
    fn binary(
        &self,
        _operator: crate::ops::Binary,
        _other: &Value,
        _reflected: bool,
        _context: &mut Context<'_>,
    ) -> Option<Result<Value, Exception>> {
        None
    }
    /// `-self`, `+self`, `~self`, `abs(self)` by Python's operator sign (`abs` for the last).
    fn unary(&self, _operator: &str, _context: &mut Context<'_>) -> Option<Result<Value, Exception>> {
        None
    }
    /// `len(self)`.
    fn length(&self) -> Option<usize> {
        None
    }
    /// `self[index]`.
    fn item(&self, _index: &Value, _context: &mut Context<'_>) -> Option<Result<Value, Exception>> {
        None
    }
    /// `self[index] = value`; `value` absent: `del self[index]`.
    fn set_item(
        &self,
        _index: &Value,
        _value: Option<Value>,
        _context: &mut Context<'_>,
    ) -> Option<Result<(), Exception>> {
        None
    }
    /// `value in self`.
    fn contains(&self, _value: &Value, _context: &mut Context<'_>) -> Option<Result<bool, Exception>> {
        None
    }
    /// `iter(self)`: an iterable value to loop over instead.
    fn iterate(self: Rc<Self>, _context: &mut Context<'_>) -> Option<Result<Value, Exception>> {
        None
    }
    /// `self(…)`.
    fn call(
        &self,
        _positional: &[Value],
        _named: &crate::call::Named,
        _context: &mut Context<'_>,
    ) -> Option<Result<Value, Exception>> {
        None
    }
    /// What a column of type Any stores in place of this object: a list, a dict, a number. `None`: the `repr`.
    fn plain(&self) -> Option<Value> {
        None
    }
    /// `int(self)` or `float(self)`.
    fn number(&self) -> Option<Value> {
        None
    }
}
