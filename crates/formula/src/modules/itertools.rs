//! The module `itertools`. Endless ones (`count`, `cycle`, `repeat`) give one item at a time; what needs all of its input takes it when it is called.

mod combine;
mod endless;

use crate::call::Call;
use crate::context::Context;
use crate::exception::{self, Exception};
use crate::modules::ModuleDef;
use crate::native::Native;
use crate::ops::{self, Binary, Iter, number, truth};
use crate::value::{Iterate, Iterator, Value};

/// The module.
pub static MODULE: ModuleDef = ModuleDef {
    name: "itertools",
    functions: &[FUNCTIONS, combine::FUNCTIONS, endless::FUNCTIONS],
    types: &[],
    modules: &[],
    constant: None,
};

static FUNCTIONS: &[Native] = &[
    Native::function("accumulate", "iterable, func=None, *, initial=None", "Running totals.", accumulate),
    Native::function("chain", "*iterables", "One iterable after the other.", chain),
    Native::function("compress", "data, selectors", "The items whose selector is true.", compress),
    Native::function(
        "dropwhile",
        "predicate, iterable, /",
        "What follows the first item that fails.",
        |call| while_true(call, false),
    ),
    Native::function(
        "filterfalse",
        "function, iterable, /",
        "The items for which it is false.",
        filter_false,
    ),
    Native::function("groupby", "iterable, key=None", "Runs of items with the same key.", group_by),
    Native::function(
        "islice",
        "iterable, start, stop=None, step=None, /",
        "A slice of what it gives.",
        slice,
    ),
    Native::function("pairwise", "iterable, /", "Each item with the next.", pairwise),
    Native::function("starmap", "function, iterable, /", "The function of each item's members.", star_map),
    Native::function(
        "takewhile",
        "predicate, iterable, /",
        "The items before the first that fails.",
        |call| while_true(call, true),
    ),
    Native::function("zip_longest", "*iterables, fillvalue=None", "Rows, filled up.", zip_longest),
];

/// Items that are known.
struct Listed(std::vec::IntoIter<Value>, &'static str);

impl Iterate for Listed {
    fn next(&mut self, context: &mut Context<'_>) -> Result<Option<Value>, Exception> {
        context.spend(1)?;
        Ok(self.0.next())
    }
    fn type_name(&self) -> &'static str {
        self.1
    }
}

fn listed(items: Vec<Value>, name: &'static str) -> Value {
    Value::Iterator(Iterator::new(Listed(items.into_iter(), name)))
}

fn all(call: &mut Call<'_, '_>, at: usize) -> Result<Vec<Value>, Exception> {
    call.context.collect(&call.arg(at).clone())
}

fn accumulate(call: &mut Call<'_, '_>) -> Result<Value, Exception> {
    let function = call.some(1).cloned();
    let mut items = all(call, 0)?.into_iter();
    let Some(mut total) = call.some(2).cloned().or_else(|| items.next()) else {
        return Ok(listed(Vec::new(), "itertools.accumulate"));
    };
    let mut totals = vec![total.clone()];
    for item in items {
        total = match &function {
            Some(function) => call.context.call(function, &[total, item], &[])?,
            None => call.context.binary(Binary::Add, &total, &item)?,
        };
        totals.push(total.clone());
    }
    Ok(listed(totals, "itertools.accumulate"))
}

struct Chain(std::vec::IntoIter<Value>, Option<Iter>);

impl Iterate for Chain {
    fn next(&mut self, context: &mut Context<'_>) -> Result<Option<Value>, Exception> {
        loop {
            if let Some(current) = &mut self.1
                && let Some(item) = current.next(context)?
            {
                return Ok(Some(item));
            }
            let Some(next) = self.0.next() else { return Ok(None) };
            self.1 = Some(context.iterate(&next)?);
        }
    }
    fn type_name(&self) -> &'static str {
        "itertools.chain"
    }
}

fn chain(call: &mut Call<'_, '_>) -> Result<Value, Exception> {
    let parts = call.rest().to_vec();
    Ok(Value::Iterator(Iterator::new(Chain(parts.into_iter(), None))))
}

fn compress(call: &mut Call<'_, '_>) -> Result<Value, Exception> {
    let (data, selectors) = (all(call, 0)?, all(call, 1)?);
    let kept = data.into_iter().zip(selectors).filter(|(_, selector)| truth(selector));
    Ok(listed(kept.map(|(item, _)| item).collect(), "itertools.compress"))
}

struct WhileTrue {
    predicate: Value,
    items: Iter,
    taking: bool,
    over: bool,
}

impl Iterate for WhileTrue {
    fn next(&mut self, context: &mut Context<'_>) -> Result<Option<Value>, Exception> {
        if self.taking && self.over {
            return Ok(None);
        }
        while let Some(item) = self.items.next(context)? {
            if self.over {
                return Ok(Some(item));
            }
            let holds = truth(&context.call(&self.predicate, std::slice::from_ref(&item), &[])?);
            self.over = !holds;
            if holds == self.taking {
                return Ok(Some(item));
            }
            if self.taking {
                return Ok(None);
            }
        }
        Ok(None)
    }
    fn type_name(&self) -> &'static str {
        if self.taking { "itertools.takewhile" } else { "itertools.dropwhile" }
    }
}

fn while_true(call: &mut Call<'_, '_>, taking: bool) -> Result<Value, Exception> {
    let predicate = call.arg(0).clone();
    let items = call.context.iterate(&call.arg(1).clone())?;
    Ok(Value::Iterator(Iterator::new(WhileTrue { predicate, items, taking, over: false })))
}

fn filter_false(call: &mut Call<'_, '_>) -> Result<Value, Exception> {
    let function = call.arg(0).clone();
    let mut kept = Vec::new();
    for item in all(call, 1)? {
        let holds = match &function {
            Value::None => truth(&item),
            function => truth(&call.context.call(function, std::slice::from_ref(&item), &[])?),
        };
        if !holds {
            kept.push(item);
        }
    }
    Ok(listed(kept, "itertools.filterfalse"))
}

fn group_by(call: &mut Call<'_, '_>) -> Result<Value, Exception> {
    let function = call.some(1).cloned();
    let mut groups: Vec<(Value, Vec<Value>)> = Vec::new();
    for item in all(call, 0)? {
        let key = match &function {
            Some(function) => call.context.call(function, std::slice::from_ref(&item), &[])?,
            None => item.clone(),
        };
        match groups.last_mut() {
            Some((last, members)) if ops::equal(last, &key) => members.push(item),
            _ => groups.push((key, vec![item])),
        }
    }
    let rows = groups
        .into_iter()
        .map(|(key, members)| Value::tuple(vec![key, listed(members, "itertools._grouper")]))
        .collect();
    Ok(listed(rows, "itertools.groupby"))
}

struct Slice {
    items: Iter,
    /// How many items to pass over before the next one.
    skip: usize,
    step: usize,
    /// How many items may still be looked at; nothing: all.
    left: Option<usize>,
}

impl Iterate for Slice {
    fn next(&mut self, context: &mut Context<'_>) -> Result<Option<Value>, Exception> {
        loop {
            match &mut self.left {
                Some(0) => return Ok(None),
                Some(left) => *left -= 1,
                None => {}
            }
            let Some(item) = self.items.next(context)? else { return Ok(None) };
            if self.skip == 0 {
                self.skip = self.step - 1;
                return Ok(Some(item));
            }
            self.skip -= 1;
        }
    }
    fn type_name(&self) -> &'static str {
        "itertools.islice"
    }
}

fn slice(call: &mut Call<'_, '_>) -> Result<Value, Exception> {
    let what = if call.get(2).is_none() { "Stop argument" } else { "Indices" };
    let bound = |value: Option<&Value>| match value {
        None | Some(Value::None) => Ok(None),
        Some(value) => match usize::try_from(number::index(value)?) {
            Ok(bound) => Ok(Some(bound)),
            Err(_) => Err(exception::value_error(format!(
                "{what} for islice() must be None or an integer: 0 <= x <= sys.maxsize."
            ))),
        },
    };
    let first = bound(call.get(1))?;
    let (start, stop) = match call.get(2) {
        None => (0, first),
        stop => (first.unwrap_or(0), bound(stop)?),
    };
    let step = bound(call.get(3))?.unwrap_or(1);
    if step == 0 {
        return Err(exception::value_error("Step for islice() must be a positive integer or None."));
    }
    let items = call.context.iterate(&call.arg(0).clone())?;
    Ok(Value::Iterator(Iterator::new(Slice { items, skip: start, step, left: stop })))
}

fn pairwise(call: &mut Call<'_, '_>) -> Result<Value, Exception> {
    let items = all(call, 0)?;
    let pairs = items.windows(2).map(|pair| Value::tuple(pair.to_vec())).collect();
    Ok(listed(pairs, "itertools.pairwise"))
}

fn star_map(call: &mut Call<'_, '_>) -> Result<Value, Exception> {
    let function = call.arg(0).clone();
    let mut results = Vec::new();
    for item in all(call, 1)? {
        let arguments = call.context.collect(&item)?;
        results.push(call.context.call(&function, &arguments, &[])?);
    }
    Ok(listed(results, "itertools.starmap"))
}

fn zip_longest(call: &mut Call<'_, '_>) -> Result<Value, Exception> {
    let fill = call.get(0).cloned().unwrap_or(Value::None);
    let parts = call.positional().to_vec();
    let mut columns = Vec::with_capacity(parts.len());
    for part in &parts {
        columns.push(call.context.collect(part)?);
    }
    let longest = columns.iter().map(Vec::len).max().unwrap_or(0);
    call.context.spend((longest * columns.len()) as u64)?;
    let row = |at: usize| columns.iter().map(|column| column.get(at).unwrap_or(&fill).clone()).collect();
    Ok(listed((0..longest).map(|at| Value::tuple(row(at))).collect(), "itertools.zip_longest"))
}
