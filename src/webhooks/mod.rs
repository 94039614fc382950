//! Webhooks: handshake, signature, parsing, keys.

use crate::prelude::*;
mod change;
mod content;
mod handshake;
mod item;
mod key;
mod layers;
mod message;
mod signature;
mod status;
mod tree;

use crate::contract::exports::whatsapp::connector::webhooks::{
    Event, Outcome, Reply, Request, Signature, Verification,
};
use crate::contract::whatsapp::connector::types::Error;
use crate::fault::{Fallible, invalid};

/// Name of the header that carries the signature.
const SIGNATURE_HEADER: &str = "x-hub-signature-256";

/// Does the whole exchange with Meta.
pub fn handle(request: &Request, verification: &Verification) -> Outcome {
    match request.method.to_ascii_uppercase().as_str() {
        "GET" => match handshake::answer(&request.query, &verification.verify_token) {
            Ok(challenge) => reply(200, challenge),
            Err(problem) => refuse(403, problem),
        },
        "POST" => deliver(request, &verification.signature),
        other => refuse(405, format!("expected GET or POST, got {other}")),
    }
}

fn deliver(request: &Request, expected: &Signature) -> Outcome {
    if let Signature::AppSecrets(secrets) = expected {
        let given = request
            .headers
            .iter()
            .find(|header| header.name.eq_ignore_ascii_case(SIGNATURE_HEADER))
            .map(|header| header.value.as_str());
        if let Err(problem) = signature::check(given, request.body.as_bytes(), secrets) {
            return refuse(401, problem.to_owned());
        }
    }
    match parse(&request.body) {
        Ok(events) => Outcome {
            events,
            ..reply(200, String::new())
        },
        Err(error) => match *error {
            Error::PermanentInvalidInput(fault) => refuse(400, fault.message),
            _ => refuse(400, "the body cannot be read".to_owned()),
        },
    }
}

/// Parses the body of a delivery whose signature was checked.
pub fn parse(body: &str) -> Fallible<Vec<Event>> {
    change::events(body).map_err(|problem| {
        invalid(
            "body",
            &format!("expected the JSON of a webhook delivery, but {problem}"),
            "Hand over the body exactly as it was received.",
        )
    })
}

fn reply(status: u16, body: String) -> Outcome {
    Outcome {
        reply: Reply { status, body },
        events: Vec::new(),
        problem: None,
    }
}

/// The reply tells a stranger nothing; the problem is for the operator.
fn refuse(status: u16, problem: String) -> Outcome {
    Outcome {
        problem: Some(problem),
        ..reply(status, String::new())
    }
}
