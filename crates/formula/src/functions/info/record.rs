//! `RECORD`: a record as a dict.

use crate::call::Call;
use crate::context::Context;
use crate::exception::{self, Exception};
use crate::ops::truth;
use crate::value::{Dict, Key, Value};

/// `RECORD(record_or_list, dates_as_iso=False, expand_refs=0)`.
pub(super) fn record(call: &mut Call<'_, '_>) -> Result<Value, Exception> {
    let iso = call.get(1).is_some_and(truth);
    let expand = match call.get(2) {
        Some(Value::Int(levels)) => *levels,
        Some(other) => i64::from(truth(other)),
        None => 0,
    };
    let value = call.arg(0).clone();
    of(&value, iso, expand, call.context)
}

fn of(value: &Value, iso: bool, expand: i64, context: &mut Context<'_>) -> Result<Value, Exception> {
    if let Value::Record(..) = value {
        return one(value, iso, expand, context);
    }
    let wrong = || exception::value_error("RECORD() requires a Record or an iterable of Records");
    let items = context.collect(value).map_err(|_| wrong())?;
    if !items.iter().all(|item| matches!(item, Value::Record(..))) {
        return Err(wrong());
    }
    let mut records = Vec::with_capacity(items.len());
    for item in &items {
        records.push(one(item, iso, expand, context)?);
    }
    Ok(Value::list(records))
}

/// The visible columns; those that fail are `None`, and `_error_` says why.
fn one(record: &Value, iso: bool, expand: i64, context: &mut Context<'_>) -> Result<Value, Exception> {
    let Value::Record(table, row) = *record else { return Ok(Value::None) };
    context.enter(1)?;
    let (mut dict, mut errors) = (Dict::default(), Dict::default());
    dict.insert(Key::text("id"), Value::Int(i64::from(row.0)));
    for col in context.host.columns(table) {
        let id = context.host.column_id(table, col);
        if &*id == "manualSort"
            || id.starts_with("gristHelper_")
            || id.starts_with('#')
            || context.current == Some((table, col, row))
        {
            continue;
        }
        context.allocate(4 * size_of::<Value>())?;
        let value = match context.cell(table, col, row) {
            Ok(Value::Date(_) | Value::DateTime(_)) if iso => {
                let date = context.cell(table, col, row)?;
                context.call_method(&date, "isoformat", &[], &[])?
            }
            Ok(reference @ (Value::Record(..) | Value::RecordSet(_))) if expand > 0 => {
                if truth(&reference) {
                    of(&reference, iso, expand - 1, context)?
                } else {
                    Value::None
                }
            }
            Ok(value) => value,
            Err(error) if error.can_be_caught() => {
                let inner = error.innermost();
                errors.insert(Key::text(&id), Value::from(format!("{}: {}", inner.name(), inner.message())));
                Value::None
            }
            Err(error) => return Err(error),
        };
        dict.insert(Key::text(&id), value);
    }
    if !errors.is_empty() {
        dict.insert(Key::text("_error_"), Value::dict(errors));
    }
    context.leave(1);
    Ok(Value::dict(dict))
}
