//! Measures: ratios of CPU time within one run, since machines are noisy.

use anyhow::Result;

use crate::run::{cargo, command, target};

/// Formulas per row, beside plain CPython running the same function in a loop.
pub(crate) fn formulas() -> Result<()> {
    cargo()
        .args(["build", "--profile", "bench-fast", "--package", "engine", "--example", "formulas"])
        .check()?;
    command("python3").arg("benches/formulas.py").arg(target().join("bench-fast/examples/formulas")).check()
}
