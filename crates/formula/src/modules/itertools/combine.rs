//! Selections of items: products, permutations, combinations, in Python's order. Their number is paid for before they are made.

use super::listed;
use crate::call::Call;
use crate::exception::{self, Exception};
use crate::native::Native;
use crate::ops::number;
use crate::value::Value;

pub(super) static FUNCTIONS: &[Native] = &[
    Native::function("combinations", "iterable, r", "Selections without repetition.", |call| {
        chosen(call, "itertools.combinations", |places| places.windows(2).all(|pair| pair[0] < pair[1]))
    }),
    Native::function("combinations_with_replacement", "iterable, r", "Selections with repetition.", |call| {
        chosen(call, "itertools.combinations_with_replacement", |places| {
            places.windows(2).all(|pair| pair[0] <= pair[1])
        })
    }),
    Native::function("permutations", "iterable, r=None", "Orders of the items.", permutations),
    Native::function("product", "*iterables, repeat=1", "Each with each.", product),
];

/// Which of the places picked so far may go on.
type Allowed = fn(&[usize]) -> bool;

/// All ways to pick one place from each range, of which the beginnings are allowed.
fn places(call: &mut Call<'_, '_>, sizes: &[usize], allowed: Allowed) -> Result<Vec<Vec<usize>>, Exception> {
    let mut ways: Vec<Vec<usize>> = vec![Vec::new()];
    for size in sizes {
        let mut longer = Vec::new();
        for way in &ways {
            for place in 0..*size {
                call.context.spend(1)?;
                let mut next = way.clone();
                next.push(place);
                if allowed(&next) {
                    call.context.limits.allocate(next.len() * 16 + 32)?;
                    longer.push(next);
                }
            }
        }
        ways = longer;
    }
    Ok(ways)
}

fn count(value: &Value) -> Result<usize, Exception> {
    usize::try_from(number::index(value)?).map_err(|_| exception::value_error("r must be non-negative"))
}

fn picked(items: &[Value], ways: Vec<Vec<usize>>, name: &'static str) -> Value {
    let row =
        |way: Vec<usize>| Value::tuple(way.into_iter().filter_map(|at| items.get(at).cloned()).collect());
    listed(ways.into_iter().map(row).collect(), name)
}

fn chosen(call: &mut Call<'_, '_>, name: &'static str, allowed: Allowed) -> Result<Value, Exception> {
    let items = call.context.collect(&call.arg(0).clone())?;
    let count = count(call.arg(1))?;
    let ways = places(call, &vec![items.len(); count], allowed)?;
    Ok(picked(&items, ways, name))
}

fn permutations(call: &mut Call<'_, '_>) -> Result<Value, Exception> {
    let items = call.context.collect(&call.arg(0).clone())?;
    let count = match call.some(1) {
        Some(r) => count(r)?,
        None => items.len(),
    };
    if count > items.len() {
        return Ok(listed(Vec::new(), "itertools.permutations"));
    }
    let distinct: Allowed = |places| match places.split_last() {
        Some((last, before)) => !before.contains(last),
        None => true,
    };
    let ways = places(call, &vec![items.len(); count], distinct)?;
    Ok(picked(&items, ways, "itertools.permutations"))
}

fn product(call: &mut Call<'_, '_>) -> Result<Value, Exception> {
    let repeat = match call.get(0) {
        Some(value) => usize::try_from(number::index(value)?)
            .map_err(|_| exception::value_error("repeat argument cannot be negative"))?,
        None => 1,
    };
    let parts = call.positional().to_vec();
    let mut columns = Vec::with_capacity(parts.len());
    for part in &parts {
        columns.push(call.context.collect(part)?);
    }
    call.context.spend((columns.len() * repeat) as u64)?;
    let columns: Vec<Vec<Value>> = (0..repeat).flat_map(|_| columns.iter().cloned()).collect();
    let sizes: Vec<usize> = columns.iter().map(Vec::len).collect();
    let ways = places(call, &sizes, |_| true)?;
    let row = |way: Vec<usize>| {
        let cells = way.into_iter().zip(&columns).filter_map(|(at, column)| column.get(at).cloned());
        Value::tuple(cells.collect())
    };
    Ok(listed(ways.into_iter().map(row).collect(), "itertools.product"))
}
