//! What all messages share: one POST, made once, and Meta's receipt.

use super::address;
use crate::contract::whatsapp::connector::types::{Address, Delivery, Sent};
use crate::fault::Fallible;
use crate::graph::{
    Graph, answer,
    request::{Call, Effect},
};
use crate::json::{at, text_at};
use crate::prelude::*;
use serde_json::Value;

/// Sends `content` as a message of the kind `kind`. It is never repeated here.
pub fn send(
    graph: &Graph<'_>,
    address: &Address,
    kind: &str,
    content: impl Into<Value>,
) -> Fallible<Sent> {
    let body = address::fields(address)?
        .with("type", kind)
        .with(kind, content);
    let phone_number_id = graph.phone_number_id(&address.phone_number_id)?;
    let call = Call::post(&[phone_number_id, "messages"], Effect::Once, body);
    sent(&graph.call(call)?, &address.to)
}

/// Reads Meta's receipt. One without a message id is no receipt.
fn sent(answer: &Value, to: &str) -> Fallible<Sent> {
    let first = |list: &str| at(answer, &[list]).and_then(|list| list.get(0));
    let message = |key: &str| first("messages").and_then(|message| text_at(message, &[key]));
    let contact = |key: &str| first("contacts").and_then(|contact| text_at(contact, &[key]));
    let message_id = message("id")
        .filter(|id| !id.is_empty())
        .ok_or_else(|| answer::incomplete(Effect::Once, "messages[0].id"))?;
    Ok(Sent {
        message_id,
        recipient: contact("input").unwrap_or_else(|| to.to_owned()),
        wa_id: contact("wa_id"),
        user_id: contact("user_id"),
        group_id: message("group_id"),
        status: delivery(message("message_status")),
    })
}

/// Meta names a status for templates only; everything else that has a receipt is accepted.
fn delivery(status: Option<String>) -> Delivery {
    match status.as_deref() {
        None | Some("accepted") => Delivery::Accepted,
        Some("held_for_quality_assessment") => Delivery::HeldForQualityAssessment,
        Some("paused") => Delivery::Paused,
        Some(other) => Delivery::Other(other.to_owned()),
    }
}
