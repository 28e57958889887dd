//! Cell values: what a cell holds, what travels on the wire, what is stored.
//!
//! One enum for all three. The encodings themselves are in [`crate::json`], `marshal` and `storage`.

use std::sync::Arc;

use ecow::EcoString;

use crate::ids::{RowId, TableId};

/// Text of a cell: cheap to clone, short ones without allocation.
pub type Text = EcoString;

/// A value of a cell, in Grist's sense (its object codes are named in brackets).
///
/// Typed columns hold plain values: a Date column holds seconds as `Float`, a Ref column a row id as `Int`. The coded values
/// appear in columns of type Any and wherever a formula's result has no plain form.
#[derive(Clone, Debug, Default)]
pub enum CellValue {
    /// Blank.
    #[default]
    Null,
    /// True or false; distinct from 1 and 0.
    Bool(bool),
    /// An integer. On the wire, integers beyond 32 bits that come from formulas are `["U", digits]`.
    Int(i64),
    /// A float; may be not finite.
    Float(f64),
    /// Text, also "alt text": text in a column of another type.
    Text(Text),
    /// `["L", …]`: a list.
    List(Arc<[CellValue]>),
    /// `["O", {…}]`: a dictionary with text keys, in order of insertion.
    Dict(Arc<[(Text, CellValue)]>),
    /// `["d", seconds]`: a date, as seconds since 1970-01-01 of its midnight in UTC.
    Date(f64),
    /// `["D", seconds, zone]`: an instant, in a named time zone.
    DateTime(f64, Text),
    /// `["R", table, row]`: a record.
    Record(TableId, RowId),
    /// `["r", table, [rows]]`: a set of records.
    RecordSet(TableId, Arc<[RowId]>),
    /// `["E", name, message?, details?, {"u": input}?]`: an error.
    Error(Arc<CellError>),
    /// `["P"]`: not computed yet.
    Pending,
    /// `["C"]`: censored by access rules.
    Censored,
    /// `["U", repr]`: a value without a form on the wire.
    Unmarshallable(Text),
    /// `["l", value, {column?, raw?}]`: look up a reference by value; written only.
    Lookup(Arc<CellLookup>),
    /// `["S"]`: nothing to say here; comparisons only.
    Skip,
    /// `["V", {parent?, local?, remote?}]`: versions of a cell; comparisons only.
    Versions(Arc<[(Text, CellValue)]>),
}

/// An error as the value of a cell.
#[derive(Clone, Debug, Default)]
pub struct CellError {
    /// Python's name of the exception, such as `ZeroDivisionError`.
    pub name: Text,
    /// What `str(exception)` gives.
    pub message: Option<Text>,
    /// A traceback, where asked for.
    pub details: Option<Text>,
    /// For trigger formulas: what the person had typed, or the value before.
    pub user_input: Option<CellValue>,
    /// What `str(exception)` gave, for formulas that read the cell. In memory only: neither sent nor stored nor compared.
    pub spoken: Option<Text>,
}

impl PartialEq for CellError {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
            && self.message == other.message
            && self.details == other.details
            && self.user_input == other.user_input
    }
}

/// The argument of a lookup by value (`["l", …]`).
#[derive(Clone, Debug, PartialEq)]
pub struct CellLookup {
    /// What to look for.
    pub value: CellValue,
    /// The column to look in; the first visible one where absent.
    pub column: Option<Text>,
    /// The text that was typed, kept as alt text when nothing is found.
    pub raw: Option<Text>,
}

impl CellValue {
    /// Text.
    #[must_use]
    pub fn text(text: &str) -> Self {
        Self::Text(Text::from(text))
    }
    /// A list.
    #[must_use]
    pub fn list(items: impl IntoIterator<Item = Self>) -> Self {
        Self::List(items.into_iter().collect())
    }
    /// An error with a name only, as columns store them.
    #[must_use]
    pub fn error(name: &str) -> Self {
        Self::Error(Arc::new(CellError { name: name.into(), ..CellError::default() }))
    }
    /// The text, if this is text.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }
    /// The integer, if this is an integer or a float without a fraction.
    #[must_use]
    pub fn as_int(&self) -> Option<i64> {
        match self {
            Self::Int(int) => Some(*int),
            #[expect(clippy::cast_possible_truncation, reason = "checked to be whole and in range")]
            Self::Float(float) if float.fract() == 0.0 && float.abs() < 9e15 => Some(*float as i64),
            _ => None,
        }
    }
    /// The number, if this is one (booleans are not).
    #[must_use]
    pub fn as_number(&self) -> Option<f64> {
        match self {
            #[expect(clippy::cast_precision_loss, reason = "numbers of cells are floats to begin with")]
            Self::Int(int) => Some(*int as f64),
            Self::Float(float) => Some(*float),
            _ => None,
        }
    }
    /// The row id, if this is an integer that can be one (0 is the empty reference).
    #[must_use]
    pub fn as_row_id(&self) -> Option<RowId> {
        self.as_int().and_then(|int| u32::try_from(int).ok()).map(RowId)
    }
    /// Whether this is the blank value.
    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }
    /// Whether this is an error.
    #[must_use]
    pub fn is_error(&self) -> bool {
        matches!(self, Self::Error(_))
    }
    /// The truth of a Bool cell.
    #[must_use]
    pub fn is_true(&self) -> bool {
        match self {
            Self::Bool(truth) => *truth,
            Self::Int(int) => *int != 0,
            Self::Float(float) => *float != 0.0,
            _ => false,
        }
    }
}

/// Identity as "is this the same value stored": kinds differ (1, 1.0 and true are three values), NaN equals NaN, 0.0 differs from -0.0.
impl PartialEq for CellValue {
    fn eq(&self, other: &Self) -> bool {
        use CellValue as V;
        match (self, other) {
            (V::Null, V::Null)
            | (V::Pending, V::Pending)
            | (V::Censored, V::Censored)
            | (V::Skip, V::Skip) => true,
            (V::Bool(a), V::Bool(b)) => a == b,
            (V::Int(a), V::Int(b)) => a == b,
            (V::Float(a), V::Float(b)) | (V::Date(a), V::Date(b)) => same_float(*a, *b),
            (V::Text(a), V::Text(b)) | (V::Unmarshallable(a), V::Unmarshallable(b)) => a == b,
            (V::List(a), V::List(b)) => a == b,
            (V::Dict(a), V::Dict(b)) | (V::Versions(a), V::Versions(b)) => a == b,
            (V::DateTime(a, x), V::DateTime(b, y)) => same_float(*a, *b) && x == y,
            (V::Record(a, x), V::Record(b, y)) => a == b && x == y,
            (V::RecordSet(a, x), V::RecordSet(b, y)) => a == b && x == y,
            (V::Error(a), V::Error(b)) => a == b,
            (V::Lookup(a), V::Lookup(b)) => a == b,
            _ => false,
        }
    }
}

fn same_float(a: f64, b: f64) -> bool {
    a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan())
}

impl From<bool> for CellValue {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}
impl From<i64> for CellValue {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}
impl From<f64> for CellValue {
    fn from(value: f64) -> Self {
        Self::Float(value)
    }
}
impl From<&str> for CellValue {
    fn from(value: &str) -> Self {
        Self::text(value)
    }
}
impl From<Text> for CellValue {
    fn from(value: Text) -> Self {
        Self::Text(value)
    }
}
impl From<RowId> for CellValue {
    fn from(value: RowId) -> Self {
        Self::Int(i64::from(value.0))
    }
}
