//! `send-raw`: any message in Meta's own shape, for what has no action.

use super::{address, message};
use crate::fault::Fallible;
use crate::graph::Graph;
use crate::json::Input;
use crate::prelude::*;
use serde_json::Value;

/// Sends a message as it is, with the address, the window and the receipt of every other message.
pub fn send(graph: &Graph<'_>, input: &Input<'_>) -> Fallible<Value> {
    let given = input.raw_object("message")?.unwrap_or(&Value::Null);
    // Meta takes a message without a type for a text.
    let kind = given.get("type").and_then(Value::as_str).unwrap_or("text");
    if given.get(kind).is_none() {
        let problem = [
            "expected a type and a field of that name, but there is no `",
            kind,
            "`",
        ];
        // The field's own help text.
        return Err(input.refuse("message", &problem.joined(""), ""));
    }
    let mut body = address::fields(input)?;
    if let Value::Object(fields) = given {
        for (name, value) in fields {
            if body.has(name) || name == "to" || name == "recipient" {
                return Err(input.refuse(
                    &["message.", name].joined(""),
                    "belongs to the address, which has fields of its own here",
                    "Leave it out: to, recipient_type, reply_to, callback_data and identity_key_hash say it.",
                ));
            }
            body.put(name, value.clone());
        }
    }
    if kind != "template"
        && let Some(sent) = message::fallback(graph, input)
    {
        return sent;
    }
    // Only Marketing Messages know these, and they take templates.
    let marketing = body.has("product_policy") || body.has("message_activity_sharing");
    let edge = match marketing {
        true => "marketing_messages",
        false => "messages",
    };
    message::deliver(graph, input, edge, body, false)
}
