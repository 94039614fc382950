//! `send-text`.

use super::message;
use crate::fault::Fallible;
use crate::graph::Graph;
use crate::json::Input;
use serde_json::Value;

/// Sends a text message.
pub fn send(graph: &Graph<'_>, input: &Input<'_>) -> Fallible<Value> {
    message::send(graph, input, "text", input.pick(&["body", "preview_url"]))
}
