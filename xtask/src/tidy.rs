//! Rules of the repository that no compiler knows.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use crate::run::{cargo, command, root};

/// Longest source file that needs no word of excuse on its first line.
const LONG: usize = 800;

/// Formats the code.
pub(crate) fn format() -> Result<()> {
    cargo().args(["fmt", "--all"]).check()
}

/// Checks formatting, file lengths, and that nothing names the machine it was written on.
pub(crate) fn check() -> Result<()> {
    cargo().args(["fmt", "--all", "--check"]).check()?;
    let files = tracked()?;
    let complaints: Vec<String> = files
        .iter()
        .filter(|path| is_source(path))
        .filter_map(|path| fs::read_to_string(root().join(path)).ok().map(|text| (path, text)))
        .flat_map(|(path, text)| complaints(path, &text))
        .collect();
    ensure!(complaints.is_empty(), "rules of the repository broken:\n{}", complaints.join("\n"));
    Ok(())
}

fn tracked() -> Result<Vec<PathBuf>> {
    let list = command("git").args(["ls-files", "-z"]).output().context("git ls-files")?;
    Ok(list.split('\0').filter(|name| !name.is_empty()).map(PathBuf::from).collect())
}

fn is_source(path: &Path) -> bool {
    path.extension().is_some_and(|kind| {
        ["rs", "ts", "tsx", "css", "mjs", "md", "toml", "yml", "sql"].iter().any(|k| kind == *k)
    })
}

fn complaints(path: &Path, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let name = path.display();
    let code = path.extension().is_some_and(|kind| ["rs", "ts", "tsx"].iter().any(|k| kind == *k));
    let lines = text.lines().count();
    if code && lines > LONG && !text.lines().next().is_some_and(|first| first.contains("Long:")) {
        found.push(format!("{name}: {lines} lines; split it, or say why on its first line (`Long: …`)"));
    }
    let ignored_test = concat!("#[", "ignore");
    for (at, line) in text.lines().enumerate() {
        let at = at + 1;
        if code && line.contains(ignored_test) {
            found.push(format!("{name}:{at}: a test that is switched off"));
        }
        if line.ends_with([' ', '\t']) && !name.to_string().ends_with(".md") {
            found.push(format!("{name}:{at}: blanks at the end of the line"));
        }
        if line.contains(concat!("/ro", "ot/")) || line.contains(concat!("/wo", "rk/")) {
            found.push(format!("{name}:{at}: a path of somebody's machine"));
        }
    }
    found
}
