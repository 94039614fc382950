//! Everything that ends a command early: what to say, and the exit code.

use std::io;
use std::process::ExitCode;

use host_test::inbox::StoreError;
use host_test::{CallError, ConfigError, HostError};
use serde_json::{Value, json};

use super::out::Out;
use super::refusal;
use super::shutdown::Signal;
use super::style::BAD;
use super::text;

/// Why a command did not do what it was asked to.
#[derive(Debug)]
pub enum Problem {
    /// The arguments make no sense.
    Usage {
        /// What was expected and what was found.
        message: String,
        /// What to do next.
        advice: String,
    },
    /// The settings are wrong.
    Config(ConfigError),
    /// The host could not be set up, so nothing was tried.
    Setup(HostError),
    /// An action was refused or broke off.
    Call(CallError),
    /// Something else went wrong on the way.
    Failed {
        /// What.
        message: String,
        /// What to do next.
        advice: String,
    },
    /// Nobody takes the results any more.
    Output(io::Error),
    /// A signal ended it.
    Interrupted(Signal),
}

impl Problem {
    /// The arguments make no sense.
    pub fn usage(message: impl Into<String>, advice: impl Into<String>) -> Self {
        Self::Usage {
            message: message.into(),
            advice: advice.into(),
        }
    }

    /// Something went wrong on the way.
    pub fn failed(message: impl Into<String>, advice: impl Into<String>) -> Self {
        Self::Failed {
            message: message.into(),
            advice: advice.into(),
        }
    }

    /// The file of `--store` cannot be used.
    pub fn store(error: &StoreError) -> Self {
        Self::usage(
            format!("--store: {}", error.problem()),
            sentence(error.advice()),
        )
    }

    /// The store failed while it was used.
    pub fn broken_store(error: &StoreError) -> Self {
        Self::failed(error.problem(), sentence(error.advice()))
    }

    /// The component gave something that is no JSON.
    pub fn not_json(error: serde_json::Error) -> Self {
        Self::Call(CallError::NotJson(error))
    }

    /// The documented exit code.
    pub fn exit_code(&self) -> ExitCode {
        match self {
            // `host-test … | head` has got what it wanted.
            Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
            Self::Call(_) | Self::Failed { .. } | Self::Output(_) => ExitCode::from(1),
            Self::Usage { .. } | Self::Config(_) | Self::Setup(_) => ExitCode::from(2),
            Self::Interrupted(signal) => ExitCode::from(signal.exit_code()),
        }
    }

    /// Says it: as one JSON object on stdout for programs, as text on stderr for people.
    pub fn report(&self, out: Out) {
        if let Self::Output(error) = self {
            if error.kind() != io::ErrorKind::BrokenPipe {
                anstream::eprintln!("{BAD}error:{BAD:#} cannot write to stdout: {error}");
            }
            return;
        }
        if let Self::Interrupted(_) = self {
            anstream::eprintln!(
                "Interrupted. What was being done at that moment may have been done or not."
            );
            return;
        }
        if out.is_json() {
            // When even this cannot be written, the exit code still tells.
            let _ = out.json_line(&json!({ "error": self.to_json() }));
            return;
        }
        anstream::eprintln!("{}", self.for_people());
    }

    fn for_people(&self) -> String {
        let (message, advice) = match self {
            Self::Call(CallError::Refused(error)) => return refusal::for_people(error),
            Self::Usage { message, advice } | Self::Failed { message, advice } => {
                (message.clone(), advice.clone())
            }
            Self::Config(error) => (error.to_string(), String::new()),
            Self::Setup(error) | Self::Call(CallError::Host(error)) => {
                (error.to_string(), String::new())
            }
            Self::Call(error) => (error.to_string(), String::new()),
            Self::Output(error) => (error.to_string(), String::new()),
            Self::Interrupted(_) => ("interrupted".to_owned(), String::new()),
        };
        // What an engine says may have its own line breaks.
        let message: Vec<_> = message.split_whitespace().collect();
        let mut said = text::hanging(&message.join(" "), "error: ", 7);
        if !advice.is_empty() {
            said.push('\n');
            said.push_str(&text::hanging(&advice, "help:  ", 7));
        }
        said.replacen("error:", &format!("{BAD}error:{BAD:#}"), 1)
    }

    /// `case`, `message` and what else is known.
    pub fn to_json(&self) -> Value {
        let plain = |case: &str, message: String| json!({"case": case, "message": message});
        match self {
            Self::Call(CallError::Refused(error)) => refusal::to_json(error),
            Self::Usage { message, advice } => {
                json!({"case": "usage", "message": message, "advice": advice})
            }
            Self::Failed { message, advice } => {
                json!({"case": "failed", "message": message, "advice": advice})
            }
            Self::Config(error) => plain("settings", error.to_string()),
            Self::Setup(error) => plain("setup", error.to_string()),
            // In the words of the contract, so that programs have one list of cases.
            Self::Call(CallError::Host(error)) => {
                plain(error.to_contract().case(), error.to_string())
            }
            Self::Call(error) => plain("execution-failed", error.to_string()),
            Self::Output(error) => plain("output", error.to_string()),
            Self::Interrupted(_) => plain("interrupted", "interrupted".to_owned()),
        }
    }
}

/// Advice that stands alone.
fn sentence(advice: &str) -> String {
    let mut letters = advice.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(letters).chain(['.']).collect()
}

impl From<CallError> for Problem {
    fn from(error: CallError) -> Self {
        Self::Call(error)
    }
}

impl From<HostError> for Problem {
    fn from(error: HostError) -> Self {
        Self::Call(CallError::Host(error))
    }
}
