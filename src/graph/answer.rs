//! What an answer, or its absence, means.

use super::{
    codes::{self, Class},
    request::Effect,
    usage,
};
use crate::contract::whatsapp::connector::http::{Content, Failure, Header, Response};
use crate::contract::whatsapp::connector::types::{Error, Fault, GraphError};
use crate::fault::{Fallible, fault};
use crate::json::{at, from_text, text_at};
use crate::prelude::*;
use serde_json::Value;

/// Reads the JSON of a successful answer; everything else becomes an error.
///
/// By what the caller can do about it: `Effect::Once` (a message) with no readable answer is `permanent-outcome-unknown`, the
/// same without a side effect is `unavailable`. `attempt` says how often the same was refused before.
pub fn read(
    result: Result<Response, Failure>,
    effect: Effect,
    attempt: Option<u32>,
) -> Fallible<Value> {
    let response = result.map_err(|failure| Box::new(from_failure(failure, effect)))?;
    let body = json(&response);
    match body {
        Some(body) if body.get("error").is_some_and(Value::is_object) => {
            Err(from_graph(&response, &body, effect, attempt).into())
        }
        Some(body) if (200..300).contains(&response.status) => Ok(body),
        _ => Err(from_status(&response, effect).into()),
    }
}

/// The JSON of an answer, whatever it says.
pub fn json(response: &Response) -> Option<Value> {
    match &response.body {
        Content::Text(text) => from_text(text).ok(),
        Content::Bytes(bytes) => from_text(core::str::from_utf8(bytes).ok()?).ok(),
        Content::Blob(_) => None,
    }
}

/// A file that the host has stored.
pub struct Stored {
    /// The host's handle of it.
    pub blob: String,
    headers: Vec<Header>,
}

impl Stored {
    /// What a header says, unless it is empty. The host has its own: `x-blob-size` and `x-blob-sha256`.
    pub fn header(&self, name: &str) -> Option<&str> {
        usage::header(&self.headers, name).filter(|value| !value.is_empty())
    }
}

/// Reads the answer to a download; nothing when there is no such file (any more).
pub fn stored(result: Result<Response, Failure>) -> Fallible<Option<Stored>> {
    match result {
        Ok(Response {
            status: 200..300,
            headers,
            body: Content::Blob(blob),
        }) => Ok(Some(Stored { blob, headers })),
        Ok(Response {
            status: 404 | 410, ..
        }) => Ok(None),
        Ok(Response {
            status: 200..300, ..
        }) => Err(Box::new(Error::PermanentRejected(fault(
            "The host did not store the file.",
            "Have the operator of the workflow engine switch on the storage of files.",
        )))),
        other => read(other, Effect::Read, None).map(|_| None),
    }
}

/// A send that Meta answered with a success that lacks what it must hold.
pub fn incomplete(effect: Effect, missing: &str) -> Box<Error> {
    lost(effect, format!("Meta's answer lacks `{missing}`."), None).into()
}

fn from_failure(failure: Failure, effect: Effect) -> Error {
    match failure {
        Failure::Denied(reason) => Error::PermanentRejected(fault(
            format!("The host refused to send the request: {reason}"),
            "Nothing was sent. Change what the host names: in the connection, or by the operator of the workflow engine.",
        )),
        Failure::NotSent(reason) => Error::Unavailable(fault(
            format!("No connection to the Graph API: {reason}"),
            "Nothing was sent. Try again; if it stays, check the engine's network, DNS and the connection's base_url.",
        )),
        Failure::NoAnswer(reason) => lost(
            effect,
            format!("No complete answer came from the Graph API: {reason}"),
            None,
        ),
        Failure::TooLarge(limit) if effect == Effect::Read => Error::PermanentRejected(fault(
            format!("The answer is larger than the host's limit of {limit} bytes."),
            "Have the operator of the host raise the limit.",
        )),
        Failure::TooLarge(limit) => lost(
            effect,
            format!("The answer is larger than the host's limit of {limit} bytes."),
            None,
        ),
    }
}

/// The request may have been carried out, and nobody can tell.
fn lost(effect: Effect, message: String, graph: Option<GraphError>) -> Error {
    let advice = match effect {
        Effect::Once => {
            "It may have been sent. Before you send again, wait for a status webhook with your callback_data, or ask the customer: a \
             blind repetition may reach them twice."
        }
        Effect::Read | Effect::Idempotent => "Try again: repeating this action does no harm.",
    };
    let fault = Fault {
        graph,
        ..fault(message, advice)
    };
    match effect {
        Effect::Once => Error::PermanentOutcomeUnknown(fault),
        Effect::Read | Effect::Idempotent => Error::Unavailable(fault),
    }
}

/// An answer with Graph's `error` object.
fn from_graph(response: &Response, body: &Value, effect: Effect, attempt: Option<u32>) -> Error {
    let graph = graph_error(response.status, body);
    let transient = at(body, &["error", "is_transient"]).and_then(Value::as_bool) == Some(true);
    let code = at(body, &["error", "code"]).and_then(Value::as_i64);
    let entry = codes::find(code, graph.subcode);
    let class = match entry.map(|entry| entry.class) {
        // Whatever the code, Meta says that it will pass.
        Some(Class::Rejected) | None if transient => Class::Unavailable,
        Some(class) => class,
        None if response.status == 429 => Class::RateLimited,
        None if response.status == 401 => Class::Unauthorized,
        // An error of the server that says nothing known: nobody promises that nothing was done.
        None if response.status >= 500 => {
            return lost(effect, headline("failed", &graph), Some(graph));
        }
        None => Class::Rejected,
    };
    let advice = match entry {
        Some(entry) => entry.advice(),
        None if transient => "Meta says that this passes. Try again later.",
        None => codes::UNKNOWN_ADVICE,
    };
    let fault = Fault {
        retry_after_ms: match class {
            Class::RateLimited | Class::Unavailable => usage::retry_after_ms(&response.headers)
                .or_else(|| entry.and_then(|entry| entry.wait_ms(attempt))),
            _ => None,
        },
        field: entry.and_then(codes::Entry::field),
        ..fault(headline("refused", &graph), advice)
    };
    class.error(Fault {
        graph: Some(graph),
        ..fault
    })
}

/// Meta's words in one line: for people if there are such, else the most precise ones.
fn headline(verb: &str, graph: &GraphError) -> String {
    let message = graph.message.as_str();
    let words = graph.user_message.as_ref().or(graph.details.as_ref());
    let Some(words) = words.filter(|words| *words != message) else {
        return ["Meta ", verb, ": ", message].joined("");
    };
    // A message for people often goes on where its title ends.
    let title = match (&graph.user_title, &graph.user_message) {
        (Some(title), Some(_)) => [title, ": "],
        _ => [""; 2],
    };
    [
        "Meta ", verb, ": ", message, " (", title[0], title[1], words, ")",
    ]
    .joined("")
}

fn graph_error(status: u16, body: &Value) -> GraphError {
    let text = |path: &[&str]| text_at(body, path).filter(|text| !text.is_empty());
    let number = |path: &[&str]| match at(body, path)? {
        Value::Number(number) => number.as_i64(),
        _ => None,
    };
    GraphError {
        status,
        code: number(&["error", "code"]).unwrap_or_default(),
        subcode: number(&["error", "error_subcode"]),
        kind: text(&["error", "type"]).unwrap_or_default(),
        message: text(&["error", "message"])
            .unwrap_or_else(|| format!("an error without a message, HTTP {}", u32::from(status))),
        details: text(&["error", "error_data", "details"])
            .or_else(|| text(&["error", "error_data"])),
        user_title: text(&["error", "error_user_title"]),
        user_message: text(&["error", "error_user_msg"]),
        trace_id: text(&["error", "fbtrace_id"]),
    }
}

/// An answer without Graph's `error` object: a gateway's page, a redirect, half an answer.
fn from_status(response: &Response, effect: Effect) -> Error {
    let status = u32::from(response.status);
    match status {
        429 => Error::RateLimited(Fault {
            retry_after_ms: usage::retry_after_ms(&response.headers),
            ..fault(
                "Too many requests (HTTP 429).",
                "Nothing was sent. Wait, then try again.",
            )
        }),
        200..300 => lost(
            effect,
            format!("The answer (HTTP {status}) is not JSON, or not all of it."),
            None,
        ),
        408 | 500.. => lost(
            effect,
            format!("The server failed (HTTP {status}) without saying why."),
            None,
        ),
        401 => Error::PermanentUnauthorized(fault(
            "The server asks for other credentials (HTTP 401).",
            "Reconnect with a valid access token; if the connection has its own base_url, check that gateway.",
        )),
        _ => Error::PermanentRejected(fault(
            format!("The server answered HTTP {status}, and not as the Graph API does."),
            "Check the connection's base_url and api_version: something else than the Graph API seems to answer there.",
        )),
    }
}
