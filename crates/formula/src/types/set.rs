//! Methods of `set` and `frozenset`.

use std::cell::RefCell;
use std::rc::Rc;

use crate::call::Call;
use crate::exception::{self, Exception};
use crate::native::Native;
use crate::ops::Binary;
use crate::types::type_of;
use crate::value::{Key, Set, Value};

/// Methods of both.
pub static COMMON: &[Native] = &[
    Native::method("copy", "self, /", "A set with the same elements.", |call| match call.arg(0) {
        Value::Set(set) => Ok(Value::set(set.borrow().clone())),
        other => Ok(other.clone()),
    }),
    Native::method("difference", "self, *others", "Elements in none of the others.", |call| {
        combine(call, Binary::Sub)
    }),
    Native::method("intersection", "self, *others", "Elements in all.", |call| combine(call, Binary::And)),
    Native::method("isdisjoint", "self, other, /", "Whether nothing is in both.", |call| {
        let (own, other) = pair(call)?;
        Ok(Value::Bool(own.is_disjoint(&other)))
    }),
    Native::method("issubset", "self, other, /", "Whether the other has all elements.", |call| {
        let (own, other) = pair(call)?;
        Ok(Value::Bool(own.is_subset(&other)))
    }),
    Native::method("issuperset", "self, other, /", "Whether it has all elements of the other.", |call| {
        let (own, other) = pair(call)?;
        Ok(Value::Bool(other.is_subset(&own)))
    }),
    Native::method("symmetric_difference", "self, other, /", "Elements in one of both.", |call| {
        combine(call, Binary::Xor)
    }),
    Native::method("union", "self, *others", "Elements in any.", |call| combine(call, Binary::Or)),
];

/// Methods of sets that change them.
pub static CHANGES: &[Native] = &[
    Native::method("add", "self, elem, /", "Adds an element.", |call| {
        let key = Key::new(call.arg(1).clone())?;
        call.context.allocate(2 * size_of::<Value>())?;
        own(call)?.borrow_mut().insert(key);
        Ok(Value::None)
    }),
    Native::method("clear", "self, /", "Removes everything.", |call| {
        own(call)?.borrow_mut().clear();
        Ok(Value::None)
    }),
    Native::method("difference_update", "self, *others", "Removes elements of the others.", |call| {
        change(call, Binary::Sub)
    }),
    Native::method("discard", "self, elem, /", "Removes an element if it is there.", |call| {
        let key = Key::new(call.arg(1).clone())?;
        own(call)?.borrow_mut().shift_remove(&key);
        Ok(Value::None)
    }),
    Native::method("intersection_update", "self, *others", "Keeps what is in all.", |call| {
        change(call, Binary::And)
    }),
    Native::method("pop", "self, /", "Removes and gives an element.", |call| {
        match own(call)?.borrow_mut().shift_remove_index(0) {
            Some(key) => Ok(key.into_value()),
            None => {
                Err(Exception::with_args(&exception::KEY_ERROR, vec![Value::str("pop from an empty set")]))
            }
        }
    }),
    Native::method("remove", "self, elem, /", "Removes an element.", |call| {
        let key = Key::new(call.arg(1).clone())?;
        if own(call)?.borrow_mut().shift_remove(&key) {
            Ok(Value::None)
        } else {
            Err(Exception::with_args(&exception::KEY_ERROR, vec![key.into_value()]))
        }
    }),
    Native::method(
        "symmetric_difference_update",
        "self, other, /",
        "Keeps what is in one of both.",
        |call| change(call, Binary::Xor),
    ),
    Native::method("update", "self, *others", "Adds elements.", |call| change(call, Binary::Or)),
];

fn own(call: &Call<'_, '_>) -> Result<Rc<RefCell<Set>>, Exception> {
    match call.arg(0) {
        Value::Set(set) => Ok(set.clone()),
        other => Err(exception::type_error(format!(
            "descriptor '{}' for 'set' objects doesn't apply to a '{}' object",
            call.native.name,
            type_of(other).name
        ))),
    }
}

fn pair(call: &mut Call<'_, '_>) -> Result<(Set, Set), Exception> {
    let (own, other) = (call.arg(0).clone(), call.arg(1).clone());
    Ok((call.context.collect_set(&own)?, call.context.collect_set(&other)?))
}

fn combined(call: &mut Call<'_, '_>, operator: Binary) -> Result<Value, Exception> {
    let mut result = call.arg(0).clone();
    for other in call.positional().iter().skip(1) {
        let other = Value::set(call.context.collect_set(other)?);
        result = call.context.binary(operator, &result, &other)?;
    }
    Ok(result)
}

fn combine(call: &mut Call<'_, '_>, operator: Binary) -> Result<Value, Exception> {
    match combined(call, operator)? {
        Value::Set(set) => Ok(Value::set(set.borrow().clone())),
        other => Ok(other),
    }
}

fn change(call: &mut Call<'_, '_>, operator: Binary) -> Result<Value, Exception> {
    let set = own(call)?;
    if let Value::Set(result) = combined(call, operator)? {
        let result = result.borrow().clone();
        *set.borrow_mut() = result;
    }
    Ok(Value::None)
}
