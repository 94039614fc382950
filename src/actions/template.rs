//! `send-template`.

use super::{message, template_components};
use crate::contract::exports::whatsapp::connector::messages::Template;
use crate::contract::whatsapp::connector::types::Sent;
use crate::fault::{Fallible, check_text, invalid};
use crate::graph::Graph;
use crate::json::Object;
use crate::prelude::*;
use serde_json::Value;

/// Most characters of a template's name. Source: Meta's OpenAPI document.
pub const NAME_MAX: usize = 512;

/// Sends a template.
pub fn send(graph: &Graph<'_>, input: Template) -> Fallible<Sent> {
    check_text("name", &input.name, NAME_MAX)?;
    check_text("language", &input.language, usize::MAX)?;
    let components = match &input.components {
        Some(text) => raw(&input, text)?,
        None => template_components::build(&input)?,
    };
    let content = Object::new()
        .with("name", input.name)
        .with("language", Object::new().with("code", input.language))
        .with_some("components", components);
    message::send(graph, &input.address, "template", content)
}

/// Meta's own `components`, as the caller wrote them.
fn raw(input: &Template, text: &str) -> Fallible<Option<Value>> {
    let typed = [
        ("header", input.header.is_some()),
        ("body", input.body.is_some()),
        ("buttons", input.buttons.is_some()),
    ];
    if let Some((name, _)) = typed.iter().find(|(_, given)| *given) {
        return Err(invalid(
            name,
            "cannot go together with components",
            "Say the variables with header, body and buttons, or with components alone.",
        ));
    }
    match serde_json::from_str(text) {
        Ok(components @ Value::Array(_)) => Ok(Some(components)),
        Ok(other) => Err(invalid(
            "components",
            &format!("expected an array, got {}", crate::json::kind(&other)),
            "Give Meta's components array: [{\"type\": \"body\", \"parameters\": […]}].",
        )),
        Err(problem) => Err(invalid(
            "components",
            &format!("expected JSON, but {problem}"),
            "Give Meta's components array as JSON.",
        )),
    }
}
