//! Match objects.

use std::rc::Rc;

use ecow::EcoString;

use crate::call::Call;
use crate::context::Context;
use crate::exception::{self, Exception};
use crate::functions::text::patterns::expand;
use crate::native::Native;
use crate::object::Object;
use crate::pattern::{Pattern, Spans};
use crate::types::TypeDef;
use crate::value::{Dict, Key, Value};

/// A match.
#[derive(Clone, Debug)]
pub(super) struct Match {
    pub(super) pattern: Rc<Pattern>,
    pub(super) text: EcoString,
    pub(super) spans: Rc<Spans>,
}

/// Its class.
pub(super) static MATCH: TypeDef = TypeDef::new("Match", "re", None, &[METHODS]);

static METHODS: &[Native] = &[
    Native::method("end", "self, group=0, /", "Where a group ends.", |call| {
        bounds(call).map(|(_, end)| Value::Int(end))
    }),
    Native::method("expand", "self, template", "A template with groups filled in.", |call| {
        let own = own(call)?;
        let Value::Str(template) = call.arg(1) else {
            return Err(exception::type_error("expected a template"));
        };
        let mut out = String::new();
        expand(template, &own.pattern, &own.spans, &own.text, &mut out)?;
        Ok(Value::from(out))
    }),
    Native::method("group", "self, *groups", "Groups; without argument, the whole match.", |call| {
        let own = own(call)?;
        match call.rest() {
            [] => own.group(0),
            [only] => own.group(own.number(only)?),
            several => {
                let groups: Result<Vec<Value>, Exception> =
                    several.iter().map(|group| own.group(own.number(group)?)).collect();
                groups.map(Value::tuple)
            }
        }
    }),
    Native::method("groupdict", "self, default=None", "The named groups.", |call| {
        let (own, default) = (own(call)?, call.get(1).cloned().unwrap_or(Value::None));
        let mut groups = Dict::default();
        for (name, at) in own.pattern.names() {
            let value = own.group(*at)?;
            groups.insert(Key::text(name), if value.is_none() { default.clone() } else { value });
        }
        Ok(Value::dict(groups))
    }),
    Native::method("groups", "self, default=None", "All groups.", |call| {
        let (own, default) = (own(call)?, call.get(1).cloned().unwrap_or(Value::None));
        let groups: Result<Vec<Value>, Exception> = (1..=own.pattern.groups())
            .map(|at| own.group(at).map(|value| if value.is_none() { default.clone() } else { value }))
            .collect();
        groups.map(Value::tuple)
    }),
    Native::property("lastindex", "The last group that matched.", |call| {
        let own = own(call)?;
        let last =
            (1..=own.pattern.groups()).rev().find(|at| own.spans.0.get(*at).copied().flatten().is_some());
        Ok(last.and_then(|at| i64::try_from(at).ok()).map_or(Value::None, Value::Int))
    }),
    Native::property("pos", "0.", |_| Ok(Value::Int(0))),
    Native::property("re", "The pattern.", |call| {
        Ok(Value::object(super::PatternObject(own(call)?.pattern)))
    }),
    Native::method("span", "self, group=0, /", "Where a group begins and ends.", |call| {
        bounds(call).map(|(start, end)| Value::tuple(vec![Value::Int(start), Value::Int(end)]))
    }),
    Native::method("start", "self, group=0, /", "Where a group begins.", |call| {
        bounds(call).map(|(start, _)| Value::Int(start))
    }),
    Native::property("string", "The text.", |call| Ok(Value::Str(own(call)?.text))),
];

fn own(call: &Call<'_, '_>) -> Result<Match, Exception> {
    match call.arg(0).downcast::<Match>() {
        Some(found) => Ok(found.clone()),
        None => Err(exception::type_error("expected a match")),
    }
}

/// Where a group begins and ends, in characters; -1 for one that did not match.
fn bounds(call: &mut Call<'_, '_>) -> Result<(i64, i64), Exception> {
    let own = own(call)?;
    let group = call.get(1).map_or(Ok(0), |group| own.number(group))?;
    call.context.spend(own.text.len() as u64 / 16)?;
    let chars = |bytes: usize| i64::try_from(own.text[..bytes].chars().count()).unwrap_or(i64::MAX);
    Ok(own.spans.0.get(group).copied().flatten().map_or((-1, -1), |(start, end)| (chars(start), chars(end))))
}

impl Match {
    fn number(&self, group: &Value) -> Result<usize, Exception> {
        let found = match group {
            Value::Str(name) => self.pattern.group_number(name),
            Value::Int(at) => usize::try_from(*at).ok().filter(|at| *at <= self.pattern.groups()),
            _ => None,
        };
        found.ok_or_else(|| Exception::new(&exception::INDEX_ERROR, "no such group"))
    }

    fn group(&self, at: usize) -> Result<Value, Exception> {
        Ok(self
            .spans
            .0
            .get(at)
            .copied()
            .flatten()
            .map_or(Value::None, |(start, end)| Value::str(&self.text[start..end])))
    }
}

impl Object for Match {
    fn type_def(&self) -> &'static TypeDef {
        &MATCH
    }
    fn as_any(&self) -> &dyn std::any::Any {
        self
    }
    fn repr(&self, _context: &mut Context<'_>) -> Result<String, Exception> {
        let (start, end) = self.spans.whole();
        let chars = |bytes: usize| self.text[..bytes].chars().count();
        let shown = crate::ops::quote(&self.text[start..end]);
        Ok(format!("<re.Match object; span=({}, {}), match={shown}>", chars(start), chars(end)))
    }
    fn item(&self, index: &Value, _context: &mut Context<'_>) -> Option<Result<Value, Exception>> {
        Some(self.number(index).and_then(|at| self.group(at)))
    }
}
