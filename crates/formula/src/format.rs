//! Python's text formatting: `repr` of floats, the format mini-language, `%`-formatting, `str.format`
//! templates, `strftime`/`strptime` codes.
//!
//! Promise: the text of CPython 3.11 for the same number, template and format specification, and its
//! error texts. It works on plain numbers and strings: choosing the text of a value (`str`, `repr`,
//! attributes of fields) is the callers' work.

pub mod fields;
pub mod float;
pub mod percent;
pub mod spec;
pub mod strftime;
pub mod strptime;

/// Why a format could not be applied: the Python exception class and its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormatError {
    /// Name of the builtin exception class (`ValueError`, `TypeError`, `OverflowError`, `IndexError`).
    pub class: &'static str,
    /// Text of the exception, as CPython 3.11 words it.
    pub message: String,
}

impl FormatError {
    /// A `ValueError`.
    pub fn value(message: impl Into<String>) -> Self {
        Self { class: "ValueError", message: message.into() }
    }

    /// A `TypeError`.
    pub fn type_error(message: impl Into<String>) -> Self {
        Self { class: "TypeError", message: message.into() }
    }
}
