//! How the story is told: lines for people, or one JSON line for each step.

use serde_json::{Map, Value, json};

use super::super::out::Out;
use super::super::problem::Problem;
use super::super::progress;
use super::super::style::{BAD, DIM, GOOD, HEAD, NAME};

/// Where the facts begin.
const COLUMN: usize = 20;

/// Tells it.
#[derive(Clone, Copy)]
pub struct Teller(Out);

impl Teller {
    /// To stdout.
    pub fn new(out: Out) -> Self {
        Self(out)
    }

    /// A line for people alone.
    pub fn note(self, text: &str) -> Result<(), Problem> {
        match self.0.is_json() {
            true => Ok(()),
            false => self.0.line(text),
        }
    }

    /// The first line.
    pub fn title(self, text: &str) -> Result<(), Problem> {
        self.note(&format!("{HEAD}{text}{HEAD:#}"))
    }

    /// What follows belongs together.
    pub fn chapter(self, text: &str) -> Result<(), Problem> {
        self.note(&format!("\n{HEAD}{text}{HEAD:#}"))
    }

    /// A fact that is no step.
    pub fn fact(self, label: &str, text: &str) -> Result<(), Problem> {
        self.note(&format!("    {DIM}{label:COLUMN$}{DIM:#} {text}"))
    }

    /// Where webhooks have to arrive.
    pub fn listening(self, url: &str) -> Result<(), Problem> {
        if self.0.is_json() {
            return self
                .0
                .json_line(&json!({"step": "listen", "ok": true, "result": {"url": url}}));
        }
        self.fact(
            "webhooks",
            &format!("{url}; forward a public https address to it"),
        )
    }

    /// The last line for programs.
    pub fn summary(self, data: Value) -> Result<(), Problem> {
        match self.0.is_json() {
            true => self
                .0
                .json_line(&json!({"step": "summary", "ok": true, "result": data})),
            false => Ok(()),
        }
    }

    /// Does something that may take a while or fail; says so when it fails. For the success see [`Teller::done`].
    pub async fn during<T, E>(
        self,
        action: &str,
        work: impl Future<Output = Result<T, E>>,
    ) -> Result<T, Problem>
    where
        Problem: From<E>,
    {
        match progress::during(action, work).await {
            Ok(result) => Ok(result),
            Err(error) => Err(self.failed(action, error.into())),
        }
    }

    /// Says that a step failed, and gives the reason back, which comes last on the screen.
    pub fn failed(self, action: &str, problem: Problem) -> Problem {
        // What cannot be written here cannot be written there either.
        let _ = if self.0.is_json() {
            self.0.json_line(&json!({"step": action, "ok": false}))
        } else {
            self.0
                .line(format!("  {BAD}✗{BAD:#} {NAME}{action}{NAME:#}"))
        };
        problem
    }

    /// A step that worked: its action, the key facts for people, and all of them for programs.
    pub fn done(self, action: &str, said: &str, data: Value) -> Result<(), Problem> {
        if !self.0.is_json() {
            return self.0.line(format!(
                "  {GOOD}✓{GOOD:#} {NAME}{action:COLUMN$}{NAME:#} {said}"
            ));
        }
        let mut line = Map::new();
        line.insert("step".to_owned(), json!(action));
        line.insert("ok".to_owned(), json!(true));
        line.insert("result".to_owned(), data);
        self.0.json_line(&Value::Object(line))
    }
}
