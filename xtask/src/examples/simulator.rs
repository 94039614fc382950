//! The simulator of Meta's API as a program of its own, for clients in any language.

use super::http::Server;
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
    /// Where it is.
    pub server: Server,
    /// The phone number of the customer, without `+`.
    pub customer: String,
    /// What a client reads its settings from: address, number, token, secrets.
    pub environment: BTreeMap<String, String>,
}

/// What it says of itself.
#[derive(Deserialize)]
struct Introduction {
    customer: String,
    environment: BTreeMap<String, String>,
}

impl Simulator {
    /// Starts one at a free port of this machine.
    pub fn start() -> Result<Self> {
        let server = Server::free()?;
        let program = target().join("debug/host-test");
        let started = Command::new(&program)
            .args(["--json", "simulate", "--port", &server.port.to_string()])
            .env_remove("RUST_LOG")
            .env_remove("WHATSAPP_VERIFY_TOKEN")
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
            server,
            customer: said.customer,
            environment: said.environment,
        })
    }

    /// A setting, by the name of its variable.
    pub fn setting(&self, name: &str) -> &str {
        self.environment.get(name).map_or("", String::as_str)
    }

    /// The phone number (its id) that sends.
    pub fn phone_number_id(&self) -> &str {
        self.setting("WHATSAPP_PHONE_NUMBER_ID")
    }

    /// The customer writes, which opens the window for answers.
    pub fn customer_writes(&self, text: &str) -> Result<()> {
        let message = json!({"text": text, "phone_number_id": self.phone_number_id()});
        let path = format!("customers/{}/messages", self.customer);
        self.control("POST", &path, Some(&message)).map(drop)
    }

    /// Where webhooks go.
    pub fn webhooks_to(&self, url: &str) -> Result<()> {
        let token = self.setting("WHATSAPP_VERIFY_TOKEN");
        let callback = json!({"url": url, "verify_token": token});
        self.control("POST", "callback", Some(&callback)).map(drop)
    }

    /// What goes wrong with requests that send.
    pub fn fault(&self, fault: Value, times: Option<u32>, skip: u32) -> Result<()> {
        let fault = json!({"fault": fault, "times": times, "skip": skip, "method": "POST", "path": "/messages"});
        self.control("POST", "faults", Some(&fault)).map(drop)
    }

    /// The text of a message that it took.
    pub fn text_of(&self, id: &str) -> Result<String> {
        let messages = self.messages()?;
        let message = messages.iter().find(|message| message["id"] == id);
        let message = message.with_context(|| format!("the simulator has no message {id}"))?;
        let text = message["request"]["text"]["body"].as_str();
        Ok(text
            .with_context(|| format!("{message} is no text"))?
            .to_owned())
    }

    /// The callback data of all messages that it took, in their order; empty for those without.
    pub fn accepted(&self) -> Result<Vec<String>> {
        let key = |message: &Value| {
            let key = message["request"]["biz_opaque_callback_data"].as_str();
            key.unwrap_or_default().to_owned()
        };
        Ok(self.messages()?.iter().map(key).collect())
    }

    fn messages(&self) -> Result<Vec<Value>> {
        let messages = self.control("GET", "messages", None)?;
        Ok(messages.as_array().cloned().unwrap_or_default())
    }

    /// A request to its control interface.
    pub fn control(&self, method: &str, path: &str, body: Option<&Value>) -> Result<Value> {
        self.server
            .need(method, &format!("/_simulator/{path}"), body)
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        // It has ended already where this fails.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
