//! `send-media`, and files in other messages.

use super::{address, below, media_rules, media_upload, message, refuse_text};
use crate::contract::whatsapp::connector::http::Content;
use crate::contract::whatsapp::connector::types::Error;
use crate::fault::{Fallible, of_error};
use crate::graph::Graph;
use crate::json::{Input, Object};
use crate::prelude::*;
use serde_json::Value;

/// Sends a media file by link, by id, or by uploading it first.
pub fn send(graph: &Graph<'_>, input: &Input<'_>) -> Fallible<Value> {
    let kind = input.need("kind");
    let key = input.one_of(&["link", "id", "blob"])?;
    let captioned = ["image", "video", "document"].contains(&kind);
    let document = kind == "document";
    let (field, allowed, advice) = if input.has("caption") && !captioned {
        (
            "caption",
            "image, video and document",
            "Leave it out, or send it as a text of its own.",
        )
    } else if input.has("filename") && !document {
        ("filename", "document", "Leave it out.")
    } else {
        ("", "", "")
    };
    if !field.is_empty() {
        let problem = ["only for ", allowed, ", and kind is ", kind].joined("");
        return Err(input.refuse(field, &problem, advice));
    }
    check_link(input, key)?;
    let upload = key == "blob";
    check_file(input, kind, upload)?;
    let content = input.pick(&["link", "id", "caption", "filename"]);
    let (meta_kind, content) = match kind {
        "voice" => ("audio", content.with("voice", true)),
        kind => (kind, content),
    };
    if !upload {
        return message::send(graph, input, meta_kind, content);
    }
    // Everything that can be refused is refused before the file leaves.
    let number = graph.phone_number_id(input)?;
    address::fields(input)?;
    if let Some(sent) = message::fallback(graph, input) {
        return sent;
    }
    let blob = Content::Blob(input.need("blob").to_owned());
    let id = media_upload::upload(graph, input, number, blob).map_err(not_uploaded)?;
    let content = content.with("id", id.as_str()).into();
    message::post(graph, input, meta_kind, content, false).map_err(|error| uploaded(error, &id))
}

/// The type and size of the file, as far as they are known.
fn check_file(input: &Input<'_>, kind: &str, upload: bool) -> Fallible<()> {
    match input.text("mime_type") {
        None if upload => {
            return Err(input.refuse(
                "mime_type",
                "required, because the file is uploaded; got none",
                // The field's own help text.
                "",
            ));
        }
        // A document by link or id may be any file.
        Some(mime_type) if upload || kind != "document" => {
            media_rules::check_type("mime_type", mime_type, kind)?;
        }
        _ => {}
    }
    media_upload::check_filename(input)?;
    match input.number("size") {
        Some(size) => media_rules::check_size("size", size, kind),
        None => Ok(()),
    }
}

/// A host that refuses the upload may have no such file.
fn not_uploaded(mut error: Box<Error>) -> Box<Error> {
    if let Error::PermanentRejected(fault) = &mut *error
        && fault.graph.is_none()
    {
        fault.advice +=
            " If it is about the file: take a blob that the workflow engine has just given you.";
    }
    error
}

/// The file is with Meta, the message is not: whoever tries again needs no second upload.
fn uploaded(mut error: Box<Error>, id: &str) -> Box<Error> {
    if let Some(fault) = of_error(&mut error) {
        let advice = " The file is uploaded already: if you send again, give id in place of blob: ";
        fault.advice = [&fault.advice, advice, id, "."].joined("");
    }
    error
}

fn check_link(input: &Input<'_>, key: &str) -> Fallible<()> {
    if key == "link" {
        check_address(&input.path(key), input.need(key))?;
    }
    Ok(())
}

/// Refuses what is no web address.
pub fn check_address(field: &str, address: &str) -> Fallible<()> {
    let rest = below(&["https://", "http://"], address);
    if !rest.is_empty() && !rest.starts_with('/') {
        return Ok(());
    }
    Err(refuse_text(
        field,
        "expected a web address (https://…) without blanks, got",
        address,
        "Give a public address, or, for a file, upload it and give its id.",
    ))
}

/// A file inside another message, in Meta's shape: the field `kind` of `input`.
pub fn reference(input: &Input<'_>, kind: &str) -> Fallible<Object> {
    match input.object(kind) {
        Some(given) => file(&given),
        None => Ok(Object::new()),
    }
}

/// A file by link or by id, in Meta's shape.
pub fn file(file: &Input<'_>) -> Fallible<Object> {
    let key = file.one_of(&["link", "id"])?;
    check_link(file, key)?;
    Ok(file
        .pick(&["link", "id"])
        .with_some("filename", file.shared("filename").cloned()))
}
