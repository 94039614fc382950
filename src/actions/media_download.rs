//! `download-media`.

use super::base64;
use super::media_files::{self, GONE};
use super::output::finish;
use super::reading::{known, word};
use super::refuse_text;
use crate::contract::whatsapp::connector::types::Error;
use crate::fault::{Fallible, fault};
use crate::graph::Graph;
use crate::json::{Input, Object, text_at};
use crate::prelude::*;
use serde_json::Value;

/// Has the host store a file, and compares what it stored with what Meta says of the file.
pub fn download(graph: &Graph<'_>, input: &Input<'_>) -> Fallible<Value> {
    let key = input.one_of(&["id", "url"])?;
    let given = input.need("sha256");
    let mut sha256 = digest(given);
    if sha256.is_empty() && !given.is_empty() {
        let expected = "expected 64 hexadecimal digits or their base64, got";
        return Err(refuse_text("sha256", expected, given, ""));
    }
    let info = match key {
        "id" => media_files::get(graph, input)?,
        _ => input.pick(&["url"]).into(),
    };
    let Some(file) = graph.download(key, word(&info, &["url"]))? else {
        let advice = match key {
            "id" => GONE,
            _ => EXPIRED,
        };
        return Err(input.refuse(key, "there is no file at its address", advice));
    };
    if sha256.is_empty() {
        sha256 = digest(word(&info, &["sha256"]));
    }
    let header = |name| file.header(name).unwrap_or_default();
    let found = header("x-blob-sha256");
    compare("SHA-256", found, &sha256)?;
    let size = text_at(&info, &["file_size"]).unwrap_or_default();
    let found_size = header("x-blob-size");
    compare("size in bytes", found_size, &size)?;
    let mime_type = first(word(&info, &["mime_type"]), header("content-type"));
    let size = first(found_size, &size).parse::<u64>();
    let output = Object::new()
        .with("blob", file.blob.as_str())
        .with("size", size.ok())
        .with("verified", !found.is_empty() && !sha256.is_empty());
    let output = known(output, "mime_type", mime_type);
    let output = known(output, "sha256", first(found, &sha256));
    finish(known(output, "id", input.need("id")))
}

/// The first text, or, when it is empty, the second.
fn first<'t>(text: &'t str, other: &'t str) -> &'t str {
    if text.is_empty() { other } else { text }
}

/// What to do about an address that leads nowhere.
const EXPIRED: &str = "An address works for 5 minutes only. Give the file's id instead, or run get-media right before this.";

/// Refuses what is not as it has to be, when both are known.
fn compare(what: &str, found: &str, expected: &str) -> Fallible<()> {
    if found.is_empty() || expected.is_empty() || found == expected {
        return Ok(());
    }
    Err(Box::new(Error::Unavailable(fault(
        format!("The file arrived damaged: its {what} is {found}, expected {expected}."),
        "Try again: nothing of it is used. If it stays and the input has a sha256, that is of another file.",
    ))))
}

/// A SHA-256 in lower-case hexadecimal digits, or empty. Meta writes these, or base64.
fn digest(text: &str) -> String {
    if text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return text.to_ascii_lowercase();
    }
    let bytes = base64::decode(text).unwrap_or_default();
    let mut hex = String::new();
    if bytes.len() == 32 {
        for byte in bytes {
            for digit in [byte >> 4, byte & 15] {
                hex.push(char::from(b"0123456789abcdef"[usize::from(digit)]));
            }
        }
    }
    hex
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_of_a_hash_become_one() {
        let hex = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        for text in [
            hex,
            &hex.to_ascii_uppercase(),
            "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=",
        ] {
            assert_eq!(digest(text), hex, "{text}");
        }
        for text in [
            "",
            "ba78",
            "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0",
            "AAAA",
            &"g".repeat(64),
        ] {
            assert_eq!(digest(text), "", "{text}");
        }
    }
}
