//! Compiled patterns and what they do.

use std::rc::Rc;

use ecow::EcoString;

use super::matches::Match;
use crate::call::Call;
use crate::context::Context;
use crate::exception::{self, Exception};
use crate::functions::text::patterns::expand;
use crate::native::Native;
use crate::object::Object;
use crate::ops::number;
use crate::pattern::{Pattern, Spans};
use crate::types::{TypeDef, type_of};
use crate::value::{Dict, Key, Value};

/// A compiled pattern as a value.
#[derive(Debug)]
pub(crate) struct PatternObject(pub(crate) Rc<Pattern>);

/// Its class.
pub(super) static PATTERN: TypeDef = TypeDef::new("Pattern", "re", None, &[METHODS]);

static METHODS: &[Native] = &[
    Native::method("findall", "self, string", "All matches.", |call| {
        let own = own(call)?;
        find_all(call, &own, 1)
    }),
    Native::method("finditer", "self, string", "All matches, as match objects.", |call| {
        let own = own(call)?;
        find_iter(call, &own, 1)
    }),
    Native::property("flags", "Its flags.", |call| Ok(Value::Int(own(call)?.flags().bits()))),
    Native::method("fullmatch", "self, string", "A match of the whole text.", |call| {
        let own = own(call)?;
        one(call, &own, 1, How::Full)
    }),
    Native::property("groupindex", "Named groups and their numbers.", |call| {
        let own = own(call)?;
        let entries = own
            .names()
            .iter()
            .map(|(name, at)| (Key::text(name), Value::Int(i64::try_from(*at).unwrap_or(0))));
        Ok(Value::dict(entries.collect::<Dict>()))
    }),
    Native::property("groups", "How many groups.", |call| {
        Ok(Value::Int(i64::try_from(own(call)?.groups()).unwrap_or(0)))
    }),
    Native::method("match", "self, string", "A match at the start.", |call| {
        let own = own(call)?;
        one(call, &own, 1, How::Start)
    }),
    Native::property("pattern", "The pattern as written.", |call| Ok(Value::str(own(call)?.source()))),
    Native::method("search", "self, string", "The first match.", |call| {
        let own = own(call)?;
        one(call, &own, 1, How::Anywhere)
    }),
    Native::method("split", "self, string, maxsplit=0", "The parts between matches.", |call| {
        let own = own(call)?;
        split(call, &own, 1, 2)
    }),
    Native::method("sub", "self, repl, string, count=0", "The text with matches replaced.", |call| {
        let own = own(call)?;
        substitute(call, &own, 1).map(|(text, _)| text)
    }),
    Native::method("subn", "self, repl, string, count=0", "The same, and how many.", |call| {
        let own = own(call)?;
        substitute(call, &own, 1).map(|(text, count)| Value::tuple(vec![text, count]))
    }),
];

impl Object for PatternObject {
    fn type_def(&self) -> &'static TypeDef {
        &PATTERN
    }
    fn as_any(&self) -> &dyn std::any::Any {
        self
    }
    fn repr(&self, _context: &mut Context<'_>) -> Result<String, Exception> {
        Ok(format!("re.compile({})", crate::ops::quote(self.0.source())))
    }
}

/// Where a match may begin and end.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum How {
    Start,
    Anywhere,
    Full,
}

fn own(call: &Call<'_, '_>) -> Result<Rc<Pattern>, Exception> {
    match call.arg(0).downcast::<PatternObject>() {
        Some(pattern) => Ok(pattern.0.clone()),
        None => Err(exception::type_error("expected a compiled pattern")),
    }
}

fn subject(call: &mut Call<'_, '_>, at: usize) -> Result<EcoString, Exception> {
    match call.arg(at).clone() {
        Value::Str(text) => {
            call.context.spend(text.len() as u64 / 4 + 20)?;
            Ok(text)
        }
        other => Err(exception::type_error(format!(
            "expected string or bytes-like object, got '{}'",
            type_of(&other).name
        ))),
    }
}

fn too_complex<T>(_: T) -> Exception {
    Exception::new(&exception::TIMEOUT_ERROR, "the regular expression took too many steps")
}

fn all(call: &mut Call<'_, '_>, pattern: &Pattern, text: &str, most: usize) -> Result<Vec<Spans>, Exception> {
    let found = pattern.search_all(text, 0, most).map_err(too_complex)?;
    call.context.spend(found.len() as u64 * 4)?;
    call.context.allocate(found.len() * (pattern.groups() + 1) * 32)?;
    Ok(found)
}

pub(super) fn one(
    call: &mut Call<'_, '_>,
    pattern: &Rc<Pattern>,
    at: usize,
    how: How,
) -> Result<Value, Exception> {
    let text = subject(call, at)?;
    let found = match how {
        How::Start => pattern.match_at(&text, 0),
        How::Anywhere => pattern.search(&text, 0),
        How::Full => pattern.full_match(&text, 0),
    };
    let found = found.map_err(too_complex)?;
    Ok(found.map_or(Value::None, |spans| {
        Value::object(Match { pattern: pattern.clone(), text, spans: Rc::new(spans) })
    }))
}

pub(super) fn find_all(call: &mut Call<'_, '_>, pattern: &Pattern, at: usize) -> Result<Value, Exception> {
    let text = subject(call, at)?;
    let part = |spans: &Spans, group: usize| match spans.0.get(group).copied().flatten() {
        Some((start, end)) => Value::str(&text[start..end]),
        None => Value::str(""),
    };
    let found = all(call, pattern, &text, usize::MAX)?;
    Ok(Value::list(
        found
            .iter()
            .map(|spans| match pattern.groups() {
                0 => part(spans, 0),
                1 => part(spans, 1),
                groups => Value::tuple((1..=groups).map(|group| part(spans, group)).collect()),
            })
            .collect(),
    ))
}

pub(super) fn find_iter(
    call: &mut Call<'_, '_>,
    pattern: &Rc<Pattern>,
    at: usize,
) -> Result<Value, Exception> {
    let text = subject(call, at)?;
    let found = all(call, pattern, &text, usize::MAX)?;
    let matches = found
        .into_iter()
        .map(|spans| {
            Value::object(Match { pattern: pattern.clone(), text: text.clone(), spans: Rc::new(spans) })
        })
        .collect();
    call.context.iterator(&Value::list(matches)).map(Value::Iterator)
}

fn limit(call: &Call<'_, '_>, at: usize) -> Result<usize, Exception> {
    let count = call.get(at).map_or(Ok(0), number::index)?;
    Ok(if count <= 0 { usize::MAX } else { usize::try_from(count).unwrap_or(usize::MAX) })
}

pub(super) fn split(
    call: &mut Call<'_, '_>,
    pattern: &Pattern,
    at: usize,
    most: usize,
) -> Result<Value, Exception> {
    let text = subject(call, at)?;
    let most = limit(call, most)?;
    let mut parts = Vec::new();
    let mut last = 0;
    for spans in all(call, pattern, &text, most)? {
        let (start, end) = spans.whole();
        parts.push(Value::str(&text[last..start]));
        for group in 1..=pattern.groups() {
            parts.push(
                spans
                    .0
                    .get(group)
                    .copied()
                    .flatten()
                    .map_or(Value::None, |(start, end)| Value::str(&text[start..end])),
            );
        }
        last = end;
    }
    parts.push(Value::str(&text[last..]));
    Ok(Value::list(parts))
}

/// The text with replacements, and their number. Arguments: replacement, text, count, from `at` on.
pub(super) fn substitute(
    call: &mut Call<'_, '_>,
    pattern: &Rc<Pattern>,
    at: usize,
) -> Result<(Value, Value), Exception> {
    let replacement = call.arg(at).clone();
    let text = subject(call, at + 1)?;
    let most = limit(call, at + 2)?;
    let found = all(call, pattern, &text, most)?;
    let mut out = String::with_capacity(text.len());
    let mut last = 0;
    for spans in &found {
        let (start, end) = spans.whole();
        out.push_str(&text[last..start]);
        match &replacement {
            Value::Str(template) => expand(template, pattern, spans, &text, &mut out)?,
            function => {
                let found = Value::object(Match {
                    pattern: pattern.clone(),
                    text: text.clone(),
                    spans: Rc::new(spans.clone()),
                });
                match call.context.call(function, &[found], &[])? {
                    Value::Str(part) => out.push_str(&part),
                    Value::None => {}
                    other => {
                        return Err(exception::type_error(format!(
                            "expected str instance, {} found",
                            type_of(&other).name
                        )));
                    }
                }
            }
        }
        call.context.allocate(out.len().saturating_sub(last) / 8 + 16)?;
        last = end;
    }
    out.push_str(&text[last..]);
    call.context.allocate(out.len())?;
    Ok((Value::from(out), Value::Int(i64::try_from(found.len()).unwrap_or(i64::MAX))))
}
