//! Loops over values.

use std::cell::RefCell;
use std::rc::Rc;

use model::RowId;

use crate::context::Context;
use crate::exception::{self, Exception};
use crate::types::type_of;
use crate::value::{Dict, Iterate, Iterator, Key, RecordSet, Set, Value, record};

/// A loop in progress.
#[derive(Debug)]
pub struct Iter(Kind);

#[derive(Debug)]
enum Kind {
    List(Rc<RefCell<Vec<Value>>>, usize),
    Tuple(Rc<[Value]>, usize),
    Text(ecow::EcoString, usize),
    Bytes(Rc<[u8]>, usize),
    Range(i64, u64, i64),
    Dict(Rc<RefCell<Dict>>, usize, usize),
    Set(Rc<RefCell<Set>>, usize, usize),
    FrozenSet(Rc<Set>, usize),
    Records(Rc<record::RecordSet>, usize),
    Iterator(Iterator),
}

impl Iter {
    /// The next value.
    pub fn next(&mut self, context: &mut Context<'_>) -> Result<Option<Value>, Exception> {
        context.spend(1)?;
        Ok(match &mut self.0 {
            Kind::List(items, at) => {
                let item = items.borrow().get(*at).cloned();
                *at += 1;
                item
            }
            Kind::Tuple(items, at) => {
                let item = items.get(*at).cloned();
                *at += 1;
                item
            }
            Kind::Text(text, at) => text[*at..].chars().next().map(|c| {
                *at += c.len_utf8();
                Value::Str(ecow::EcoString::from(c))
            }),
            Kind::Bytes(bytes, at) => {
                let byte = bytes.get(*at).map(|byte| Value::Int(i64::from(*byte)));
                *at += 1;
                byte
            }
            Kind::Range(at, left, step) => left.checked_sub(1).map(|rest| {
                let item = *at;
                *left = rest;
                *at = at.wrapping_add(*step);
                Value::Int(item)
            }),
            Kind::Dict(dict, at, len) => {
                let dict = dict.borrow();
                if dict.len() != *len {
                    return Err(Exception::new(
                        &exception::RUNTIME_ERROR,
                        "dictionary changed size during iteration",
                    ));
                }
                let key = dict.get_index(*at).map(|(key, _)| key.value().clone());
                *at += 1;
                key
            }
            Kind::Set(set, at, len) => {
                let set = set.borrow();
                if set.len() != *len {
                    return Err(Exception::new(
                        &exception::RUNTIME_ERROR,
                        "Set changed size during iteration",
                    ));
                }
                let key = set.get_index(*at).map(|key| key.value().clone());
                *at += 1;
                key
            }
            Kind::FrozenSet(set, at) => {
                let key = set.get_index(*at).map(|key| key.value().clone());
                *at += 1;
                key
            }
            Kind::Records(set, at) => {
                let row: Option<RowId> = set.rows.get(*at).copied();
                *at += 1;
                row.map(|row| Value::Record(set.table, row))
            }
            Kind::Iterator(iterator) => return iterator.next(context),
        })
    }
}

struct Wrapped(Iter);

impl Iterate for Wrapped {
    fn next(&mut self, context: &mut Context<'_>) -> Result<Option<Value>, Exception> {
        self.0.next(context)
    }
    fn type_name(&self) -> &'static str {
        match &self.0.0 {
            Kind::List(..) => "list_iterator",
            Kind::Tuple(..) => "tuple_iterator",
            Kind::Text(..) => "str_iterator",
            Kind::Range(..) => "range_iterator",
            Kind::Dict(..) => "dict_keyiterator",
            Kind::Set(..) | Kind::FrozenSet(..) => "set_iterator",
            _ => "iterator",
        }
    }
}

impl Context<'_> {
    /// Starts a loop: `'int' object is not iterable` where there is nothing to loop over.
    pub fn iterate(&mut self, value: &Value) -> Result<Iter, Exception> {
        Ok(Iter(match value {
            Value::List(items) => Kind::List(items.clone(), 0),
            Value::Tuple(items) => Kind::Tuple(items.clone(), 0),
            Value::Str(text) => Kind::Text(text.clone(), 0),
            Value::Bytes(bytes) => Kind::Bytes(bytes.clone(), 0),
            Value::Range(range) => Kind::Range(range.0, crate::ops::number::range_len(range), range.2),
            Value::Dict(dict) => {
                let len = dict.borrow().len();
                Kind::Dict(dict.clone(), 0, len)
            }
            Value::Set(set) => {
                let len = set.borrow().len();
                Kind::Set(set.clone(), 0, len)
            }
            Value::FrozenSet(set) => Kind::FrozenSet(set.clone(), 0),
            Value::RecordSet(set) => Kind::Records(set.clone(), 0),
            Value::Iterator(iterator) => Kind::Iterator(iterator.clone()),
            Value::Object(object) => match object.clone().iterate(self) {
                Some(value) => return self.iterate(&value?),
                None => return Err(not_iterable(value)),
            },
            _ => return Err(not_iterable(value)),
        }))
    }

    /// `iter(value)`.
    pub fn iterator(&mut self, value: &Value) -> Result<Iterator, Exception> {
        if let Value::Iterator(iterator) = value {
            return Ok(iterator.clone());
        }
        Ok(Iterator::new(Wrapped(self.iterate(value)?)))
    }

    /// `list(value)`, as a Rust vector.
    pub fn collect(&mut self, value: &Value) -> Result<Vec<Value>, Exception> {
        match value {
            Value::List(items) => {
                let items = items.borrow();
                self.spend(items.len() as u64)?;
                return Ok(items.clone());
            }
            Value::Tuple(items) => {
                self.spend(items.len() as u64)?;
                return Ok(items.to_vec());
            }
            _ => {}
        }
        let mut iter = self.iterate(value)?;
        let mut items = Vec::new();
        while let Some(item) = iter.next(self)? {
            self.allocate(size_of::<Value>())?;
            items.push(item);
        }
        Ok(items)
    }

    /// `set(value)`.
    pub fn collect_set(&mut self, value: &Value) -> Result<Set, Exception> {
        let mut iter = self.iterate(value)?;
        let mut set = Set::default();
        while let Some(item) = iter.next(self)? {
            self.allocate(2 * size_of::<Value>())?;
            set.insert(Key::new(item)?);
        }
        Ok(set)
    }

    /// `len(value)`.
    pub fn length(&mut self, value: &Value) -> Result<usize, Exception> {
        let known = match value {
            Value::Str(text) if text.is_ascii() => Some(text.len()),
            Value::Str(text) => Some(text.chars().count()),
            Value::Bytes(bytes) => Some(bytes.len()),
            Value::List(items) => Some(items.borrow().len()),
            Value::Tuple(items) => Some(items.len()),
            Value::Dict(dict) => Some(dict.borrow().len()),
            Value::Set(set) => Some(set.borrow().len()),
            Value::FrozenSet(set) => Some(set.len()),
            Value::Range(range) => usize::try_from(crate::ops::number::range_len(range)).ok(),
            Value::RecordSet(set) => Some(set.rows.len()),
            Value::Object(object) => object.length(),
            _ => None,
        };
        known.ok_or_else(|| {
            exception::type_error(format!("object of type '{}' has no len()", type_of(value).name))
        })
    }
}

fn not_iterable(value: &Value) -> Exception {
    exception::type_error(format!("'{}' object is not iterable", type_of(value).name))
}

impl RecordSet {
    /// Records in an order that `find` cannot use.
    #[must_use]
    pub fn unordered(table: crate::TableIx, rows: Rc<[RowId]>) -> Value {
        Value::RecordSet(Rc::new(Self { table, rows, order: None }))
    }
}
