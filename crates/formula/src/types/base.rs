//! The classes themselves. Each one's methods are in the file of its family.
//!
//! A family adds its table to the class here: `&[text::METHODS]`.

use crate::types::TypeDef;

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
    /// Integers.
    INT = "int" in "";
    /// Floats.
    FLOAT = "float" in "";
    /// Text.
    STR = "str" in "";
    /// Bytes.
    BYTES = "bytes" in "";
    /// Dates.
    DATE = "date" in "datetime";
    /// Times of day.
    TIME = "time" in "datetime";
    /// Spans of time.
    DELTA = "timedelta" in "datetime";
    /// Lists.
    LIST = "list" in "";
    /// Tuples.
    TUPLE = "tuple" in "";
    /// Dictionaries.
    DICT = "dict" in "";
    /// Sets.
    SET = "set" in "";
    /// Sets that do not change.
    FROZEN_SET = "frozenset" in "";
    /// Ranges.
    RANGE = "range" in "";
    /// Slices.
    SLICE = "slice" in "";
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
    /// Sets of records.
    RECORD_SET = "RecordSet" in "records";
    /// Tables.
    USER_TABLE = "UserTable" in "table";
    /// Text in a column of another type.
    ALT_TEXT = "AltText" in "objtypes";
}

/// Truth values: integers, as Python has it.
pub static BOOL: TypeDef = TypeDef::new("bool", "", None, &[]).derived(&INT);
/// Dates with times: dates, as Python has it.
pub static DATE_TIME: TypeDef = TypeDef::new("datetime", "datetime", None, &[]).derived(&DATE);
