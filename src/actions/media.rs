//! `send-media`, and files in other messages.

use super::message;
use crate::fault::{Fallible, invalid};
use crate::graph::Graph;
use crate::json::{Input, Object};
use crate::prelude::*;
use serde_json::Value;

/// Sends a media file by link or by id.
pub fn send(graph: &Graph<'_>, input: &Input<'_>) -> Fallible<Value> {
    let kind = input.need("kind");
    let key = input.one_of(&["link", "id"])?;
    let captioned = ["image", "video", "document"].contains(&kind);
    for (field, fits, allowed, advice) in [
        (
            "caption",
            captioned,
            "image, video and document",
            "Leave it out, or send it as a text of its own.",
        ),
        ("filename", kind == "document", "document", "Leave it out."),
    ] {
        if input.has(field) && !fits {
            let problem = format!("only for {allowed}, and kind is {kind}");
            return Err(input.refuse(field, &problem, advice));
        }
    }
    check_link(input, key)?;
    let voice = kind == "voice";
    let kind = if voice { "audio" } else { kind };
    let content = input
        .pick(&["link", "id", "caption", "filename"])
        .with_some("voice", voice.then_some(true));
    message::send(graph, input, kind, content)
}

fn check_link(input: &Input<'_>, key: &str) -> Fallible<()> {
    if key == "link" {
        check_address(&input.path(key), input.need(key))?;
    }
    Ok(())
}

/// Refuses what is no web address.
pub fn check_address(field: &str, address: &str) -> Fallible<()> {
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

/// A file inside another message, in Meta's shape: the field `kind` of `input`.
pub fn reference(input: &Input<'_>, kind: &str) -> Fallible<Object> {
    let Some(file) = input.object(kind) else {
        return Ok(Object::new());
    };
    let key = file.one_of(&["link", "id"])?;
    check_link(&file, key)?;
    Ok(file
        .pick(&["link", "id"])
        .with_some("filename", file.shared("filename").cloned()))
}
