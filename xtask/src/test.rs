//! Everything that must pass before a change lands, the quickest first.

use std::time::Instant;

use anyhow::Result;

use crate::run::{Profile, cargo, command, moulin, root};
use crate::{browser, compat, conformance, crash, tidy, web};

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
    step("web: packages and build", &web::build)?;
    step("web: types and lint", &|| web::npm("check"))?;
    step("web: unit tests", &|| web::npm("test"))?;
    step("web: budget", &|| web::npm("budget"))?;
    step("rust: lint", &|| {
        cargo()
            .args(["clippy", "--quiet", "--workspace", "--all-targets", "--", "--deny", "warnings"])
            .check()
    })?;
    step("rust: tests", &rust)?;
    step("conformance", &conformance::bars)?;
    step("crashes", &|| crash::run(&["5".to_owned()]))?;
    step("browser: journeys", &|| end_to_end(Profile::Dev))?;
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

/// The journeys of a person in a real browser, against the real binary.
pub(crate) fn end_to_end(profile: Profile) -> Result<()> {
    browser::install()?;
    web::build()?;
    let program = moulin(profile)?;
    command("npm")
        .args(["run", "--silent", "e2e"])
        .in_folder(root().join("web"))
        .env("MOULIN_BIN", program)
        .check()
}
