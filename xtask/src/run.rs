//! Running commands, and saying what is being done.

use anyhow::{Context, Result, bail};
use std::{
    env,
    ffi::OsStr,
    path::PathBuf,
    process::{Command, ExitStatus},
};

/// Numbered announcements.
pub struct Steps {
    done: usize,
    all: usize,
}

impl Steps {
    /// Announcements of so many steps.
    pub fn new(all: usize) -> Self {
        Self { done: 0, all }
    }

    /// Says what comes next.
    pub fn next(&mut self, what: &str) {
        self.done += 1;
        eprintln!("\n==> [{}/{}] {what}", self.done, self.all);
    }
}

/// A command to run in the workspace's folder.
pub struct Run(Command);

/// This cargo.
pub fn cargo(arguments: &[&str]) -> Run {
    command(
        env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned()),
        arguments,
    )
}

/// Any program.
pub fn command(program: impl AsRef<OsStr>, arguments: &[&str]) -> Run {
    let mut command = Command::new(program);
    command.args(arguments).current_dir(root());
    // What cargo set for this program is not so for another: some libraries would be compiled anew each time.
    for (name, _) in env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
            command.env_remove(&name);
        }
    }
    Run(command)
}

impl Run {
    /// More arguments.
    pub fn args(mut self, arguments: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Self {
        self.0.args(arguments);
        self
    }

    /// Sets an environment variable.
    pub fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.0.env(name, value);
        self
    }

    /// Runs it and fails when it fails.
    pub fn check(mut self, what: &str) -> Result<()> {
        let status = self.status()?;
        if !status.success() {
            bail!("{what} failed ({status}); its output above says why");
        }
        Ok(())
    }

    /// Runs it and returns what it prints.
    pub fn output(mut self) -> Result<String> {
        let program = self.program();
        let output = self
            .0
            .output()
            .with_context(|| format!("cannot run `{program}`"))?;
        if !output.status.success() {
            bail!(
                "`{program}` failed: {}",
                String::from_utf8_lossy(&output.stderr).trim()
            );
        }
        Ok(String::from_utf8(output.stdout)?.trim().to_owned())
    }

    fn status(&mut self) -> Result<ExitStatus> {
        let program = self.program();
        self.0
            .status()
            .with_context(|| format!("cannot run `{program}`: is it installed and on the PATH?"))
    }

    fn program(&self) -> String {
        self.0.get_program().to_string_lossy().into_owned()
    }
}

/// The workspace's folder.
pub fn root() -> PathBuf {
    let mut root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    root.pop();
    root
}

/// Cargo's folder for what it builds.
pub fn target() -> PathBuf {
    // A relative folder is one of the workspace: there cargo is started.
    root().join(env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into()))
}
