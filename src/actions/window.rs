//! The customer service window: for 24 hours after a customer's message or call, a business may answer freely. Source: Meta's page "Send
//! messages". (The 72 hours after a click on an advertisement are about prices: the window is the same.)

use super::{item, template_components::check_variable};
use crate::contract::whatsapp::connector::types::{Error, Fault};
use crate::fault::{Fallible, fault};
use crate::json::{Input, Object, text_at};
use crate::prelude::*;
use serde_json::Value;

/// How long the window stays open, in seconds.
pub const OPEN_S: u64 = 24 * 60 * 60;

/// From here on a time is in milliseconds: as seconds it would be in the year 5138.
const MILLISECONDS_FROM: u64 = 100_000_000_000;

/// The template that goes out in the place of a message: none while the window is open, or when nothing is known of it. Refuses when it is
/// closed and there is no template.
pub fn fallback(input: &Input<'_>) -> Fallible<Option<Value>> {
    let Some(window) = input.object("window") else {
        return Ok(None);
    };
    let now = time(&window, "now")?.unwrap_or_default();
    let last = time(&window, "last_inbound_at")?;
    if last.is_some_and(|last| last > now.saturating_add(OPEN_S)) {
        return Err(window.refuse(
            "now",
            "expected the time now, got one more than a day before last_inbound_at",
            "Take both from the same clock.",
        ));
    }
    let template = window.object("fallback");
    let template = template.map(|given| self::template(&given)).transpose()?;
    let found = match last.map(|last| now.saturating_sub(last)) {
        Some(silence) if silence <= OPEN_S => return Ok(None),
        Some(silence) => format!(
            "the customer last wrote more than {} hours ago",
            (silence - 1) / 3600
        ),
        None => "the customer never wrote".to_owned(),
    };
    match template {
        Some(template) => Ok(Some(template)),
        None => Err(Box::new(Error::PermanentWindowClosed(Fault {
            field: Some("window".to_owned()),
            ..fault(
                format!("window: closed, because {found}; it is open for 24 hours"),
                "Nothing was sent. Send a template with send-template, or name one in window.fallback; when the customer answers, free \
                 text works again.",
            )
        }))),
    }
}

/// A time in seconds since 1970.
pub fn time(window: &Input<'_>, field: &str) -> Fallible<Option<u64>> {
    match window.number(field) {
        Some(time) if time >= MILLISECONDS_FROM => Err(window.refuse(
            field,
            &format!("expected seconds since 1970, got {time}, which looks like milliseconds"),
            "Divide it by 1000.",
        )),
        time => Ok(time),
    }
}

/// A template message in Meta's shape.
fn template(input: &Input<'_>) -> Fallible<Value> {
    let mut parameters: Vec<Value> = Vec::new();
    for (position, text) in input.texts("body").enumerate() {
        check_variable(&item(&input.path("body"), position), text)?;
        parameters.push(Object::new().with("type", "text").with("text", text).into());
    }
    let given = input.raw_array("components")?.and_then(Value::as_array);
    let mut components = given.cloned().unwrap_or_default();
    if !parameters.is_empty() {
        let is_body = |part: &Value| text_at(part, &["type"]).is_some_and(|kind| kind == "body");
        if components.iter().any(is_body) {
            return Err(input.refuse(
                "body",
                "cannot go together with a body in components",
                "Give the body's values in one of the two.",
            ));
        }
        let body = Object::new().with("type", "body");
        components.push(body.with("parameters", parameters).into());
    }
    let language = Object::new().with("code", input.need("language"));
    let components = (!components.is_empty()).then_some(components);
    Ok(input
        .pick(&["name"])
        .with("language", language)
        .with_some("components", components)
        .into())
}
