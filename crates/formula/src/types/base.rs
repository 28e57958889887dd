//! The classes themselves. Each one's methods are in the file of its family.
//!
//! A family adds its table to the class here: `&[text::METHODS]`.

use crate::types::{TypeDef, construct, datetime, dict, list, number, record, set, text};

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
pub static INT: TypeDef = TypeDef::new("int", "", Some(&construct::INT), &[number::INT]);
/// Floats.
pub static FLOAT: TypeDef = TypeDef::new("float", "", Some(&construct::FLOAT), &[number::FLOAT]);
/// Text.
pub static STR: TypeDef = TypeDef::new("str", "", Some(&construct::STR), text::METHODS);
/// Bytes.
pub static BYTES: TypeDef = TypeDef::new("bytes", "", Some(&construct::BYTES), &[number::BYTES]);
/// Lists.
pub static LIST: TypeDef = TypeDef::new("list", "", Some(&construct::LIST), &[list::METHODS]);
/// Tuples.
pub static TUPLE: TypeDef = TypeDef::new("tuple", "", Some(&construct::TUPLE), &[list::TUPLE]);
/// Dictionaries.
pub static DICT: TypeDef = TypeDef::new("dict", "", Some(&construct::DICT), &[dict::METHODS]);
/// Sets.
pub static SET: TypeDef = TypeDef::new("set", "", Some(&construct::SET), &[set::COMMON, set::CHANGES]);
/// Sets that do not change.
pub static FROZEN_SET: TypeDef = TypeDef::new("frozenset", "", Some(&construct::FROZEN_SET), &[set::COMMON]);
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
pub static DATE: TypeDef =
    TypeDef::new("date", "datetime", Some(&datetime::date::NEW), &[datetime::date::METHODS])
        .constants(datetime::date::constant);
/// Times of day.
pub static TIME: TypeDef = TypeDef::new(
    "time",
    "datetime",
    Some(&datetime::date::NEW_TIME),
    &[datetime::date::CLOCK, datetime::date::TIME],
);
/// Spans of time.
pub static DELTA: TypeDef =
    TypeDef::new("timedelta", "datetime", Some(&datetime::delta::NEW), &[datetime::delta::METHODS])
        .constants(datetime::delta::constant);
/// Dates with times: dates, as Python has it.
pub static DATE_TIME: TypeDef = TypeDef::new(
    "datetime",
    "datetime",
    Some(&datetime::date_time::NEW),
    &[datetime::date_time::METHODS, datetime::date::CLOCK],
)
.derived(&DATE)
.constants(datetime::date_time::constant);
