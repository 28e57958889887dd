//! The web app: install its packages and build it, when something changed.

use std::fs;
use std::path::Path;
use std::time::SystemTime;

use anyhow::{Context, Result, ensure};

use crate::run::{command, root};

/// Installs the packages of `web/` as the lock file says, unless that was done already.
pub(crate) fn install() -> Result<()> {
    ensure!(
        command("npm").arg("--version").works(),
        "npm is needed to build the web app: install Node.js 20 or newer"
    );
    let web = root().join("web");
    let lock = fs::read(web.join("package-lock.json")).context("cannot read web/package-lock.json")?;
    let stamp = web.join("node_modules/.installed-lock");
    if fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    command("npm").args(["ci", "--no-audit", "--no-fund"]).in_folder("web").check()?;
    fs::write(stamp, lock)?;
    Ok(())
}

/// Builds `web/dist`, unless it is newer than all it is made from.
pub(crate) fn build() -> Result<()> {
    install()?;
    let web = root().join("web");
    let sources = ["src", "index.html", "package-lock.json", "vite.config.ts", "public"];
    let changed = sources.iter().filter_map(|name| newest(&web.join(name))).max();
    let built = fs::metadata(web.join("dist/index.html")).and_then(|meta| meta.modified()).ok();
    if built.is_some() && built >= changed {
        return Ok(());
    }
    npm("build")
}

/// Runs a script of `web/package.json`.
pub(crate) fn npm(script: &str) -> Result<()> {
    command("npm").args(["run", "--silent", script]).in_folder("web").check()
}

fn newest(path: &Path) -> Option<SystemTime> {
    let meta = fs::metadata(path).ok()?;
    if !meta.is_dir() {
        return meta.modified().ok();
    }
    fs::read_dir(path).ok()?.flatten().filter_map(|entry| newest(&entry.path())).max()
}
