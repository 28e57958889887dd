//! The module `copy`: lists and dictionaries anew, all else as it is, since it does not change.

use crate::call::Call;
use crate::context::Context;
use crate::exception::{self, Exception};
use crate::modules::ModuleDef;
use crate::native::Native;
use crate::value::{Dict, Value};

/// Deeper nesting is refused.
const DEEPEST: usize = 200;

/// The module.
pub static MODULE: ModuleDef =
    ModuleDef { name: "copy", functions: &[FUNCTIONS], types: &[], modules: &[], constant: None };

static FUNCTIONS: &[Native] = &[
    Native::function("copy", "x", "A copy that shares its members.", |call| {
        let value = call.arg(0).clone();
        copied(call.context, &value, 1)
    }),
    Native::function("deepcopy", "x, memo=None", "A copy, members included.", deep_copy),
];

fn deep_copy(call: &mut Call<'_, '_>) -> Result<Value, Exception> {
    let value = call.arg(0).clone();
    copied(call.context, &value, DEEPEST)
}

fn copied(context: &mut Context<'_>, value: &Value, depth: usize) -> Result<Value, Exception> {
    context.spend(1)?;
    let Some(inner) = depth.checked_sub(1) else {
        return if depth == 0 { Ok(value.clone()) } else { Err(exception::value_error("nested too deeply")) };
    };
    Ok(match value {
        Value::List(items) => {
            let items = items.borrow().clone();
            context.limits.allocate(items.len() * std::mem::size_of::<Value>())?;
            let copies: Result<Vec<Value>, Exception> =
                items.iter().map(|item| copied(context, item, inner)).collect();
            Value::list(copies?)
        }
        Value::Tuple(items) if depth > 1 => {
            let copies: Result<Vec<Value>, Exception> =
                items.iter().map(|item| copied(context, item, inner)).collect();
            Value::tuple(copies?)
        }
        Value::Dict(dict) => {
            let entries: Vec<_> =
                dict.borrow().iter().map(|(key, value)| (key.clone(), value.clone())).collect();
            let mut copy = Dict::default();
            for (key, value) in entries {
                copy.insert(key, copied(context, &value, inner)?);
            }
            Value::dict(copy)
        }
        other => other.clone(),
    })
}
