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
    let wanted = match input.text("sha256") {
        None => None,
        Some(text) => Some(digest(text).ok_or_else(|| {
            let problem = format!("expected 64 hexadecimal digits or their base64, got `{text}`");
            input.refuse("sha256", &problem, "")
        })?),
    };
    let info = match key {
        "id" => media_files::get(graph, input)?,
        _ => Value::Null,
    };
    let said = |name| text_at(&info, &[name]);
    let address = said("url").unwrap_or_else(|| input.need(key).to_owned());
    let Some(file) = graph.download(key, &address)? else {
        return Err(input.refuse(
            key,
            "there is no file at its address",
            match key {
                "id" => GONE,
                _ => "An address works for 5 minutes only. Give the file's id instead, or run get-media right before this.",
            },
        ));
    };
    let header = |name| file.header(name).map(str::to_owned);
    let size = media_files::number(header("x-blob-size"));
    let sha256 = header("x-blob-sha256");
    let said_size = media_files::number(said("file_size"));
    let said_sha256 = wanted.or_else(|| digest(&said("sha256")?));
    let problem = match ((&sha256, &said_sha256), (size, said_size)) {
        ((Some(found), Some(said)), _) if found != said => {
            Some(format!("its SHA-256 is {found}, expected {said}"))
        }
        (_, (Some(found), Some(said))) if found != said => {
            Some(format!("it has {found} bytes, expected {said}"))
        }
        _ => None,
    };
    if let Some(problem) = problem {
        return Err(Box::new(Error::Unavailable(fault(
            format!("The file arrived damaged: {problem}."),
            "Try again: nothing of it is used. If it stays and the input has a sha256, that is of another file.",
        ))));
    }
    Ok(Object::new()
        .with("blob", file.blob.as_str())
        .with(
            "mime_type",
            said("mime_type").or_else(|| header("content-type")),
        )
        .with("size", size.or(said_size))
        .with("verified", sha256.is_some() && said_sha256.is_some())
        .with("sha256", sha256.or(said_sha256))
        .with("id", input.text("id"))
        .into())
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
