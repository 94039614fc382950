//! `download-media`.

use super::base64;
use super::media_files::{self, GONE};
use crate::contract::whatsapp::connector::types::Error;
use crate::fault::{Fallible, fault};
use crate::graph::Graph;
use crate::json::{Input, Object, text_at};
use crate::prelude::*;
use serde_json::Value;

/// Has the host store a file, and compares what it stored with what Meta says of the file.
pub fn download(graph: &Graph<'_>, input: &Input<'_>) -> Fallible<Value> {
    let key = input.one_of(&["id", "url"])?;
    let mut sha256 = None;
    if let Some(text) = input.text("sha256") {
        sha256 = digest(text);
        if sha256.is_none() {
            let problem = format!("expected 64 hexadecimal digits or their base64, got `{text}`");
            return Err(input.refuse("sha256", &problem, ""));
        }
    }
    let info = match key {
        "id" => media_files::get(graph, input)?,
        _ => input.pick(&["url"]).into(),
    };
    let address = text_at(&info, &["url"]).unwrap_or_default();
    let Some(file) = graph.download(key, &address)? else {
        let advice = match key {
            "id" => GONE,
            _ => EXPIRED,
        };
        return Err(input.refuse(key, "there is no file at its address", advice));
    };
    let found = file.header("x-blob-sha256");
    let sha256 = sha256.or_else(|| digest(&text_at(&info, &["sha256"])?));
    compare("SHA-256", found, sha256.as_deref())?;
    let found_size = file.header("x-blob-size");
    let size = text_at(&info, &["file_size"]);
    compare("size in bytes", found_size, size.as_deref())?;
    let verified = found.is_some() && sha256.is_some();
    let size = found_size.or(size.as_deref());
    let mime_type = text_at(&info, &["mime_type"]);
    Ok(Object::new()
        .with("blob", file.blob.as_str())
        .with(
            "mime_type",
            mime_type.as_deref().or(file.header("content-type")),
        )
        .with("size", size.and_then(|size| size.parse::<u64>().ok()))
        .with("verified", verified)
        .with("sha256", found.or(sha256.as_deref()))
        .with("id", input.text("id"))
        .into())
}

/// What to do about an address that leads nowhere.
const EXPIRED: &str = "An address works for 5 minutes only. Give the file's id instead, or run get-media right before this.";

/// Refuses what is not as it has to be, when both are known.
fn compare(what: &str, found: Option<&str>, expected: Option<&str>) -> Fallible<()> {
    match (found, expected) {
        (Some(found), Some(expected)) if found != expected => {
            Err(Box::new(Error::Unavailable(fault(
                format!("The file arrived damaged: its {what} is {found}, expected {expected}."),
                "Try again: nothing of it is used. If it stays and the input has a sha256, that is of another file.",
            ))))
        }
        _ => Ok(()),
    }
}

/// A SHA-256 in lower-case hexadecimal digits. Meta writes these, or base64.
fn digest(text: &str) -> Option<String> {
    if text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Some(text.to_ascii_lowercase());
    }
    let bytes = base64::decode(text).filter(|bytes| bytes.len() == 32)?;
    Some(hex(&bytes))
}

fn hex(bytes: &[u8]) -> String {
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits
        .filter_map(|digit| char::from_digit(digit.into(), 16))
        .collect()
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
            assert_eq!(digest(text).as_deref(), Some(hex), "{text}");
        }
        for text in [
            "",
            "ba78",
            "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0",
            "AAAA",
            &"g".repeat(64),
        ] {
            assert_eq!(digest(text), None, "{text}");
        }
    }
}
