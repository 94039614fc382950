//! What all messages share: one POST, made once, and Meta's receipt.

use super::{address, window};
use crate::fault::Fallible;
use crate::graph::{
    Graph, answer,
    request::{Call, Effect},
};
use crate::json::{Input, Object, at, text_at};
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
    match window::fallback(input)? {
        Some(template) => post(graph, input, "template", template, true),
        None => post(graph, input, kind, content, false),
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
    let receipt = sent(&graph.call(call)?, input.need("to"))?;
    Ok(receipt.with("used_fallback", used_fallback).into())
}

/// Reads Meta's receipt. One without a message id is no receipt.
fn sent(answer: &Value, to: &str) -> Fallible<Object> {
    let first = |list: &str| at(answer, &[list]).and_then(|list| list.get(0));
    let message = |key: &str| first("messages").and_then(|message| text_at(message, &[key]));
    let contact = |key: &str| first("contacts").and_then(|contact| text_at(contact, &[key]));
    let message_id = message("id")
        .filter(|id| !id.is_empty())
        .ok_or_else(|| answer::incomplete(Effect::Once, "messages[0].id"))?;
    // Meta names a status for templates only; everything else that has a receipt is accepted.
    let status = message("message_status").unwrap_or_else(|| "accepted".to_owned());
    Ok(Object::new()
        .with("message_id", message_id)
        .with(
            "recipient",
            contact("input").unwrap_or_else(|| to.to_owned()),
        )
        .with("wa_id", contact("wa_id"))
        .with("user_id", contact("user_id"))
        .with("group_id", message("group_id"))
        .with("status", status))
}
