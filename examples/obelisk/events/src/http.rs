//! Reading a request, writing an answer.

use crate::Answer;
use crate::bindings::wasi::{
    http::types::{Fields, IncomingRequest, OutgoingBody, OutgoingResponse, ResponseOutparam},
    io::streams::StreamError,
};

/// Largest body that is read, in bytes: a delivery of Meta has up to 3 MB, and an event holds its item twice.
const BODY_MAX: usize = 16 * 1024 * 1024;

/// Most bytes that WASI takes in one blocking write.
const WRITE_MAX: usize = 4096;

/// The body.
pub fn body(request: &IncomingRequest) -> Result<Vec<u8>, (u16, String)> {
    let broken = |why: &str| (400, format!("the body could not be read: {why}"));
    let body = request
        .consume()
        .map_err(|()| broken("it was read before"))?;
    let stream = body.stream().map_err(|()| broken("it was read before"))?;
    let mut bytes = Vec::new();
    loop {
        match stream.blocking_read(64 * 1024) {
            Ok(chunk) => bytes.extend_from_slice(&chunk),
            Err(StreamError::Closed) => return Ok(bytes),
            Err(StreamError::LastOperationFailed(error)) => {
                return Err(broken(&error.to_debug_string()));
            }
        }
        if bytes.len() > BODY_MAX {
            return Err((413, format!("the body has more than {BODY_MAX} bytes")));
        }
    }
}

/// Answers. There is nobody to tell when that fails.
pub fn send(reply: ResponseOutparam, answer: Answer) {
    let (status, text) = match answer {
        Ok(value) => (200, value.to_string()),
        Err((status, why)) => (status, serde_json::json!({ "error": why }).to_string()),
    };
    let headers = [("content-type".to_owned(), b"application/json".to_vec())];
    let response =
        OutgoingResponse::new(Fields::from_list(&headers).unwrap_or_else(|_| Fields::new()));
    let _ = response.set_status_code(status);
    let body = response.body();
    ResponseOutparam::set(reply, Ok(response));
    if let Ok(body) = body {
        let _ = write(body, text.as_bytes());
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
