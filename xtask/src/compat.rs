//! COMPAT.md against the list of features: every row is there, has a state, and what works names its proof.

use std::collections::BTreeMap;
use std::fs;

use anyhow::{Context, Result, ensure};

use crate::run::{root, shared};

const STATES: [&str; 3] = ["works", "differs", "not yet"];

/// Checks that every feature id has exactly one row, with a known state, and that the proofs named exist.
pub(crate) fn check() -> Result<()> {
    let text = fs::read_to_string(root().join("COMPAT.md")).context("cannot read COMPAT.md")?;
    let rows: Vec<Vec<&str>> = table_rows(&text).collect();
    let mut complaints = Vec::new();
    let mut seen = BTreeMap::new();
    for row in &rows {
        let [id, _feature, state, proof] = row[..] else {
            complaints.push(format!("a row has not four cells: {row:?}"));
            continue;
        };
        if seen.insert(id.to_owned(), state).is_some() {
            complaints.push(format!("{id}: there twice"));
        }
        if !STATES.contains(&state) {
            complaints.push(format!("{id}: state {state:?} is none of {STATES:?}"));
        }
        let files: Vec<&str> = proof.split('`').skip(1).step_by(2).collect();
        if state == "works" && files.is_empty() {
            complaints.push(format!("{id}: works, but no proof is named"));
        }
        complaints.extend(
            files
                .iter()
                .filter(|file| !root().join(file).exists())
                .map(|file| format!("{id}: no such file: {file}")),
        );
    }
    let wanted =
        fs::read_to_string(shared()?.join("spec/features.md")).context("cannot read the list of features")?;
    for row in table_rows(&wanted) {
        if is_feature_id(row[0]) && !seen.contains_key(row[0]) {
            complaints.push(format!("{}: missing", row[0]));
        }
    }
    ensure!(complaints.is_empty(), "COMPAT.md:\n{}", complaints.join("\n"));
    let count = |state: &str| seen.values().filter(|known| **known == state).count();
    let [works, differs, not_yet] = STATES.map(count);
    eprintln!("{} features: {works} work, {differs} differ, {not_yet} not yet", seen.len());
    Ok(())
}

fn table_rows(text: &str) -> impl Iterator<Item = Vec<&str>> {
    text.lines()
        .filter_map(|line| line.strip_prefix("| ").and_then(|line| line.strip_suffix('|')))
        .map(|line| line.split(" |").map(str::trim).collect::<Vec<_>>())
        .filter(|cells| is_feature_id(cells[0]))
}

/// Such as `D1`, `V24`, `SR2`.
fn is_feature_id(text: &str) -> bool {
    let letters = text.trim_end_matches(|c: char| c.is_ascii_digit());
    !letters.is_empty()
        && letters.len() < text.len()
        && letters.len() <= 2
        && letters.chars().all(|c| c.is_ascii_uppercase())
}
