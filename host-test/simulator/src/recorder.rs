//! What clients asked, for assertions. Secrets are removed before anything is kept.

use std::collections::VecDeque;

use serde::Serialize;
use serde_json::{Map, Value};

use crate::request::GraphRequest;

/// What stands in the place of a secret.
pub const REDACTED: &str = "[redacted]";

/// Bytes of a body that are kept; media uploads can be 100 MB.
const BODY_KEPT: usize = 64 * 1024;

/// One request as it came, without secrets.
#[derive(Clone, Debug, Serialize)]
pub struct RecordedRequest {
    /// Number of the request, from 1.
    pub id: u64,
    /// Unix milliseconds by the simulator's clock.
    pub at_ms: u64,
    /// HTTP method.
    pub method: String,
    /// Path with the version, without the query.
    pub path: String,
    /// Query parameters; tokens are replaced by [`REDACTED`].
    pub query: Vec<(String, String)>,
    /// Headers, names in lower case; `authorization` is `Bearer [redacted]`.
    pub headers: Vec<(String, String)>,
    /// Body as text (at most 64 KiB); tokens are replaced by [`REDACTED`].
    pub body: String,
    /// Length of the whole body in bytes.
    pub body_length: usize,
    /// The body's parameters (JSON object, form fields, multipart fields without files); tokens are replaced.
    pub json: Value,
    /// HTTP status of the answer; `None` when the connection was cut before one, or the answer is still being made.
    pub status: Option<u16>,
    /// Names of the faults that were applied.
    pub faults: Vec<String>,
}

/// Query parameters whose value is never kept, known or not.
static SECRET_PARAMETERS: &[&str] = &[
    "access_token",
    "input_token",
    "client_secret",
    "fb_exchange_token",
];

/// Length from which a text is looked for everywhere in a request.
const SECRET_LENGTH: usize = 8;

/// Requests that are kept; a load test would otherwise fill the memory.
const REQUESTS_KEPT: usize = 10_000;

#[derive(Debug, Default)]
pub(crate) struct Recorder {
    pub(crate) requests: VecDeque<RecordedRequest>,
    count: u64,
}

impl Recorder {
    /// Keeps a request; returns its number.
    pub(crate) fn record(&mut self, request: &GraphRequest, secrets: &[String], at_ms: u64) -> u64 {
        self.count += 1;
        let mut secrets: Vec<&str> = secrets.iter().map(String::as_str).collect();
        let own = request.access_token();
        secrets.extend(own.as_deref());
        // What is shorter than any token would only make holes into ordinary text; its own place is redacted anyway.
        secrets.retain(|secret| secret.len() >= SECRET_LENGTH);
        // Longest first, so that a secret that contains another disappears whole.
        secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
        let hide = |text: &str| {
            secrets.iter().fold(text.to_owned(), |text, secret| {
                text.replace(secret, REDACTED)
            })
        };
        let kept = request
            .raw_body
            .get(..BODY_KEPT)
            .unwrap_or(&request.raw_body);
        let query = request.query.iter().map(|(name, text)| {
            let secret = SECRET_PARAMETERS.contains(&name.as_str());
            (
                name.clone(),
                if secret {
                    REDACTED.to_owned()
                } else {
                    hide(text)
                },
            )
        });
        let headers = request.headers.iter().map(|(name, value)| {
            let text = String::from_utf8_lossy(value.as_bytes());
            let text = match (name.as_str(), text.split_once(' ')) {
                ("authorization", Some((scheme, _))) => format!("{scheme} {REDACTED}"),
                ("authorization", None) => REDACTED.to_owned(),
                _ => hide(&text),
            };
            (name.as_str().to_owned(), text)
        });
        if self.requests.len() >= REQUESTS_KEPT {
            self.requests.pop_front();
        }
        self.requests.push_back(RecordedRequest {
            id: self.count,
            at_ms,
            method: request.method.to_string(),
            path: request.path.clone(),
            query: query.collect(),
            headers: headers.collect(),
            body: hide(&String::from_utf8_lossy(kept)),
            body_length: request.raw_body.len(),
            json: hide_in(&Value::Object(request.params.clone()), &hide),
            status: None,
            faults: Vec::new(),
        });
        self.count
    }

    /// Adds how a request was answered.
    pub(crate) fn answered(&mut self, id: u64, status: Option<u16>, faults: Vec<String>) {
        if let Some(request) = self
            .requests
            .iter_mut()
            .rev()
            .find(|request| request.id == id)
        {
            request.status = status;
            request.faults = faults;
        }
    }
}

fn hide_in(value: &Value, hide: &impl Fn(&str) -> String) -> Value {
    match value {
        Value::String(text) => Value::String(hide(text)),
        Value::Array(items) => items.iter().map(|item| hide_in(item, hide)).collect(),
        Value::Object(members) => members
            .iter()
            .map(|(name, member)| (name.clone(), hide_in(member, hide)))
            .collect::<Map<_, _>>()
            .into(),
        other => other.clone(),
    }
}
