//! For tests of programs that embed the host: a network that is made of prepared answers.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use futures_util::future::BoxFuture;
use futures_util::{FutureExt, stream};
use http::HeaderMap;
use http::header::CONTENT_TYPE;

use crate::client::{HttpClient, IncomingResponse, OutgoingBody, OutgoingRequest, SendError};

/// An HTTP client that gives prepared answers in their order and remembers the requests. A clone shares both.
#[derive(Clone, Debug, Default)]
pub struct ScriptedClient {
    script: Arc<Mutex<Script>>,
}

#[derive(Debug, Default)]
struct Script {
    answers: VecDeque<Result<Answer, SendError>>,
    requests: Vec<RecordedRequest>,
}

#[derive(Clone, Debug)]
struct Answer {
    status: u16,
    headers: HeaderMap,
    body: Bytes,
}

/// A request as it would have left, secrets included; `Debug` shows neither them nor the rest of a query.
#[derive(Clone, PartialEq)]
pub struct RecordedRequest {
    /// `GET`, `POST` or `DELETE`.
    pub method: String,
    /// The URL with its query.
    pub url: String,
    /// All headers but those of the framing.
    pub headers: HeaderMap,
    /// The body.
    pub body: OutgoingBody,
}

impl std::fmt::Debug for RecordedRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let path = self.url.split('?').next().unwrap_or_default();
        f.debug_struct("RecordedRequest")
            .field("method", &self.method)
            .field("url", &path)
            // The host marks the header with a secret as sensitive.
            .field("headers", &self.headers)
            .field("body", &self.body)
            .finish()
    }
}

impl RecordedRequest {
    /// The body as text; empty for a form.
    #[must_use]
    pub fn text(&self) -> String {
        match &self.body {
            OutgoingBody::Bytes(bytes) => String::from_utf8_lossy(bytes).into_owned(),
            OutgoingBody::Empty | OutgoingBody::Multipart(_) => String::new(),
        }
    }
}

impl ScriptedClient {
    /// A network that answers nothing: each request fails as `not-sent` until an answer is added.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a JSON answer.
    #[must_use]
    pub fn json(self, status: u16, body: impl Into<String>) -> Self {
        let headers = HeaderMap::from_iter([(
            CONTENT_TYPE,
            http::HeaderValue::from_static("application/json"),
        )]);
        self.answer(status, headers, body.into())
    }

    /// Adds an answer.
    #[must_use]
    pub fn answer(self, status: u16, headers: HeaderMap, body: impl Into<Bytes>) -> Self {
        self.script(|script| {
            script.answers.push_back(Ok(Answer {
                status,
                headers,
                body: body.into(),
            }))
        });
        self
    }

    /// Adds a failure.
    #[must_use]
    pub fn failure(self, error: SendError) -> Self {
        self.script(|script| script.answers.push_back(Err(error)));
        self
    }

    /// All requests so far.
    #[must_use]
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.script(|script| script.requests.clone())
    }

    fn script<T>(&self, work: impl FnOnce(&mut Script) -> T) -> T {
        work(&mut self.script.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl HttpClient for ScriptedClient {
    fn send(&self, request: OutgoingRequest) -> BoxFuture<'_, Result<IncomingResponse, SendError>> {
        let OutgoingRequest {
            method,
            url,
            headers,
            body,
        } = request;
        let answer = self.script(|script| {
            script.requests.push(RecordedRequest {
                method: method.to_string(),
                url: url.into(),
                headers,
                body,
            });
            script.answers.pop_front()
        });
        async move {
            let Answer {
                status,
                headers,
                body,
            } = answer.unwrap_or_else(|| {
                Err(SendError::NotSent(
                    "the script has no answer left; add one for each request".to_owned(),
                ))
            })?;
            Ok(IncomingResponse {
                status,
                headers,
                body: Box::pin(stream::iter([Ok(body)])),
            })
        }
        .boxed()
    }
}
