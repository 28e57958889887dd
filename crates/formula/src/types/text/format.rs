//! `str.format`: templates with `{}`.

use super::own;
use crate::call::Named;
use crate::context::Context;
use crate::exception::{self, Exception};
use crate::format::fields::{self, Access, Part};
use crate::native::Native;
use crate::value::Value;

pub(super) static METHODS: &[Native] = &[
    Native::method("format", "self, /, *args, **kwargs", "The template with values filled in.", |call| {
        let template = own(call)?;
        let (positional, named) = (call.rest().to_vec(), call.named().to_vec());
        let mut next = 0;
        fill(&template, &positional, &named, None, &mut next, call.context, 2).map(Value::from)
    }),
    Native::method("format_map", "self, mapping, /", "The template with values of a dict.", |call| {
        let template = own(call)?;
        let mapping = call.arg(1).clone();
        let mut next = 0;
        fill(&template, &[], &[], Some(&mapping), &mut next, call.context, 2).map(Value::from)
    }),
];

fn fill(
    template: &str,
    positional: &[Value],
    named: &Named,
    mapping: Option<&Value>,
    next: &mut usize,
    context: &mut Context<'_>,
    depth: u32,
) -> Result<String, Exception> {
    let Some(depth) = depth.checked_sub(1) else {
        return Err(exception::value_error("Max string recursion exceeded"));
    };
    let mut out = String::new();
    for part in fields::parse(template)? {
        let field = match part {
            Part::Literal(text) => {
                out.push_str(&text);
                continue;
            }
            Part::Field(field) => field,
        };
        let by_place = |at: usize| {
            positional.get(at).cloned().ok_or_else(|| {
                Exception::new(
                    &exception::INDEX_ERROR,
                    format!("Replacement index {at} out of range for positional args tuple"),
                )
            })
        };
        let mut value = match &field.first {
            fields::Key::Automatic => {
                *next += 1;
                by_place(*next - 1)?
            }
            fields::Key::Position(at) => by_place(*at)?,
            fields::Key::Name(name) => match mapping {
                Some(mapping) => context.item(mapping, &Value::str(name))?,
                None => named
                    .iter()
                    .find(|(known, _)| known == name)
                    .map(|(_, value)| value.clone())
                    .ok_or_else(|| Exception::with_args(&exception::KEY_ERROR, vec![Value::str(name)]))?,
            },
        };
        for access in &field.rest {
            value = match access {
                Access::Attribute(name) => context.attribute(&value, name)?,
                Access::Index(at) => {
                    context.item(&value, &Value::Int(i64::try_from(*at).unwrap_or(i64::MAX)))?
                }
                Access::Item(key) => context.item(&value, &Value::str(key))?,
            };
        }
        let value = match field.conversion {
            Some('r') => Value::Str(context.repr(&value)?),
            Some('a') => Value::from(crate::ops::ascii(&context.repr(&value)?)),
            Some('s') => Value::Str(context.text(&value)?),
            _ => value,
        };
        let spec = if field.spec.contains('{') {
            fill(&field.spec, positional, named, mapping, next, context, depth)?
        } else {
            field.spec.clone()
        };
        let text = context.format(&value, &spec)?;
        context.allocate(text.len())?;
        out.push_str(&text);
    }
    Ok(out)
}
