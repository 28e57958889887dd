//! The order of values of any kind: numbers before texts before the rest, as Grist sorts.

use std::cmp::Ordering;

use ecow::EcoString;
use formula::{Value, ops};

/// A value as something that can be compared with any other.
#[derive(Clone, Debug)]
pub(crate) enum SortPart {
    /// `None`.
    Blank,
    /// Numbers and booleans.
    Number(f64),
    /// Dates and times: by kind, then by instant.
    Time(u8, i64),
    /// Text.
    Text(EcoString),
    /// Lists and tuples.
    List(Vec<SortPart>),
    /// Anything else: by the name of its type, then by its representation.
    Other(EcoString),
    /// An error.
    Error,
}

/// How a value sorts.
pub(crate) fn sort_part(value: &Value) -> SortPart {
    match value {
        Value::None => SortPart::Blank,
        Value::Bool(_) | Value::Int(_) | Value::Big(_) | Value::Float(_) => {
            SortPart::Number(ops::number::float(value).and_then(Result::ok).unwrap_or(f64::INFINITY))
        }
        Value::Record(_, row) => SortPart::Number(f64::from(row.0)),
        Value::Date(day) => SortPart::Time(0, i64::from(*day)),
        Value::DateTime(date_time) => SortPart::Time(1, date_time.comparable()),
        Value::Str(text) => SortPart::Text(text.clone()),
        Value::AltText(text) => SortPart::Text(text.text.clone()),
        Value::List(items) => SortPart::List(items.borrow().iter().map(sort_part).collect()),
        Value::Tuple(items) => SortPart::List(items.iter().map(sort_part).collect()),
        Value::RecordSet(set) => {
            SortPart::List(set.rows.iter().map(|row| SortPart::Number(f64::from(row.0))).collect())
        }
        other => SortPart::Other(ops::plain_repr(other)),
    }
}

impl SortPart {
    fn rank(&self) -> u8 {
        match self {
            Self::Blank => 0,
            Self::Number(_) => 1,
            Self::Time(..) => 2,
            Self::List(_) => 3,
            Self::Text(_) => 4,
            Self::Other(_) => 5,
            Self::Error => 6,
        }
    }

    /// A total order.
    pub(crate) fn order(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Number(a), Self::Number(b)) => a.total_cmp(b),
            (Self::Time(a, x), Self::Time(b, y)) => a.cmp(b).then(x.cmp(y)),
            (Self::Text(a), Self::Text(b)) | (Self::Other(a), Self::Other(b)) => a.cmp(b),
            (Self::List(a), Self::List(b)) => {
                let pairs = a.iter().zip(b).map(|(a, b)| a.order(b));
                pairs.fold(Ordering::Equal, Ordering::then).then(a.len().cmp(&b.len()))
            }
            _ => self.rank().cmp(&other.rank()),
        }
    }
}
