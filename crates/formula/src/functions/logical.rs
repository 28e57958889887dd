//! Grist's `logical` family.
//!
//! `IF` and `IFERROR` take their values lazily: only the one that is needed is computed. A function given as
//! a value is called. Source of the behaviour: Grist's function reference and its recorded results.

use super::operate as py;
use super::operate::{Arguments, Outcome};
use crate::native::Native;
use crate::value::Value;

/// The family's functions.
pub static FUNCTIONS: &[Native] = &[
    Native::function(
        "AND",
        "logical_expression, *logical_expressions",
        "Whether all arguments are true.",
        and,
    ),
    Native::function("FALSE", "", "The value False.", always_false),
    Native::function(
        "IF",
        "logical_expression, value_if_true, value_if_false",
        "One of two values, by a condition.",
        if_,
    )
    .lazy(&[1, 2]),
    Native::function(
        "IFERROR",
        "value, value_if_error=''",
        "The value, or another one when it is an error.",
        if_error,
    )
    .lazy(&[0]),
    Native::function("NOT", "logical_expression", "True for what is false, and the reverse.", not),
    Native::function("OR", "logical_expression, *logical_expressions", "Whether any argument is true.", or),
    Native::function("TRUE", "", "The value True.", always_true),
];

/// Python's truth of each argument.
fn and(call: &mut Arguments<'_, '_>) -> Outcome {
    for value in call.positional() {
        if !py::truth(call, value)? {
            return Ok(Value::Bool(false));
        }
    }
    Ok(Value::Bool(true))
}
/// `False`.
fn always_false(_call: &mut Arguments<'_, '_>) -> Outcome {
    Ok(Value::Bool(false))
}
/// An error in the value that is not chosen does not matter.
fn if_(call: &mut Arguments<'_, '_>) -> Outcome {
    let at = if py::truth(call, call.arg(0))? { 1 } else { 2 };
    py::lazy_value(call, call.arg(at))
}
/// Errors are exceptions, alt text and NaN.
fn if_error(call: &mut Arguments<'_, '_>) -> Outcome {
    match py::lazy_value(call, call.arg(0)) {
        Ok(value) if !py::is_invalid(&value) => return Ok(value),
        Err(error) if !error.can_be_caught() => return Err(error),
        _ => {}
    }
    Ok(call.get(1).cloned().unwrap_or_else(|| Value::from("")))
}
/// `not value`.
fn not(call: &mut Arguments<'_, '_>) -> Outcome {
    Ok(Value::Bool(!py::truth(call, call.arg(0))?))
}
/// Python's truth of each argument.
fn or(call: &mut Arguments<'_, '_>) -> Outcome {
    for value in call.positional() {
        if py::truth(call, value)? {
            return Ok(Value::Bool(true));
        }
    }
    Ok(Value::Bool(false))
}
/// `True`.
fn always_true(_call: &mut Arguments<'_, '_>) -> Outcome {
    Ok(Value::Bool(true))
}
