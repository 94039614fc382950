//! The simulator of Meta's API as a program of its own, for clients in any language.

use crate::run::target;
use anyhow::{Context, Result};
use serde::Deserialize;
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
};

/// A simulator that runs until this is dropped.
pub struct Simulator {
    process: Child,
    url: String,
    /// The phone number of the customer, without `+`.
    pub customer: String,
    /// What a client reads its settings from.
    pub environment: BTreeMap<String, String>,
}

/// What it says of itself.
#[derive(Deserialize)]
struct Introduction {
    base_url: String,
    customer: String,
    environment: BTreeMap<String, String>,
}

impl Simulator {
    /// Starts one at a free port of this machine.
    pub fn start() -> Result<Self> {
        let program = target().join("debug/host-test");
        let started = Command::new(&program)
            .args(["--json", "simulate", "--port", "0"])
            .env_remove("RUST_LOG")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn();
        let mut process = started.with_context(|| format!("cannot run `{}`", program.display()))?;
        let mut line = String::new();
        let stdout = process
            .stdout
            .take()
            .context("the simulator has no output")?;
        BufReader::new(stdout).read_line(&mut line)?;
        let said: Introduction = match serde_json::from_str(&line) {
            Ok(said) => said,
            Err(problem) => {
                process.kill()?;
                process.wait()?;
                return Err(problem).context(format!("the simulator said {line:?}"));
            }
        };
        Ok(Self {
            process,
            url: said.base_url,
            customer: said.customer,
            environment: said.environment,
        })
    }

    /// The customer writes, which opens the window for answers.
    pub fn customer_writes(&self, text: &str) -> Result<()> {
        let number = &self.environment["WHATSAPP_PHONE_NUMBER_ID"];
        let message = json!({"text": text, "phone_number_id": number});
        let url = format!(
            "{}/_simulator/customers/{}/messages",
            self.url, self.customer
        );
        ureq::post(url).send_json(message)?;
        Ok(())
    }

    /// The text of a message that it accepted.
    pub fn text_of(&self, id: &str) -> Result<String> {
        let messages = self.messages()?;
        let message = messages.iter().find(|message| message["id"] == id);
        let message = message.with_context(|| format!("the simulator has no message {id}"))?;
        let text = message["request"]["text"]["body"].as_str();
        Ok(text
            .with_context(|| format!("{message} is no text"))?
            .to_owned())
    }

    /// How many messages it accepted.
    pub fn accepted(&self) -> Result<usize> {
        Ok(self.messages()?.len())
    }

    fn messages(&self) -> Result<Vec<Value>> {
        let mut answer = ureq::get(format!("{}/_simulator/messages", self.url)).call()?;
        Ok(answer.body_mut().read_json()?)
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        // It has ended already where this fails.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
