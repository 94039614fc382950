//! A way to run an example: a language in a version.

use super::simulator::Simulator;
use crate::run::{root, target};
use anyhow::{Context, Result};
use std::{
    fmt,
    path::{Path, PathBuf},
    process::Command,
};

/// How an example is run.
pub struct Way {
    /// Short, for messages and files: `Node`.
    pub name: String,
    /// With its version: `Node v26.10.0`.
    pub version: String,
    /// The example's folder, in which it is run.
    pub folder: PathBuf,
    /// What runs it.
    pub program: PathBuf,
    /// The script that sends a text.
    pub main: &'static str,
    /// The script that runs the cases.
    pub conformance: &'static str,
}

impl Way {
    /// The example, as the user of a simulator runs it.
    pub fn main(&self, simulator: &Simulator, arguments: &[&str]) -> Program {
        let mut program = self.script(self.main);
        program.0.args(arguments).envs(&simulator.environment);
        program
    }

    /// The cases; what happens is written into this file.
    pub fn conformance(&self, transcript: &Path) -> Program {
        let cases = root().join("host-test/tests");
        let mut program = self.script(self.conformance);
        program
            .0
            .arg(cases.join("cases"))
            .arg(cases.join("deliveries"))
            .arg(transcript);
        program
    }

    fn script(&self, script: &str) -> Program {
        let mut command = Command::new(&self.program);
        command.arg(script).current_dir(&self.folder);
        Program(command)
    }
}

/// A program to run, with nothing of this environment that it could read by mistake.
pub struct Program(Command);

impl Program {
    /// Sets an environment variable.
    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.0.env(name, value);
        self
    }

    /// Runs it to its end.
    pub fn run(mut self) -> Result<Ended> {
        self.0.env("WHATSAPP_COMPONENT", component());
        let program = self.0.get_program().to_string_lossy().into_owned();
        let output = self.0.output();
        let output = output.with_context(|| format!("cannot run `{program}`"))?;
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        Ok(Ended {
            success: output.status.success(),
            stdout: text(output.stdout),
            stderr: text(output.stderr),
        })
    }
}

/// The component that the examples load.
pub fn component() -> PathBuf {
    root().join("dist/whatsapp-connector.wasm")
}

/// A folder for what the examples need and what is not part of them.
pub fn tools() -> PathBuf {
    target().join("examples")
}

/// How a program ended.
pub struct Ended {
    pub success: bool,
    pub stdout: String,
    pub stderr: String,
}

impl fmt::Display for Ended {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            out,
            "success: {}\nstdout: {}\nstderr: {}",
            self.success, self.stdout, self.stderr
        )
    }
}
