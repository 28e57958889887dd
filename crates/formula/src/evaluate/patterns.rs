//! Patterns of `match`.

use crate::context::Context;
use crate::evaluate::Frame;
use crate::exception::Exception;
use crate::ir::{Pattern, Target};
use crate::ops;
use crate::types::type_of;
use crate::value::{Key, Value};

impl Frame {
    pub(crate) fn matches(
        &mut self,
        pattern: &Pattern,
        subject: &Value,
        context: &mut Context<'_>,
    ) -> Result<bool, Exception> {
        context.spend(1)?;
        match pattern {
            Pattern::Capture(target) => {
                if let Some(target) = target {
                    self.assign(target, subject.clone(), context)?;
                }
                Ok(true)
            }
            Pattern::Value(node) => Ok(ops::equal(subject, &self.evaluate(node, context)?)),
            Pattern::Singleton(node) => Ok(ops::identical(subject, &self.evaluate(node, context)?)),
            Pattern::Or(alternatives) => {
                for alternative in alternatives {
                    if self.matches(alternative, subject, context)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            Pattern::As(pattern, target) => {
                let matches = self.matches(pattern, subject, context)?;
                if matches {
                    self.assign(target, subject.clone(), context)?;
                }
                Ok(matches)
            }
            Pattern::Sequence(patterns, star) => {
                self.matches_sequence(patterns, star.as_ref(), subject, context)
            }
            Pattern::Mapping(entries, rest) => {
                let Value::Dict(dict) = subject else { return Ok(false) };
                let mut others = dict.borrow().clone();
                for (key, pattern) in entries {
                    let key = Key::new(self.evaluate(key, context)?)?;
                    let Some(value) = others.shift_remove(&key) else { return Ok(false) };
                    if !self.matches(pattern, &value, context)? {
                        return Ok(false);
                    }
                }
                if let Some(rest) = rest {
                    self.assign(rest, Value::dict(others), context)?;
                }
                Ok(true)
            }
            Pattern::Class(class, positional, named) => {
                let class = self.evaluate(class, context)?;
                let Value::Type(def) = class else {
                    return Err(crate::exception::type_error("called match pattern must be a class"));
                };
                if !type_of(subject).derives_from(def) {
                    return Ok(false);
                }
                for pattern in positional {
                    if !self.matches(pattern, subject, context)? {
                        return Ok(false);
                    }
                }
                for (name, pattern) in named {
                    let Ok(value) = context.attribute(subject, name) else { return Ok(false) };
                    if !self.matches(pattern, &value, context)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
        }
    }

    fn matches_sequence(
        &mut self,
        patterns: &[Pattern],
        star: Option<&(usize, Option<Target>)>,
        subject: &Value,
        context: &mut Context<'_>,
    ) -> Result<bool, Exception> {
        if !matches!(subject, Value::List(_) | Value::Tuple(_) | Value::Range(_)) {
            return Ok(false);
        }
        let items = context.collect(subject)?;
        let fits = if star.is_some() { items.len() >= patterns.len() } else { items.len() == patterns.len() };
        if !fits {
            return Ok(false);
        }
        let before = star.map_or(patterns.len(), |(at, _)| *at);
        let extra = items.len() - patterns.len();
        for (at, pattern) in patterns.iter().enumerate() {
            let item = if at < before { &items[at] } else { &items[at + extra] };
            if !self.matches(pattern, item, context)? {
                return Ok(false);
            }
        }
        if let Some((_, Some(target))) = star {
            self.assign(target, Value::list(items[before..before + extra].to_vec()), context)?;
        }
        Ok(true)
    }
}
