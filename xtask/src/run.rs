//! Running programs: from the project's root, loud about failure.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};

/// The project's root.
pub(crate) fn root() -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.parent().map_or_else(|| manifest.to_path_buf(), Path::to_path_buf)
}

/// The material beside the checkout: specification, recordings, documents.
pub(crate) fn shared() -> Result<PathBuf> {
    let folder = root().join("../shared");
    ensure!(
        folder.is_dir(),
        "the folder ../shared (specification and recordings) is not beside the checkout"
    );
    Ok(folder)
}

/// A program to be run from the root.
pub(crate) struct Program(Command);

/// A program by name or path.
pub(crate) fn command(program: impl AsRef<OsStr>) -> Program {
    let mut command = Command::new(program);
    command.current_dir(root());
    Program(command)
}

/// Cargo itself.
pub(crate) fn cargo() -> Program {
    command(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

impl Program {
    pub(crate) fn arg(mut self, argument: impl AsRef<OsStr>) -> Self {
        self.0.arg(argument);
        self
    }
    pub(crate) fn args<A: AsRef<OsStr>>(mut self, arguments: impl IntoIterator<Item = A>) -> Self {
        self.0.args(arguments);
        self
    }

    pub(crate) fn in_folder(mut self, folder: impl AsRef<Path>) -> Self {
        self.0.current_dir(root().join(folder));
        self
    }

    pub(crate) fn with_variable(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.0.env(name, value);
        self
    }

    /// Runs it, its output going to ours; an exit status other than 0 is an error.
    pub(crate) fn check(mut self) -> Result<()> {
        let shown = self.shown();
        eprintln!("$ {shown}");
        let status = self.0.status().with_context(|| format!("cannot run {shown}"))?;
        ensure!(status.success(), "{shown}: {status}");
        Ok(())
    }

    /// Runs it and gives what it wrote to stdout.
    pub(crate) fn output(mut self) -> Result<String> {
        let shown = self.shown();
        let output =
            self.0.stderr(Stdio::inherit()).output().with_context(|| format!("cannot run {shown}"))?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        if !output.status.success() {
            bail!("{shown}: {}\n{text}", output.status);
        }
        Ok(text)
    }

    /// Runs it and gives what it wrote to stdout, whatever its exit status.
    pub(crate) fn output_whatever(mut self) -> Result<String> {
        let shown = self.shown();
        eprintln!("$ {shown}");
        let output =
            self.0.stderr(Stdio::inherit()).output().with_context(|| format!("cannot run {shown}"))?;
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// Whether it can be run and succeeds; says nothing.
    pub(crate) fn works(mut self) -> bool {
        self.0.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
    }

    fn shown(&self) -> String {
        let program = Path::new(self.0.get_program());
        let name = program.file_name().unwrap_or(program.as_os_str()).to_string_lossy().into_owned();
        self.0.get_args().fold(name, |line, argument| format!("{line} {}", argument.to_string_lossy()))
    }
}

/// Builds the binary, as the tests use it, and gives its path.
pub(crate) fn moulin() -> Result<PathBuf> {
    cargo().args(["build", "--package", "moulin"]).check()?;
    Ok(target().join("debug/moulin"))
}

/// Where cargo builds to.
pub(crate) fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |folder| root().join(folder))
}
