//! The same crate, compiled for this machine, with the same host behind it.

use super::{CUSTOMER, PHONE_NUMBER_ID, TEXT};
use futures_util::FutureExt;
use host_test::{Host, wit};
use serde_json::json;
use whatsapp_connector::contract::whatsapp::connector::http as inner;
use whatsapp_connector::graph::transport::Transport;

/// The connection, as JSON.
pub fn connection() -> String {
    json!({"phone_number_id": PHONE_NUMBER_ID}).to_string()
}

/// The input of `send-text`, as JSON.
pub fn text() -> String {
    json!({"to": CUSTOMER, "body": TEXT}).to_string()
}

/// Sends through the host's own gateway, so that what is compared differs in WebAssembly alone.
pub struct Gateway<'h>(pub &'h Host);

impl Transport for Gateway<'_> {
    fn send(&self, request: &inner::Request) -> Result<inner::Response, inner::Failure> {
        // The network is in memory: the answer is there when the future is asked for the first time.
        let answer = self.0.http_send(outgoing(request)).now_or_never().unwrap();
        match answer {
            Ok(response) => Ok(incoming(response)),
            Err(failure) => Err(inner::Failure::NotSent(format!("{failure:?}"))),
        }
    }
}

fn outgoing(request: &inner::Request) -> wit::http::Request {
    let inner::Body::Json(body) = &request.body else {
        unreachable!("a text is sent as JSON")
    };
    wit::http::Request {
        method: wit::http::Method::Post,
        url: request.url.clone(),
        headers: Vec::new(),
        body: wit::http::Body::Json(body.clone()),
        credentials: vec![wit::http::Credential {
            secret: wit::http::Secret::AccessToken,
            placement: wit::http::Placement::Bearer,
        }],
        timeout_ms: request.timeout_ms,
        sink: wit::http::Sink::Memory,
    }
}

fn incoming(response: wit::http::Response) -> inner::Response {
    let headers = response.headers.into_iter();
    let headers = headers.map(|header| inner::Header {
        name: header.name,
        value: header.value,
    });
    inner::Response {
        status: response.status,
        headers: headers.collect(),
        body: match response.body {
            wit::http::Content::Text(text) => inner::Content::Text(text),
            wit::http::Content::Bytes(bytes) => inner::Content::Bytes(bytes),
            wit::http::Content::Blob(handle) => inner::Content::Blob(handle),
        },
    }
}
