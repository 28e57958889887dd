//! `cargo xtask serve`: the whole thing, web app included, ready to be used.

use anyhow::Result;

use crate::run::{cargo, command, target};
use crate::web;

/// Fast, and quick to build: what ships is optimised further.
const PROFILE: &str = "bench-fast";

/// Builds the web app and the server, and runs it with the options given.
pub(crate) fn run(options: &[String]) -> Result<()> {
    web::build()?;
    cargo().args(["build", "--package", "moulin", "--profile", PROFILE]).check()?;
    command(target().join(PROFILE).join("moulin")).arg("serve").args(options).check()
}
