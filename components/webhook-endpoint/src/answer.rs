//! What Meta, or a stranger, is answered.

use crate::bindings::wasi::http::types::{
    Fields, OutgoingBody, OutgoingResponse, ResponseOutparam,
};
use alloc::string::{String, ToString};
use whatsapp_connector::webhooks::Reply;

/// Most bytes that WASI takes in one blocking write.
pub const WRITE_MAX: usize = 4096;

/// An answer. It tells a stranger nothing; the problem is for the operator.
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Body: the challenge of a handshake, or nothing.
    pub body: String,
    /// What the operator should know.
    pub problem: Option<String>,
}

impl Answer {
    /// Anything but 200, and why.
    pub fn refusal(status: u16, problem: impl Into<String>) -> Self {
        Self {
            status,
            body: String::new(),
            problem: Some(problem.into()),
        }
    }

    /// Sends it. There is nobody to tell when that fails: the other side has gone, and if it was Meta, it comes again.
    pub fn send(self, reply: ResponseOutparam) {
        let headers = [
            ("content-type".to_string(), b"text/plain".to_vec()),
            (
                "content-length".to_string(),
                self.body.len().to_string().into_bytes(),
            ),
        ];
        let response =
            OutgoingResponse::new(Fields::from_list(&headers).unwrap_or_else(|_| Fields::new()));
        // Only a number that is no HTTP status is refused.
        let _ = response.set_status_code(self.status);
        let body = response.body();
        ResponseOutparam::set(reply, Ok(response));
        if let Ok(body) = body {
            let _ = write(body, self.body.as_bytes());
        }
    }
}

fn write(body: OutgoingBody, bytes: &[u8]) -> Option<()> {
    let stream = body.write().ok()?;
    for chunk in bytes.chunks(WRITE_MAX) {
        stream.blocking_write_and_flush(chunk).ok()?;
    }
    // A body cannot end while its stream is there.
    drop(stream);
    OutgoingBody::finish(body, None).ok()
}

impl From<Reply> for Answer {
    fn from(reply: Reply) -> Self {
        Self {
            status: reply.status,
            body: reply.body,
            problem: reply.problem,
        }
    }
}
