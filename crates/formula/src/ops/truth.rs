//! Truth, equality and identity.

use std::rc::Rc;

use crate::ops::number;
use crate::value::{Function, Key, Value};

/// `bool(value)`.
#[must_use]
pub fn truth(value: &Value) -> bool {
    match value {
        Value::None => false,
        Value::Bool(truth) => *truth,
        Value::Int(int) => *int != 0,
        Value::Float(float) => *float != 0.0,
        Value::Str(text) => !text.is_empty(),
        Value::Bytes(bytes) => !bytes.is_empty(),
        Value::Delta(micros) => *micros != 0,
        Value::List(items) => !items.borrow().is_empty(),
        Value::Tuple(items) => !items.is_empty(),
        Value::Dict(dict) => !dict.borrow().is_empty(),
        Value::Set(set) => !set.borrow().is_empty(),
        Value::FrozenSet(set) => !set.is_empty(),
        Value::Range(range) => number::range_len(range) != 0,
        Value::Record(_, row) => row.0 != 0,
        Value::RecordSet(set) => !set.rows.is_empty(),
        Value::Object(object) => object.truth(),
        _ => true,
    }
}

/// `a is b`, for what formulas can tell.
#[must_use]
pub fn identical(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::None, Value::None)
        | (Value::Ellipsis, Value::Ellipsis)
        | (Value::NotImplemented, Value::NotImplemented) => true,
        (Value::Bool(a), Value::Bool(b)) => a == b,
        (Value::Int(a), Value::Int(b)) => a == b,
        (Value::Float(a), Value::Float(b)) => a.to_bits() == b.to_bits(),
        (Value::Str(a), Value::Str(b)) => a == b,
        (Value::Type(a), Value::Type(b)) => std::ptr::eq(*a, *b),
        (Value::Module(a), Value::Module(b)) => std::ptr::eq(*a, *b),
        (Value::Table(a), Value::Table(b)) => a == b,
        (Value::List(a), Value::List(b)) => Rc::ptr_eq(a, b),
        (Value::Tuple(a), Value::Tuple(b)) => Rc::ptr_eq(a, b) || (a.is_empty() && b.is_empty()),
        (Value::Dict(a), Value::Dict(b)) => Rc::ptr_eq(a, b),
        (Value::Set(a), Value::Set(b)) => Rc::ptr_eq(a, b),
        (Value::FrozenSet(a), Value::FrozenSet(b)) => Rc::ptr_eq(a, b),
        (Value::DateTime(a), Value::DateTime(b)) => Rc::ptr_eq(a, b),
        (Value::RecordSet(a), Value::RecordSet(b)) => Rc::ptr_eq(a, b),
        (Value::Exception(a), Value::Exception(b)) => a.same(b),
        (Value::Iterator(a), Value::Iterator(b)) => a.same(b),
        (Value::Object(a), Value::Object(b)) => Rc::ptr_eq(a, b),
        (Value::Function(Function::Native(a)), Value::Function(Function::Native(b))) => std::ptr::eq(*a, *b),
        (Value::Function(Function::Closure(a)), Value::Function(Function::Closure(b))) => Rc::ptr_eq(a, b),
        _ => false,
    }
}

/// `a == b`. Never fails: values of kinds that cannot be compared differ.
#[must_use]
pub fn equal(a: &Value, b: &Value) -> bool {
    equal_within(a, b, 200)
}

/// Nested deeper than this, values count as different: no stack is deep enough for a list that holds itself.
fn equal_within(a: &Value, b: &Value, depth: u32) -> bool {
    let Some(depth) = depth.checked_sub(1) else { return false };
    match (a, b) {
        (Value::Int(a), Value::Int(b)) => a == b,
        (Value::Float(a), Value::Float(b)) => a == b,
        (Value::Str(a), Value::Str(b)) => a == b,
        (
            Value::Bool(_) | Value::Int(_) | Value::Big(_) | Value::Float(_),
            Value::Bool(_) | Value::Int(_) | Value::Big(_) | Value::Float(_),
        ) => number::compare(a, b).is_some_and(std::cmp::Ordering::is_eq),
        (Value::Bytes(a), Value::Bytes(b)) => a == b,
        (Value::Date(a), Value::Date(b)) => a == b,
        (Value::DateTime(a), Value::DateTime(b)) => {
            a.zone.is_some() == b.zone.is_some() && a.comparable() == b.comparable()
        }
        (Value::Time(a), Value::Time(b)) => a.micros == b.micros && a.zone.is_some() == b.zone.is_some(),
        (Value::Delta(a), Value::Delta(b)) => a == b,
        (Value::List(a), Value::List(b)) => Rc::ptr_eq(a, b) || items_equal(&a.borrow(), &b.borrow(), depth),
        (Value::Tuple(a), Value::Tuple(b)) => Rc::ptr_eq(a, b) || items_equal(a, b, depth),
        (Value::Dict(a), Value::Dict(b)) => {
            if Rc::ptr_eq(a, b) {
                return true;
            }
            let (a, b) = (a.borrow(), b.borrow());
            a.len() == b.len()
                && a.iter()
                    .all(|(key, value)| b.get(key).is_some_and(|other| same_or_equal(value, other, depth)))
        }
        (Value::Set(a), Value::Set(b)) => Rc::ptr_eq(a, b) || *a.borrow() == *b.borrow(),
        (Value::FrozenSet(a), Value::FrozenSet(b)) => a == b,
        (Value::Set(a), Value::FrozenSet(b)) | (Value::FrozenSet(b), Value::Set(a)) => *a.borrow() == **b,
        (Value::Range(a), Value::Range(b)) => {
            let len = number::range_len(a);
            len == number::range_len(b) && (len == 0 || (a.0 == b.0 && (len == 1 || a.2 == b.2)))
        }
        (Value::Slice(a), Value::Slice(b)) => {
            equal_within(&a.0, &b.0, depth)
                && equal_within(&a.1, &b.1, depth)
                && equal_within(&a.2, &b.2, depth)
        }
        (Value::Record(table, row), Value::Record(other, other_row)) => table == other && row == other_row,
        (Value::RecordSet(a), Value::RecordSet(b)) => a.table == b.table && a.rows == b.rows,
        (Value::AltText(a), Value::AltText(b)) => a.text == b.text,
        (Value::Function(Function::Bound(a)), Value::Function(Function::Bound(b))) => {
            std::ptr::eq(a.method, b.method) && identical(&a.object, &b.object)
        }
        (Value::Object(object), other) => {
            object.equals(other).or_else(|| reflected(other, a)).unwrap_or_else(|| identical(a, b))
        }
        (other, Value::Object(object)) => object.equals(other).unwrap_or(false),
        _ => identical(a, b),
    }
}

fn reflected(other: &Value, this: &Value) -> Option<bool> {
    match other {
        Value::Object(object) => object.equals(this),
        _ => None,
    }
}

/// Containers take an element for equal to itself, even NaN.
fn same_or_equal(a: &Value, b: &Value, depth: u32) -> bool {
    match (a, b) {
        (Value::Float(a), Value::Float(b)) => a == b || a.to_bits() == b.to_bits(),
        _ => equal_within(a, b, depth),
    }
}

fn items_equal(a: &[Value], b: &[Value], depth: u32) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same_or_equal(a, b, depth))
}

/// Whether a container's element is the value looked for.
pub(crate) fn is_element(element: &Value, value: &Value) -> bool {
    same_or_equal(element, value, 200)
}

/// The key for looking up a value, if it can be hashed.
pub(crate) fn key(value: &Value) -> Result<Key, crate::exception::Exception> {
    Key::new(value.clone())
}
