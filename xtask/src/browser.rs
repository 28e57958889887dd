//! The browser of the tests: Debian's Chromium.

use std::path::Path;

use anyhow::{Result, ensure};

use crate::run::command;

const PROGRAM: &str = "/usr/bin/chromium";

/// Installs Chromium and a font from Debian's packages, unless they are there.
pub(crate) fn install() -> Result<()> {
    if Path::new(PROGRAM).exists() {
        return Ok(());
    }
    ensure!(
        command("apt-get").arg("--version").works(),
        "the browser tests need Chromium at {PROGRAM}; install it by your system's means"
    );
    let root = command("id").arg("-u").output()?.trim() == "0";
    let apt = || if root { command("apt-get") } else { command("sudo").arg("apt-get") };
    apt().args(["update", "-q"]).check()?;
    apt().args(["install", "-y", "-q", "--no-install-recommends", "chromium", "fonts-liberation"]).check()
}
