//! From Meta's webhooks to events.

mod corpus;
mod delivery;
mod handshake;
mod keys;
mod robustness;
mod signature;

use serde_json::{Value, json};
use wasmtime::component::Val;

use crate::call;
use crate::component;
use crate::values::to_json;

/// What a request is checked against.
enum Signature<'a> {
    Secrets(&'a [&'a str]),
    VerifiedByHost,
}

/// `webhooks.parse`.
fn parse(body: &str) -> Result<Vec<Value>, Value> {
    let body = Val::String(body.to_owned());
    let result = call::run_quietly(component::export("webhooks", "parse"), &[body]);
    call::outcome(result).map(|events| match to_json(&events) {
        Value::Array(events) => events,
        other => panic!("no list: {other}"),
    })
}

/// `webhooks.parse` of a body that is JSON.
fn events(body: &Value) -> Vec<Value> {
    parse(&body.to_string()).unwrap()
}

/// A request as it reaches the server.
#[derive(Clone, Default)]
struct Request<'a> {
    method: &'a str,
    query: &'a str,
    headers: Vec<(&'a str, String)>,
    body: &'a str,
}

/// `webhooks.handle`: status, body, events and problem.
fn handle(request: &Request<'_>, verify_token: &str, signature: &Signature<'_>) -> Outcome {
    let text = |text: &str| Val::String(text.to_owned());
    let record = |fields: Vec<(&str, Val)>| {
        let fields = fields.into_iter();
        Val::Record(
            fields
                .map(|(name, value)| (name.to_owned(), value))
                .collect(),
        )
    };
    let headers = request
        .headers
        .iter()
        .map(|(name, value)| record(vec![("name", text(name)), ("value", text(value))]));
    let signature = match signature {
        Signature::VerifiedByHost => Val::Variant("verified-by-host".to_owned(), None),
        Signature::Secrets(secrets) => {
            let secrets = Val::List(secrets.iter().copied().map(text).collect());
            Val::Variant("app-secrets".to_owned(), Some(Box::new(secrets)))
        }
    };
    let parameters = [
        record(vec![
            ("method", text(request.method)),
            ("query", text(request.query)),
            ("headers", Val::List(headers.collect())),
            ("body", text(request.body)),
        ]),
        record(vec![
            ("verify-token", text(verify_token)),
            ("signature", signature),
        ]),
    ];
    let outcome = to_json(&call::run_quietly(
        component::export("webhooks", "handle"),
        &parameters,
    ));
    Outcome {
        status: outcome["reply"]["status"].as_u64().unwrap(),
        body: outcome["reply"]["body"].as_str().unwrap().to_owned(),
        events: outcome["events"].as_array().unwrap().clone(),
        problem: outcome["problem"].as_str().map(str::to_owned),
    }
}

#[derive(Debug)]
struct Outcome {
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
