//! Answers from memory.

use bytes::Bytes;
use futures_util::future::{BoxFuture, ready};
use futures_util::{FutureExt, stream};
use host_test::client::{HttpClient, IncomingResponse, OutgoingRequest, SendError};
use http::HeaderMap;

/// What Meta says to a message.
const ACCEPTED: &[u8] = br#"{"messaging_product":"whatsapp","contacts":[{"input":"+16505551234","wa_id":"16505551234"}],"messages":[{"id":"wamid.HBgLMTY1MDU1NTEyMzQVAgARGBI5QTNDQTVCM0Q0Q0Q2RTY3RTcA"}]}"#;

/// Accepts every message at once.
pub struct Accepting;

impl HttpClient for Accepting {
    fn send(&self, _: OutgoingRequest) -> BoxFuture<'_, Result<IncomingResponse, SendError>> {
        ready(Ok(accepted())).boxed()
    }
}

/// That a message was accepted.
pub fn accepted() -> IncomingResponse {
    IncomingResponse {
        status: 200,
        headers: HeaderMap::new(),
        body: Box::pin(stream::iter([Ok(Bytes::from_static(ACCEPTED))])),
    }
}
