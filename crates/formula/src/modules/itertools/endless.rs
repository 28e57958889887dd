//! `count`, `cycle`, `repeat`. What runs through them for ever is stopped by what a formula may spend.

use crate::call::Call;
use crate::context::Context;
use crate::exception::Exception;
use crate::native::Native;
use crate::ops::{Binary, number};
use crate::value::{Iterate, Iterator, Value};

pub(super) static FUNCTIONS: &[Native] = &[
    Native::function("count", "start=0, step=1", "Numbers, without end.", count),
    Native::function("cycle", "iterable, /", "The items again and again.", cycle),
    Native::function("repeat", "object, times=None", "One thing again and again.", repeat),
];

struct Count(Value, Value);

impl Iterate for Count {
    fn next(&mut self, context: &mut Context<'_>) -> Result<Option<Value>, Exception> {
        context.spend(1)?;
        let next = context.binary(Binary::Add, &self.0, &self.1)?;
        Ok(Some(std::mem::replace(&mut self.0, next)))
    }
    fn type_name(&self) -> &'static str {
        "itertools.count"
    }
}

fn count(call: &mut Call<'_, '_>) -> Result<Value, Exception> {
    let start = call.get(0).cloned().unwrap_or(Value::Int(0));
    let step = call.get(1).cloned().unwrap_or(Value::Int(1));
    number::real(&start)?;
    Ok(Value::Iterator(Iterator::new(Count(start, step))))
}

struct Cycle(Vec<Value>, usize);

impl Iterate for Cycle {
    fn next(&mut self, context: &mut Context<'_>) -> Result<Option<Value>, Exception> {
        context.spend(1)?;
        let item = self.0.get(self.1).cloned();
        self.1 = (self.1 + 1) % self.0.len().max(1);
        Ok(item)
    }
    fn type_name(&self) -> &'static str {
        "itertools.cycle"
    }
}

fn cycle(call: &mut Call<'_, '_>) -> Result<Value, Exception> {
    let items = call.context.collect(&call.arg(0).clone())?;
    Ok(Value::Iterator(Iterator::new(Cycle(items, 0))))
}

struct Repeat(Value, Option<i64>);

impl Iterate for Repeat {
    fn next(&mut self, context: &mut Context<'_>) -> Result<Option<Value>, Exception> {
        context.spend(1)?;
        match &mut self.1 {
            Some(left) if *left <= 0 => return Ok(None),
            Some(left) => *left -= 1,
            None => {}
        }
        Ok(Some(self.0.clone()))
    }
    fn type_name(&self) -> &'static str {
        "itertools.repeat"
    }
}

fn repeat(call: &mut Call<'_, '_>) -> Result<Value, Exception> {
    let times = match call.some(1) {
        Some(times) => Some(number::index(times)?),
        None => None,
    };
    let object = call.arg(0).clone();
    Ok(Value::Iterator(Iterator::new(Repeat(object, times))))
}
