//! Iterators: generators, `zip`, `map`, `enumerate`, ….

use std::cell::RefCell;
use std::fmt;
use std::rc::Rc;

use crate::context::Context;
use crate::exception::Exception;
use crate::value::Value;

/// The Rust side of an iterator.
pub trait Iterate {
    /// The next value; `None` when exhausted (and ever after).
    fn next(&mut self, context: &mut Context<'_>) -> Result<Option<Value>, Exception>;
    /// The name of its class, such as `generator` or `zip`.
    fn type_name(&self) -> &'static str {
        "iterator"
    }
}

/// An iterator as a value: shared, like all objects.
#[derive(Clone)]
pub struct Iterator {
    inner: Rc<RefCell<Box<dyn Iterate>>>,
    /// The name of its class.
    pub type_name: &'static str,
}

impl Iterator {
    /// Wraps an iterator.
    #[must_use]
    pub fn new(inner: impl Iterate + 'static) -> Self {
        let type_name = inner.type_name();
        Self { inner: Rc::new(RefCell::new(Box::new(inner))), type_name }
    }
    /// The next value; `None` when exhausted.
    pub fn next(&self, context: &mut Context<'_>) -> Result<Option<Value>, Exception> {
        match self.inner.try_borrow_mut() {
            Ok(mut inner) => {
                context.enter(1)?;
                let result = inner.next(context);
                context.leave(1);
                result
            }
            Err(_) => Err(crate::exception::value_error(format!("{} already executing", self.type_name))),
        }
    }
    /// Whether both are the same object.
    #[must_use]
    pub fn same(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.inner, &other.inner)
    }
}

impl fmt::Debug for Iterator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<{} object>", self.type_name)
    }
}
