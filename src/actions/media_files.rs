//! `upload-media`, `get-media`, `delete-media`.

use super::output::finish;
use super::reading::{lacks, texts};
use super::{base64, done, media_rules, media_upload};
use crate::contract::whatsapp::connector::http::Content;
use crate::contract::whatsapp::connector::types::Error;
use crate::fault::Fallible;
use crate::graph::{
    Graph, answer, check_id,
    request::{Call, Effect},
};
use crate::json::{Input, Object, text_at};
use crate::prelude::*;
use serde_json::Value;

/// What to do about a file that Meta does not have. Lifetimes: Meta's page "Media".
pub const GONE: &str = "A file that was uploaded lives 30 days, one from a customer 7 days, and with phone_number_id it has to belong to that \
                        number. Upload it again, or ask the customer to send it again; if it was to be deleted, nothing is left to do.";

/// Uploads a file.
pub fn upload(graph: &Graph<'_>, input: &Input<'_>) -> Fallible<Value> {
    let source = input.one_of(&["blob", "bytes_base64"])?;
    let mime_type = input.need("mime_type");
    let kind = input
        .text("kind")
        .unwrap_or_else(|| media_rules::likely_kind(mime_type));
    media_rules::check_type("mime_type", mime_type, kind)?;
    let content = match input.text("bytes_base64") {
        None => Content::Blob(input.need("blob").to_owned()),
        Some(text) => {
            let Some(bytes) = base64::decode(text) else {
                // What was found is not repeated: it is a file.
                return Err(input.refuse(source, "expected base64, found another text", ""));
            };
            media_rules::check_size(source, bytes.len() as u64, kind)?;
            Content::Bytes(bytes)
        }
    };
    media_rules::check_size("size", input.number("size").unwrap_or_default(), kind)?;
    media_upload::check_filename(input)?;
    let number = graph.phone_number_id(input)?;
    let id = media_upload::upload(graph, input, number, content)?;
    finish(Object::new().with("id", id))
}

/// Asks what a file is.
pub fn get(graph: &Graph<'_>, input: &Input<'_>) -> Fallible<Value> {
    let answer = call(graph, input, Call::get)?;
    if lacks(&answer, "url") {
        return Err(answer::incomplete(Effect::Read, "url"));
    }
    // Meta's document has the size in quotes.
    let size = text_at(&answer, &["file_size"]).and_then(|size| size.parse::<u64>().ok());
    let output = Object::new()
        .with("id", input.need("id"))
        .with("file_size", size);
    finish(texts(output, &answer, "url,mime_type,sha256"))
}

/// Deletes a file.
pub fn delete(graph: &Graph<'_>, input: &Input<'_>) -> Fallible<Value> {
    call(graph, input, Call::delete)?;
    Ok(done())
}

/// The input names a file by `id`, and perhaps the number that it has to belong to. The connection's number does not count here: the file may
/// have come to another one.
fn call(graph: &Graph<'_>, input: &Input<'_>, method: fn(&[&str]) -> Call) -> Fallible<Value> {
    let id = check_id(
        "id",
        input.need("id"),
        "Give Meta's id of the file: upload-media returns it, and so does a customer's message.",
    )?;
    let mut call = method(&[id]);
    if let Some(number) = input.text("phone_number_id") {
        call = call.query("phone_number_id", check_id("phone_number_id", number, "")?);
    }
    graph.call(call).map_err(explain)
}

/// For a media object, code 100 has one meaning.
fn explain(mut error: Box<Error>) -> Box<Error> {
    if let Error::PermanentInvalidInput(fault) = &mut *error
        && fault.graph.as_ref().is_some_and(|graph| graph.code == 100)
    {
        fault.field = Some("id".to_owned());
        fault.advice = GONE.to_owned();
    }
    error
}
