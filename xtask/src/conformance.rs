//! Comparison with the recorded behaviour of the real Grist (`../shared/conformance`).

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::Child;

use anyhow::{Context, Result, bail, ensure};

use crate::run::{Profile, command, moulin, root, shared, target};

/// What must pass today, so that nothing that works is lost: `conformance/bars.txt` in the root's `tests` folder.
const BARS: &str = "tests/conformance-bars.txt";

/// Runs one suite with the options given.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let Some((suite, options)) = arguments.split_first() else { bail!("which suite: engine, ws or rest?") };
    match suite.as_str() {
        "engine" => engine(options, None),
        "ws" | "rest" => served(suite, options, None),
        other => bail!("no suite named {other}"),
    }
}

/// Runs the suites and compares the counts with the bars.
pub(crate) fn bars() -> Result<()> {
    let text = fs::read_to_string(root().join(BARS)).with_context(|| format!("cannot read {BARS}"))?;
    for line in text.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty()) {
        let words: Vec<&str> = line.split_whitespace().collect();
        let [suite, part, least, options @ ..] = &words[..] else { bail!("{BARS}: {line}") };
        let least: u32 = least.parse().with_context(|| format!("{BARS}: {line}"))?;
        let options: Vec<String> = options.iter().map(|option| (*option).to_owned()).collect();
        match *suite {
            "engine" => {
                let kind = ["--kind".to_owned(), (*part).to_owned()];
                engine(&[&kind[..], &options[..]].concat(), Some((part, least)))?;
            }
            "ws" | "rest" => served(suite, &options, Some(least))?,
            other => bail!("{BARS}: no suite named {other}"),
        }
    }
    Ok(())
}

fn engine(options: &[String], bar: Option<(&str, u32)>) -> Result<()> {
    let program = moulin(Profile::Dev)?;
    let shared = shared()?;
    let report = target().join("conformance-engine.json");
    let status = command("python3")
        .arg(shared.join("conformance/engine/check_golden.py"))
        .arg("--engine")
        .arg(format!("{} engine --stdio", program.display()))
        .arg("--docs")
        .arg(shared.join("documents"))
        .arg("--json")
        .arg(&report)
        .args(options)
        .check();
    let Some((kind, least)) = bar else { return status };
    let text = fs::read_to_string(&report).context("the checker wrote no report")?;
    let passed = number_after(&text, &["\"summary\"", &format!("\"{kind}\""), "\"passed\":"]);
    reached(&format!("engine {kind}"), passed, least)
}

fn number_after(text: &str, marks: &[&str]) -> Option<u32> {
    let rest =
        marks.iter().try_fold(text, |rest, mark| rest.find(mark).map(|at| &rest[at + mark.len()..]))?;
    let digits: String = rest.trim_start().chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

fn reached(what: &str, passed: Option<u32>, least: u32) -> Result<()> {
    let passed = passed.with_context(|| format!("{what}: the checker gave no count"))?;
    ensure!(passed >= least, "{what}: {passed} pass, at least {least} must");
    if passed > least {
        eprintln!("{what}: {passed} pass; raise the bar of {least} in {BARS}");
    }
    Ok(())
}

fn served(suite: &str, options: &[String], bar: Option<u32>) -> Result<()> {
    let shared = shared()?;
    let mut server = Server::start(&shared)?;
    let folder = shared.join("conformance").join(suite);
    let runner = command("python3")
        .arg(folder.join(format!("run_{suite}.py")))
        .args(["--base", &server.address, "--check", "-q", "--keys"])
        .arg(folder.join("keys.json"))
        .args(options);
    let Some(least) = bar else {
        let result = runner.check();
        server.stop();
        return result;
    };
    let report = target().join(format!("conformance-{suite}.txt"));
    let outcome = runner.output_whatever();
    server.stop();
    let text = outcome?;
    fs::write(&report, &text)?;
    let last = text.lines().rev().find(|line| line.contains("PASSED ")).unwrap_or_default();
    eprintln!("{last}");
    reached(suite, number_after(last, &["PASSED "]), least)
}

/// A server with a fresh data folder, seeded as the recordings want it.
struct Server {
    child: Child,
    address: String,
    _data: Folder,
}

impl Server {
    fn start(shared: &Path) -> Result<Self> {
        let program = moulin(Profile::Dev)?;
        let data = Folder::fresh("conformance-data")?;
        let seed = shared.join("conformance/rest/seed.json");
        command(&program).arg("seed").arg(&seed).arg("--data").arg(&data.0).check()?;
        let mut child = settings(&seed)?
            .iter()
            .fold(command(&program), |program, (name, value)| program.env(name, value))
            .args(["serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(&data.0)
            .start()?;
        let stdout = child.stdout.take().context("the server has no stdout")?;
        let mut line = String::new();
        BufReader::new(stdout.take(4096)).read_line(&mut line)?;
        let address = line.trim().strip_prefix("listening on ").map(str::to_owned);
        let Some(address) = address else {
            child.kill()?;
            bail!("the server did not start: {line:?}");
        };
        Ok(Self { child, address, _data: data })
    }

    fn stop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop();
    }
}

/// The names and values under "settings" in the seed file.
fn settings(seed: &Path) -> Result<Vec<(String, String)>> {
    let script = "import json,sys\nfor k,v in json.load(open(sys.argv[1]))['settings'].items(): print(k, v, sep='\\t')";
    let text = command("python3").args(["-c", script]).arg(seed).output()?;
    Ok(text
        .lines()
        .filter_map(|line| line.split_once('\t'))
        .map(|(k, v)| (k.to_owned(), v.to_owned()))
        .collect())
}

/// A folder that is emptied before and removed after.
struct Folder(std::path::PathBuf);

impl Folder {
    fn fresh(name: &str) -> Result<Self> {
        let path = target().join(format!("{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path)?;
        Ok(Self(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
