//! `template % values` with a template that is known: plain texts and integers are put together at once.

use ecow::EcoString;

use crate::context::Context;
use crate::evaluate::Frame;
use crate::exception::Exception;
use crate::format::percent::Part;
use crate::ir::{Element, Node};
use crate::value::Value;

/// More values than this take the general way.
const MOST: usize = 6;

impl Frame {
    pub(super) fn percent(
        &mut self,
        parts: &[Part],
        values: &Node,
        context: &mut Context<'_>,
    ) -> Result<Value, Exception> {
        let mut held = [const { Value::None }; MOST];
        let count = match values {
            Node::Tuple(elements) if elements.len() <= MOST => {
                for (place, element) in held.iter_mut().zip(elements) {
                    let Element::One(node) = element else {
                        return self.percent_in_general(parts, values, context);
                    };
                    *place = self.evaluate(node, context)?;
                }
                elements.len()
            }
            Node::Tuple(_) => return self.percent_in_general(parts, values, context),
            single => {
                held[0] = self.evaluate(single, context)?;
                1
            }
        };
        context.spend(2)?;
        if let Some(text) = plain(parts, &held[..count], context)? {
            return Ok(Value::Str(text));
        }
        match values {
            Node::Tuple(_) => {
                let items = held.into_iter().take(count).collect();
                context.percent_parts(parts, &Value::tuple(items))
            }
            _ => context.percent_parts(parts, &held[0]),
        }
    }

    fn percent_in_general(
        &mut self,
        parts: &[Part],
        values: &Node,
        context: &mut Context<'_>,
    ) -> Result<Value, Exception> {
        let values = self.evaluate(values, context)?;
        context.spend(2)?;
        context.percent_parts(parts, &values)
    }
}

/// The text, if each `%s` meets a text or an integer, and each `%d` an integer.
fn plain(
    parts: &[Part],
    values: &[Value],
    context: &mut Context<'_>,
) -> Result<Option<EcoString>, Exception> {
    let mut given = values.iter();
    let mut len = 0;
    for part in parts {
        len += match part {
            Part::Literal(text) => text.len(),
            Part::Conversion(conversion) if conversion.is_plain() => match (conversion.kind, given.next()) {
                ('s', Some(Value::Str(text))) => text.len(),
                ('s' | 'd', Some(Value::Int(int))) => itoa::Buffer::new().format(*int).len(),
                _ => return Ok(None),
            },
            Part::Conversion(_) => return Ok(None),
        };
    }
    if given.next().is_some() {
        return Ok(None);
    }
    context.allocate(len)?;
    let mut given = values.iter();
    let mut text = if len > 15 { EcoString::with_capacity(len) } else { EcoString::new() };
    for part in parts {
        match (part, matches!(part, Part::Conversion(_)).then(|| given.next()).flatten()) {
            (Part::Literal(literal), _) => text.push_str(literal),
            (Part::Conversion(_), Some(Value::Str(value))) => text.push_str(value),
            (Part::Conversion(_), Some(Value::Int(value))) => {
                text.push_str(itoa::Buffer::new().format(*value));
            }
            (Part::Conversion(_), _) => return Ok(None),
        }
    }
    Ok(Some(text))
}
