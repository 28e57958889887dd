//! `object[index]`, `value in container`, unpacking.

use std::rc::Rc;

use crate::context::Context;
use crate::exception::{self, Exception};
use crate::ops::number;
use crate::types::type_of;
use crate::value::{Key, RecordSet, Value};

impl Context<'_> {
    /// `object[index]`.
    pub fn item(&mut self, object: &Value, index: &Value) -> Result<Value, Exception> {
        if let Value::Slice(slice) = index {
            return self.slice(object, slice);
        }
        let at = |len: usize, kind: &str| -> Result<usize, Exception> {
            let position = match index {
                Value::Int(_) | Value::Bool(_) | Value::Big(_) => number::index(index)?,
                _ => {
                    let kind = if kind == "string" { "string indices must be integers, not" } else { kind };
                    return Err(if kind.starts_with("string") {
                        exception::type_error(format!("{kind} '{}'", type_of(index).name))
                    } else {
                        exception::type_error(format!(
                            "{kind} indices must be integers or slices, not {}",
                            type_of(index).name
                        ))
                    });
                }
            };
            resolve(position, len).ok_or_else(|| {
                Exception::new(
                    &exception::INDEX_ERROR,
                    if kind == "string" {
                        "string index out of range".to_owned()
                    } else {
                        format!("{kind} index out of range")
                    },
                )
            })
        };
        match object {
            Value::List(items) => {
                let items = items.borrow();
                Ok(items[at(items.len(), "list")?].clone())
            }
            Value::Tuple(items) => Ok(items[at(items.len(), "tuple")?].clone()),
            Value::Dict(dict) => {
                let key = Key::new(index.clone())?;
                match dict.borrow().get(&key) {
                    Some(value) => Ok(value.clone()),
                    None => Err(Exception::with_args(&exception::KEY_ERROR, vec![index.clone()])),
                }
            }
            Value::Str(text) if text.is_ascii() => {
                let at = at(text.len(), "string")?;
                Ok(Value::str(&text[at..=at]))
            }
            Value::Str(text) => {
                let count = text.chars().count();
                self.spend(count as u64 / 8)?;
                let at = at(count, "string")?;
                Ok(text.chars().nth(at).map_or(Value::None, |c| Value::Str(ecow::EcoString::from(c))))
            }
            Value::Bytes(bytes) => Ok(Value::Int(i64::from(bytes[at(bytes.len(), "index")?]))),
            Value::Range(range) => {
                let len = usize::try_from(number::range_len(range)).unwrap_or(usize::MAX);
                let at = at(len, "range object")?;
                Ok(Value::Int(range.0 + i64::try_from(at).unwrap_or(0) * range.2))
            }
            Value::RecordSet(set) => Ok(Value::Record(set.table, set.rows[at(set.rows.len(), "list")?])),
            Value::Object(inner) => match inner.clone().item(index, self) {
                Some(result) => result,
                None => Err(not_subscriptable(object)),
            },
            // `list[int]` and the like, in annotations.
            Value::Type(_) => Ok(object.clone()),
            _ => Err(not_subscriptable(object)),
        }
    }

    fn slice(&mut self, object: &Value, slice: &(Value, Value, Value)) -> Result<Value, Exception> {
        let len = match object {
            Value::Dict(_) => return Err(exception::type_error("unhashable type: 'slice'")),
            Value::Object(inner) => {
                let index = Value::Slice(Rc::new(slice.clone()));
                return match inner.clone().item(&index, self) {
                    Some(result) => result,
                    None => Err(not_subscriptable(object)),
                };
            }
            Value::Str(_)
            | Value::Bytes(_)
            | Value::List(_)
            | Value::Tuple(_)
            | Value::Range(_)
            | Value::RecordSet(_) => self.length(object)?,
            _ => return Err(not_subscriptable(object)),
        };
        let (start, count, step) = bounds(slice, len)?;
        self.spend(count as u64 / 4)?;
        self.allocate(count * size_of::<Value>())?;
        let positions = (0..count).map(|at| {
            let position = start + i64::try_from(at).unwrap_or(0) * step;
            usize::try_from(position).unwrap_or(0)
        });
        Ok(match object {
            Value::Str(text) if text.is_ascii() => {
                if step == 1 {
                    let start = usize::try_from(start).unwrap_or(0);
                    Value::str(&text[start..start + count])
                } else {
                    let bytes = text.as_bytes();
                    Value::from(positions.map(|at| char::from(bytes[at])).collect::<String>())
                }
            }
            Value::Str(text) => {
                self.spend(len as u64 / 4)?;
                let chars: Vec<char> = text.chars().collect();
                Value::from(positions.map(|at| chars[at]).collect::<String>())
            }
            Value::Bytes(bytes) => Value::Bytes(positions.map(|at| bytes[at]).collect()),
            Value::List(items) => {
                let items = items.borrow();
                Value::list(positions.map(|at| items[at].clone()).collect())
            }
            Value::Tuple(items) => Value::Tuple(positions.map(|at| items[at].clone()).collect()),
            Value::Range(range) => Value::Range(Rc::new((
                range.0 + start * range.2,
                range.0 + (start + i64::try_from(count).unwrap_or(0) * step) * range.2,
                range.2 * step,
            ))),
            Value::RecordSet(set) => {
                let rows = positions.map(|at| set.rows[at]).collect();
                Value::RecordSet(Rc::new(RecordSet { table: set.table, rows, order: None }))
            }
            other => other.clone(),
        })
    }

    /// `object[index] = value`.
    pub fn set_item(&mut self, object: &Value, index: &Value, value: Value) -> Result<(), Exception> {
        self.allocate(2 * size_of::<Value>())?;
        match (object, index) {
            (Value::List(list), Value::Slice(slice)) => {
                let new = self.collect(&value)?;
                let mut items = list.borrow_mut();
                let (start, count, step) = bounds(slice, items.len())?;
                if step == 1 {
                    let start = usize::try_from(start).unwrap_or(0);
                    self.allocate(new.len() * size_of::<Value>())?;
                    items.splice(start..start + count, new);
                    return Ok(());
                }
                if new.len() != count {
                    return Err(exception::value_error(format!(
                        "attempt to assign sequence of size {} to extended slice of size {count}",
                        new.len()
                    )));
                }
                let mut at = start;
                for item in new {
                    items[usize::try_from(at).unwrap_or(0)] = item;
                    at += step;
                }
                Ok(())
            }
            (Value::List(list), _) => {
                let mut items = list.borrow_mut();
                let len = items.len();
                items[list_index(index, len, "list assignment index out of range")?] = value;
                Ok(())
            }
            (Value::Dict(dict), _) => {
                dict.borrow_mut().insert(Key::new(index.clone())?, value);
                Ok(())
            }
            (Value::Object(inner), _) => match inner.clone().set_item(index, Some(value), self) {
                Some(result) => result,
                None => Err(no_assignment(object, "assignment")),
            },
            _ => Err(no_assignment(object, "assignment")),
        }
    }

    /// `del object[index]`.
    pub fn delete_item(&mut self, object: &Value, index: &Value) -> Result<(), Exception> {
        match (object, index) {
            (Value::List(list), Value::Slice(slice)) => {
                let mut items = list.borrow_mut();
                let (start, count, step) = bounds(slice, items.len())?;
                let doomed: rustc_hash::FxHashSet<i64> =
                    (0..count).map(|at| start + i64::try_from(at).unwrap_or(0) * step).collect();
                let mut at = -1;
                items.retain(|_| {
                    at += 1;
                    !doomed.contains(&at)
                });
                Ok(())
            }
            (Value::List(list), _) => {
                let mut items = list.borrow_mut();
                let len = items.len();
                items.remove(list_index(index, len, "list assignment index out of range")?);
                Ok(())
            }
            (Value::Dict(dict), _) => match dict.borrow_mut().shift_remove(&Key::new(index.clone())?) {
                Some(_) => Ok(()),
                None => Err(Exception::with_args(&exception::KEY_ERROR, vec![index.clone()])),
            },
            (Value::Object(inner), _) => match inner.clone().set_item(index, None, self) {
                Some(result) => result,
                None => Err(no_assignment(object, "deletion")),
            },
            _ => Err(no_assignment(object, "deletion")),
        }
    }

    /// `value in container`.
    pub fn contains(&mut self, container: &Value, value: &Value) -> Result<bool, Exception> {
        match container {
            Value::Str(text) => match value {
                Value::Str(part) => {
                    self.spend(text.len() as u64 / 32)?;
                    Ok(text.contains(part.as_str()))
                }
                _ => Err(exception::type_error(format!(
                    "'in <string>' requires string as left operand, not {}",
                    type_of(value).name
                ))),
            },
            Value::Dict(dict) => Ok(dict.borrow().contains_key(&Key::new(value.clone())?)),
            Value::Set(set) => Ok(set.borrow().contains(&set_key(value)?)),
            Value::FrozenSet(set) => Ok(set.contains(&set_key(value)?)),
            Value::Range(range) if number::small(value).is_some() => {
                let int = number::small(value).unwrap_or(0);
                let (start, stop, step) = **range;
                let within = if step > 0 { start <= int && int < stop } else { stop < int && int <= start };
                Ok(within && (int - start) % step == 0)
            }
            Value::RecordSet(set) => Ok(match value {
                Value::Record(table, row) => *table == set.table && set.rows.contains(row),
                _ => {
                    number::small(value).is_some_and(|int| set.rows.iter().any(|row| i64::from(row.0) == int))
                }
            }),
            Value::Object(inner) if let Some(result) = inner.clone().contains(value, self) => result,
            _ => {
                let mut iter = self.iterate(container).map_err(|_| {
                    exception::type_error(format!(
                        "argument of type '{}' is not iterable",
                        type_of(container).name
                    ))
                })?;
                while let Some(item) = iter.next(self)? {
                    if crate::ops::truth::is_element(&item, value) {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
        }
    }
}

fn set_key(value: &Value) -> Result<Key, Exception> {
    match value {
        Value::Set(set) => Key::new(Value::FrozenSet(Rc::new(set.borrow().clone()))),
        _ => crate::ops::truth::key(value),
    }
}

fn resolve(position: i64, len: usize) -> Option<usize> {
    let position = if position < 0 { position.checked_add(i64::try_from(len).ok()?)? } else { position };
    usize::try_from(position).ok().filter(|at| *at < len)
}

fn list_index(index: &Value, len: usize, message: &str) -> Result<usize, Exception> {
    match index {
        Value::Int(_) | Value::Bool(_) | Value::Big(_) => resolve(number::index(index)?, len)
            .ok_or_else(|| Exception::new(&exception::INDEX_ERROR, message)),
        _ => Err(exception::type_error(format!(
            "list indices must be integers or slices, not {}",
            type_of(index).name
        ))),
    }
}

/// Start, count and step of a slice of something with `len` elements.
pub(crate) fn bounds(slice: &(Value, Value, Value), len: usize) -> Result<(i64, usize, i64), Exception> {
    let part = |value: &Value| match value {
        Value::None => Ok(None),
        Value::Int(_) | Value::Bool(_) | Value::Big(_) => number::index(value).map(Some),
        _ => Err(exception::type_error("slice indices must be integers or None or have an __index__ method")),
    };
    let step = part(&slice.2)?.unwrap_or(1);
    if step == 0 {
        return Err(exception::value_error("slice step cannot be zero"));
    }
    let step = step.max(-i64::MAX);
    let len = i64::try_from(len).unwrap_or(i64::MAX);
    let clamp = |position: i64, low: i64, high: i64| {
        let position = if position < 0 { position.saturating_add(len) } else { position };
        position.clamp(low, high)
    };
    let (low, high) = if step > 0 { (0, len) } else { (-1, len - 1) };
    let start =
        part(&slice.0)?.map_or(if step > 0 { low } else { high }, |position| clamp(position, low, high));
    let stop =
        part(&slice.1)?.map_or(if step > 0 { high } else { low }, |position| clamp(position, low, high));
    let count = number::range_len(&(start, stop, step));
    Ok((start, usize::try_from(count).unwrap_or(usize::MAX), step))
}

fn not_subscriptable(object: &Value) -> Exception {
    exception::type_error(format!("'{}' object is not subscriptable", type_of(object).name))
}

fn no_assignment(object: &Value, what: &str) -> Exception {
    let verb = if what == "deletion" { "doesn't support" } else { "does not support" };
    exception::type_error(format!("'{}' object {verb} item {what}", type_of(object).name))
}
