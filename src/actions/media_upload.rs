//! Uploading a file of the host's to Meta: by `send-media` and `upload-media`.

use super::media_rules::extension;
use crate::contract::whatsapp::connector::http::{Content, Part};
use crate::fault::Fallible;
use crate::graph::{
    Graph, answer,
    request::{Call, Effect},
};
use crate::json::{Input, text_at};
use crate::prelude::*;

/// Uploads a file of the host's, or bytes, with the `mime_type` and the `filename` of the input, and returns Meta's id of it. It lives 30 days.
///
/// A second upload makes a second id and does no harm, so a lost answer means "try again". Check type and size before, with
/// [`super::media_rules`].
pub fn upload(
    graph: &Graph<'_>,
    input: &Input<'_>,
    phone_number_id: &str,
    content: Content,
) -> Fallible<String> {
    let mime_type = input.need("mime_type");
    // Without a file name the part would be a form field and no file.
    let filename = match input.text("filename") {
        Some(name) => name.to_owned(),
        None => ["file.", extension(mime_type).unwrap_or("bin")].joined(""),
    };
    let field = |name: &str, content| Part {
        name: name.to_owned(),
        filename: None,
        content_type: None,
        content,
    };
    let file = Part {
        filename: Some(filename),
        content_type: Some(mime_type.to_owned()),
        ..field("file", content)
    };
    let parts = vec![
        field("messaging_product", Content::Text("whatsapp".to_owned())),
        field("type", Content::Text(mime_type.to_owned())),
        file,
    ];
    let answer = graph.call(Call::form(
        &[phone_number_id, "media"],
        Effect::Idempotent,
        parts,
    ))?;
    text_at(&answer, &["id"])
        .filter(|id| !id.is_empty())
        .ok_or_else(|| answer::incomplete(Effect::Idempotent, "id"))
}

/// Refuses a file name that would begin a line of its own in the form.
pub fn check_filename(input: &Input<'_>) -> Fallible<()> {
    match input.text("filename") {
        Some(name) if name.chars().any(char::is_control) => Err(input.refuse(
            "filename",
            "expected one line, got a line break or another control character",
            "Remove it.",
        )),
        _ => Ok(()),
    }
}
