//! `send-raw`: any message in Meta's own shape, for what has no action.

use super::{address, message, window};
use crate::fault::Fallible;
use crate::graph::Graph;
use crate::json::{Input, text_at};
use crate::prelude::*;
use serde_json::Value;

/// Sends a message as it is, with the address, the window and the receipt of every other message.
pub fn send(graph: &Graph<'_>, input: &Input<'_>) -> Fallible<Value> {
    let given = input.raw_object("message")?.unwrap_or(&Value::Null);
    // Meta takes a message without a type for a text.
    let kind = text_at(given, &["type"]).unwrap_or_else(|| "text".to_owned());
    if given.get(&kind).is_none() {
        return Err(input.refuse(
            "message",
            &format!("expected a type and a field of that name, but there is no `{kind}`"),
            // The field's own help text.
            "",
        ));
    }
    let mut body = address::fields(input)?;
    for (name, value) in given.as_object().into_iter().flatten() {
        if body.has(name) || name == "to" || name == "recipient" {
            let field = ["message.", name].concat();
            return Err(input.refuse(
                &field,
                "belongs to the address, which has fields of its own here",
                "Leave it out. Whom it goes to is said by to and recipient_type, the rest by reply_to, callback_data and identity_key_hash.",
            ));
        }
        body = body.with(name, value.clone());
    }
    let edge = match input.is("marketing") {
        true => "marketing_messages",
        false => "messages",
    };
    if kind != "template"
        && let Some(template) = window::fallback(input)?
    {
        return message::post(graph, input, "template", template, true);
    }
    message::deliver(graph, input, edge, body, false)
}
