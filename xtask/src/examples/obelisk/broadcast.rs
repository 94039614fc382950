//! A broadcast, seen from outside.

use super::engine::Engine;
use crate::examples::{http::Server, simulator::Simulator};
use anyhow::{Context, Result};
use serde_json::{Value, json};

/// The workflow.
const SEND: &str = "example:whatsapp/broadcast@0.1.0.send";

/// What became of everybody.
#[derive(Debug, PartialEq)]
pub struct Report {
    /// How many messages Meta took.
    pub accepted: u64,
    /// Error cases of those that were certainly not sent.
    pub refused: Vec<String>,
    /// Those of which nobody knows.
    pub unknown: Vec<Value>,
}

/// Starts one and returns its execution id.
pub fn start(
    engine: &Engine,
    simulator: &Simulator,
    per_second: u32,
    contacts: &[Value],
) -> Result<String> {
    let message = json!({
        "phone_number_id": simulator.phone_number_id(), "base_url": simulator.server.url(), "name": "hello_world", "language": "en_US", "per_second": per_second,
    });
    engine.submit(SEND, &json!([message, contacts]))
}

/// Waits for its end.
pub fn report(engine: &Engine, execution: &str) -> Result<Report> {
    let result = engine.result(execution)?;
    let report = result
        .get("ok")
        .with_context(|| format!("the broadcast {execution} failed: {result}"))?;
    for refusal in report["refused"].as_array().into_iter().flatten() {
        eprintln!(
            "    refused: {} {}",
            refusal["contact"]["key"], refusal["why"]
        );
    }
    Ok(Report {
        accepted: report["accepted"].as_u64().context("no `accepted`")?,
        refused: texts(&report["refused"], "error"),
        unknown: report["unknown"].as_array().cloned().unwrap_or_default(),
    })
}

/// What the statuses say of the unknown.
#[derive(Debug, PartialEq)]
pub struct Reconciled {
    /// Contacts of whose message a status came: it was sent.
    pub sent: Vec<Value>,
    /// The others.
    pub without_status: Vec<Value>,
    /// Execution id of the broadcast to those.
    pub again: Option<String>,
}

/// Asks what the statuses say of the unknown contacts of a broadcast, `{"broadcast": …}`, or of `{"contacts": …}`.
pub fn reconcile(external: Server, order: &Value) -> Result<Reconciled> {
    let answer = external.need("POST", "/reconcile", Some(order))?;
    let contacts = |name: &str| answer[name].as_array().cloned().unwrap_or_default();
    Ok(Reconciled {
        sent: contacts("sent"),
        without_status: contacts("without_status"),
        again: answer["again"].as_str().map(str::to_owned),
    })
}

fn texts(items: &Value, member: &str) -> Vec<String> {
    let items = items.as_array().into_iter().flatten();
    items
        .map(|item| item[member].as_str().unwrap_or_default().to_owned())
        .collect()
}
