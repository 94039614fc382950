//! `send-template`.

use super::{message, template_components};
use crate::fault::Fallible;
use crate::graph::Graph;
use crate::json::{Input, Object};
use serde_json::Value;

/// Sends a template.
pub fn send(graph: &Graph<'_>, input: &Input<'_>) -> Fallible<Value> {
    let components = match input.raw_array("components")? {
        Some(given) => {
            for name in ["header", "body", "buttons"] {
                if input.has(name) {
                    return Err(input.refuse(
                        name,
                        "cannot go together with components",
                        "Say the variables with header, body and buttons, or with components alone.",
                    ));
                }
            }
            Some(given.clone())
        }
        None => template_components::build(input)?,
    };
    let language = Object::new().with("code", input.need("language"));
    let content = Object::new()
        .with("name", input.need("name"))
        .with("language", language)
        .with_some("components", components);
    message::post(graph, input, "template", content.into(), false)
}
