//! From Meta's webhooks to events.

mod corpus;
mod damage;
mod delivery;
mod doors;
mod guest;
mod handshake;
mod keys;
mod matching;
mod robustness;
mod signature;
mod statuses;
mod triggers;
mod window;

use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};

pub use guest::Guest;

/// What a request is checked against.
pub enum Signature<'a> {
    Secrets(&'a [&'a str]),
    VerifiedByHost,
}

/// `webhooks.parse`.
fn parse(body: &str) -> Result<Vec<Value>, Value> {
    Guest::Connector.parse(body)
}

/// `webhooks.parse` of a body that is JSON.
fn events(body: &Value) -> Vec<Value> {
    parse(&body.to_string()).unwrap()
}

/// A request as it reaches the server.
#[derive(Clone, Default)]
pub struct Request<'a> {
    method: &'a str,
    query: &'a str,
    headers: Vec<(&'a str, String)>,
    body: &'a str,
}

/// `webhooks.handle`: status, body, events and problem.
fn handle(request: &Request<'_>, verify_token: &str, signature: &Signature<'_>) -> Outcome {
    Guest::Connector.handle(request, verify_token, signature)
}

/// `webhooks.handle-json` of a delivery whose signature was checked.
pub fn json_events(guest: Guest, body: &str) -> Vec<Value> {
    let request = Request {
        method: "POST",
        body,
        ..Request::default()
    };
    let outcome = guest.handle_json(&request, "", &Signature::VerifiedByHost);
    assert_eq!(outcome.status, 200, "{outcome:?}");
    outcome.events
}

/// A delivery of `tests/deliveries`, with the events that it becomes; people read these first. In them, `raw` is opened.
pub struct Delivery {
    pub name: String,
    pub text: String,
    folder: PathBuf,
}

impl Delivery {
    fn body(&self) -> Value {
        serde_json::from_str(&self.text).unwrap()
    }
}

/// All of them.
pub fn deliveries() -> Vec<Delivery> {
    let root = crate::component::workspace().join("host-test/tests/deliveries");
    let mut folders: Vec<_> = fs::read_dir(root)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    folders.sort();
    assert!(!folders.is_empty());
    let read = |folder: PathBuf| Delivery {
        name: folder.file_name().unwrap().to_str().unwrap().to_owned(),
        text: fs::read_to_string(folder.join("delivery.json")).unwrap(),
        folder,
    };
    folders.into_iter().map(read).collect()
}

#[derive(Debug)]
pub struct Outcome {
    status: u64,
    body: String,
    events: Vec<Value>,
    problem: Option<String>,
}

impl Outcome {
    /// Refused with this status: nobody outside learns why, the operator does.
    fn is_refused(&self, status: u64, problem: &str) {
        assert_eq!(self.status, status, "{self:?}");
        assert_eq!(self.body, "", "{self:?}");
        assert!(self.events.is_empty(), "{self:?}");
        let text = self.problem.as_deref().unwrap_or_default();
        assert!(text.contains(problem), "expected `{problem}` in {self:?}");
    }

    fn is_accepted(&self, events: usize) {
        assert_eq!((self.status, self.body.as_str()), (200, ""), "{self:?}");
        assert_eq!(self.events.len(), events, "{self:?}");
        assert_eq!(self.problem, None);
    }
}

/// A text message of a customer.
fn text_message(id: &str) -> Value {
    json!({"from": "491701234567", "id": id, "timestamp": "1700000000", "type": "text", "text": {"body": format!("text of {id}")}})
}

/// A status of a message of ours.
fn status(id: &str, word: &str) -> Value {
    json!({"id": id, "status": word, "timestamp": "1700000001", "recipient_id": "491701234567"})
}

/// A delivery with one `messages` change of these lists.
fn delivery(lists: &Value) -> Value {
    let mut value = json!({
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "4930123456", "phone_number_id": "106540352242922"},
        "contacts": [{"profile": {"name": "Anna"}, "wa_id": "491701234567"}],
    });
    for (name, list) in lists.as_object().unwrap() {
        value[name] = list.clone();
    }
    json!({"object": "whatsapp_business_account", "entry": [{"id": "102290129340398", "changes": [{"field": "messages", "value": value}]}]})
}

/// The ids of events, sorted.
fn ids(events: &[Value]) -> Vec<&str> {
    let ids = events.iter().map(|event| event["envelope"]["id"].as_str());
    let mut ids: Vec<_> = ids.map(Option::unwrap).collect();
    ids.sort_unstable();
    ids
}
