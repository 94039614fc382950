//! `mark-as-read`.

use super::change_number;
use crate::fault::Fallible;
use crate::graph::{Graph, request::Effect};
use crate::json::{Input, Object};
use serde_json::Value;

/// Marks a message as read. Doing it twice changes nothing more.
pub fn send(graph: &Graph<'_>, input: &Input<'_>) -> Fallible<Value> {
    let typing = input
        .is("typing")
        .then(|| Object::new().with("type", "text"));
    let body = Object::new()
        .with("messaging_product", "whatsapp")
        .with("status", "read")
        .with("message_id", input.need("message_id"))
        .with_some("typing_indicator", typing);
    change_number(graph, input, Some("messages"), Effect::Idempotent, body)
}
