//! What goes to stdout: the results, for people or for programs. Everything else goes to stderr.

use std::fmt::Display;
use std::io::{self, IsTerminal, Write};

use serde_json::Value;

use super::problem::Problem;

/// Where results go, and in which form.
#[derive(Clone, Copy, Debug)]
pub struct Out {
    json: bool,
}

impl Out {
    /// JSON for programs, or text for people.
    pub fn new(json: bool) -> Self {
        Self { json }
    }

    /// Whether programs are reading.
    pub fn is_json(self) -> bool {
        self.json
    }

    /// Whether a person sees stdout directly.
    pub fn is_terminal(self) -> bool {
        io::stdout().is_terminal()
    }

    /// Writes a line.
    pub fn line(self, text: impl Display) -> Result<(), Problem> {
        // Flushed at once: whoever reads a pipe wants to see an event when it happens.
        let mut stdout = anstream::stdout().lock();
        writeln!(stdout, "{text}")
            .and_then(|()| stdout.flush())
            .map_err(Problem::Output)
    }

    /// Writes a value as one line.
    pub fn json_line(self, value: &Value) -> Result<(), Problem> {
        self.line(value)
    }
}
