//! An answer before it becomes bytes on a connection.

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use serde_json::Value;

use crate::graph_error::GraphError;
use crate::meta_json;
use crate::world::MediaContent;

/// Content-Type of every Graph answer.
pub(crate) const GRAPH_JSON: &str = "application/json; charset=UTF-8";

#[derive(Debug)]
pub(crate) struct Reply {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: MediaContent,
}

impl Reply {
    pub(crate) fn new(status: StatusCode, content_type: &str, body: impl Into<Bytes>) -> Self {
        let mut reply = Self {
            status,
            headers: HeaderMap::new(),
            body: MediaContent::Bytes(body.into()),
        };
        reply.set(header::CONTENT_TYPE, content_type);
        reply
    }

    /// A 200 answer of Graph.
    pub(crate) fn graph(value: &Value) -> Self {
        Self::new(StatusCode::OK, GRAPH_JSON, meta_json::to_text(value))
    }

    /// `{"success":true}`.
    pub(crate) fn success() -> Self {
        Self::graph(&serde_json::json!({"success": true}))
    }

    /// A refusal of Graph.
    pub(crate) fn error(error: &GraphError, trace_id: &str) -> Self {
        let mut reply = Self::new(
            error.status,
            GRAPH_JSON,
            meta_json::to_text(&error.to_json(trace_id)),
        );
        if error.code == 190 {
            // Graph's challenge; its quoted text is the message.
            let message = error.message.replace('"', "'");
            reply.set(
                header::WWW_AUTHENTICATE,
                &format!("OAuth \"Facebook Platform\" \"invalid_token\" \"{message}\""),
            );
        }
        reply
    }

    /// An answer of the control interface: readable JSON.
    pub(crate) fn control(status: StatusCode, value: &Value) -> Self {
        let text = serde_json::to_string_pretty(value).unwrap_or_default();
        Self::new(status, "application/json", text)
    }

    /// Sets a header; a value that HTTP does not allow is left out.
    pub(crate) fn set(&mut self, name: HeaderName, value: &str) {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.insert(name, value);
        }
    }

    /// As [`Reply::set`] for the headers that have no name in the `http` crate.
    pub(crate) fn set_named(&mut self, name: &'static str, value: &str) {
        self.set(HeaderName::from_static(name), value);
    }
}
