//! Webhooks: handshake, signature, parsing, keys.

mod change;
mod content;
mod errors;
mod handshake;
mod key;
mod layers;
mod message;
mod signature;
mod status;

use crate::contract::tables::{EVENT, OUTCOME};
use crate::door::{Lowered, Node, PAYLOAD};
use crate::fault::invalid;
use crate::prelude::*;

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

/// Does the whole exchange with Meta. Without app secrets, the host has checked the signature. The result is an `outcome`.
pub fn handle(request: &Request, verify_token: &str, app_secrets: Option<Vec<String>>) -> Lowered {
    match request.method.to_ascii_uppercase().as_str() {
        "GET" => match handshake::answer(&request.query, verify_token) {
            Ok(challenge) => quiet(200, &challenge, None),
            Err(problem) => quiet(403, "", Some(&problem)),
        },
        "POST" => deliver(request, app_secrets),
        other => quiet(405, "", Some(&format!("expected GET or POST, got {other}"))),
    }
}

fn deliver(request: &Request, app_secrets: Option<Vec<String>>) -> Lowered {
    if let Some(secrets) = app_secrets {
        let given = request.headers.chunks(2).find_map(|header| match header {
            [name, value] if name.eq_ignore_ascii_case(SIGNATURE_HEADER) => Some(value.as_str()),
            _ => None,
        });
        if let Err(problem) = signature::check(given, request.body.as_bytes(), &secrets) {
            return quiet(401, "", Some(problem));
        }
    }
    let mut output = outcome();
    match change::events(&request.body, &mut output) {
        Ok(events) => {
            finish(&mut output, 200, "", None, events);
            output
        }
        Err(problem) => quiet(400, "", Some(&unreadable(&problem))),
    }
}

/// Parses the body of a delivery whose signature was checked. The result is a `result<list<event>, error>`.
pub fn parse(body: &str) -> Lowered {
    let mut output = Lowered::default();
    output.good(8);
    match change::events(body, &mut output) {
        Ok(events) => {
            output.gather(PAYLOAD, EVENT.block(), &events);
            output
        }
        Err(problem) => {
            let mut output = Lowered::default();
            output.bad(&invalid(
                "body",
                &unreadable(&problem),
                "Hand over the body exactly as it was received.",
            ));
            output
        }
    }
}

fn unreadable(problem: &serde_json::Error) -> String {
    format!("expected the JSON of a webhook delivery, but {problem}")
}

/// Room for an `outcome`.
fn outcome() -> Lowered {
    let mut output = Lowered::default();
    output.room(OUTCOME.block());
    output
}

/// An outcome without events. The reply tells a stranger nothing; the problem is for the operator.
fn quiet(status: i64, body: &str, problem: Option<&str>) -> Lowered {
    let mut output = outcome();
    finish(&mut output, status, body, problem, Vec::new());
    output
}

fn finish(output: &mut Lowered, status: i64, body: &str, problem: Option<&str>, events: Vec<u32>) {
    let reply = vec![
        ("status", Node::Whole(status)),
        ("body", Node::Text(body.into())),
    ];
    let fields = vec![
        ("reply", Node::record(reply)),
        ("events", Node::Placed(events)),
        ("problem", Node::text_or_absent(problem)),
    ];
    output.record(0, OUTCOME, &Node::record(fields));
}
