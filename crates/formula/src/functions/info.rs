//! Grist's `info` family: what kind of value something is; whole records; requests.

mod addresses;
mod record;

use super::operate::{self as py, not_implemented};
use crate::call::Call;
use crate::exception::{self, Exception};
use crate::native::Native;
use crate::types::type_of;
use crate::value::Value;

/// The family's functions.
pub static FUNCTIONS: &[Native] = &[
    Native::function("CELL", "info_type, reference", "Not implemented in Grist.", not_implemented),
    Native::function("ISBLANK", "value", "Not implemented in Grist.", not_implemented),
    Native::function("ISEMAIL", "value", "Whether a text is an e-mail address.", |call| match call.arg(0) {
        Value::Str(text) => Ok(Value::Bool(addresses::is_email(text))),
        other => Err(exception::type_error(format!(
            "expected string or bytes-like object, got '{}'",
            type_of(other).name
        ))),
    }),
    Native::function("ISERR", "value", "Whether computing a value fails.", |call| {
        is(call, |value| matches!(value, Value::Error(_)))
    })
    .lazy(&[0]),
    Native::function(
        "ISERROR",
        "value",
        "Whether computing a value fails, or gives alt text or NaN.",
        |call| is(call, |value| matches!(value, Value::Error(_)) || py::is_invalid(value)),
    )
    .lazy(&[0]),
    Native::function("ISLOGICAL", "value", "Whether a value is True or False.", |call| {
        is(call, |value| matches!(value, Value::Bool(_)))
    }),
    Native::function("ISNA", "value", "Whether a value is NaN.", |call| {
        is(call, |value| matches!(value, Value::Float(float) if float.is_nan()))
    }),
    Native::function("ISNONTEXT", "value", "Whether a value is no text.", |call| {
        is(call, |value| !matches!(value, Value::Str(_) | Value::Bytes(_)))
    }),
    Native::function("ISNUMBER", "value", "Whether a value is a number.", |call| {
        is(call, |value| matches!(value, Value::Bool(_) | Value::Int(_) | Value::Big(_) | Value::Float(_)))
    }),
    Native::function("ISREF", "value", "Whether a value is a record.", |call| {
        is(call, |value| matches!(value, Value::Record(..)))
    }),
    Native::function("ISREFLIST", "value", "Whether a value is a set of records.", |call| {
        is(call, |value| matches!(value, Value::RecordSet(_)))
    }),
    Native::function("ISTEXT", "value", "Whether a value is text.", |call| {
        is(call, |value| matches!(value, Value::Str(_) | Value::Bytes(_)))
    }),
    Native::function("ISURL", "value", "Whether a text is an address on the web.", |call| {
        match call.arg(0) {
            Value::Str(text) => Ok(Value::Bool(addresses::is_url(text))),
            other => Err(Exception::new(
                &exception::ATTRIBUTE_ERROR,
                format!("'{}' object has no attribute 'strip'", type_of(other).name),
            )),
        }
    }),
    Native::function("N", "value", "A number as it is, anything else as 0.", |call| {
        Ok(match call.arg(0) {
            number @ (Value::Bool(_) | Value::Int(_) | Value::Big(_) | Value::Float(_)) => number.clone(),
            _ => Value::Int(0),
        })
    }),
    Native::function("NA", "", "NaN.", |_| Ok(Value::Float(f64::NAN))),
    Native::function("PEEK", "func", "A value, without depending on it.", |call| {
        let function = call.arg(0).clone();
        if !matches!(function, Value::Function(_)) {
            return Ok(function);
        }
        let before = std::mem::replace(&mut call.context.peeking, true);
        let result = call.context.call(&function, &[], &[]);
        call.context.peeking = before;
        result
    }),
    Native::function(
        "RECORD",
        "record_or_list, dates_as_iso=False, expand_refs=0",
        "A record as a dict of its columns.",
        record::record,
    ),
    Native::function("TYPE", "value", "Not implemented in Grist.", not_implemented),
];

fn is(call: &mut Call<'_, '_>, test: impl Fn(&Value) -> bool) -> Result<Value, Exception> {
    Ok(Value::Bool(test(call.arg(0))))
}
