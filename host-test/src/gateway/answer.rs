//! From a server's answer to what the component gets: limits, sinks, and no secret.

use bytes::Bytes;
use futures_util::StreamExt;
use http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, HeaderMap};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::client::{BodyStream, IncomingResponse, SendError};
use super::headers;
use super::scrub::{self, Scrubber};
use crate::bindings::whatsapp::connector::http::{Content, Failure, Header, Response, Sink};
use crate::blobs::{BlobError, BlobStore};
use crate::credentials::Credentials;
use crate::secret::Secret;

/// What an answer may cost and where its parts go.
#[derive(Debug)]
pub(crate) struct Receiver<'a> {
    pub(crate) credentials: &'a Credentials,
    pub(crate) blobs: &'a BlobStore,
    /// The largest body held in memory, in bytes.
    pub(crate) max_bytes: u64,
}

impl Receiver<'_> {
    /// Reads the whole answer. The second value is the size of its body in bytes, for the log.
    pub(crate) async fn receive(
        &self,
        response: IncomingResponse,
        sink: &Sink,
    ) -> Result<(Response, u64), Failure> {
        let IncomingResponse {
            status,
            headers,
            body,
        } = response;
        refuse_encoded(&headers)?;
        let mut told = headers::incoming(&headers);
        let (content, size) = match sink {
            // Anything else is no file, but a text that says why there is none.
            Sink::Blob if (200..300).contains(&status) => {
                let (content, size, digest) = self.to_blob(&headers, body).await?;
                told.extend(headers::of_stored(size, &digest));
                (content, size)
            }
            // Only a success can hold a token worth keeping.
            Sink::AccessToken(field) if (200..300).contains(&status) => {
                let bytes = read(&headers, body, self.max_bytes).await?;
                let size = length(&bytes);
                (self.keep_token(field, &bytes).await?, size)
            }
            _ => {
                let bytes = read(&headers, body, self.max_bytes).await?;
                let size = length(&bytes);
                (text_or_bytes(bytes), size)
            }
        };
        Ok((
            self.blank(Response {
                status,
                headers: told,
                body: content,
            }),
            size,
        ))
    }

    /// Stores a file; its size and its SHA-256 are those of the bytes as they were stored.
    async fn to_blob(
        &self,
        headers: &HeaderMap,
        mut body: BodyStream,
    ) -> Result<(Content, u64, [u8; 32]), Failure> {
        let content_type = headers
            .get(CONTENT_TYPE)
            .and_then(|value| value.to_str().ok());
        let mut writer = self.blobs.writer(content_type).map_err(blob_failure)?;
        let mut size = 0;
        let mut digest = Sha256::new();
        while let Some(piece) = body.next().await {
            let piece = piece.map_err(failure)?;
            size += length(&piece);
            writer.write(&piece).await.map_err(blob_failure)?;
            digest.update(&piece);
        }
        let handle = writer.finish().await.map_err(blob_failure)?;
        Ok((Content::Blob(handle), size, digest.finalize().into()))
    }

    /// Takes the token out of the answer. An answer without a usable one is not returned: nobody knows where in it a token stands.
    async fn keep_token(&self, field: &str, bytes: &[u8]) -> Result<Content, Failure> {
        let Ok(Value::Object(mut object)) = serde_json::from_slice(bytes) else {
            return Err(self.no_token("it is not a JSON object"));
        };
        let Some(Value::String(token)) = object.remove(field) else {
            return Err(self.no_token(&format!("it has no text `{field}`")));
        };
        let token = Secret::new(&token)
            .map_err(|problem| self.no_token(&format!("`{field}`: {problem}")))?;
        self.credentials.replace_access_token(token).await;
        Ok(Content::Text(Value::Object(object).to_string()))
    }

    fn no_token(&self, problem: &str) -> Failure {
        tracing::warn!(
            problem,
            "the answer holds no access token; the former one stays"
        );
        Failure::NoAnswer(format!("the answer holds no access token: {problem}"))
    }

    /// Blanks the secrets. Comes last, so that a token that this very answer brought is blanked in the rest of it.
    fn blank(&self, response: Response) -> Response {
        let scrubber = Scrubber::new(self.credentials.to_blank());
        let body = match response.body {
            Content::Text(text) => {
                let text = scrubber.text(text);
                Content::Text(scrub::issued_tokens(&text).unwrap_or(text))
            }
            Content::Bytes(bytes) => Content::Bytes(scrubber.bytes(bytes)),
            Content::Blob(handle) => Content::Blob(handle),
        };
        let blank_header = |header: Header| Header {
            name: header.name,
            value: scrubber.text(header.value),
        };
        Response {
            headers: response.headers.into_iter().map(blank_header).collect(),
            body,
            ..response
        }
    }
}

/// The request said `accept-encoding: identity`. In an answer that is compressed all the same, a secret could not be found.
fn refuse_encoded(headers: &HeaderMap) -> Result<(), Failure> {
    match headers.get(CONTENT_ENCODING) {
        Some(encoding) if !encoding.as_bytes().eq_ignore_ascii_case(b"identity") => {
            Err(Failure::NoAnswer(format!(
                "the server answered with the content encoding {encoding:?}, which was not asked for and cannot be checked"
            )))
        }
        _ => Ok(()),
    }
}

async fn read(headers: &HeaderMap, mut body: BodyStream, limit: u64) -> Result<Vec<u8>, Failure> {
    let announced = headers
        .get(CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    if announced.is_some_and(|announced| announced > limit) {
        return Err(Failure::TooLarge(limit));
    }
    let mut bytes = Vec::new();
    while let Some(piece) = body.next().await {
        let piece: Bytes = piece.map_err(failure)?;
        if length(&bytes) + length(&piece) > limit {
            return Err(Failure::TooLarge(limit));
        }
        bytes.extend_from_slice(&piece);
    }
    Ok(bytes)
}

fn text_or_bytes(bytes: Vec<u8>) -> Content {
    match String::from_utf8(bytes) {
        Ok(text) => Content::Text(text),
        Err(error) => Content::Bytes(error.into_bytes()),
    }
}

fn length(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX)
}

/// The body of an answer has begun, so the request has arrived, whatever the client calls the error.
fn failure(error: SendError) -> Failure {
    match error {
        SendError::Denied(text) | SendError::NotSent(text) | SendError::NoAnswer(text) => {
            Failure::NoAnswer(text)
        }
    }
}

fn blob_failure(error: BlobError) -> Failure {
    match error {
        BlobError::TooLarge { limit } => Failure::TooLarge(limit),
        other => Failure::NoAnswer(format!("an answer came, but could not be stored: {other}")),
    }
}

#[cfg(test)]
#[path = "answer_tests.rs"]
mod tests;
