//! The classes themselves. Each one's methods are in the file of its family.
//!
//! A family adds its table to the class here: `&[text::METHODS]`.

use crate::types::{TypeDef, collection, construct, date, record, text};

macro_rules! plain {
    ($($(#[$doc:meta])* $constant:ident = $name:literal in $module:literal;)*) => {
        $(
            $(#[$doc])*
            pub static $constant: TypeDef = TypeDef::new($name, $module, None, &[]);
        )*
    };
}

plain! {
    /// The root of all classes.
    OBJECT = "object" in "";
    /// The class of classes.
    TYPE = "type" in "";
    /// The class of `None`.
    NONE_TYPE = "NoneType" in "";
    /// Functions.
    FUNCTION = "function" in "";
    /// Python's own functions.
    BUILTIN_FUNCTION = "builtin_function_or_method" in "";
    /// Modules.
    MODULE = "module" in "";
    /// Generators.
    GENERATOR = "generator" in "";
    /// `zip(…)`.
    ZIP = "zip" in "";
    /// `map(…)`.
    MAP = "map" in "";
    /// `filter(…)`.
    FILTER = "filter" in "";
    /// `enumerate(…)`.
    ENUMERATE = "enumerate" in "";
    /// `reversed(…)`.
    REVERSED = "reversed" in "";
    /// Other iterators.
    ITERATOR = "iterator" in "";
    /// The class of `...`.
    ELLIPSIS = "ellipsis" in "";
    /// The class of `NotImplemented`.
    NOT_IMPLEMENTED = "NotImplementedType" in "";
    /// Records.
    RECORD = "Record" in "records";
    /// Text in a column of another type.
    ALT_TEXT = "AltText" in "objtypes";
}

/// Integers.
pub static INT: TypeDef = TypeDef::new("int", "", Some(&construct::INT), &[]);
/// Floats.
pub static FLOAT: TypeDef = TypeDef::new("float", "", Some(&construct::FLOAT), &[]);
/// Text.
pub static STR: TypeDef = TypeDef::new("str", "", Some(&construct::STR), &[text::METHODS]);
/// Bytes.
pub static BYTES: TypeDef = TypeDef::new("bytes", "", Some(&construct::BYTES), &[]);
/// Lists.
pub static LIST: TypeDef = TypeDef::new("list", "", Some(&construct::LIST), &[collection::LIST]);
/// Tuples.
pub static TUPLE: TypeDef = TypeDef::new("tuple", "", Some(&construct::TUPLE), &[collection::TUPLE]);
/// Dictionaries.
pub static DICT: TypeDef = TypeDef::new("dict", "", Some(&construct::DICT), &[collection::DICT]);
/// Sets.
pub static SET: TypeDef =
    TypeDef::new("set", "", Some(&construct::SET), &[collection::SET, collection::ANY_SET]);
/// Sets that do not change.
pub static FROZEN_SET: TypeDef =
    TypeDef::new("frozenset", "", Some(&construct::FROZEN_SET), &[collection::ANY_SET]);
/// Ranges.
pub static RANGE: TypeDef = TypeDef::new("range", "", Some(&construct::RANGE), &[]);
/// Slices.
pub static SLICE: TypeDef = TypeDef::new("slice", "", Some(&construct::SLICE), &[]);
/// Sets of records.
pub static RECORD_SET: TypeDef = TypeDef::new("RecordSet", "records", None, &[record::SET]);
/// Tables.
pub static USER_TABLE: TypeDef = TypeDef::new("UserTable", "table", None, &[record::TABLE]);

/// Truth values: integers, as Python has it.
pub static BOOL: TypeDef = TypeDef::new("bool", "", Some(&construct::BOOL), &[]).derived(&INT);
/// Dates.
pub static DATE: TypeDef = TypeDef::new("date", "datetime", Some(&date::DATE_NEW), &[date::DATE]);
/// Dates with times: dates, as Python has it.
pub static DATE_TIME: TypeDef =
    TypeDef::new("datetime", "datetime", Some(&date::DATE_TIME_NEW), &[date::DATE_TIME]).derived(&DATE);
/// Times of day.
pub static TIME: TypeDef = TypeDef::new("time", "datetime", Some(&date::TIME_NEW), &[date::TIME]);
/// Spans of time.
pub static DELTA: TypeDef = TypeDef::new("timedelta", "datetime", Some(&date::DELTA_NEW), &[date::DELTA]);
