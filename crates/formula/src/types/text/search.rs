//! Finding, counting and replacing within a text.

use ecow::EcoString;

use super::{own, text};
use crate::call::Call;
use crate::exception::{self, Exception};
use crate::native::Native;
use crate::ops::number;
use crate::types::type_of;
use crate::value::{Dict, Key, Value};

pub(super) static METHODS: &[Native] = &[
    Native::method("count", "self, sub, start=None, end=None, /", "How often a text occurs.", count),
    Native::method("endswith", "self, suffix, start=None, end=None, /", "Whether it ends so.", |call| {
        edge(call, |text, part| text.ends_with(part))
    }),
    Native::method(
        "find",
        "self, sub, start=None, end=None, /",
        "Where a text first occurs, or -1.",
        |call| position(call, false).map(|at| Value::Int(at.unwrap_or(-1))),
    ),
    Native::method("index", "self, sub, start=None, end=None, /", "Where a text first occurs.", |call| {
        found(call, false)
    }),
    Native::method("maketrans", "self, x, y=None, z=None, /", "A table for translate.", maketrans),
    Native::method("replace", "self, old, new, count=-1, /", "One text in place of another.", replace),
    Native::method(
        "rfind",
        "self, sub, start=None, end=None, /",
        "Where a text last occurs, or -1.",
        |call| position(call, true).map(|at| Value::Int(at.unwrap_or(-1))),
    ),
    Native::method("rindex", "self, sub, start=None, end=None, /", "Where a text last occurs.", |call| {
        found(call, true)
    }),
    Native::method("startswith", "self, prefix, start=None, end=None, /", "Whether it begins so.", |call| {
        edge(call, |text, part| text.starts_with(part))
    }),
    Native::method("translate", "self, table, /", "Characters replaced by a table.", translate),
];

/// The part between two optional bounds (in characters), and where it begins; `None`: the start is beyond the end.
fn window(call: &Call<'_, '_>, text: &EcoString) -> Result<Option<(EcoString, usize)>, Exception> {
    if call.some(2).is_none() && call.some(3).is_none() {
        return Ok(Some((text.clone(), 0)));
    }
    let len = text.chars().count();
    let bound = |at: usize, default: usize| -> Result<usize, Exception> {
        let Some(value) = call.some(at) else { return Ok(default) };
        let position = number::index(value)?;
        let from_end = if position < 0 {
            position.saturating_add(i64::try_from(len).unwrap_or(i64::MAX)).max(0)
        } else {
            position
        };
        Ok(usize::try_from(from_end).unwrap_or(usize::MAX))
    };
    let (start, end) = (bound(2, 0)?, bound(3, len)?.min(len));
    if start > end {
        return Ok(None);
    }
    Ok(Some((text.chars().skip(start).take(end - start).collect(), start)))
}

fn position(call: &mut Call<'_, '_>, last: bool) -> Result<Option<i64>, Exception> {
    let (own, part) = (own(call)?, text(call, 1)?);
    call.context.spend(own.len() as u64 / 16)?;
    let Some((within, start)) = window(call, &own)? else { return Ok(None) };
    let at = if last { within.rfind(part.as_str()) } else { within.find(part.as_str()) };
    Ok(at.map(|at| i64::try_from(start + within[..at].chars().count()).unwrap_or(i64::MAX)))
}

fn found(call: &mut Call<'_, '_>, last: bool) -> Result<Value, Exception> {
    position(call, last)?.map(Value::Int).ok_or_else(|| exception::value_error("substring not found"))
}

fn count(call: &mut Call<'_, '_>) -> Result<Value, Exception> {
    let (own, part) = (own(call)?, text(call, 1)?);
    call.context.spend(own.len() as u64 / 16)?;
    let Some((within, _)) = window(call, &own)? else { return Ok(Value::Int(0)) };
    let count =
        if part.is_empty() { within.chars().count() + 1 } else { within.matches(part.as_str()).count() };
    Ok(Value::Int(i64::try_from(count).unwrap_or(i64::MAX)))
}

fn edge(call: &mut Call<'_, '_>, test: impl Fn(&str, &str) -> bool) -> Result<Value, Exception> {
    let own = own(call)?;
    let parts = match call.arg(1) {
        Value::Str(part) => vec![part.clone()],
        Value::Tuple(parts) => {
            let mut texts = Vec::with_capacity(parts.len());
            for part in parts.iter() {
                let Value::Str(part) = part else {
                    return Err(exception::type_error(format!(
                        "tuple for {} must only contain str, not {}",
                        call.native.name,
                        type_of(part).name
                    )));
                };
                texts.push(part.clone());
            }
            texts
        }
        other => {
            return Err(exception::type_error(format!(
                "{} first arg must be str or a tuple of str, not {}",
                call.native.name,
                type_of(other).name
            )));
        }
    };
    let Some((within, _)) = window(call, &own)? else { return Ok(Value::Bool(false)) };
    Ok(Value::Bool(parts.iter().any(|part| test(&within, part))))
}

fn replace(call: &mut Call<'_, '_>) -> Result<Value, Exception> {
    let (own, old) = (own(call)?, replace_argument(call, 1)?);
    let new = replace_argument(call, 2)?;
    let most = call.get(3).map_or(Ok(-1), number::index)?;
    let occurrences =
        if old.is_empty() { own.chars().count() + 1 } else { own.matches(old.as_str()).count() };
    let times = usize::try_from(most).map_or(occurrences, |most| most.min(occurrences));
    call.context.spend(own.len() as u64 / 16)?;
    call.context.allocate(own.len().saturating_add(new.len().saturating_mul(times)))?;
    Ok(Value::from(own.replacen(old.as_str(), &new, times)))
}

fn replace_argument(call: &Call<'_, '_>, at: usize) -> Result<EcoString, Exception> {
    match call.arg(at) {
        Value::Str(text) => Ok(text.clone()),
        other => Err(exception::type_error(format!(
            "replace() argument {at} must be str, not {}",
            type_of(other).name
        ))),
    }
}

/// `str.maketrans(…)`; called on a text, that text plays no part.
fn maketrans(call: &mut Call<'_, '_>) -> Result<Value, Exception> {
    let code = |c: char| Key::new(Value::Int(i64::from(u32::from(c))));
    let mut table = Dict::default();
    match (call.arg(1).clone(), call.some(2).cloned()) {
        (Value::Dict(dict), None) => {
            for (key, value) in dict.borrow().iter() {
                let key = match key.value() {
                    Value::Str(text) => match (text.chars().next(), text.chars().nth(1)) {
                        (Some(c), None) => code(c)?,
                        _ => {
                            return Err(exception::value_error(
                                "string keys in translate table must be of length 1",
                            ));
                        }
                    },
                    _ => key.clone(),
                };
                table.insert(key, value.clone());
            }
        }
        (Value::Str(from), Some(Value::Str(to))) => {
            if from.chars().count() != to.chars().count() {
                return Err(exception::value_error(
                    "the first two maketrans arguments must have equal length",
                ));
            }
            for (a, b) in from.chars().zip(to.chars()) {
                table.insert(code(a)?, Value::Int(i64::from(u32::from(b))));
            }
            if let Some(Value::Str(gone)) = call.some(3) {
                for c in gone.chars() {
                    table.insert(code(c)?, Value::None);
                }
            }
        }
        _ => {
            return Err(exception::type_error(
                "if you give only one argument to maketrans it must be a dict",
            ));
        }
    }
    Ok(Value::dict(table))
}

fn translate(call: &mut Call<'_, '_>) -> Result<Value, Exception> {
    let (own, table) = (own(call)?, call.arg(1).clone());
    call.context.spend(own.len() as u64)?;
    let mut out = String::with_capacity(own.len());
    for c in own.chars() {
        match call.context.item(&table, &Value::Int(i64::from(u32::from(c)))) {
            Ok(Value::None) => {}
            Ok(Value::Str(text)) => {
                call.context.allocate(text.len())?;
                out.push_str(&text);
            }
            Ok(Value::Int(code)) => match u32::try_from(code).ok().and_then(char::from_u32) {
                Some(c) => out.push(c),
                None => return Err(exception::value_error("character mapping must be in range(0x110000)")),
            },
            Ok(_) => return Err(exception::type_error("character mapping must return integer, None or str")),
            Err(error) if error.is(&exception::LOOKUP_ERROR) => out.push(c),
            Err(error) => return Err(error),
        }
    }
    Ok(Value::from(out))
}
