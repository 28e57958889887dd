//! Values while a formula runs: Python's objects as a Rust enum.
//!
//! Cheap to clone (small ones by copy, others by reference count). They live for one evaluation on one thread; what a column stores is a
//! [`model::CellValue`] ([`crate::convert`]).

pub mod dict;
pub mod function;
pub mod iterator;
pub mod key;
pub mod record;
pub mod time;

use std::cell::RefCell;
use std::rc::Rc;

use ecow::EcoString;
use model::RowId;
use num_bigint::BigInt;

pub use dict::{Dict, Set};
pub use function::{Bound, Closure, Function};
pub use iterator::{Iterate, Iterator};
pub use key::Key;
pub use record::{AltText, RecordSet};
pub use time::{DateTime, Time, Zone};

use crate::exception::Exception;
use crate::modules::ModuleDef;
use crate::object::Object;
use crate::schema::TableIx;
use crate::types::TypeDef;

/// A Python object.
#[derive(Clone, Debug)]
pub enum Value {
    /// `None`.
    None,
    /// `bool`.
    Bool(bool),
    /// `int` that fits 64 bits.
    Int(i64),
    /// `int` beyond 64 bits; never one that fits.
    Big(Rc<BigInt>),
    /// `float`.
    Float(f64),
    /// `str`.
    Str(EcoString),
    /// `bytes`.
    Bytes(Rc<[u8]>),
    /// `datetime.date`, in days since 1970-01-01.
    Date(i32),
    /// `datetime.datetime`.
    DateTime(Rc<DateTime>),
    /// `datetime.time`.
    Time(Rc<Time>),
    /// `datetime.timedelta`, in microseconds.
    Delta(i64),
    /// `list`.
    List(Rc<RefCell<Vec<Value>>>),
    /// `tuple`.
    Tuple(Rc<[Value]>),
    /// `dict`.
    Dict(Rc<RefCell<Dict>>),
    /// `set`.
    Set(Rc<RefCell<Set>>),
    /// `frozenset`.
    FrozenSet(Rc<Set>),
    /// `range`: start, stop, step (never 0).
    Range(Rc<(i64, i64, i64)>),
    /// `slice`: start, stop, step.
    Slice(Rc<(Value, Value, Value)>),
    /// A record of a table; row 0 is the empty record.
    Record(TableIx, RowId),
    /// Records of a table.
    RecordSet(Rc<RecordSet>),
    /// A user table.
    Table(TableIx),
    /// A function or method.
    Function(Function),
    /// A class.
    Type(&'static TypeDef),
    /// A module.
    Module(&'static ModuleDef),
    /// An exception object, as `except … as e` names it.
    Exception(Exception),
    /// An exception met in a lazily evaluated argument; only functions with such arguments see it.
    Error(Exception),
    /// An iterator, also a generator.
    Iterator(Iterator),
    /// Text in a column of another type.
    AltText(Rc<AltText>),
    /// Any other object.
    Object(Rc<dyn Object>),
    /// `...`.
    Ellipsis,
    /// `NotImplemented`.
    NotImplemented,
}

impl Value {
    /// Text.
    #[must_use]
    pub fn str(text: &str) -> Self {
        Self::Str(EcoString::from(text))
    }
    /// A new list.
    #[must_use]
    pub fn list(items: Vec<Value>) -> Self {
        Self::List(Rc::new(RefCell::new(items)))
    }
    /// A tuple.
    #[must_use]
    pub fn tuple(items: Vec<Value>) -> Self {
        Self::Tuple(items.into())
    }
    /// A new dict.
    #[must_use]
    pub fn dict(dict: Dict) -> Self {
        Self::Dict(Rc::new(RefCell::new(dict)))
    }
    /// A new set.
    #[must_use]
    pub fn set(set: Set) -> Self {
        Self::Set(Rc::new(RefCell::new(set)))
    }
    /// An integer of any size.
    #[must_use]
    pub fn int(int: BigInt) -> Self {
        i64::try_from(&int).map_or_else(|_| Self::Big(Rc::new(int)), Self::Int)
    }
    /// A date and time.
    #[must_use]
    pub fn date_time(date_time: DateTime) -> Self {
        Self::DateTime(Rc::new(date_time))
    }
    /// An object.
    #[must_use]
    pub fn object(object: impl Object) -> Self {
        Self::Object(Rc::new(object))
    }
    /// The object inside, if it is of this Rust type.
    #[must_use]
    pub fn downcast<T: 'static>(&self) -> Option<&T> {
        match self {
            Self::Object(object) => object.as_any().downcast_ref(),
            _ => None,
        }
    }
    /// The text of a `str`.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::Str(text) => Some(text),
            _ => None,
        }
    }
    /// Whether this is `None`.
    #[must_use]
    pub fn is_none(&self) -> bool {
        matches!(self, Self::None)
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}
impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}
impl From<f64> for Value {
    fn from(value: f64) -> Self {
        Self::Float(value)
    }
}
impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::str(value)
    }
}
impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::Str(value.into())
    }
}
impl From<EcoString> for Value {
    fn from(value: EcoString) -> Self {
        Self::Str(value)
    }
}
impl From<BigInt> for Value {
    fn from(value: BigInt) -> Self {
        Self::int(value)
    }
}
