//! Functions over values and lists mixed: `SUM`, `PRODUCT`, `SUMPRODUCT`, `SERIESSUM`, and the flattening
//! that the statistics share.

use super::py;
use crate::exception::{self, Exception};
use crate::functions::operate::{Arguments, Outcome};
use crate::value::Value;

/// Calls `visit` for each member of the iterable arguments, and for each argument that is not iterable.
pub(crate) fn chain(
    call: &mut Arguments<'_, '_>,
    values: &[Value],
    visit: &mut dyn FnMut(&mut Arguments<'_, '_>, &Value) -> Result<(), Exception>,
) -> Result<(), Exception> {
    for value in values {
        // A text is iterable too: its members are its characters, so an empty one counts for nothing.
        let members = match value {
            Value::Str(_) => Some(py::iterate(call, value)?),
            _ => py::members(call, value)?,
        };
        match members {
            Some(members) => {
                call.context.limits.spend(members.len() as u64)?;
                for member in &members {
                    visit(call, member)?;
                }
            }
            None => visit(call, value)?,
        }
    }
    Ok(())
}

/// The numbers among the arguments' members; booleans are no numbers.
pub(crate) fn chain_numbers(call: &mut Arguments<'_, '_>, values: &[Value]) -> Result<Vec<Value>, Exception> {
    collect(call, values, |value| {
        (py::is_number(value) && !matches!(value, Value::Bool(_))).then(|| value.clone())
    })
}

/// The numbers and dates among the arguments' members.
pub(crate) fn chain_numbers_or_dates(
    call: &mut Arguments<'_, '_>,
    values: &[Value],
) -> Result<Vec<Value>, Exception> {
    collect(call, values, |value| {
        let wanted = (py::is_number(value) && !matches!(value, Value::Bool(_))) || py::is_date(value);
        wanted.then(|| value.clone())
    })
}

/// The arguments' members as numbers: `True` is 1, what is no number is 0.
pub(crate) fn chain_numeric(call: &mut Arguments<'_, '_>, values: &[Value]) -> Result<Vec<Value>, Exception> {
    collect(call, values, |value| Some(as_number(value)))
}

fn as_number(value: &Value) -> Value {
    match value {
        Value::Bool(truth) => Value::Int(i64::from(*truth)),
        value if py::is_number(value) => value.clone(),
        _ => Value::Int(0),
    }
}

fn collect(
    call: &mut Arguments<'_, '_>,
    values: &[Value],
    pick: impl Fn(&Value) -> Option<Value>,
) -> Result<Vec<Value>, Exception> {
    let mut found = Vec::new();
    chain(call, values, &mut |_, value| {
        found.extend(pick(value));
        Ok(())
    })?;
    Ok(found)
}

/// `sum(values)`: ints exactly, floats one after the other.
pub(crate) fn add_up(call: &mut Arguments<'_, '_>, values: &[Value]) -> Outcome {
    let mut total = Value::Int(0);
    for value in values {
        total = match (&total, value) {
            (Value::Float(a), Value::Float(b)) => Value::Float(a + b),
            (total, value) => py::add(call, total, value)?,
        };
    }
    Ok(total)
}

/// 0 for nothing.
pub(super) fn sum(call: &mut Arguments<'_, '_>) -> Outcome {
    let mut total = Value::Int(0);
    chain(call, call.positional(), &mut |call, value| {
        total = match (&total, value) {
            (Value::Float(a), Value::Float(b)) => Value::Float(a + b),
            (total, value) => py::add(call, total, &as_number(value))?,
        };
        Ok(())
    })?;
    Ok(total)
}

/// `TypeError` when there is no number.
pub(super) fn product(call: &mut Arguments<'_, '_>) -> Outcome {
    let numbers = chain_numbers(call, call.positional())?;
    multiply_all(call, &numbers)
}

fn multiply_all(call: &mut Arguments<'_, '_>, numbers: &[Value]) -> Outcome {
    let Some((first, rest)) = numbers.split_first() else {
        return Err(exception::type_error("reduce() of empty iterable with no initial value"));
    };
    let mut result = first.clone();
    for number in rest {
        result = py::multiply(call, &result, number)?;
    }
    Ok(result)
}

/// Lists; the shortest one counts.
pub(super) fn sum_product(call: &mut Arguments<'_, '_>) -> Outcome {
    let mut lists = Vec::new();
    for value in call.positional() {
        lists.push(py::iterate(call, value)?);
    }
    let length = lists.iter().map(Vec::len).min().unwrap_or(0);
    let mut total = Value::Int(0);
    for at in 0..length {
        let row: Vec<Value> = lists.iter().map(|list| list[at].clone()).collect();
        let product = multiply_all(call, &row)?;
        total = py::add(call, &total, &product)?;
    }
    Ok(total)
}

/// `a[0]*x**n + a[1]*x**(n+m) + …`; `a` may be one number.
pub(super) fn series_sum(call: &mut Arguments<'_, '_>) -> Outcome {
    let mut coefficients = Vec::new();
    chain(call, std::slice::from_ref(call.arg(3)), &mut |_, value| {
        coefficients.push(value.clone());
        Ok(())
    })?;
    let mut total = Value::Int(0);
    for (at, coefficient) in coefficients.iter().enumerate() {
        let step = py::multiply(call, &Value::Int(at as i64), call.arg(2))?;
        let exponent = py::add(call, call.arg(1), &step)?;
        let power = py::power(call, call.arg(0), &exponent)?;
        let term = py::multiply(call, coefficient, &power)?;
        total = py::add(call, &total, &term)?;
    }
    Ok(total)
}
