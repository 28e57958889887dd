//! Comparison with the recorded behaviour of the real Grist (`../shared/conformance`).

use std::fs;

use anyhow::{Context, Result, bail, ensure};

use crate::run::{Program, command, moulin, root, shared, target};
use crate::server;

/// What must pass today, so that nothing that works is lost.
const BARS: &str = "tests/conformance-bars.txt";

/// Runs the suite named first with the options that follow.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    match arguments.split_first() {
        Some((suite, options)) if suite == "engine" => engine(options, None),
        Some((suite, options)) if suite == "rest" || suite == "ws" => spoken(suite, options),
        Some((other, _)) => bail!("no suite named {other}"),
        None => bail!("which suite? There are: engine, rest, ws"),
    }
}

/// Runs the suites and compares the counts with the bars.
pub(crate) fn bars() -> Result<()> {
    let text = fs::read_to_string(root().join(BARS)).with_context(|| format!("cannot read {BARS}"))?;
    let mut spoken = [("rest", Vec::new()), ("ws", Vec::new())];
    for line in text.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty()) {
        let words: Vec<&str> = line.split_whitespace().collect();
        let [suite, group, least] = words[..] else { bail!("{BARS}: {line}") };
        let least: u32 = least.parse().with_context(|| format!("{BARS}: {line}"))?;
        if suite == "engine" {
            engine(&["--kind".to_owned(), group.to_owned()], Some((group, least)))?;
        } else if let Some((_, bars)) = spoken.iter_mut().find(|(name, _)| *name == suite) {
            bars.push((group.to_owned(), least));
        } else {
            bail!("{BARS}: no suite named {suite}");
        }
    }
    for (suite, bars) in spoken {
        spoken_bars(suite, &bars)?;
    }
    Ok(())
}

/// The suites that speak to a server: `rest` by HTTP, `ws` by WebSocket.
fn spoken(suite: &str, options: &[String]) -> Result<()> {
    let program = moulin()?;
    let server = server::start(&program)?;
    checker(suite, &server)?.args(options).check()
}

fn checker(suite: &str, server: &server::Server) -> Result<Program> {
    let folder = shared()?.join("conformance").join(suite);
    Ok(command("python3")
        .arg(folder.join(format!("run_{suite}.py")))
        .args(["--base", &server.base, "--check", "--keys"])
        .arg(folder.join("keys.json")))
}

/// Runs the groups of one suite against one server and compares the counts with the bars.
fn spoken_bars(suite: &str, bars: &[(String, u32)]) -> Result<()> {
    if bars.is_empty() {
        return Ok(());
    }
    let server = server::start(&moulin()?)?;
    for (group, least) in bars {
        let shown =
            checker(suite, &server)?.args(["-q", "--only", &format!("{group}/*")]).output_whatever()?;
        reached(&format!("{suite} {group}"), number_after(&shown, &["PASSED"]), *least)?;
    }
    Ok(())
}

fn engine(options: &[String], bar: Option<(&str, u32)>) -> Result<()> {
    let program = moulin()?;
    let shared = shared()?;
    let report = target().join("conformance-engine.json");
    let checker = command("python3")
        .arg(shared.join("conformance/engine/check_golden.py"))
        .arg("--engine")
        .arg(format!("{} engine --stdio", program.display()))
        .arg("--docs")
        .arg(shared.join("documents"))
        .arg("--json")
        .arg(&report)
        .args(options);
    let Some((kind, least)) = bar else { return checker.check() };
    // What fails is known: the bar counts.
    let shown = checker.output_whatever()?;
    let text =
        fs::read_to_string(&report).with_context(|| format!("the checker wrote no report:\n{shown}"))?;
    let passed = number_after(&text, &["\"summary\"", &format!("\"{kind}\""), "\"passed\":"]);
    reached(&format!("engine {kind}"), passed, least)
}

/// The number after the marks, each found after the one before.
fn number_after(text: &str, marks: &[&str]) -> Option<u32> {
    let rest =
        marks.iter().try_fold(text, |rest, mark| rest.find(mark).map(|at| &rest[at + mark.len()..]))?;
    let digits: String = rest.trim_start().chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

fn reached(what: &str, passed: Option<u32>, least: u32) -> Result<()> {
    let passed = passed.with_context(|| format!("{what}: the checker gave no count"))?;
    ensure!(passed >= least, "{what}: {passed} pass, at least {least} must");
    eprintln!("{what}: {passed} pass (at least {least} must)");
    Ok(())
}
