//! Everything that is automated, in one place: `cargo xtask help`.
//!
//! Each task is a file.

mod bench;
mod compat;
mod conformance;
mod crash;
mod e2e;
mod run;
mod serve;
mod server;
mod test;
mod tidy;
mod web;

use std::process::ExitCode;

use anyhow::{Result, bail};

const HELP: &str = "\
usage: cargo xtask TASK [options]

  serve [options]               build the web app and the server, and run it; options of `moulin serve`
  test                          everything that must pass
  conformance engine [options]  compare with the recorded behaviour of Grist's engine
  conformance rest [options]    the same for REST, against a fresh server; options of run_rest.py
  conformance ws [options]      the same for WebSocket; options of run_ws.py
  bench                         formulas beside plain CPython: CPU time per row
  e2e [options]                 what a person does, in Chromium; options go to vitest
  crash [rounds]                the server killed under a stream of edits, 500 times unless told
  compat                        check COMPAT.md against the list of features
  fmt                           format
  tidy                          check the rules of the repository
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
        "serve" => serve::run(&rest),
        "test" => test::everything(),
        "conformance" => conformance::run(&rest),
        "bench" => bench::formulas(),
        "e2e" => e2e::run(&rest),
        "crash" => crash::run(&rest),
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
