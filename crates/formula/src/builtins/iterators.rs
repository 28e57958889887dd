//! `range`-like loops: `enumerate`, `zip`, `map`, `filter`, `sorted`, ….

use crate::call::Call;
use crate::context::Context;
use crate::exception::{self, Exception};
use crate::native::Native;
use crate::ops::{Iter, number, truth};
use crate::types::type_of;
use crate::value::{Iterate, Iterator, Value};

pub(super) static FUNCTIONS: &[Native] = &[
    Native::function("enumerate", "iterable, start=0", "", enumerate),
    Native::function("filter", "function, iterable, /", "", filter),
    Native::function("iter", "object, sentinel=None, /", "", iter),
    Native::function("len", "obj, /", "", len),
    Native::function("map", "func, *iterables", "", map),
    Native::function("next", "iterator, default=None, /", "", next),
    Native::function("reversed", "sequence, /", "", reversed),
    Native::function("sorted", "iterable, /, *, key=None, reverse=False", "", sorted),
    Native::function("zip", "*iterables, strict=False", "", zip),
];

struct Enumerate(Iter, i64);
impl Iterate for Enumerate {
    fn next(&mut self, context: &mut Context<'_>) -> Result<Option<Value>, Exception> {
        let Some(item) = self.0.next(context)? else { return Ok(None) };
        let at = self.1;
        self.1 += 1;
        Ok(Some(Value::tuple(vec![Value::Int(at), item])))
    }
    fn type_name(&self) -> &'static str {
        "enumerate"
    }
}

fn enumerate(call: &mut Call<'_, '_>) -> Result<Value, Exception> {
    let start = call.get(1).map_or(Ok(0), number::index)?;
    let iter = call.context.iterate(&call.arg(0).clone())?;
    Ok(Value::Iterator(Iterator::new(Enumerate(iter, start))))
}

struct Filter(Value, Iter);
impl Iterate for Filter {
    fn next(&mut self, context: &mut Context<'_>) -> Result<Option<Value>, Exception> {
        while let Some(item) = self.1.next(context)? {
            let keep = match &self.0 {
                Value::None => truth(&item),
                function => truth(&context.call(function, std::slice::from_ref(&item), &[])?),
            };
            if keep {
                return Ok(Some(item));
            }
        }
        Ok(None)
    }
    fn type_name(&self) -> &'static str {
        "filter"
    }
}

fn filter(call: &mut Call<'_, '_>) -> Result<Value, Exception> {
    let function = call.arg(0).clone();
    let iter = call.context.iterate(&call.arg(1).clone())?;
    Ok(Value::Iterator(Iterator::new(Filter(function, iter))))
}

fn iter(call: &mut Call<'_, '_>) -> Result<Value, Exception> {
    call.context.iterator(&call.arg(0).clone()).map(Value::Iterator)
}

fn len(call: &mut Call<'_, '_>) -> Result<Value, Exception> {
    let len = call.context.length(&call.arg(0).clone())?;
    Ok(Value::Int(i64::try_from(len).unwrap_or(i64::MAX)))
}

struct Map(Value, Vec<Iter>);
impl Iterate for Map {
    fn next(&mut self, context: &mut Context<'_>) -> Result<Option<Value>, Exception> {
        let Some(items) = row(&mut self.1, context)? else { return Ok(None) };
        context.call(&self.0, &items, &[]).map(Some)
    }
    fn type_name(&self) -> &'static str {
        "map"
    }
}

/// The next value of each; `None` once one is exhausted.
fn row(iters: &mut [Iter], context: &mut Context<'_>) -> Result<Option<Vec<Value>>, Exception> {
    let mut items = Vec::with_capacity(iters.len());
    for iter in iters {
        match iter.next(context)? {
            Some(item) => items.push(item),
            None => return Ok(None),
        }
    }
    Ok(Some(items))
}

fn loops(call: &mut Call<'_, '_>, values: &[Value]) -> Result<Vec<Iter>, Exception> {
    values.iter().map(|value| call.context.iterate(value)).collect()
}

fn map(call: &mut Call<'_, '_>) -> Result<Value, Exception> {
    let function = call.arg(0).clone();
    let values = call.rest();
    if values.is_empty() {
        return Err(exception::type_error("map() must have at least two arguments."));
    }
    let iters = loops(call, values)?;
    Ok(Value::Iterator(Iterator::new(Map(function, iters))))
}

fn next(call: &mut Call<'_, '_>) -> Result<Value, Exception> {
    let Value::Iterator(iterator) = call.arg(0).clone() else {
        return Err(exception::type_error(format!(
            "'{}' object is not an iterator",
            type_of(call.arg(0)).name
        )));
    };
    match iterator.next(call.context)? {
        Some(item) => Ok(item),
        None => call.get(1).cloned().ok_or_else(|| Exception::empty(&exception::STOP_ITERATION)),
    }
}

struct Listed(std::vec::IntoIter<Value>, &'static str);
impl Iterate for Listed {
    fn next(&mut self, _context: &mut Context<'_>) -> Result<Option<Value>, Exception> {
        Ok(self.0.next())
    }
    fn type_name(&self) -> &'static str {
        self.1
    }
}

fn reversed(call: &mut Call<'_, '_>) -> Result<Value, Exception> {
    let value = call.arg(0).clone();
    if matches!(value, Value::Set(_) | Value::FrozenSet(_) | Value::Iterator(_))
        || call.context.length(&value).is_err()
    {
        return Err(exception::type_error(format!("'{}' object is not reversible", type_of(&value).name)));
    }
    let mut items = call.context.collect(&value)?;
    items.reverse();
    Ok(Value::Iterator(Iterator::new(Listed(items.into_iter(), "reversed"))))
}

fn sorted(call: &mut Call<'_, '_>) -> Result<Value, Exception> {
    let items = call.context.collect(&call.arg(0).clone())?;
    let key = call.some(1).cloned();
    let reverse = call.get(2).is_some_and(truth);
    call.context.sort(items, key.as_ref(), reverse).map(Value::list)
}

struct Zip {
    iters: Vec<Iter>,
    strict: bool,
}
impl Iterate for Zip {
    fn next(&mut self, context: &mut Context<'_>) -> Result<Option<Value>, Exception> {
        if self.iters.is_empty() {
            return Ok(None);
        }
        if !self.strict {
            return Ok(row(&mut self.iters, context)?.map(Value::tuple));
        }
        let mut items = Vec::with_capacity(self.iters.len());
        for (at, iter) in self.iters.iter_mut().enumerate() {
            match iter.next(context)? {
                Some(item) if items.len() == at => items.push(item),
                Some(_) => {
                    return Err(exception::value_error(format!(
                        "zip() argument {} is longer than argument 1",
                        at + 1
                    )));
                }
                None if !items.is_empty() => {
                    return Err(exception::value_error(format!(
                        "zip() argument {} is shorter than argument 1",
                        at + 1
                    )));
                }
                None => {}
            }
        }
        Ok(if items.is_empty() { None } else { Some(Value::tuple(items)) })
    }
    fn type_name(&self) -> &'static str {
        "zip"
    }
}

fn zip(call: &mut Call<'_, '_>) -> Result<Value, Exception> {
    let strict = call.get(0).is_some_and(truth);
    let values = call.positional();
    let iters = loops(call, values)?;
    Ok(Value::Iterator(Iterator::new(Zip { iters, strict })))
}
