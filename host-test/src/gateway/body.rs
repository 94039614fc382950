//! The body of a request: bytes of the component, or files of the host.

use bytes::Bytes;
use http::Method;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, HeaderValue};

use super::client::{OutgoingBody, OutgoingContent, OutgoingPart};
use crate::bindings::whatsapp::connector::http::{Body, Content, Part};
use crate::blobs::BlobStore;

/// Makes the body and the headers that belong to it, but for those of a form. The error is the text of `failure.denied`.
pub(crate) async fn outgoing(
    method: &Method,
    body: Body,
    blobs: &BlobStore,
    headers: &mut HeaderMap,
) -> Result<OutgoingBody, String> {
    match body {
        Body::Empty => {
            // HTTP clients say nothing about a body that is not there, and some servers refuse a POST that says nothing (411).
            if *method == Method::POST {
                headers.insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
            }
            Ok(OutgoingBody::Empty)
        }
        Body::Json(text) => {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
            Ok(OutgoingBody::Bytes(Bytes::from(text)))
        }
        Body::Multipart(parts) => {
            let mut outgoing = Vec::with_capacity(parts.len());
            for part in parts {
                outgoing.push(outgoing_part(part, blobs).await?);
            }
            Ok(OutgoingBody::Multipart(outgoing))
        }
    }
}

async fn outgoing_part(part: Part, blobs: &BlobStore) -> Result<OutgoingPart, String> {
    let Part {
        name,
        filename,
        content_type,
        content,
    } = part;
    // These three become header text inside the body: a line break in one would begin a header, or a part, of its own.
    if name.is_empty()
        || !name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "_-.[]".contains(c))
    {
        return Err(format!(
            "a part of the form has the name {name:?}; expected letters, digits and `_-.[]` only"
        ));
    }
    if filename
        .as_deref()
        .is_some_and(|text| text.chars().any(char::is_control))
    {
        return Err(format!(
            "the file name of the part `{name}` has a line break or another control character; remove it"
        ));
    }
    if content_type
        .as_deref()
        .is_some_and(|text| !is_content_type(text))
    {
        return Err(format!(
            "the content type of the part `{name}` cannot be read; expected something like `image/png`"
        ));
    }
    let content = match content {
        Content::Text(text) => OutgoingContent::Bytes(Bytes::from(text)),
        Content::Bytes(bytes) => OutgoingContent::Bytes(Bytes::from(bytes)),
        Content::Blob(handle) => {
            let file = blobs
                .locate(&handle)
                .await
                .map_err(|problem| format!("the part `{name}` cannot be sent: {problem}"))?;
            OutgoingContent::File {
                path: file.path,
                size: file.info.size,
            }
        }
    };
    Ok(OutgoingPart {
        name,
        filename,
        content_type,
        content,
    })
}

/// `type/subtype`, perhaps with parameters, in printable ASCII.
fn is_content_type(text: &str) -> bool {
    let word = |word: &str| {
        !word.is_empty()
            && word
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "!#$&-^_.+".contains(c))
    };
    let (essence, parameters) = text.split_once(';').unwrap_or((text, ""));
    essence
        .trim_end()
        .split_once('/')
        .is_some_and(|(kind, subtype)| word(kind) && word(subtype))
        && parameters.chars().all(|c| c == ' ' || c.is_ascii_graphic())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(
        name: &str,
        filename: Option<&str>,
        content_type: Option<&str>,
        content: Content,
    ) -> Part {
        Part {
            name: name.to_owned(),
            filename: filename.map(str::to_owned),
            content_type: content_type.map(str::to_owned),
            content,
        }
    }

    async fn run(body: Body) -> Result<(OutgoingBody, HeaderMap), String> {
        let mut headers = HeaderMap::new();
        let blobs = BlobStore::temporary().unwrap();
        Ok((
            outgoing(&Method::POST, body, &blobs, &mut headers).await?,
            headers,
        ))
    }

    #[tokio::test]
    async fn json_is_sent_as_it_is() {
        let (body, headers) = run(Body::Json("{\"a\" : 1}".to_owned())).await.unwrap();
        assert_eq!(body, OutgoingBody::Bytes(Bytes::from("{\"a\" : 1}")));
        assert_eq!(headers["content-type"], "application/json");
        let (body, headers) = run(Body::Empty).await.unwrap();
        assert_eq!(
            (body, &headers["content-length"]),
            (OutgoingBody::Empty, &HeaderValue::from_static("0"))
        );
    }

    #[tokio::test]
    async fn a_form_may_hold_text_bytes_and_a_file_of_the_host() {
        let blobs = BlobStore::temporary().unwrap();
        let handle = blobs.put(b"PNG".to_vec(), Some("image/png")).await.unwrap();
        let parts = vec![
            part("type", None, None, Content::Text("image/png".to_owned())),
            part(
                "file",
                Some("ä \"b\".png"),
                Some("image/png"),
                Content::Blob(handle),
            ),
            part(
                "raw",
                None,
                Some("audio/ogg; codecs=opus"),
                Content::Bytes(vec![0, 255]),
            ),
        ];
        let OutgoingBody::Multipart(parts) = outgoing(
            &Method::POST,
            Body::Multipart(parts),
            &blobs,
            &mut HeaderMap::new(),
        )
        .await
        .unwrap() else {
            panic!("not a form")
        };
        assert_eq!(
            parts[0].content,
            OutgoingContent::Bytes(Bytes::from("image/png"))
        );
        assert!(matches!(
            &parts[1].content,
            OutgoingContent::File { size: 3, .. }
        ));
        assert_eq!(
            parts[2].content,
            OutgoingContent::Bytes(Bytes::from_static(&[0, 255]))
        );
    }

    #[tokio::test]
    async fn nothing_can_be_smuggled_into_the_form() {
        let text = || Content::Text(String::new());
        for (bad, says) in [
            (
                part("a\"; filename=\"x", None, None, text()),
                "letters, digits",
            ),
            (part("a\r\nb", None, None, text()), "letters, digits"),
            (part("", None, None, text()), "letters, digits"),
            (part("file", Some("a\r\nX-Evil: 1"), None, text()), "`file`"),
            (
                part("file", None, Some("image/png\r\nX-Evil: 1"), text()),
                "content type",
            ),
            (part("file", None, Some("image"), text()), "content type"),
            (
                part(
                    "file",
                    None,
                    None,
                    Content::Blob("blob:../../etc/passwd".to_owned()),
                ),
                "`file`",
            ),
        ] {
            let refusal = run(Body::Multipart(vec![bad])).await.unwrap_err();
            assert!(refusal.contains(says), "{refusal}");
        }
    }
}
