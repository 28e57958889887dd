//! Methods of `list` and `tuple`.

use std::cell::RefCell;
use std::rc::Rc;

use crate::call::Call;
use crate::exception::{self, Exception};
use crate::native::Native;
use crate::ops::{number, truth};
use crate::types::type_of;
use crate::value::Value;

/// Methods of lists.
pub static METHODS: &[Native] = &[
    Native::method("append", "self, object, /", "Adds an element at the end.", |call| {
        let item = call.arg(1).clone();
        // Lists within lists cost extra: see the limits of nesting.
        let nested = matches!(
            item,
            Value::List(_) | Value::Tuple(_) | Value::Dict(_) | Value::Iterator(_) | Value::Function(_)
        );
        call.context.allocate(if nested { 512 } else { size_of::<Value>() })?;
        own(call)?.borrow_mut().push(item);
        Ok(Value::None)
    }),
    Native::method("clear", "self, /", "Removes everything.", |call| {
        own(call)?.borrow_mut().clear();
        Ok(Value::None)
    }),
    Native::method("copy", "self, /", "A list with the same elements.", |call| {
        let items = own(call)?.borrow().clone();
        call.context.allocate(items.len() * size_of::<Value>())?;
        Ok(Value::list(items))
    }),
    Native::method("count", "self, value, /", "How often a value occurs.", count),
    Native::method("extend", "self, iterable, /", "Adds elements at the end.", |call| {
        let more = call.context.collect(&call.arg(1).clone())?;
        call.context.allocate(more.len() * size_of::<Value>())?;
        own(call)?.borrow_mut().extend(more);
        Ok(Value::None)
    }),
    Native::method("index", "self, value, start=0, stop=None, /", "Where a value first occurs.", index),
    Native::method("insert", "self, index, object, /", "Adds an element before another.", insert),
    Native::method("pop", "self, index=-1, /", "Removes and gives an element.", pop),
    Native::method("remove", "self, value, /", "Removes a value.", remove),
    Native::method("reverse", "self, /", "Turns the order round.", |call| {
        own(call)?.borrow_mut().reverse();
        Ok(Value::None)
    }),
    Native::method("sort", "self, /, *, key=None, reverse=False", "Sorts.", |call| {
        let list = own(call)?;
        let items = list.borrow().clone();
        let key = call.some(1).cloned();
        let reverse = call.get(2).is_some_and(truth);
        let sorted = call.context.sort(items, key.as_ref(), reverse)?;
        *list.borrow_mut() = sorted;
        Ok(Value::None)
    }),
];

/// Methods of tuples.
pub static TUPLE: &[Native] = &[
    Native::method("count", "self, value, /", "How often a value occurs.", count),
    Native::method("index", "self, value, start=0, stop=None, /", "Where a value first occurs.", index),
];

fn own(call: &Call<'_, '_>) -> Result<Rc<RefCell<Vec<Value>>>, Exception> {
    match call.arg(0) {
        Value::List(items) => Ok(items.clone()),
        other => Err(exception::type_error(format!(
            "descriptor '{}' for 'list' objects doesn't apply to a '{}' object",
            call.native.name,
            type_of(other).name
        ))),
    }
}

fn count(call: &mut Call<'_, '_>) -> Result<Value, Exception> {
    let (items, wanted) = (call.context.collect(&call.arg(0).clone())?, call.arg(1));
    let count = items.iter().filter(|item| crate::ops::is_element(item, wanted)).count();
    Ok(Value::Int(i64::try_from(count).unwrap_or(i64::MAX)))
}

fn index(call: &mut Call<'_, '_>) -> Result<Value, Exception> {
    let (items, wanted) = (call.context.collect(&call.arg(0).clone())?, call.arg(1).clone());
    let len = i64::try_from(items.len()).unwrap_or(i64::MAX);
    let bound = |at: usize, default: i64| -> Result<usize, Exception> {
        let position = call.some(at).map_or(Ok(default), number::index)?;
        let position = if position < 0 { position.saturating_add(len).max(0) } else { position };
        Ok(usize::try_from(position).unwrap_or(usize::MAX))
    };
    let (start, stop) = (bound(2, 0)?, bound(3, len)?);
    for (at, item) in items.iter().enumerate().take(stop).skip(start) {
        if crate::ops::is_element(item, &wanted) {
            return Ok(Value::Int(i64::try_from(at).unwrap_or(i64::MAX)));
        }
    }
    Err(exception::value_error(match call.arg(0) {
        Value::Tuple(_) => "tuple.index(x): x not in tuple".to_owned(),
        _ => format!("{} is not in list", call.context.repr(&wanted)?),
    }))
}

fn insert(call: &mut Call<'_, '_>) -> Result<Value, Exception> {
    let (list, item) = (own(call)?, call.arg(2).clone());
    let position = number::index(call.arg(1))?;
    call.context.allocate(size_of::<Value>())?;
    let mut items = list.borrow_mut();
    call.context.spend(items.len() as u64 / 16)?;
    let len = i64::try_from(items.len()).unwrap_or(i64::MAX);
    let at = if position < 0 { position.saturating_add(len).max(0) } else { position.min(len) };
    items.insert(usize::try_from(at).unwrap_or(0), item);
    Ok(Value::None)
}

fn pop(call: &mut Call<'_, '_>) -> Result<Value, Exception> {
    let list = own(call)?;
    let position = call.get(1).map_or(Ok(-1), number::index)?;
    let mut items = list.borrow_mut();
    if items.is_empty() {
        return Err(Exception::new(&exception::INDEX_ERROR, "pop from empty list"));
    }
    let len = i64::try_from(items.len()).unwrap_or(i64::MAX);
    let at = if position < 0 { position.saturating_add(len) } else { position };
    match usize::try_from(at) {
        Ok(at) if at < items.len() => {
            call.context.spend((items.len() - at) as u64 / 16)?;
            Ok(items.remove(at))
        }
        _ => Err(Exception::new(&exception::INDEX_ERROR, "pop index out of range")),
    }
}

fn remove(call: &mut Call<'_, '_>) -> Result<Value, Exception> {
    let (list, wanted) = (own(call)?, call.arg(1).clone());
    let mut items = list.borrow_mut();
    call.context.spend(items.len() as u64)?;
    match items.iter().position(|item| crate::ops::is_element(item, &wanted)) {
        Some(at) => {
            items.remove(at);
            Ok(Value::None)
        }
        None => Err(exception::value_error("list.remove(x): x not in list")),
    }
}
