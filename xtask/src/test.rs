//! Everything that must pass before a change lands, the quickest first.

use std::time::Instant;

use anyhow::Result;

use crate::run::cargo;
use crate::{compat, conformance, e2e, tidy, web};

/// All of it.
pub(crate) fn everything() -> Result<()> {
    let began = Instant::now();
    let step = |name: &str, what: &dyn Fn() -> Result<()>| {
        let from = Instant::now();
        eprintln!("\n=== {name}");
        let result = what();
        eprintln!("=== {name}: {:.0} s", from.elapsed().as_secs_f64());
        result
    };
    step("rules of the repository", &tidy::check)?;
    step("features", &compat::check)?;
    step("web: types and lint", &|| {
        web::install()?;
        web::npm("check")
    })?;
    step("web: unit tests", &|| web::npm("test"))?;
    step("web: build and budget", &|| {
        web::build()?;
        web::npm("budget")
    })?;
    step("lint", &|| {
        cargo()
            .args(["clippy", "--quiet", "--workspace", "--all-targets", "--", "--deny", "warnings"])
            .check()
    })?;
    step("tests", &rust)?;
    step("conformance", &conformance::bars)?;
    step("end to end", &|| e2e::run(&[]))?;
    eprintln!("\nall passed in {:.0} s", began.elapsed().as_secs_f64());
    Ok(())
}

fn rust() -> Result<()> {
    if cargo().args(["nextest", "--version"]).works() {
        cargo().args(["nextest", "run", "--workspace", "--no-fail-fast"]).check()
    } else {
        cargo().args(["test", "--workspace", "--no-fail-fast", "--quiet"]).check()
    }
}
