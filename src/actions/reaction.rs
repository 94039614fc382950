//! `send-reaction`.

use super::message;
use crate::contract::exports::whatsapp::connector::messages::Reaction;
use crate::contract::whatsapp::connector::types::Sent;
use crate::fault::{Fallible, check_text};
use crate::graph::Graph;
use crate::json::Object;

/// Reacts to a message, or takes the reaction back: Meta takes an empty emoji for that.
pub fn send(graph: &Graph<'_>, input: Reaction) -> Fallible<Sent> {
    check_text("message_id", &input.message_id, usize::MAX)?;
    let content = Object::new()
        .with("message_id", input.message_id)
        .with("emoji", input.emoji.unwrap_or_default());
    message::send(graph, &input.address, "reaction", content)
}
