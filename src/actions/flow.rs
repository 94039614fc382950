//! `send-flow`.

use super::interactive::{self, named};
use crate::fault::Fallible;
use crate::graph::Graph;
use crate::json::{Input, Object};
use serde_json::Value;

/// Version of the messages that open a Flow. Source: Meta's OpenAPI document.
const MESSAGE_VERSION: &str = "3";

/// What the input's fields are called in Meta's parameters.
const NAMES: [(&str, &str); 6] = [
    ("flow_id", "flow_id"),
    ("flow_name", "flow_name"),
    ("cta", "flow_cta"),
    ("token", "flow_token"),
    ("mode", "mode"),
    ("action", "flow_action"),
];

/// Sends a Flow.
pub fn send(graph: &Graph<'_>, input: &Input<'_>) -> Fallible<Value> {
    input.one_of(&["flow_id", "flow_name"])?;
    let mut parameters = Object::new()
        .with("flow_message_version", MESSAGE_VERSION)
        .with_some("flow_action_payload", payload(input)?);
    for (field, name) in &NAMES {
        parameters = parameters.with_some(name, input.text(field));
    }
    interactive::send(graph, input, "flow", true, named("flow", parameters))
}

fn payload(input: &Input<'_>) -> Fallible<Option<Object>> {
    if !input.has("screen") {
        return match input.has("data") {
            false => Ok(None),
            true => Err(input.refuse(
                "data",
                "goes with screen, and there is none",
                "Name the first screen, or leave data out.",
            )),
        };
    }
    if input.text("action") == Some("data_exchange") {
        return Err(input.refuse(
            "screen",
            "goes with the action navigate, and action is data_exchange",
            "Leave screen out: your endpoint says which screen comes first.",
        ));
    }
    let data = input.raw_object("data")?;
    if data
        .and_then(Value::as_object)
        .is_some_and(|data| data.is_empty())
    {
        return Err(input.refuse(
            "data",
            "expected at least one field, got an empty object",
            "Leave data out when the screen needs none.",
        ));
    }
    Ok(Some(input.pick(&["screen", "data"])))
}
