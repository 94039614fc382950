//! Meta's API, simulated.

use super::{http::Server, service::Service};
use crate::run::target;
use anyhow::Result;
use serde_json::{Value, json};
use std::{path::Path, process::Command};

/// The secret of the simulated app; `host-test simulate` prints it.
pub const APP_SECRET: &str = "simulated-app-secret";
/// What the handshake says.
pub const VERIFY_TOKEN: &str = "demo-verify-token";

/// A running simulator.
pub struct Simulator {
    /// Where it is.
    pub server: Server,
    /// The number that sends.
    pub phone_number_id: String,
    /// The access token.
    pub access_token: String,
    _service: Service,
}

impl Simulator {
    /// Starts it.
    pub fn start(folder: &Path) -> Result<Self> {
        let server = Server::free()?;
        let log = folder.join("simulator.log");
        let mut command = Command::new(target().join("debug").join("host-test"));
        command
            .args(["simulate", "--port", &server.port.to_string()])
            .env_remove("WHATSAPP_VERIFY_TOKEN");
        let mut service = Service::start(&mut command, &log)?;
        server.ready(&mut service)?;
        let said = std::fs::read_to_string(&log)?;
        let value = |name: &str| {
            let found = said
                .lines()
                .find_map(|line| line.trim().strip_prefix(&format!("export {name}=")));
            found.unwrap_or_default().to_owned()
        };
        Ok(Self {
            server,
            phone_number_id: value("WHATSAPP_PHONE_NUMBER_ID"),
            access_token: value("WHATSAPP_ACCESS_TOKEN"),
            _service: service,
        })
    }

    /// A request to its control interface.
    pub fn control(&self, method: &str, path: &str, body: Option<&Value>) -> Result<Value> {
        self.server
            .need(method, &format!("/_simulator/{path}"), body)
    }

    /// Where webhooks go.
    pub fn webhooks_to(&self, url: &str) -> Result<()> {
        let callback = json!({"url": url, "verify_token": VERIFY_TOKEN});
        self.control("POST", "callback", Some(&callback)).map(drop)
    }

    /// What goes wrong with requests that send.
    pub fn fault(&self, fault: Value, times: Option<u32>, skip: u32) -> Result<()> {
        let fault = json!({"fault": fault, "times": times, "skip": skip, "method": "POST", "path": "/messages"});
        self.control("POST", "faults", Some(&fault)).map(drop)
    }

    /// The keys of all messages that it took, in their order.
    pub fn accepted(&self) -> Result<Vec<String>> {
        let messages = self.control("GET", "messages", None)?;
        let key = |message: &Value| {
            let key = &message["request"]["biz_opaque_callback_data"];
            key.as_str().unwrap_or_default().to_owned()
        };
        Ok(messages.as_array().into_iter().flatten().map(key).collect())
    }
}
