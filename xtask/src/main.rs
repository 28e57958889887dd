//! Everything that is automated, in one place: `cargo xtask help`.
//!
//! Each task is a file. Tasks install what they need themselves, so that a fresh machine with Rust and Node is enough.

mod bench;
mod browser;
mod compat;
mod conformance;
mod crash;
mod run;
mod test;
mod tidy;
mod web;

use std::process::ExitCode;

use anyhow::{Result, bail};

const HELP: &str = "\
usage: cargo xtask TASK [options]

  serve [options of `moulin serve`]    build the web app and the server, then serve on http://localhost:8484
  test                                 install what the tests need, then run everything that must pass
  e2e                                  only the journeys in the browser
  conformance engine|ws|rest [options] compare with the recorded behaviour of Grist
  crash [KILLS]                        kill the server at random moments under a stream of edits (default 500)
  bench [NAME]                         measure: formulas, opening, memory, live editing, scrolling
  compat                               check COMPAT.md against the list of features
  fmt                                  format Rust and TypeScript
  tidy                                 check the rules of the repository
";

fn main() -> ExitCode {
    match task() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn task() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let name = arguments.next().unwrap_or_else(|| "help".to_owned());
    let rest: Vec<String> = arguments.collect();
    match name.as_str() {
        "serve" => {
            web::build()?;
            let program = run::moulin(run::Profile::Fast)?;
            run::command(program).arg("serve").args(rest).check()
        }
        "test" => test::everything(),
        "e2e" => test::end_to_end(run::Profile::Dev),
        "conformance" => conformance::run(&rest),
        "crash" => crash::run(&rest),
        "bench" => bench::run(&rest),
        "compat" => compat::check(),
        "fmt" => tidy::format(),
        "tidy" => tidy::check(),
        "help" | "--help" | "-h" => {
            eprint!("{HELP}");
            Ok(())
        }
        other => bail!("no task named {other}\n\n{HELP}"),
    }
}
