//! `<`, `<=`, `>`, `>=`.

use std::cmp::Ordering;

use crate::context::Context;
use crate::exception::{self, Exception};
use crate::ops::{Comparison, equal, number};
use crate::types::type_of;
use crate::value::{Set, Value};

impl Context<'_> {
    /// `a < b`, `a <= b`, ….
    pub fn compare(&mut self, comparison: Comparison, a: &Value, b: &Value) -> Result<bool, Exception> {
        match (a, b) {
            (Value::Int(a), Value::Int(b)) => return Ok(comparison.holds(a.cmp(b))),
            (Value::Float(a), Value::Float(b)) => {
                return Ok(a.partial_cmp(b).is_some_and(|ordering| comparison.holds(ordering)));
            }
            (
                Value::Bool(_) | Value::Int(_) | Value::Big(_) | Value::Float(_),
                Value::Bool(_) | Value::Int(_) | Value::Big(_) | Value::Float(_),
            ) => {
                return Ok(number::compare(a, b).is_some_and(|ordering| comparison.holds(ordering)));
            }
            (Value::List(a), Value::List(b)) => {
                let (a, b) = (a.borrow().clone(), b.borrow().clone());
                return self.compare_items(comparison, &a, &b);
            }
            (Value::Tuple(a), Value::Tuple(b)) => return self.compare_items(comparison, a, b),
            (Value::Set(_) | Value::FrozenSet(_), Value::Set(_) | Value::FrozenSet(_)) => {
                if let (Some(a), Some(b)) = (set_of(a), set_of(b)) {
                    return Ok(match comparison {
                        Comparison::Less => a.len() < b.len() && a.is_subset(&b),
                        Comparison::LessOrEqual => a.is_subset(&b),
                        Comparison::Greater => b.len() < a.len() && b.is_subset(&a),
                        Comparison::GreaterOrEqual => b.is_subset(&a),
                    });
                }
            }
            _ => {}
        }
        match self.order(a, b)? {
            Some(ordering) => Ok(comparison.holds(ordering)),
            None => Err(exception::type_error(format!(
                "'{}' not supported between instances of '{}' and '{}'",
                comparison.sign(),
                type_of(a).name,
                type_of(b).name
            ))),
        }
    }

    /// `a < b`.
    pub fn less(&mut self, a: &Value, b: &Value) -> Result<bool, Exception> {
        self.compare(Comparison::Less, a, b)
    }

    fn order(&mut self, a: &Value, b: &Value) -> Result<Option<Ordering>, Exception> {
        Ok(match (a, b) {
            (Value::Str(a), Value::Str(b)) => Some(a.as_str().cmp(b.as_str())),
            (Value::Bytes(a), Value::Bytes(b)) => Some(a.cmp(b)),
            (Value::Date(a), Value::Date(b)) => Some(a.cmp(b)),
            (Value::DateTime(a), Value::DateTime(b)) => {
                if a.zone.is_some() != b.zone.is_some() {
                    return Err(exception::type_error(
                        "can't compare offset-naive and offset-aware datetimes",
                    ));
                }
                Some(a.comparable().cmp(&b.comparable()))
            }
            (Value::DateTime(_), Value::Date(_)) => {
                return Err(exception::type_error("can't compare datetime.datetime to datetime.date"));
            }
            (Value::Date(_), Value::DateTime(_)) => {
                return Err(exception::type_error("can't compare datetime.datetime to datetime.date"));
            }
            (Value::Time(a), Value::Time(b)) => Some(a.micros.cmp(&b.micros)),
            (Value::Delta(a), Value::Delta(b)) => Some(a.cmp(b)),
            (Value::Record(table, row), Value::Record(other, other_row)) => {
                if table == other {
                    Some(row.cmp(other_row))
                } else {
                    Some(self.host.table_id(*table).cmp(&self.host.table_id(*other)))
                }
            }
            (Value::Object(object), other) => match object.compare(other) {
                None => match other {
                    Value::Object(reflected) => reflected.compare(a).map(Ordering::reverse),
                    _ => None,
                },
                known => known,
            },
            (other, Value::Object(object)) => object.compare(other).map(Ordering::reverse),
            _ => None,
        })
    }

    fn compare_items(&mut self, comparison: Comparison, a: &[Value], b: &[Value]) -> Result<bool, Exception> {
        for (a, b) in a.iter().zip(b) {
            self.spend(1)?;
            if !crate::ops::truth::is_element(a, b) && !equal(a, b) {
                self.enter(1)?;
                let result = self.compare(comparison, a, b);
                self.leave(1);
                return result;
            }
        }
        Ok(comparison.holds(a.len().cmp(&b.len())))
    }

    /// Sorts as `sorted` does: stable, by keys where given; Python's errors for what cannot be compared.
    pub fn sort(
        &mut self,
        items: Vec<Value>,
        key: Option<&Value>,
        reverse: bool,
    ) -> Result<Vec<Value>, Exception> {
        let mut keyed = Vec::with_capacity(items.len());
        for item in items {
            self.spend(2)?;
            let key = match key {
                Some(function) if !function.is_none() => {
                    self.call(function, std::slice::from_ref(&item), &[])?
                }
                _ => item.clone(),
            };
            keyed.push((key, item));
        }
        let mut failure = None;
        let mut precedes = |a: &Value, b: &Value| {
            if failure.is_some() {
                return false;
            }
            match self.spend(1).and_then(|()| self.less(a, b)) {
                Ok(less) => less,
                Err(exception) => {
                    failure = Some(exception);
                    false
                }
            }
        };
        let sorted =
            merge_sort(keyed, &mut |a, b| if reverse { precedes(&b.0, &a.0) } else { precedes(&a.0, &b.0) });
        match failure {
            Some(exception) => Err(exception),
            None => Ok(sorted.into_iter().map(|(_, item)| item).collect()),
        }
    }
}

/// A stable merge sort that only asks "is b before a": an inconsistent order (NaN among floats) gives some order, never a panic.
fn merge_sort<T>(mut items: Vec<T>, precedes: &mut impl FnMut(&T, &T) -> bool) -> Vec<T> {
    if items.len() < 2 {
        return items;
    }
    let right = items.split_off(items.len() / 2);
    let left = merge_sort(items, precedes);
    let right = merge_sort(right, precedes);
    if let (Some(last), Some(first)) = (left.last(), right.first())
        && !precedes(first, last)
    {
        let mut merged = left;
        merged.extend(right);
        return merged;
    }
    let mut merged = Vec::with_capacity(left.len() + right.len());
    let (mut left, mut right) = (left.into_iter().peekable(), right.into_iter().peekable());
    while let (Some(a), Some(b)) = (left.peek(), right.peek()) {
        let take_right = precedes(b, a);
        merged.extend(if take_right { right.next() } else { left.next() });
    }
    merged.extend(left);
    merged.extend(right);
    merged
}

/// The elements of a set or frozenset.
pub(crate) fn set_of(value: &Value) -> Option<Set> {
    match value {
        Value::Set(set) => Some(set.borrow().clone()),
        Value::FrozenSet(set) => Some((**set).clone()),
        _ => None,
    }
}
