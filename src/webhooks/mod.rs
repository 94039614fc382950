//! Webhooks: handshake, signature, parsing, keys.

mod call;
mod change;
mod coexistence;
mod contacts;
mod content;
mod handshake;
mod key;
mod kinds;
mod layers;
mod message;
mod signature;
mod status;
mod window;

use crate::contract::tables::{EVENT, JSON_OUTCOME, OUTCOME};
use crate::door::{Lowered, Node, PAYLOAD, render};
use crate::fault::invalid;
use crate::json::from_text;
use crate::prelude::*;
use serde_json::Value;

pub use window::service_window;

/// Name of the header that carries the signature.
const SIGNATURE_HEADER: &str = "x-hub-signature-256";

/// A request as it reached the host.
pub struct Request {
    /// `GET` or `POST`.
    pub method: String,
    /// What stands behind the `?`.
    pub query: String,
    /// Names and values by turns.
    pub headers: Vec<String>,
    /// The body.
    pub body: String,
}

/// What takes the events, one by one in the order of the delivery.
pub type Sink<'s> = dyn FnMut(&Node<'_>) + 's;

/// Does the whole exchange with Meta. Without app secrets, the host has checked the signature. The result is an `outcome`.
pub fn handle(request: &Request, verify_token: &str, app_secrets: Option<Vec<String>>) -> Lowered {
    let mut output = Lowered::default();
    output.room(OUTCOME.block());
    let mut places = Vec::new();
    let reply = exchange(request, verify_token, app_secrets, &mut |event| {
        places.push(output.add(EVENT, event));
    });
    reply.with_events(Node::Placed(places), &mut |outcome| {
        output.record(0, OUTCOME, outcome);
    });
    output
}

/// The same with the events as JSON. The result is a `json-outcome`.
pub fn handle_json(
    request: &Request,
    verify_token: &str,
    app_secrets: Option<Vec<String>>,
) -> Lowered {
    let mut output = Lowered::default();
    output.room(JSON_OUTCOME.block());
    let mut events = String::from("[");
    let reply = exchange(request, verify_token, app_secrets, &mut |event| {
        if events.len() > 1 {
            events.push(',');
        }
        render(EVENT, event, &mut events);
    });
    events.push(']');
    reply.with_events(Node::Text(events.into()), &mut |outcome| {
        output.record(0, JSON_OUTCOME, outcome);
    });
    output
}

/// The same for a caller in Rust, who takes the events one by one.
pub fn answer(
    request: &Request,
    verify_token: &str,
    app_secrets: Option<Vec<String>>,
    sink: &mut dyn FnMut(Value),
) -> Reply {
    exchange(request, verify_token, app_secrets, &mut |event| {
        sink(value(event));
    })
}

/// Parses the body of a delivery whose signature was checked. The result is a `result<list<event>, error>`.
pub fn parse(body: &str) -> Lowered {
    let mut output = Lowered::default();
    output.good(8);
    let mut places = Vec::new();
    let read = change::events(body, &mut |event| places.push(output.add(EVENT, event)));
    match read {
        Ok(()) => output.gather(PAYLOAD, EVENT.block(), &places),
        Err(problem) => {
            output = Lowered::default();
            output.bad(&invalid(
                "body",
                &unreadable(&problem),
                "Hand over the body exactly as it was received.",
            ));
        }
    }
    output
}

/// The events of a delivery as JSON; none when it is not JSON.
pub fn events(body: &str) -> Vec<Value> {
    let mut events = Vec::new();
    let _ = change::events(body, &mut |event| events.push(value(event)));
    events
}

fn value(event: &Node<'_>) -> Value {
    let mut text = String::new();
    render(EVENT, event, &mut text);
    from_text(&text).unwrap_or_default()
}

/// What to answer. The reply tells a stranger nothing; the problem is for the operator.
pub struct Reply {
    /// HTTP status.
    pub status: u16,
    /// Body, as `text/plain`.
    pub body: String,
    /// Why the request was refused and what to do about it.
    pub problem: Option<String>,
}

impl Reply {
    fn new(status: u16, body: String) -> Self {
        Self {
            status,
            body,
            problem: None,
        }
    }

    fn refusal(status: u16, problem: impl Into<String>) -> Self {
        Self {
            status,
            body: String::new(),
            problem: Some(problem.into()),
        }
    }

    fn with_events(&self, events: Node<'_>, put: &mut dyn FnMut(&Node<'_>)) {
        let reply = vec![
            ("status", Node::Whole(self.status.into())),
            ("body", Node::Text(self.body.as_str().into())),
        ];
        put(&Node::record(vec![
            ("reply", Node::record(reply)),
            ("events", events),
            ("problem", Node::text_or_absent(self.problem.as_deref())),
        ]));
    }
}

fn exchange(
    request: &Request,
    verify_token: &str,
    app_secrets: Option<Vec<String>>,
    sink: &mut Sink<'_>,
) -> Reply {
    match request.method.to_ascii_uppercase().as_str() {
        "GET" => match handshake::answer(&request.query, verify_token) {
            Ok(challenge) => Reply::new(200, challenge),
            Err(problem) => Reply::refusal(403, problem),
        },
        "POST" => deliver(request, app_secrets, sink),
        other => Reply::refusal(405, format!("expected GET or POST, got {other}")),
    }
}

fn deliver(request: &Request, app_secrets: Option<Vec<String>>, sink: &mut Sink<'_>) -> Reply {
    if let Some(secrets) = app_secrets {
        let given = request.headers.chunks(2).find_map(|header| match header {
            [name, value] if name.eq_ignore_ascii_case(SIGNATURE_HEADER) => Some(value.as_str()),
            _ => None,
        });
        if let Err(problem) = signature::check(given, request.body.as_bytes(), &secrets) {
            return Reply::refusal(401, problem);
        }
    }
    match change::events(&request.body, sink) {
        Ok(()) => Reply::new(200, String::new()),
        Err(problem) => Reply::refusal(400, unreadable(&problem)),
    }
}

fn unreadable(problem: &str) -> String {
    format!("expected the JSON of a webhook delivery, but {problem}")
}
