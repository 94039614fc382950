//! The body of an answer, which nobody needs. It is read all the same: whoever hangs up before makes the sink, or a proxy before it, believe that its
//! answer was lost.

use crate::bindings::wasi::{
    http::types::{IncomingBody, IncomingResponse},
    io::{poll::Pollable, streams::InputStream},
};

/// What is read of a body, in bytes. A sink that says more is cut short.
const BODY_MAX: u64 = 64 * 1024;

/// A body that is being read.
pub struct Drain {
    // The order matters: WASI wants a stream to go before its body.
    stream: Option<InputStream>,
    _body: Option<IncomingBody>,
    left: u64,
}

impl Drain {
    /// The body of this response. What cannot be read counts as read.
    pub fn new(response: &IncomingResponse) -> Self {
        let body = response.consume().ok();
        Self {
            stream: body.as_ref().and_then(|body| body.stream().ok()),
            _body: body,
            left: BODY_MAX,
        }
    }

    /// Reads what is there; whether that was all.
    pub fn is_done(&mut self) -> bool {
        while let Some(stream) = &self.stream {
            match stream.read(self.left) {
                Ok(bytes) if bytes.is_empty() => return false,
                Ok(bytes) => self.left = self.left.saturating_sub(bytes.len() as u64),
                Err(_) => self.left = 0,
            }
            if self.left == 0 {
                self.stream = None;
            }
        }
        true
    }

    /// What to wait for.
    pub fn subscribe(&self) -> Option<Pollable> {
        self.stream.as_ref().map(InputStream::subscribe)
    }
}
