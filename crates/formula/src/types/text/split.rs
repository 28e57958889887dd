//! Splitting and joining.

use ecow::EcoString;

use super::{own, text};
use crate::call::Call;
use crate::exception::{self, Exception};
use crate::format::spec::is_space;
use crate::native::Native;
use crate::ops::{number, truth};
use crate::types::type_of;
use crate::value::Value;

pub(super) static METHODS: &[Native] = &[
    Native::method("join", "self, iterable, /", "Texts with this one between them.", join),
    Native::method("partition", "self, sep, /", "What is before, the separator, what is after.", |call| {
        partition(call, false)
    }),
    Native::method("rpartition", "self, sep, /", "The same, at the last separator.", |call| {
        partition(call, true)
    }),
    Native::method(
        "rsplit",
        "self, sep=None, maxsplit=-1",
        "The parts between separators, from the right.",
        |call| split(call, true),
    ),
    Native::method("split", "self, sep=None, maxsplit=-1", "The parts between separators.", |call| {
        split(call, false)
    }),
    Native::method("splitlines", "self, keepends=False", "The lines.", splitlines),
];

fn join(call: &mut Call<'_, '_>) -> Result<Value, Exception> {
    let own = own(call)?;
    let value = call.arg(1).clone();
    let mut iter = call.context.iterate(&value).map_err(|error| {
        if error.is(&exception::TYPE_ERROR) {
            exception::type_error("can only join an iterable")
        } else {
            error
        }
    })?;
    let mut out = EcoString::new();
    let mut at = 0_usize;
    while let Some(item) = iter.next(call.context)? {
        let Value::Str(part) = &item else {
            return Err(exception::type_error(format!(
                "sequence item {at}: expected str instance, {} found",
                type_of(&item).name
            )));
        };
        call.context.allocate(own.len() + part.len())?;
        if at > 0 {
            out.push_str(&own);
        }
        out.push_str(part);
        at += 1;
    }
    Ok(Value::Str(out))
}

fn partition(call: &mut Call<'_, '_>, last: bool) -> Result<Value, Exception> {
    let (own, separator) = (own(call)?, text(call, 1)?);
    if separator.is_empty() {
        return Err(exception::value_error("empty separator"));
    }
    let found = if last { own.rsplit_once(separator.as_str()) } else { own.split_once(separator.as_str()) };
    Ok(Value::tuple(match found {
        Some((before, after)) => vec![Value::str(before), Value::Str(separator), Value::str(after)],
        None if last => vec![Value::str(""), Value::str(""), Value::Str(own)],
        None => vec![Value::Str(own), Value::str(""), Value::str("")],
    }))
}

fn split(call: &mut Call<'_, '_>, right: bool) -> Result<Value, Exception> {
    let own = own(call)?;
    let most = call.get(2).map_or(Ok(-1), number::index)?;
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    call.context.spend(own.len() as u64 / 8)?;
    let parts: Vec<&str> = match call.some(1) {
        Some(Value::Str(separator)) => {
            if separator.is_empty() {
                return Err(exception::value_error("empty separator"));
            }
            let limit = most.saturating_add(1);
            if right {
                let mut parts: Vec<&str> = own.rsplitn(limit, separator.as_str()).collect();
                parts.reverse();
                parts
            } else {
                own.splitn(limit, separator.as_str()).collect()
            }
        }
        Some(other) => {
            return Err(exception::type_error(format!("must be str or None, not {}", type_of(other).name)));
        }
        None if right => split_blanks_right(&own, most),
        None => split_blanks(&own, most),
    };
    call.context.allocate(own.len() + parts.len() * size_of::<Value>())?;
    Ok(Value::list(parts.into_iter().map(Value::str).collect()))
}

fn split_blanks(text: &str, most: usize) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = text.trim_start_matches(is_space);
    while !rest.is_empty() {
        if parts.len() == most {
            parts.push(rest.trim_end_matches(is_space));
            return parts;
        }
        let end = rest.find(is_space).unwrap_or(rest.len());
        parts.push(&rest[..end]);
        rest = rest[end..].trim_start_matches(is_space);
    }
    parts
}

fn split_blanks_right(text: &str, most: usize) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = text.trim_end_matches(is_space);
    while !rest.is_empty() {
        if parts.len() == most {
            parts.push(rest.trim_start_matches(is_space));
            break;
        }
        let start =
            rest.char_indices().rev().find(|(_, c)| is_space(*c)).map_or(0, |(at, c)| at + c.len_utf8());
        parts.push(&rest[start..]);
        rest = rest[..start].trim_end_matches(is_space);
    }
    parts.reverse();
    parts
}

fn splitlines(call: &mut Call<'_, '_>) -> Result<Value, Exception> {
    let own = own(call)?;
    let keep = call.get(1).is_some_and(truth);
    let is_end = |c: char| {
        matches!(
            c,
            '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{1c}'..='\u{1e}' | '\u{85}' | '\u{2028}' | '\u{2029}'
        )
    };
    let mut lines = Vec::new();
    let mut rest = own.as_str();
    while !rest.is_empty() {
        let (end, next) = match rest.char_indices().find(|(_, c)| is_end(*c)) {
            Some((at, '\r')) if rest[at + 1..].starts_with('\n') => (at, at + 2),
            Some((at, c)) => (at, at + c.len_utf8()),
            None => (rest.len(), rest.len()),
        };
        lines.push(Value::str(&rest[..if keep { next } else { end }]));
        rest = &rest[next..];
    }
    call.context.allocate(own.len() + lines.len() * size_of::<Value>())?;
    Ok(Value::list(lines))
}
