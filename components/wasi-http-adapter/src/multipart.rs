//! `multipart/form-data` (RFC 7578).

use crate::bindings::exports::whatsapp::connector::http::{Content, Part};

/// Content type and body. The error is the text of `denied`.
pub fn encode(parts: &[Part]) -> Result<(String, Vec<u8>), String> {
    let mut contents = Vec::new();
    for part in parts {
        contents.push(match &part.content {
            Content::Text(text) => text.as_bytes(),
            Content::Bytes(bytes) => bytes.as_slice(),
            Content::Blob(_) => {
                return Err(
                    "this host keeps no files, so a `blob` cannot be sent; give the file's link, its id, or its bytes"
                        .to_owned(),
                );
            }
        });
    }
    let boundary = boundary(&contents);
    let mut body = Vec::new();
    for (part, content) in parts.iter().zip(&contents) {
        let mut head = format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"{}\"",
            quoted(&part.name)
        );
        if let Some(filename) = &part.filename {
            head.push_str(&format!("; filename=\"{}\"", quoted(filename)));
        }
        if let Some(kind) = &part.content_type {
            if kind.bytes().any(|byte| byte < b' ' || byte == 127) {
                return Err(
                    "a part's content type has a character that HTTP does not allow".to_owned(),
                );
            }
            head.push_str(&format!("\r\nContent-Type: {kind}"));
        }
        head.push_str("\r\n\r\n");
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(content);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    Ok((format!("multipart/form-data; boundary={boundary}"), body))
}

/// A line that stands in no part. The same parts have the same one: there is no randomness here.
fn boundary(contents: &[&[u8]]) -> String {
    let mut number = 0_u32;
    loop {
        let boundary = format!("whatsapp-connector-{number}");
        let needle = boundary.as_bytes();
        let is_in = |content: &&[u8]| content.windows(needle.len()).any(|window| window == needle);
        if !contents.iter().any(is_in) {
            return boundary;
        }
        number += 1;
    }
}

/// As browsers escape names (WHATWG HTML, "multipart form data").
fn quoted(name: &str) -> String {
    name.replace('"', "%22")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_stand_between_lines_that_no_part_holds() {
        let part = |name: &str, filename: Option<&str>, content: Content| Part {
            name: name.to_owned(),
            filename: filename.map(str::to_owned),
            content_type: filename.map(|_| "image/png".to_owned()),
            content,
        };
        let parts = [
            part(
                "messaging_product",
                None,
                Content::Text("whatsapp-connector-0".to_owned()),
            ),
            part("file", Some("a\"b.png"), Content::Bytes(vec![0, 255])),
        ];
        let (kind, body) = encode(&parts).unwrap();
        assert_eq!(kind, "multipart/form-data; boundary=whatsapp-connector-1");
        let expected = b"--whatsapp-connector-1\r\nContent-Disposition: form-data; name=\"messaging_product\"\r\n\r\nwhatsapp-connector-0\r\n\
            --whatsapp-connector-1\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a%22b.png\"\r\nContent-Type: image/png\r\n\r\n\x00\xff\r\n\
            --whatsapp-connector-1--\r\n";
        assert_eq!(body, expected);
        assert!(encode(&[part("file", None, Content::Blob("x".to_owned()))]).is_err());
    }
}
