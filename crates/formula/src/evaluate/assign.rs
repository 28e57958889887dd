//! Assignments: to variables, items, and several targets at once.

use crate::context::Context;
use crate::evaluate::Frame;
use crate::exception::{self, Exception};
use crate::ir::Target;
use crate::types::type_of;
use crate::value::Value;

impl Frame {
    pub(crate) fn assign(
        &mut self,
        target: &Target,
        value: Value,
        context: &mut Context<'_>,
    ) -> Result<(), Exception> {
        match target {
            Target::Variable(variable, _) => {
                self.set(*variable, Some(value));
                Ok(())
            }
            Target::Unpack(targets, star) => self.unpack(targets, *star, &value, context),
            Target::Item(object, index) => {
                let object = self.evaluate(object, context)?;
                let index = self.evaluate(index, context)?;
                context.set_item(&object, &index, value)
            }
            Target::Attribute(object, name) => {
                let object = self.evaluate(object, context)?;
                if let Value::Table(table) = &object
                    && context.host.keep(*table, name, value)
                {
                    return Ok(());
                }
                Err(Exception::new(
                    &exception::ATTRIBUTE_ERROR,
                    match &object {
                        Value::Record(..) => format!("can't set attribute '{name}'"),
                        other => format!("'{}' object has no attribute '{name}'", type_of(other).name),
                    },
                ))
            }
        }
    }

    fn unpack(
        &mut self,
        targets: &[Target],
        star: Option<usize>,
        value: &Value,
        context: &mut Context<'_>,
    ) -> Result<(), Exception> {
        let mut iter = context.iterate(value).map_err(|_| {
            exception::type_error(format!("cannot unpack non-iterable {} object", type_of(value).name))
        })?;
        let before = star.unwrap_or(targets.len());
        let after = star.map_or(0, |star| targets.len() - star - 1);
        let mut items = Vec::with_capacity(targets.len());
        // Without a star, one item too many is enough to know.
        while star.is_some() || items.len() <= before {
            match iter.next(context)? {
                Some(item) => {
                    context.allocate(size_of::<Value>())?;
                    items.push(item);
                }
                None => break,
            }
        }
        if items.len() < before + after {
            let least = if star.is_some() { "at least " } else { "" };
            return Err(exception::value_error(format!(
                "not enough values to unpack (expected {least}{}, got {})",
                before + after,
                items.len()
            )));
        }
        if star.is_none() && items.len() > before {
            return Err(exception::value_error(format!("too many values to unpack (expected {before})")));
        }
        let tail = items.split_off(items.len() - after);
        let middle = items.split_off(before);
        for (target, item) in targets.iter().zip(items) {
            self.assign(target, item, context)?;
        }
        if let Some(star) = star {
            self.assign(&targets[star], Value::list(middle), context)?;
            for (target, item) in targets[star + 1..].iter().zip(tail) {
                self.assign(target, item, context)?;
            }
        }
        Ok(())
    }

    /// `del target`.
    pub(crate) fn delete(&mut self, target: &Target, context: &mut Context<'_>) -> Result<(), Exception> {
        match target {
            Target::Variable(variable, name) => {
                self.get(*variable, name)?;
                self.set(*variable, None);
                Ok(())
            }
            Target::Unpack(targets, _) => targets.iter().try_for_each(|target| self.delete(target, context)),
            Target::Item(object, index) => {
                let object = self.evaluate(object, context)?;
                let index = self.evaluate(index, context)?;
                context.delete_item(&object, &index)
            }
            Target::Attribute(object, name) => {
                let object = self.evaluate(object, context)?;
                Err(Exception::new(
                    &exception::ATTRIBUTE_ERROR,
                    format!("'{}' object has no attribute '{name}'", type_of(&object).name),
                ))
            }
        }
    }

    /// The present value of a target, for `target operator= value`; with the object and index, so that they are evaluated once.
    pub(crate) fn read(
        &mut self,
        target: &Target,
        context: &mut Context<'_>,
    ) -> Result<(Value, Option<(Value, Value)>), Exception> {
        match target {
            Target::Variable(variable, name) => Ok((self.get(*variable, name)?, None)),
            Target::Item(object, index) => {
                let object = self.evaluate(object, context)?;
                let index = self.evaluate(index, context)?;
                Ok((context.item(&object, &index)?, Some((object, index))))
            }
            Target::Attribute(object, name) => {
                let object = self.evaluate(object, context)?;
                Ok((context.attribute(&object, name)?, None))
            }
            Target::Unpack(..) => {
                Err(Exception::new(&exception::SYNTAX_ERROR, "illegal expression for augmented assignment"))
            }
        }
    }
}
