//! `send-reaction`.

use super::message;
use crate::fault::Fallible;
use crate::graph::Graph;
use crate::json::Input;
use serde_json::Value;

/// Reacts to a message, or takes the reaction back: Meta takes an empty emoji for that.
pub fn send(graph: &Graph<'_>, input: &Input<'_>) -> Fallible<Value> {
    let emoji = input.text("emoji").unwrap_or_default();
    let content = input.pick(&["message_id"]).with("emoji", emoji);
    message::send(graph, input, "reaction", content)
}
