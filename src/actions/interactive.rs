//! What all interactive messages share: header, body, footer and an action. And `send-interactive`, `send-cta-url`.

use super::{media, message};
use crate::fault::Fallible;
use crate::graph::Graph;
use crate::json::{Input, Object, text_at};
use crate::prelude::*;
use serde_json::Value;

/// What can stand above the text.
pub const HEADER_KINDS: [&str; 4] = ["text", "image", "video", "document"];

/// Sends an interactive message; the texts come from the input's `header`, `body` and `footer`, as far as it has these fields. `files`
/// says whether the header may be a file; otherwise it has a text.
pub fn send(
    graph: &Graph<'_>,
    input: &Input<'_>,
    kind: &str,
    files: bool,
    action: Object,
) -> Fallible<Value> {
    let text = |name| {
        let text = input.shared(name).and_then(Value::as_str);
        text.map(|text| Object::new().with("text", text))
    };
    let header = match input.shared("header") {
        Some(_) => input
            .object("header")
            .map(|given| header(&given, files))
            .transpose()?,
        None => None,
    };
    let content = Object::new()
        .with("type", kind)
        .with_some("header", header)
        .with_some("body", text("body"))
        .with_some("footer", text("footer"))
        .with("action", action);
    message::send(graph, input, "interactive", content)
}

fn header(input: &Input<'_>, files: bool) -> Fallible<Object> {
    let kind = match files {
        true => input.one_of(&HEADER_KINDS)?,
        false => "text",
    };
    if input.has("sub_text") && kind != "text" {
        return Err(input.refuse(
            "sub_text",
            &format!("goes with text, and the header is {kind}"),
            "Leave it out.",
        ));
    }
    let value = match input.text(kind) {
        Some(text) => Value::from(text),
        None => media::reference(input, kind)?.into(),
    };
    let header = Object::new().with("type", kind).with(kind, value);
    Ok(input.pick_into(header, &["sub_text"]))
}

/// Refuses a text that an earlier item of a list has as well.
pub fn check_unique(items: &[Input<'_>], field: &str) -> Fallible<()> {
    for (position, item) in items.iter().enumerate() {
        let text = item.need(field);
        if items[..position]
            .iter()
            .any(|other| other.need(field) == text)
        {
            return Err(item.refuse(
                field,
                &format!("`{text}` is given twice"),
                "Give each one its own: the customer's answer is told by it.",
            ));
        }
    }
    Ok(())
}

/// A button that opens a web page, from `display_text` and `url`.
pub fn link(input: &Input<'_>) -> Fallible<Object> {
    media::check_address(&input.path("url"), input.need("url"))?;
    Ok(named("cta_url", input.pick(&["display_text", "url"])))
}

/// An action with a name and parameters.
pub fn named(name: &str, parameters: Object) -> Object {
    Object::new()
        .with("name", name)
        .with("parameters", parameters)
}

/// `send-cta-url`.
pub fn send_cta_url(graph: &Graph<'_>, input: &Input<'_>) -> Fallible<Value> {
    send(graph, input, "cta_url", true, link(input)?)
}

/// `send-interactive`.
pub fn send_raw(graph: &Graph<'_>, input: &Input<'_>) -> Fallible<Value> {
    let interactive = input.raw_object("interactive")?.cloned();
    if interactive
        .as_ref()
        .and_then(|given| text_at(given, &["type"]))
        .is_none()
    {
        return Err(input.refuse(
            "interactive.type",
            "required; expected a text, got none",
            "Name the type of the interactive message, for example voice_call or order_details.",
        ));
    }
    message::send(graph, input, "interactive", interactive)
}
