//! `send-media`.

use super::message;
use crate::contract::exports::whatsapp::connector::messages::{Media, MediaKind, MediaReference};
use crate::contract::whatsapp::connector::types::{Error, Sent};
use crate::fault::{Fallible, check_text, exactly_one, invalid, path};
use crate::graph::Graph;
use crate::json::Object;
use crate::prelude::*;

/// Most characters below an image, a video or a document. Source: Meta's pages on these.
pub const CAPTION_MAX: usize = 1024;

/// Sends a media file by link or by id.
pub fn send(graph: &Graph<'_>, input: Media) -> Fallible<Sent> {
    let rules = rules(input.kind);
    let (key, source) = source("", &input.link, &input.id)?;
    if let Some(caption) = &input.caption {
        if !rules.caption {
            return Err(unwanted("caption", rules.name, "image, video and document"));
        }
        check_text("caption", caption, CAPTION_MAX)?;
    }
    if input.filename.is_some() && !rules.filename {
        return Err(unwanted("filename", rules.name, "document"));
    }
    let content = Object::new()
        .with(key, source)
        .with_some("caption", input.caption.as_deref())
        .with_some("filename", input.filename.as_deref())
        .with_some("voice", rules.voice.then_some(true));
    message::send(graph, &input.address, rules.graph_type, content)
}

/// What a kind of media may carry.
struct Rules {
    /// Its name in the input.
    name: &'static str,
    /// Meta's message type.
    graph_type: &'static str,
    caption: bool,
    filename: bool,
    voice: bool,
}

fn rules(kind: MediaKind) -> Rules {
    let (name, graph_type, caption, filename, voice) = match kind {
        MediaKind::Image => ("image", "image", true, false, false),
        MediaKind::Video => ("video", "video", true, false, false),
        MediaKind::Audio => ("audio", "audio", false, false, false),
        MediaKind::Voice => ("voice", "audio", false, false, true),
        MediaKind::Document => ("document", "document", true, true, false),
        MediaKind::Sticker => ("sticker", "sticker", false, false, false),
    };
    Rules {
        name,
        graph_type,
        caption,
        filename,
        voice,
    }
}

fn unwanted(field: &str, kind: &str, allowed: &str) -> Box<Error> {
    invalid(
        field,
        &format!("only for {allowed}, and kind is {kind}"),
        if field == "caption" {
            "Leave it out, or send it as a text of its own."
        } else {
            "Leave it out."
        },
    )
}

/// Takes the `link` or the `id` of a file, with its name; `parent` is the path of the object that holds it.
pub fn source<'s>(
    parent: &str,
    link: &'s Option<String>,
    id: &'s Option<String>,
) -> Fallible<(&'static str, &'s str)> {
    let key = exactly_one(parent, &[("link", link.is_some()), ("id", id.is_some())])?;
    let source = link.as_deref().or(id.as_deref()).unwrap_or_default();
    let field = path(parent, key);
    check_text(&field, source, usize::MAX)?;
    if key == "link" {
        check_address(&field, source)?;
    }
    Ok((key, source))
}

/// Refuses what is no web address.
pub fn check_address(field: &str, address: &str) -> Fallible<()> {
    check_text(field, address, usize::MAX)?;
    let rest = address
        .strip_prefix("https://")
        .or_else(|| address.strip_prefix("http://"));
    let blank = |byte: u8| byte.is_ascii_whitespace() || byte.is_ascii_control();
    if rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/'))
        && !address.bytes().any(blank)
    {
        return Ok(());
    }
    Err(invalid(
        field,
        &format!("expected a web address (https://…) without blanks, got `{address}`"),
        "Give a public address, or, for a file, upload it and give its id.",
    ))
}

/// A file inside another message, in Meta's shape; `field` is the path of the reference and `kind` what it is.
pub fn reference(field: &str, kind: &str, input: &MediaReference) -> Fallible<Object> {
    let (key, source) = source(field, &input.link, &input.id)?;
    if input.filename.is_some() && kind != "document" {
        return Err(invalid(
            &path(field, "filename"),
            &format!("only for a document, and this is {kind}"),
            "Leave it out.",
        ));
    }
    Ok(Object::new()
        .with(key, source)
        .with_some("filename", input.filename.as_deref()))
}
