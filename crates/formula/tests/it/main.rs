//! Formulas from source to cell, over a small document in memory.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "tests: a surprise should stop them, and differences are printed"
)]

mod conformance;
mod dependencies;
mod document;
mod language;
mod rename;
mod robustness;
mod vector;
