//! What all messages share: one POST, made once, and Meta's receipt.

use super::output::finish;
use super::reading::{known, lacks, texts, word};
use super::{address, window};
use crate::contract::whatsapp::connector::types::Error;
use crate::fault::{Fallible, of_error};
use crate::graph::{
    Graph, answer,
    request::{Call, Effect},
};
use crate::json::{Input, Object, items};
use crate::prelude::*;
use serde_json::Value;

/// Sends `content` as a free-form message of the kind `kind`, or the fallback template in its place. It is never repeated here.
pub fn send(
    graph: &Graph<'_>,
    input: &Input<'_>,
    kind: &str,
    content: impl Into<Value>,
) -> Fallible<Value> {
    send_value(graph, input, kind, content.into())
}

// Not generic: it stands in the component once.
fn send_value(graph: &Graph<'_>, input: &Input<'_>, kind: &str, content: Value) -> Fallible<Value> {
    match fallback(graph, input) {
        Some(sent) => sent,
        None => post(graph, input, kind, content, false),
    }
}

/// Sends the fallback template, when it goes out in the place of the message.
pub fn fallback(graph: &Graph<'_>, input: &Input<'_>) -> Option<Fallible<Value>> {
    match window::fallback(input) {
        Ok(None) => None,
        Ok(Some(template)) => Some(post(graph, input, "template", template, true)),
        Err(error) => Some(Err(error)),
    }
}

/// Sends a message whatever the window.
pub fn post(
    graph: &Graph<'_>,
    input: &Input<'_>,
    kind: &str,
    content: Value,
    used_fallback: bool,
) -> Fallible<Value> {
    let body = address::fields(input)?
        .with("type", kind)
        .with(kind, content);
    deliver(graph, input, "messages", body, used_fallback)
}

/// Posts a whole body, address included, to an edge of the phone number.
pub fn deliver(
    graph: &Graph<'_>,
    input: &Input<'_>,
    edge: &str,
    body: Object,
    used_fallback: bool,
) -> Fallible<Value> {
    let id = graph.phone_number_id(input)?;
    let call = Call::post(&[id, edge], Effect::Once, body).attempt(input.number("attempt"));
    let answer = graph.call(call);
    let answer = match used_fallback {
        true => answer.map_err(of_fallback)?,
        false => answer?,
    };
    let receipt = sent(&answer, input.need("to"))?;
    finish(receipt.with("used_fallback", used_fallback))
}

/// What Meta says about a template's name is about that of the fallback.
fn of_fallback(mut error: Box<Error>) -> Box<Error> {
    if let Some(fault) = of_error(&mut error)
        && fault.field.as_deref() == Some("name")
    {
        fault.field = Some("window.fallback.name".to_owned());
    }
    error
}

/// Reads Meta's receipt. One without a message id is no receipt.
fn sent(answer: &Value, to: &str) -> Fallible<Object> {
    let first = |list: &str| items(answer, &[list]).first().unwrap_or(&Value::Null);
    let (message, contact) = (first("messages"), first("contacts"));
    if lacks(message, "id") {
        return Err(answer::incomplete(Effect::Once, "messages[0].id"));
    }
    // Meta names a status for templates only; everything else that has a receipt is accepted.
    let output = Object::new()
        .with("status", "accepted")
        .with("recipient", to);
    let output = known(output, "status", word(message, &["message_status"]));
    let output = known(output, "recipient", word(contact, &["input"]));
    let output = texts(output, message, "message_id=id,group_id");
    Ok(texts(output, contact, "wa_id,user_id"))
}
