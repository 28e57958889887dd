//! Python formulas: parse, resolve, compile, evaluate.

pub mod dates;
pub mod format;
pub mod pattern;
