//! Dates without time zones: the proleptic Gregorian calendar from year 1 to 9999, and free-form date texts.
//!
//! Plain numbers in, plain numbers out; Python's date objects are values, built by the callers.

pub mod calendar;
pub mod free_text;
pub mod zone;
