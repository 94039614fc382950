//! `send-text`.

use super::message;
use crate::contract::exports::whatsapp::connector::messages::Text;
use crate::contract::whatsapp::connector::types::Sent;
use crate::fault::{Fallible, check_text};
use crate::graph::Graph;
use crate::json::Object;

/// Most characters of a text. Source: Meta's page "Text messages".
pub const BODY_MAX: usize = 4096;

/// Sends a text message.
pub fn send(graph: &Graph<'_>, input: Text) -> Fallible<Sent> {
    check_text("body", &input.body, BODY_MAX)?;
    let content = Object::new()
        .with("body", input.body)
        .with_some("preview_url", input.preview_url);
    message::send(graph, &input.address, "text", content)
}
