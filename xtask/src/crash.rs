//! Kills the server at random moments under a stream of edits; nothing that was acknowledged may be missing afterwards.

use anyhow::{Context, Result};

use crate::run::{Profile, cargo, moulin};

/// Runs so many kills (500 unless told) and reports lost edits and damaged files; any is an error.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let kills: u32 = match arguments.first() {
        None => 500,
        Some(text) => text.parse().with_context(|| format!("how many kills is {text:?}?"))?,
    };
    let program = moulin(Profile::Dev)?;
    cargo()
        .args(["run", "--quiet", "--package", "moulin", "--example", "crash", "--"])
        .arg(program)
        .arg(kills.to_string())
        .check()
}
