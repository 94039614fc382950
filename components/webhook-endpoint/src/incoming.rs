//! The request as it comes in.

use crate::answer::Answer;
use crate::bindings::wasi::{
    http::types::{IncomingRequest, Method},
    io::streams::StreamError,
};
use crate::deadline::{Deadline, Over};
use alloc::{borrow::ToOwned, format, string::String, vec::Vec};

/// Largest body that is read, in bytes. Meta's are at most 3 MB.
const BODY_MAX: usize = 4 * 1024 * 1024;

/// Bytes that are asked for at once.
const CHUNK: u64 = 64 * 1024;

/// The method in capitals.
pub fn method(request: &IncomingRequest) -> String {
    match request.method() {
        Method::Get => "GET",
        Method::Head => "HEAD",
        Method::Post => "POST",
        Method::Put => "PUT",
        Method::Delete => "DELETE",
        Method::Connect => "CONNECT",
        Method::Options => "OPTIONS",
        Method::Trace => "TRACE",
        Method::Patch => "PATCH",
        Method::Other(name) => return name,
    }
    .to_owned()
}

/// Path and query.
pub fn target(request: &IncomingRequest) -> (String, String) {
    let whole = request.path_with_query().unwrap_or_default();
    let (path, query) = whole.split_once('?').unwrap_or((&whole, ""));
    let path = if path.is_empty() { "/" } else { path };
    (path.to_owned(), query.to_owned())
}

/// The value of a header; the first one when there are several.
pub fn header(request: &IncomingRequest, name: &str) -> Option<String> {
    let value = request.headers().get(name).into_iter().next()?;
    Some(String::from_utf8_lossy(&value).into_owned())
}

/// The body, byte for byte as received. The error is what to answer.
pub fn body(request: &IncomingRequest, deadline: &Deadline) -> Result<String, Answer> {
    let declared = header(request, "content-length").and_then(|length| length.parse().ok());
    if declared.is_some_and(|length: usize| length > BODY_MAX) {
        return Err(too_large());
    }
    let broken = |why: &str| Answer::refusal(400, format!("the body could not be read: {why}"));
    let body = request
        .consume()
        .map_err(|()| broken("it was read before"))?;
    let stream = body.stream().map_err(|()| broken("it was read before"))?;
    let mut bytes = Vec::new();
    loop {
        match stream.read(CHUNK) {
            Ok(chunk) if chunk.is_empty() => {
                deadline.wait([&stream.subscribe()]).map_err(|Over| {
                    Answer::refusal(
                        408,
                        "the body did not arrive within WHATSAPP_TIME_LIMIT_SECONDS",
                    )
                })?
            }
            Ok(chunk) => bytes.extend_from_slice(&chunk),
            Err(StreamError::Closed) => break,
            Err(StreamError::LastOperationFailed(error)) => {
                return Err(broken(&error.to_debug_string()));
            }
        }
        if bytes.len() > BODY_MAX {
            return Err(too_large());
        }
    }
    String::from_utf8(bytes).map_err(|problem| {
        let place = problem.utf8_error().valid_up_to();
        Answer::refusal(400, format!("the body is not UTF-8 at byte {place}: it does not come from Meta, or a proxy changed it"))
    })
}

fn too_large() -> Answer {
    Answer::refusal(
        413,
        format!(
            "the body has more than {BODY_MAX} bytes: it does not come from Meta, whose bodies have at most 3 MB"
        ),
    )
}
