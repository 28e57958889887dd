//! A server to be judged: a fresh data directory, seeded, on a free port; gone with all it wrote when the value is dropped.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use crate::run::{shared, target};

/// How long a server may take to end.
const PATIENCE: Duration = Duration::from_secs(10);

/// A running server.
pub(crate) struct Server {
    child: Child,
    /// Where it is reached.
    pub(crate) base: String,
    data: PathBuf,
}

/// Seeds a data directory and starts the program on it, with the settings that the seed file lists.
pub(crate) fn start(program: &Path) -> Result<Server> {
    let seed = shared()?.join("conformance/rest/seed.json");
    let text = fs::read_to_string(&seed).with_context(|| format!("cannot read {}", seed.display()))?;
    let settings: Value = serde_json::from_str(&text)?;
    let data = target().join(format!("conformance-data-{}", std::process::id()));
    if data.exists() {
        fs::remove_dir_all(&data)?;
    }
    let seeded = Command::new(program).arg("seed").arg(&seed).arg("--data").arg(&data).status()?;
    ensure!(seeded.success(), "moulin seed: {seeded}");
    let mut command = Command::new(program);
    command.args(["serve", "--listen", "127.0.0.1:0"]).arg("--data").arg(&data).stdout(Stdio::piped());
    if let Some(settings) = settings["settings"].as_object() {
        command.envs(settings.iter().filter_map(|(name, value)| Some((name, value.as_str()?))));
    }
    let log = fs::File::create(target().join("conformance-server.log"))?;
    let child = command.stderr(log).spawn().context("cannot start moulin serve")?;
    // From here on dropping ends it.
    let mut server = Server { child, base: String::new(), data };
    let stdout = server.child.stdout.take().context("no output of the server")?;
    let mut line = String::new();
    BufReader::new(stdout).read_line(&mut line)?;
    match line.trim().strip_prefix("listening on ") {
        Some(base) => base.clone_into(&mut server.base),
        None => bail!("the server did not start; see conformance-server.log in {}", target().display()),
    }
    Ok(server)
}

impl Drop for Server {
    fn drop(&mut self) {
        // The system may refuse any of this; there is nothing better to do then.
        let _ = Command::new("kill").arg(self.child.id().to_string()).status();
        let until = Instant::now() + PATIENCE;
        while matches!(self.child.try_wait(), Ok(None)) && Instant::now() < until {
            std::thread::sleep(Duration::from_millis(50));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = fs::remove_dir_all(&self.data);
    }
}
