//! Measures. Always ratios of CPU time within one run, since machines are noisy.

use anyhow::{Result, bail};

use crate::run::{Profile, cargo, command, moulin, target};
use crate::{browser, web};

const HELP: &str = "\
cargo xtask bench [NAME]
  formulas   per row, beside plain CPython running the same function in a loop (default)
  server     start, memory, opening of big documents, edits with many dependents
  scroll     CPU per frame of the grid over 1,000,000 rows
";

/// Runs one of the benchmarks.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    match arguments.first().map_or("formulas", String::as_str) {
        "formulas" => formulas(),
        "server" => {
            let program = moulin(Profile::Release)?;
            command("python3").arg("benches/server.py").arg(program).check()
        }
        "scroll" => {
            browser::install()?;
            web::build()?;
            let program = moulin(Profile::Release)?;
            command("npm")
                .args(["run", "--silent", "bench"])
                .in_folder("web")
                .env("MOULIN_BIN", program)
                .check()
        }
        other => bail!("no benchmark named {other}\n\n{HELP}"),
    }
}

fn formulas() -> Result<()> {
    cargo()
        .args(["build", "--profile", "release", "--package", "engine", "--example", "formulas"])
        .check()?;
    let program = target().join("release/examples/formulas");
    command("python3").arg("benches/formulas.py").arg(program).check()
}
