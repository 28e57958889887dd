//! The modules `bisect` and `heapq`, as far as they do not change the list they are given: where a value belongs in a sorted list, and the first or
//! last few in order.

use crate::call::Call;
use crate::exception::{self, Exception};
use crate::modules::ModuleDef;
use crate::native::Native;
use crate::ops::number;
use crate::value::Value;

/// The module `bisect`.
pub static MODULE: ModuleDef =
    ModuleDef { name: "bisect", functions: &[PLACES], types: &[], modules: &[], constant: None };
/// The module `heapq`.
pub static HEAPQ: ModuleDef =
    ModuleDef { name: "heapq", functions: &[EXTREMES], types: &[], modules: &[], constant: None };

static PLACES: &[Native] = &[
    Native::function("bisect", "a, x, lo=0, hi=None, *, key=None", "After what is equal.", |call| {
        place(call, true)
    }),
    Native::function("bisect_left", "a, x, lo=0, hi=None, *, key=None", "Before what is equal.", |call| {
        place(call, false)
    }),
    Native::function("bisect_right", "a, x, lo=0, hi=None, *, key=None", "After what is equal.", |call| {
        place(call, true)
    }),
];

static EXTREMES: &[Native] = &[
    Native::function("nlargest", "n, iterable, key=None", "The largest, in falling order.", |call| {
        first(call, true)
    }),
    Native::function("nsmallest", "n, iterable, key=None", "The smallest, in rising order.", |call| {
        first(call, false)
    }),
];

fn place(call: &mut Call<'_, '_>, after: bool) -> Result<Value, Exception> {
    let items = call.context.collect(&call.arg(0).clone())?;
    let wanted = call.arg(1).clone();
    let bound = |value: Option<&Value>, usual: usize| match value {
        None => Ok(usual),
        Some(value) => usize::try_from(number::index(value)?)
            .map_err(|_| exception::value_error("lo must be non-negative")),
    };
    let mut low = bound(call.some(2), 0)?;
    let mut high = bound(call.some(3), items.len())?.min(items.len());
    let key = call.some(4).cloned();
    while low < high {
        let middle = usize::midpoint(low, high);
        let item = match &key {
            Some(key) => call.context.call(key, std::slice::from_ref(&items[middle]), &[])?,
            None => items[middle].clone(),
        };
        let goes_on =
            if after { !call.context.less(&wanted, &item)? } else { call.context.less(&item, &wanted)? };
        if goes_on {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    Ok(Value::Int(i64::try_from(low).unwrap_or(i64::MAX)))
}

fn first(call: &mut Call<'_, '_>, largest: bool) -> Result<Value, Exception> {
    let count = usize::try_from(number::index(call.arg(0))?).unwrap_or(0);
    let items = call.context.collect(&call.arg(1).clone())?;
    let key = call.some(2).cloned();
    let mut sorted = call.context.sort(items, key.as_ref(), largest)?;
    sorted.truncate(count);
    Ok(Value::list(sorted))
}
