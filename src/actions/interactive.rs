//! What all interactive messages share: header, body, footer and an action. And `send-interactive`, `send-cta-url`.

use super::{media::check_address, message};
use crate::contract::exports::whatsapp::connector::interactive::{
    CtaUrl, InteractiveHeader, RawInteractive,
};
use crate::contract::whatsapp::connector::types::{Address, Sent};
use crate::fault::{Fallible, check_text, exactly_one, invalid, path};
use crate::graph::Graph;
use crate::json::{Object, kind};
use crate::prelude::*;
use serde_json::Value;

/// Most characters of a body. Source: Meta's pages on interactive messages.
pub const BODY_MAX: usize = 1024;

/// Most characters of a header's text, and of a footer.
pub const HEADER_MAX: usize = 60;

/// Most characters on a button.
pub const BUTTON_MAX: usize = 20;

/// The parts of an interactive message that are not its action.
#[derive(Clone, Copy)]
pub struct Texts<'i> {
    /// What stands above the body.
    pub header: Option<&'i InteractiveHeader>,
    /// Whether the header may be a file.
    pub header_files: bool,
    /// The body and its most characters.
    pub body: Option<&'i str>,
    /// Most characters of the body.
    pub body_max: usize,
    /// Small print.
    pub footer: Option<&'i str>,
}

impl<'i> Texts<'i> {
    /// A body alone.
    pub fn body(body: &'i str) -> Self {
        Self {
            header: None,
            header_files: true,
            body: Some(body),
            body_max: BODY_MAX,
            footer: None,
        }
    }

    /// The same with a header and small print.
    pub fn with(self, header: &'i Option<InteractiveHeader>, footer: &'i Option<String>) -> Self {
        Self {
            header: header.as_ref(),
            footer: footer.as_deref(),
            ..self
        }
    }
}

/// Sends an interactive message.
pub fn send(
    graph: &Graph<'_>,
    address: &Address,
    kind: &str,
    texts: Texts<'_>,
    action: Object,
) -> Fallible<Sent> {
    let header = match texts.header {
        Some(header) => Some(self::header(header, texts.header_files)?),
        None => None,
    };
    let content = Object::new()
        .with("type", kind)
        .with_some("header", header)
        .with_some("body", part("body", texts.body, texts.body_max)?)
        .with_some("footer", part("footer", texts.footer, HEADER_MAX)?)
        .with("action", action);
    message::send(graph, address, "interactive", content)
}

fn part(field: &str, text: Option<&str>, max: usize) -> Fallible<Option<Object>> {
    match text {
        Some(text) => {
            check_text(field, text, max)?;
            Ok(Some(Object::new().with("text", text)))
        }
        None => Ok(None),
    }
}

fn header(input: &InteractiveHeader, files: bool) -> Fallible<Object> {
    let InteractiveHeader {
        text,
        image,
        video,
        document,
    } = input;
    let kind = exactly_one(
        "header",
        &[
            ("text", text.is_some()),
            ("image", image.is_some()),
            ("video", video.is_some()),
            ("document", document.is_some()),
        ],
    )?;
    let field = path("header", kind);
    if kind != "text" && !files {
        return Err(invalid(
            &field,
            "only a text can stand above this kind of message",
            "Give header.text, or leave the header out.",
        ));
    }
    let value = match (
        text,
        image.as_ref().or(video.as_ref()).or(document.as_ref()),
    ) {
        (Some(text), _) => {
            check_text(&field, text, HEADER_MAX)?;
            Value::from(text.as_str())
        }
        (None, Some(file)) => super::media::reference(&field, kind, file)?.into(),
        (None, None) => Value::Null,
    };
    Ok(Object::new().with("type", kind).with(kind, value))
}

/// Refuses a list that is empty or longer than `max`; `what` is what its items are called.
pub fn check_count(field: &str, count: usize, min: usize, max: usize) -> Fallible<()> {
    if (min..=max).contains(&count) {
        return Ok(());
    }
    Err(invalid(
        field,
        &format!("expected {min} to {max}, got {count}"),
        "Nothing is left out on its own: change the number of items.",
    ))
}

/// Refuses a text that an earlier item has as well.
pub fn check_unique<'t>(
    field: &str,
    text: &str,
    earlier: impl IntoIterator<Item = &'t str>,
) -> Fallible<()> {
    if earlier.into_iter().all(|other| other != text) {
        return Ok(());
    }
    Err(invalid(
        field,
        &format!("`{text}` is given twice"),
        "Give each one its own: the customer's answer is told by it.",
    ))
}

/// `send-cta-url`.
pub fn send_cta_url(graph: &Graph<'_>, input: CtaUrl) -> Fallible<Sent> {
    check_text("display_text", &input.display_text, BUTTON_MAX)?;
    check_address("url", &input.url)?;
    let parameters = Object::new()
        .with("display_text", input.display_text)
        .with("url", input.url);
    let action = Object::new()
        .with("name", "cta_url")
        .with("parameters", parameters);
    let texts = Texts::body(&input.body).with(&input.header, &input.footer);
    send(graph, &input.address, "cta_url", texts, action)
}

/// `send-interactive`.
pub fn send_raw(graph: &Graph<'_>, input: RawInteractive) -> Fallible<Sent> {
    let interactive = object("interactive", &input.interactive)?;
    message::send(graph, &input.address, "interactive", interactive)
}

/// JSON text that has to be an object.
pub fn object(field: &str, text: &str) -> Fallible<Value> {
    let found = match serde_json::from_str(text) {
        Ok(value @ Value::Object(_)) => return Ok(value),
        Ok(other) => kind(&other),
        Err(problem) => problem.to_string(),
    };
    Err(invalid(
        field,
        &format!("expected a JSON object, got {found}"),
        "Give an object in Meta's shape.",
    ))
}
