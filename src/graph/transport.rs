//! The way out: the host's `http.send`, or, in native tests, an answer from memory.

use crate::contract::whatsapp::connector::http::{Failure, Request, Response};

/// Sends a request. Implementations send at most once.
pub trait Transport {
    /// Sends one request and waits for the whole answer.
    fn send(&self, request: &Request) -> Result<Response, Failure>;
}

/// The host's `http.send`.
#[cfg(target_arch = "wasm32")]
pub struct HostTransport;

#[cfg(target_arch = "wasm32")]
impl Transport for HostTransport {
    fn send(&self, request: &Request) -> Result<Response, Failure> {
        crate::contract::whatsapp::connector::http::send(request)
    }
}
