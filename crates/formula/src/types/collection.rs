//! Methods of `list`, `tuple`, `dict`, `set` and `frozenset`.
//!
//! Texts of errors are CPython 3.11's.

use std::cell::RefCell;
use std::rc::Rc;

use crate::call::Call;
use crate::exception::{self, Exception};
use crate::native::Native;
use crate::ops::{self, number};
use crate::value::{Dict, Key, Set, Value};

type Outcome = Result<Value, Exception>;

pub(super) static LIST: &[Native] = &[
    Native::method("append", "self, object, /", "", |call| {
        call.context.allocate(24)?;
        list(call).borrow_mut().push(call.arg(1).clone());
        Ok(Value::None)
    }),
    Native::method("clear", "self, /", "", |call| {
        list(call).borrow_mut().clear();
        Ok(Value::None)
    }),
    Native::method("copy", "self, /", "", |call| Ok(Value::list(list(call).borrow().clone()))),
    Native::method("count", "self, value, /", "", |call| count(call, &list(call).borrow())),
    Native::method("extend", "self, iterable, /", "", |call| {
        let items = call.context.collect(call.arg(1))?;
        call.context.allocate(items.len() * 24)?;
        list(call).borrow_mut().extend(items);
        Ok(Value::None)
    }),
    Native::method("index", "self, value, start=0, stop=None, /", "", |call| {
        index(call, &list(call).borrow(), "list")
    }),
    Native::method("insert", "self, index, object, /", "", insert),
    Native::method("pop", "self, index=-1, /", "", pop),
    Native::method("remove", "self, value, /", "", |call| {
        let items = list(call);
        let at = items.borrow().iter().position(|item| ops::equal(item, call.arg(1)));
        let at = at.ok_or_else(|| exception::value_error("list.remove(x): x not in list"))?;
        items.borrow_mut().remove(at);
        Ok(Value::None)
    }),
    Native::method("reverse", "self, /", "", |call| {
        list(call).borrow_mut().reverse();
        Ok(Value::None)
    }),
    Native::method("sort", "self, /, *, key=None, reverse=False", "", |call| {
        let items = list(call);
        let sorted =
            call.context.sort(items.borrow().clone(), call.some(1), call.get(2).is_some_and(ops::truth))?;
        *items.borrow_mut() = sorted;
        Ok(Value::None)
    }),
];

pub(super) static TUPLE: &[Native] = &[
    Native::method("count", "self, value, /", "", |call| count(call, tuple(call))),
    Native::method("index", "self, value, start=0, stop=None, /", "", |call| {
        index(call, tuple(call), "tuple")
    }),
];

pub(super) static DICT: &[Native] = &[
    Native::method("clear", "self, /", "", |call| {
        dict(call).borrow_mut().clear();
        Ok(Value::None)
    }),
    Native::method("copy", "self, /", "", |call| Ok(Value::dict(dict(call).borrow().clone()))),
    Native::method("get", "self, key, default=None, /", "", |call| {
        let key = Key::new(call.arg(1).clone())?;
        let found = dict(call).borrow().get(&key).cloned();
        Ok(found.unwrap_or_else(|| call.get(2).cloned().unwrap_or(Value::None)))
    }),
    Native::method("items", "self, /", "", |call| {
        let pairs = dict(call)
            .borrow()
            .iter()
            .map(|(key, value)| Value::tuple(vec![key.value().clone(), value.clone()]))
            .collect();
        Ok(Value::list(pairs))
    }),
    Native::method("keys", "self, /", "", |call| {
        Ok(Value::list(dict(call).borrow().keys().map(|key| key.value().clone()).collect()))
    }),
    Native::method("pop", "self, key, default=None, /", "", |call| {
        let key = Key::new(call.arg(1).clone())?;
        let taken = dict(call).borrow_mut().shift_remove(&key);
        match taken.or_else(|| call.get(2).cloned()) {
            Some(value) => Ok(value),
            None => Err(Exception::with_args(&exception::KEY_ERROR, vec![key.into_value()])),
        }
    }),
    Native::method("popitem", "self, /", "", |call| match dict(call).borrow_mut().pop() {
        Some((key, value)) => Ok(Value::tuple(vec![key.into_value(), value])),
        None => Err(Exception::with_args(
            &exception::KEY_ERROR,
            vec![Value::from("popitem(): dictionary is empty")],
        )),
    }),
    Native::method("setdefault", "self, key, default=None, /", "", |call| {
        let key = Key::new(call.arg(1).clone())?;
        let default = call.get(2).cloned().unwrap_or(Value::None);
        Ok(dict(call).borrow_mut().entry(key).or_insert(default).clone())
    }),
    Native::method("update", "self, iterable=(), /, **kwargs", "", update),
    Native::method("values", "self, /", "", |call| {
        Ok(Value::list(dict(call).borrow().values().cloned().collect()))
    }),
];

pub(super) static SET: &[Native] = &[
    Native::method("add", "self, element, /", "", |call| {
        set(call).borrow_mut().insert(Key::new(call.arg(1).clone())?);
        Ok(Value::None)
    }),
    Native::method("clear", "self, /", "", |call| {
        set(call).borrow_mut().clear();
        Ok(Value::None)
    }),
    Native::method("discard", "self, element, /", "", |call| {
        set(call).borrow_mut().shift_remove(&Key::new(call.arg(1).clone())?);
        Ok(Value::None)
    }),
    Native::method("remove", "self, element, /", "", |call| {
        let key = Key::new(call.arg(1).clone())?;
        if set(call).borrow_mut().shift_remove(&key) {
            Ok(Value::None)
        } else {
            Err(Exception::with_args(&exception::KEY_ERROR, vec![key.into_value()]))
        }
    }),
    Native::method("update", "self, /, *others", "", |call| {
        for other in call.rest() {
            let elements = call.context.collect_set(other)?;
            set(call).borrow_mut().extend(elements);
        }
        Ok(Value::None)
    }),
];

/// Methods of both kinds of sets.
pub(super) static ANY_SET: &[Native] = &[
    Native::method("copy", "self, /", "", |call| Ok(like(call, elements(call)))),
    Native::method("difference", "self, /, *others", "", |call| {
        fold(call, |mine, other| mine.retain(|key| !other.contains(key)))
    }),
    Native::method("intersection", "self, /, *others", "", |call| {
        fold(call, |mine, other| mine.retain(|key| other.contains(key)))
    }),
    Native::method("isdisjoint", "self, other, /", "", |call| {
        let other = call.context.collect_set(call.arg(1))?;
        Ok(Value::Bool(!elements(call).iter().any(|key| other.contains(key))))
    }),
    Native::method("issubset", "self, other, /", "", |call| {
        let other = call.context.collect_set(call.arg(1))?;
        Ok(Value::Bool(elements(call).iter().all(|key| other.contains(key))))
    }),
    Native::method("issuperset", "self, other, /", "", |call| {
        let (other, mine) = (call.context.collect_set(call.arg(1))?, elements(call));
        Ok(Value::Bool(other.iter().all(|key| mine.contains(key))))
    }),
    Native::method("symmetric_difference", "self, other, /", "", |call| {
        let (other, mut mine) = (call.context.collect_set(call.arg(1))?, elements(call));
        for key in other {
            if !mine.shift_remove(&key) {
                mine.insert(key);
            }
        }
        Ok(like(call, mine))
    }),
    Native::method("union", "self, /, *others", "", |call| fold(call, |mine, other| mine.extend(other))),
];

fn list<'a>(call: &Call<'a, '_>) -> Rc<RefCell<Vec<Value>>> {
    let value: &'a Value = call.arg(0);
    match value {
        Value::List(items) => Rc::clone(items),
        _ => Rc::default(),
    }
}

fn tuple<'a>(call: &Call<'a, '_>) -> &'a [Value] {
    match call.arg(0) {
        Value::Tuple(items) => items,
        _ => &[],
    }
}

fn dict(call: &Call<'_, '_>) -> Rc<RefCell<Dict>> {
    match call.arg(0) {
        Value::Dict(dict) => Rc::clone(dict),
        _ => Rc::default(),
    }
}

fn set(call: &Call<'_, '_>) -> Rc<RefCell<Set>> {
    match call.arg(0) {
        Value::Set(set) => Rc::clone(set),
        _ => Rc::default(),
    }
}

fn elements(call: &Call<'_, '_>) -> Set {
    match call.arg(0) {
        Value::Set(set) => set.borrow().clone(),
        Value::FrozenSet(set) => (**set).clone(),
        _ => Set::default(),
    }
}

/// A set of the kind of the object.
fn like(call: &Call<'_, '_>, set: Set) -> Value {
    match call.arg(0) {
        Value::FrozenSet(_) => Value::FrozenSet(Rc::new(set)),
        _ => Value::set(set),
    }
}

fn fold(call: &mut Call<'_, '_>, join: fn(&mut Set, Set)) -> Outcome {
    let mut mine = elements(call);
    for other in call.rest() {
        let other = call.context.collect_set(other)?;
        call.context.spend(other.len() as u64)?;
        join(&mut mine, other);
    }
    Ok(like(call, mine))
}

fn count(call: &Call<'_, '_>, items: &[Value]) -> Outcome {
    let count = items.iter().filter(|item| ops::equal(item, call.arg(1))).count();
    Ok(Value::Int(i64::try_from(count).unwrap_or(i64::MAX)))
}

fn index(call: &mut Call<'_, '_>, items: &[Value], kind: &str) -> Outcome {
    let length = i64::try_from(items.len()).unwrap_or(i64::MAX);
    let bound = |at: usize, default: i64| match call.some(at) {
        Some(value) => number::index(value)
            .map(|index| if index < 0 { (index + length).max(0) } else { index.min(length) }),
        None => Ok(default),
    };
    let (start, stop) = (bound(2, 0)?, bound(3, length)?);
    let (start, stop) = (usize::try_from(start).unwrap_or(0), usize::try_from(stop).unwrap_or(0));
    let within = items.get(start..stop.max(start)).unwrap_or_default();
    match within.iter().position(|item| ops::equal(item, call.arg(1))) {
        Some(at) => Ok(Value::Int(i64::try_from(at + start).unwrap_or(i64::MAX))),
        None if kind == "tuple" => Err(exception::value_error("tuple.index(x): x not in tuple")),
        None => {
            let shown = call.context.repr(call.arg(1))?;
            Err(exception::value_error(format!("{shown} is not in list")))
        }
    }
}

fn insert(call: &mut Call<'_, '_>) -> Outcome {
    call.context.allocate(24)?;
    let at = number::index(call.arg(1))?;
    let items = list(call);
    let mut items = items.borrow_mut();
    let length = i64::try_from(items.len()).unwrap_or(i64::MAX);
    let at = if at < 0 { (at + length).max(0) } else { at.min(length) };
    items.insert(usize::try_from(at).unwrap_or(0), call.arg(2).clone());
    Ok(Value::None)
}

fn pop(call: &mut Call<'_, '_>) -> Outcome {
    let at = match call.get(1) {
        Some(at) => number::index(at)?,
        None => -1,
    };
    let items = list(call);
    let mut items = items.borrow_mut();
    let error = |text: &str| Exception::new(&exception::INDEX_ERROR, text);
    if items.is_empty() {
        return Err(error("pop from empty list"));
    }
    let length = i64::try_from(items.len()).unwrap_or(i64::MAX);
    let at = if at < 0 { at + length } else { at };
    let at = usize::try_from(at)
        .ok()
        .filter(|at| *at < items.len())
        .ok_or_else(|| error("pop index out of range"))?;
    Ok(items.remove(at))
}

fn update(call: &mut Call<'_, '_>) -> Outcome {
    let own = dict(call);
    match call.get(1) {
        Some(Value::Dict(other)) => {
            let entries: Vec<_> =
                other.borrow().iter().map(|(key, value)| (key.clone(), value.clone())).collect();
            own.borrow_mut().extend(entries);
        }
        Some(iterable) => {
            for pair in call.context.collect(iterable)? {
                let [key, value] = <[Value; 2]>::try_from(call.context.collect(&pair)?).map_err(|items| {
                    exception::value_error(format!(
                        "dictionary update sequence element has length {}; 2 is required",
                        items.len()
                    ))
                })?;
                own.borrow_mut().insert(Key::new(key)?, value);
            }
        }
        None => {}
    }
    for (name, value) in call.named() {
        own.borrow_mut().insert(Key::text(name), value.clone());
    }
    Ok(Value::None)
}
