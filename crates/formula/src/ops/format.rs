//! `format(value, spec)`, f-strings, `template % values`.

use ecow::EcoString;

use crate::context::Context;
use crate::dates::calendar;
use crate::exception::{self, Exception};
use crate::format::{percent, spec, strftime};
use crate::ops::number;
use crate::types::type_of;
use crate::value::{Key, Value, Zone};

impl Context<'_> {
    /// `format(value, spec)`.
    pub fn format(&mut self, value: &Value, template: &str) -> Result<EcoString, Exception> {
        match value {
            Value::Object(object) if !template.is_empty() => {
                if let Some(result) = object.clone().format(template, self) {
                    return result.map(EcoString::from);
                }
            }
            Value::Date(_) | Value::DateTime(_) | Value::Time(_) if !template.is_empty() => {
                return self.strftime(value, template);
            }
            _ => {}
        }
        if template.is_empty() {
            return self.text(value);
        }
        let class = type_of(value).name;
        let parsed = |limits: &mut Self| -> Result<spec::Spec, Exception> {
            let parsed = spec::Spec::parse(template, class)?;
            limits.allocate(parsed.width + parsed.precision.unwrap_or(0))?;
            Ok(parsed)
        };
        let formatted = match value {
            Value::Str(text) => parsed(self)?.text(text)?,
            Value::Bool(truth) => {
                let parsed = parsed(self)?;
                if parsed.kind.is_none() {
                    parsed.text(if *truth { "True" } else { "False" })?
                } else {
                    parsed.integer(spec::Integer::Small(i64::from(*truth)), class)?
                }
            }
            Value::Int(int) => parsed(self)?.integer(spec::Integer::Small(*int), class)?,
            Value::Big(big) => parsed(self)?.integer(spec::Integer::Big(big), class)?,
            Value::Float(float) => parsed(self)?.float(*float)?,
            _ => {
                return Err(exception::type_error(format!(
                    "unsupported format string passed to {class}.__format__"
                )));
            }
        };
        Ok(formatted.into())
    }

    /// `value.strftime(template)` for dates and times.
    pub fn strftime(&mut self, value: &Value, template: &str) -> Result<EcoString, Exception> {
        self.allocate(template.len() * 4)?;
        let (day, micros, zone): (i64, i64, Option<(i64, EcoString)>) = match value {
            Value::Date(day) => (i64::from(*day), 0, None),
            Value::DateTime(date_time) => (
                i64::from(date_time.day()),
                date_time.time_of_day(),
                date_time.zone.as_ref().map(|zone| {
                    (i64::from(date_time.offset().unwrap_or(0)), zone.abbreviation(date_time.wall))
                }),
            ),
            // Python gives times the date 1900-01-01.
            Value::Time(time) => (
                -25_567,
                time.micros,
                match &time.zone {
                    Some(zone @ Zone::Fixed(offset, _)) => Some((i64::from(*offset), zone.name())),
                    _ => None,
                },
            ),
            other => {
                return Err(Exception::new(
                    &exception::ATTRIBUTE_ERROR,
                    format!("'{}' object has no attribute 'strftime'", type_of(other).name),
                ));
            }
        };
        let (year, month, day) = calendar::civil(day);
        let seconds = micros / 1_000_000;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "within a day")]
        let parts = strftime::Parts {
            year,
            month,
            day,
            hour: (seconds / 3600) as u32,
            minute: (seconds / 60 % 60) as u32,
            second: (seconds % 60) as u32,
            microsecond: (micros % 1_000_000) as u32,
            offset: zone.as_ref().map(|(offset, _)| *offset),
            zone: zone.map(|(_, name)| name.to_string()),
        };
        Ok(strftime::format(&parts, template).into())
    }

    /// `template % args`.
    pub fn percent(&mut self, template: &str, args: &Value) -> Result<Value, Exception> {
        self.allocate(template.len())?;
        self.percent_parts(&percent::parse(template)?, args)
    }

    /// `template % args` with a template that was split before.
    pub(crate) fn percent_parts(
        &mut self,
        parts: &[percent::Part],
        args: &Value,
    ) -> Result<Value, Exception> {
        let mut given: &[Value] = match args {
            Value::Tuple(items) => items,
            single => std::slice::from_ref(single),
        };
        let not_enough = || exception::type_error("not enough arguments for format string");
        let mut named = false;
        let mut out = String::new();
        for part in parts {
            let conversion = match part {
                percent::Part::Literal(text) => {
                    out.push_str(text);
                    continue;
                }
                percent::Part::Conversion(conversion) => conversion,
            };
            let mut next = || -> Result<Value, Exception> {
                let (first, rest) = given.split_first().ok_or_else(not_enough)?;
                given = rest;
                Ok(first.clone())
            };
            let mut count = |count: &Option<percent::Count>| -> Result<Option<i64>, Exception> {
                Ok(match count {
                    None => None,
                    Some(percent::Count::Given(fixed)) => Some(i64::try_from(*fixed).unwrap_or(i64::MAX)),
                    Some(percent::Count::Argument) => match next()? {
                        Value::Int(int) => Some(int),
                        Value::Bool(truth) => Some(i64::from(truth)),
                        _ => return Err(exception::type_error("* wants int")),
                    },
                })
            };
            let width = count(&conversion.width)?;
            let precision = count(&conversion.precision)?;
            if conversion.kind == '%' {
                out.push('%');
                continue;
            }
            let value = match &conversion.key {
                Some(key) => {
                    named = true;
                    match args {
                        Value::Dict(dict) => {
                            dict.borrow().get(&Key::text(key)).cloned().ok_or_else(|| {
                                Exception::with_args(&exception::KEY_ERROR, vec![Value::str(key)])
                            })?
                        }
                        _ => return Err(exception::type_error("format requires a mapping")),
                    }
                }
                None => next()?,
            };
            let width = width.unwrap_or(0);
            let ready = percent::Ready {
                conversion,
                width: usize::try_from(width.unsigned_abs()).unwrap_or(usize::MAX),
                left: conversion.left || width < 0,
                precision: precision.map(|precision| usize::try_from(precision.max(0)).unwrap_or(usize::MAX)),
            };
            self.allocate(ready.width.saturating_add(ready.precision.unwrap_or(0)))?;
            if let ('s', 0, None) = (conversion.kind, ready.width, ready.precision) {
                let text = self.text(&value)?;
                self.allocate(text.len())?;
                out.push_str(&text);
            } else {
                let text = self.percent_one(&ready, &value)?;
                out.push_str(&text);
            }
        }
        if !given.is_empty() && !named && !matches!(args, Value::Dict(_) | Value::List(_)) {
            return Err(exception::type_error("not all arguments converted during string formatting"));
        }
        Ok(Value::from(out))
    }

    fn percent_one(&mut self, ready: &percent::Ready<'_>, value: &Value) -> Result<String, Exception> {
        let kind = ready.conversion.kind;
        Ok(match kind {
            's' => {
                let text = self.text(value)?;
                ready.text(&text)
            }
            'r' => {
                let text = self.repr(value)?;
                ready.text(&text)
            }
            'a' => {
                let text = ascii(&self.repr(value)?);
                ready.text(&text)
            }
            'c' => match value {
                Value::Str(text) if text.chars().count() == 1 => ready.text(text),
                Value::Int(code) => match u32::try_from(*code).ok().and_then(char::from_u32) {
                    Some(c) => ready.text(&c.to_string()),
                    None => {
                        return Err(Exception::new(
                            &exception::OVERFLOW_ERROR,
                            "%c arg not in range(0x110000)",
                        ));
                    }
                },
                _ => return Err(exception::type_error("%c requires int or char")),
            },
            'd' | 'i' | 'u' | 'x' | 'X' | 'o' => {
                let whole = match value {
                    Value::Float(float) if matches!(kind, 'd' | 'i' | 'u') => number::truncate(*float)?,
                    other => other.clone(),
                };
                match (number::small(&whole), number::big(&whole)) {
                    (Some(int), _) => ready.integer(spec::Integer::Small(int)),
                    (None, Some(big)) => ready.integer(spec::Integer::Big(&big)),
                    _ => {
                        let wants = if matches!(kind, 'd' | 'i' | 'u') {
                            "a real number is required"
                        } else {
                            "an integer is required"
                        };
                        return Err(exception::type_error(format!(
                            "%{kind} format: {wants}, not {}",
                            type_of(value).name
                        )));
                    }
                }
            }
            _ => ready.float(number::real(value)?),
        })
    }
}

/// `ascii(value)` from its repr.
pub(crate) fn ascii(repr: &str) -> String {
    let mut out = String::with_capacity(repr.len());
    for c in repr.chars() {
        let code = u32::from(c);
        match code {
            0..=0x7f => out.push(c),
            0x80..=0xff => out.push_str(&format!("\\x{code:02x}")),
            0x100..=0xffff => out.push_str(&format!("\\u{code:04x}")),
            _ => out.push_str(&format!("\\U{code:08x}")),
        }
    }
    out
}
