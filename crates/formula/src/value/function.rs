//! Functions as values.

use std::rc::Rc;

use crate::evaluate::Closure as Compiled;
use crate::native::Native;
use crate::value::Value;

/// Something that can be called.
#[derive(Clone, Debug)]
pub enum Function {
    /// A function written in Rust.
    Native(&'static Native),
    /// A native method with its object.
    Bound(Rc<Bound>),
    /// A `def` or `lambda` of the formula.
    Closure(Rc<Closure>),
}

/// A native method with its object.
#[derive(Clone, Debug)]
pub struct Bound {
    /// The object.
    pub object: Value,
    /// The method.
    pub method: &'static Native,
}

/// A `def` or `lambda` of the formula with the variables it captured.
pub type Closure = Compiled;

impl Function {
    /// A method of an object.
    #[must_use]
    pub fn bound(object: Value, method: &'static Native) -> Self {
        Self::Bound(Rc::new(Bound { object, method }))
    }
}
