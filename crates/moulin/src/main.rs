//! The `moulin` program: wires the rooms together and decides nothing.

mod seed;
mod serve;
mod stdio;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Formulas may nest deeply; their evaluation needs a deep stack.
const STACK: usize = 64 << 20;

/// Relational spreadsheets: opens Grist documents, and answers at once.
#[derive(Debug, Parser)]
#[command(name = "moulin", version, propagate_version = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve documents to browsers and programs
    Serve(serve::Arguments),
    /// Put people, sites and documents into a data directory, for tests and demonstrations
    Seed(seed::Arguments),
    /// The document engine as a process: JSON requests on stdin, answers on stdout
    Engine {
        /// Speak over stdin and stdout (the only way there is)
        #[arg(long, required = true)]
        stdio: bool,
    },
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let result = match arguments.command {
        Command::Serve(arguments) => serve::run(&arguments),
        Command::Seed(arguments) => seed::run(&arguments),
        Command::Engine { .. } => on_deep_stack(|| stdio::run().map_err(anyhow::Error::from)),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("moulin: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn on_deep_stack(work: impl FnOnce() -> anyhow::Result<()> + Send) -> anyhow::Result<()> {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work)?;
        thread.join().unwrap_or_else(|_| Err(anyhow::anyhow!("the engine has stopped unexpectedly")))
    })
}
