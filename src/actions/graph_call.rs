//! `graph-call`: any endpoint. Whatever the path says, the call goes to the connection's Graph API and to one of its objects.

use super::output::finish;
use super::{has_word, if_lost, refuse_text};
use crate::contract::whatsapp::connector::http::Method;
use crate::fault::{Fallible, path};
use crate::graph::{
    Graph,
    request::{Call, Effect, is_version},
};
use crate::json::{Input, Object, kind, text_at, to_text};
use crate::prelude::*;
use crate::text::{split, split_once};
use serde_json::Value;

/// Names of parameters that hold secrets. The host adds what a call needs; a secret that a flow holds would stand in its logs.
const SECRETS: [&str; 5] = [
    "access_token",
    "client_secret",
    "input_token",
    "appsecret_proof",
    "exchange_token",
];

/// Where secrets belong.
const NO_SECRETS: &str = "Remove it: no secret comes in here. The host adds the access token itself; exchange-code, refresh-token and \
                          validate-connection are for the rest.";

/// Calls an endpoint.
pub fn run(graph: &Graph<'_>, input: &Input<'_>) -> Fallible<Value> {
    let method = match input.need("method") {
        "get" => Method::Get,
        "post" => Method::Post,
        _ => Method::Delete,
    };
    if method == Method::Post && input.is("idempotent") && sends(input) {
        return Err(input.refuse(
            "idempotent",
            "expected false, because this sends a message, and a second one would be sent as well",
            "Leave it out.",
        ));
    }
    let effect = match method {
        Method::Get => Effect::Read,
        _ if input.is("idempotent") => Effect::Idempotent,
        _ => Effect::Once,
    };
    let mut call = Call::new(method, &segments(graph, input)?, effect);
    if let Some(Value::Object(parameters)) = input.raw_object("query")? {
        for (name, value) in parameters {
            // Graph would take it for the method, and a lost answer would be misread.
            if name == "method" {
                return Err(input.refuse(
                    "query.method",
                    "expected the method outside the query",
                    "Say it in the field method.",
                ));
            }
            let text = text_at(value, &[]).unwrap_or_else(|| to_text(value));
            call = call.query(name, &text);
        }
    }
    if let Some(body) = input.raw_object("body")? {
        if method == Method::Get {
            return Err(input.refuse(
                "body",
                "does not go with the method get",
                "Give the parameters in query.",
            ));
        }
        call = call.with_body(body.clone());
    }
    for field in ["query", "body"] {
        if let Some(value) = input.json(field) {
            no_secrets(input, field, value)?;
        }
    }
    let body = graph.call(call).map_err(|error| if_lost(error, LOST))?;
    finish(Object::new().with("body", body))
}

/// What to do about a lost answer.
const LOST: &str = "It may have been done. Read what it is about, and repeat the call only if nothing has changed; a message may otherwise be \
                    sent twice.";

/// Whether it is a message: a read receipt goes to the same path, but changes nothing the second time.
fn sends(input: &Input<'_>) -> bool {
    input.need("path").ends_with("messages")
        && input
            .json("body")
            .and_then(|body| body.get("status"))
            .is_none()
}

/// The path's parts, without the version. What could mean another place to anybody on the way is refused: nothing is decoded or resolved.
fn segments<'i>(graph: &Graph<'_>, input: &Input<'i>) -> Fallible<Vec<&'i str>> {
    let given = input.need("path");
    let mut path = given.strip_prefix('/').unwrap_or(given);
    let (first, rest) = split_once(path, b'/').unwrap_or((path, ""));
    if is_version(first) {
        if first != graph.version() || rest.is_empty() {
            let expected = ["expected a path of version ", graph.version(), ", found"];
            return Err(refuse_text(
                "path",
                &expected.joined(""),
                given,
                "Leave the version out; api_version of the connection says which one is called.",
            ));
        }
        path = rest;
    }
    let mut parts = Vec::new();
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    for part in split(path, b'/') {
        parts.push(part);
        if part.bytes().all(|byte| byte == b'.') || !part.bytes().all(plain) {
            return Err(refuse_text(
                "path",
                "expected letters, digits and _-. between slashes, found",
                part,
                "Give only what stands behind the version in Meta's documentation, for example 106540352242922/message_qrdls; what comes behind \
                 a ? goes into query.",
            ));
        }
    }
    Ok(parts)
}

/// Refuses a secret by its name, wherever it stands.
fn no_secrets(input: &Input<'_>, place: &str, value: &Value) -> Fallible<()> {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                let place = path(place, name);
                if SECRETS.iter().any(|secret| has_word(name, secret)) {
                    let problem = ["expected no secret, got ", &kind(value)].joined("");
                    return Err(input.refuse(&place, &problem, NO_SECRETS));
                }
                no_secrets(input, &place, value)?;
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                no_secrets(input, &super::item(place, index), item)?;
            }
        }
        _ => {}
    }
    Ok(())
}

#[cfg(test)]
#[path = "graph_call_tests.rs"]
mod tests;
