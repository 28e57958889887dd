//! What a person does, in Chromium, with the real server.

use std::path::Path;

use anyhow::{Result, ensure};

use crate::run::{command, moulin};
use crate::web;

const CHROMIUM: &str = "/usr/bin/chromium";

/// Builds what is tested, installs what tests need, runs the journeys; options go to vitest, as `story` to choose one.
pub(crate) fn run(options: &[String]) -> Result<()> {
    web::build()?;
    let program = moulin()?;
    chromium()?;
    command("npm")
        .args(["run", "--silent", "e2e", "--"])
        .args(options)
        .in_folder("web")
        .with_variable("MOULIN", &program)
        .check()
}

/// Chromium from Debian's packages, where it is not there yet. `CHROMIUM` names another one.
fn chromium() -> Result<()> {
    if std::env::var_os("CHROMIUM").is_some() || Path::new(CHROMIUM).exists() {
        return Ok(());
    }
    ensure!(
        command("apt-get").arg("--version").works(),
        "the end-to-end tests need Chromium: install it, and say where it is in the variable CHROMIUM"
    );
    let sudo = !command("sh").args(["-c", "test $(id -u) = 0"]).works();
    let apt = |arguments: &[&str]| {
        let program = if sudo { command("sudo").arg("apt-get") } else { command("apt-get") };
        program.args(arguments).check()
    };
    apt(&["update", "-q"])?;
    apt(&["install", "-y", "-q", "--no-install-recommends", "chromium", "fonts-liberation"])
}
