//! The module `functools`: `reduce`.

use crate::call::Call;
use crate::exception::{self, Exception};
use crate::modules::ModuleDef;
use crate::native::Native;
use crate::value::Value;

/// The module.
pub static MODULE: ModuleDef =
    ModuleDef { name: "functools", functions: &[FUNCTIONS], types: &[], modules: &[], constant: None };

static FUNCTIONS: &[Native] = &[Native::function(
    "reduce",
    "function, iterable, initial=None, /",
    "Puts the items together, two at a time.",
    reduce,
)];

fn reduce(call: &mut Call<'_, '_>) -> Result<Value, Exception> {
    let function = call.arg(0).clone();
    let mut items = call.context.iterate(&call.arg(1).clone())?;
    let mut result = match call.get(2).cloned() {
        Some(initial) => initial,
        None => items
            .next(call.context)?
            .ok_or_else(|| exception::type_error("reduce() of empty iterable with no initial value"))?,
    };
    while let Some(item) = items.next(call.context)? {
        result = call.context.call(&function, &[result, item], &[])?;
    }
    Ok(result)
}
