//! The customer service window: for 24 hours after a customer's message or call, a business may answer freely. Source: Meta's page "Send
//! messages". (The 72 hours after a click on an advertisement are about prices: the window is the same.)

use super::output::List;
use super::reading::word;
use super::{item, template_components::content};
use crate::contract::whatsapp::connector::types::Error;
use crate::fault::{Fallible, fault};
use crate::json::{Input, Object, items};
use crate::prelude::*;
use crate::templates::check_variable;
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
    let template = match window.object("fallback") {
        Some(given) => Some(template(&given)?),
        None => None,
    };
    let silence = last.map(|last| now.saturating_sub(last));
    if silence.is_some_and(|silence| silence <= OPEN_S) {
        return Ok(None);
    }
    match template {
        None => Err(closed(silence)),
        template => Ok(template),
    }
}

/// The window is closed: for so many seconds the customer has not written.
fn closed(silence: Option<u64>) -> Box<Error> {
    let found = match silence {
        Some(silence) => {
            let hours = (silence - 1) / 3600;
            format!("the customer last wrote more than {hours} hours ago")
        }
        None => "the customer never wrote".to_owned(),
    };
    let mut fault = fault(
        [
            "window: closed, because ",
            &found,
            "; it is open for 24 hours",
        ]
        .joined(""),
        "Nothing was sent. Send a template with send-template, or name one in window.fallback; when the customer answers, free text \
         works again.",
    );
    fault.field = Some("window".to_owned());
    Box::new(Error::PermanentWindowClosed(fault))
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
    let mut parameters = List::default();
    for (position, text) in input.texts("body").enumerate() {
        check_variable(&item(&input.path("body"), position), text)?;
        parameters.push(Object::new().with("type", "text").with("text", text));
    }
    let given = input.raw_array("components")?.unwrap_or(&Value::Null);
    let mut components = List(items(given, &[]).to_vec());
    if !parameters.0.is_empty() {
        let is_body = |part: &Value| word(part, &["type"]) == "body";
        if components.0.iter().any(is_body) {
            return Err(input.refuse(
                "body",
                "cannot go together with a body in components",
                "Give the body's values in one of the two.",
            ));
        }
        let body = Object::new().with("type", "body");
        components.push(body.with("parameters", parameters));
    }
    let components = (!components.0.is_empty()).then_some(components.0);
    Ok(content(input, components).into())
}
