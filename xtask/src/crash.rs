//! The server killed again and again under a stream of edits: nothing acknowledged may be lost.

use anyhow::Result;

use crate::run::cargo;

/// How often, unless told.
const ROUNDS: &str = "500";

/// Kills it as often as told.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let rounds = arguments.first().map_or(ROUNDS, String::as_str);
    cargo()
        .args([
            "test",
            "--package",
            "moulin",
            "--test",
            "it",
            "--",
            "--nocapture",
            "no_acknowledged_edit_is_lost",
        ])
        .with_variable("MOULIN_CRASH_ROUNDS", rounds)
        .check()
}
