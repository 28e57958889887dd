//! Numbers as text and text as numbers.

use super::py;
use crate::dates::free_text;
use crate::exception;
use crate::format::float;
use crate::functions::math::round_value;
use crate::functions::operate::{Arguments, Outcome};
use crate::value::Value;

/// The number rounded, in the format specification `comma.decimalsf`.
fn rounded(
    call: &mut Arguments<'_, '_>,
    number: &Value,
    comma: &str,
) -> Result<String, exception::Exception> {
    let decimals = call.get(1).cloned().unwrap_or(Value::Int(2));
    let number = round_value(call, number, Some(&decimals))?;
    let digits = py::greater_of(call, &Value::Int(0), &decimals)?;
    let digits = py::text(call, &digits)?;
    py::format(call, &number, &format!("{comma}.{digits}f"))
}

/// `$1,234.57`, in brackets when negative; negative `decimals` round to tens, hundreds, ….
pub(super) fn dollar(call: &mut Arguments<'_, '_>) -> Outcome {
    let magnitude = py::absolute(call, call.arg(0))?;
    let text = rounded(call, &magnitude, ",")?;
    let negative = !py::not_less(call, call.arg(0), &Value::Int(0))?;
    Ok(Value::from(if negative { format!("(${text})") } else { format!("${text}") }))
}

/// `1,234.57`, or `1234.57` with `no_commas`.
pub(super) fn fixed(call: &mut Arguments<'_, '_>) -> Outcome {
    let plain = match call.get(2) {
        Some(plain) => py::truth(call, plain)?,
        None => false,
    };
    rounded(call, call.arg(0), if plain { "" } else { "," }).map(Value::from)
}

/// Ints, floats, dollar amounts, dates and times; numbers and dates stay as they are; `ValueError` for other texts.
pub(super) fn value(call: &mut Arguments<'_, '_>) -> Outcome {
    let value = call.arg(0);
    if py::is_number(value) || py::is_date(value) {
        return Ok(value.clone());
    }
    let stripped = py::method(call, value, "strip", &[])?;
    let stripped = py::method(call, &stripped, "lstrip", &[Value::from("$")])?;
    let Value::Str(text) = &stripped else {
        return Err(exception::type_error("a text is required"));
    };
    let plain = text.replace(",", "");
    if plain.is_empty() {
        return Ok(Value::Int(0));
    }
    if let Some(int) = py::parse_int(&plain) {
        return Ok(Value::from(int));
    }
    if let Some(float) = float::parse(&plain) {
        return Ok(Value::Float(float));
    }
    let today = py::today_utc(call);
    match free_text::parse(text, today) {
        Ok(found) => Ok(py::found_date_time(&found)),
        Err(_) => Err(exception::value_error("text cannot be parsed to a number")),
    }
}
