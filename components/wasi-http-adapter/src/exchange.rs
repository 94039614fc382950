//! One request, once, and its whole answer.

use crate::bindings::exports::whatsapp::connector::http::{Failure, Method};
use crate::bindings::wasi::http::outgoing_handler;
use crate::bindings::wasi::http::types::{
    Fields, FutureIncomingResponse, IncomingBody, IncomingResponse, Method as WasiMethod,
    OutgoingBody, OutgoingRequest, RequestOptions, Scheme,
};
use crate::bindings::wasi::io::streams::{OutputStream, StreamError};
use crate::deadline::{Deadline, Over};
use crate::settings::Settings;
use crate::{Answer, Outgoing, failure};

/// What is read at once, in bytes.
const READ: u64 = 64 * 1024;

const NANOSECONDS_PER_MS: u64 = 1_000_000;

/// Sends it.
pub fn send(outgoing: Outgoing, settings: &Settings) -> Result<Answer, Failure> {
    let deadline = Deadline::after(outgoing.timeout_ms);
    let (request, body, stream) = request(&outgoing).map_err(|problem| {
        Failure::Denied(format!("the engine takes no such request: {problem}"))
    })?;
    let options = RequestOptions::new();
    // An engine that cannot tell how long connecting takes lets the time of the whole exchange count.
    let _ = options.set_connect_timeout(Some(u64::from(outgoing.timeout_ms) * NANOSECONDS_PER_MS));
    let future =
        outgoing_handler::handle(request, Some(options)).map_err(|error| failure::of(&error))?;
    // From here on something may have left.
    let written = write(&stream, &outgoing.body, &deadline, &future);
    drop(stream);
    if written.is_ok() {
        // A body that does not end well shows in the response.
        let _ = OutgoingBody::finish(body, None);
    }
    let response = respond(&future, &deadline, outgoing.timeout_ms)?;
    read(
        &response,
        &deadline,
        settings.response_max,
        outgoing.timeout_ms,
    )
}

fn request(
    outgoing: &Outgoing,
) -> Result<(OutgoingRequest, OutgoingBody, OutputStream), &'static str> {
    let headers = Fields::from_list(&outgoing.headers).map_err(|_| "one of its headers")?;
    let request = OutgoingRequest::new(headers);
    let method = match outgoing.method {
        Method::Get => WasiMethod::Get,
        Method::Post => WasiMethod::Post,
        Method::Delete => WasiMethod::Delete,
    };
    let scheme = if outgoing.address.secure {
        Scheme::Https
    } else {
        Scheme::Http
    };
    request.set_method(&method).map_err(|()| "its method")?;
    request
        .set_scheme(Some(&scheme))
        .map_err(|()| "its scheme")?;
    request
        .set_authority(Some(&outgoing.address.authority()))
        .map_err(|()| "its host")?;
    request
        .set_path_with_query(Some(&outgoing.address.path))
        .map_err(|()| "its path")?;
    let body = request.body().map_err(|()| "its body")?;
    let stream = body.write().map_err(|()| "its body")?;
    Ok((request, body, stream))
}

/// Writes the body as far as it is taken. Whether all of it was: when not, the response says why.
fn write(
    stream: &OutputStream,
    body: &[u8],
    deadline: &Deadline,
    future: &FutureIncomingResponse,
) -> Result<(), ()> {
    let (room, answered) = (stream.subscribe(), future.subscribe());
    let mut rest = body;
    while !rest.is_empty() {
        if answered.ready() {
            return Err(());
        }
        let count = stream.check_write().map_err(|_| ())?;
        if count == 0 {
            deadline.wait(&room).map_err(|Over| ())?;
            continue;
        }
        let (now, later) =
            rest.split_at(rest.len().min(usize::try_from(count).unwrap_or(usize::MAX)));
        stream.write(now).map_err(|_| ())?;
        rest = later;
    }
    stream.flush().map_err(|_| ())
}

fn respond(
    future: &FutureIncomingResponse,
    deadline: &Deadline,
    timeout_ms: u32,
) -> Result<IncomingResponse, Failure> {
    loop {
        match future.get() {
            Some(Ok(Ok(response))) => return Ok(response),
            Some(Ok(Err(error))) => return Err(failure::of(&error)),
            Some(Err(())) => {
                return Err(Failure::NoAnswer("the answer was taken twice".to_owned()));
            }
            None => deadline
                .wait(&future.subscribe())
                .map_err(|Over| late(timeout_ms))?,
        }
    }
}

fn read(
    response: &IncomingResponse,
    deadline: &Deadline,
    max: u64,
    timeout_ms: u32,
) -> Result<Answer, Failure> {
    let broken = |what: &str| Failure::NoAnswer(format!("the answer broke off: {what}"));
    let body = response.consume().map_err(|()| broken("it has no body"))?;
    let mut bytes = Vec::new();
    {
        let stream = body
            .stream()
            .map_err(|()| broken("its body cannot be read"))?;
        loop {
            match stream.read(READ) {
                Ok(some) if some.is_empty() => deadline
                    .wait(&stream.subscribe())
                    .map_err(|Over| late(timeout_ms))?,
                Ok(some) => bytes.extend_from_slice(&some),
                Err(StreamError::Closed) => break,
                Err(StreamError::LastOperationFailed(error)) => {
                    return Err(broken(&error.to_debug_string()));
                }
            }
            if bytes.len() as u64 > max {
                return Err(Failure::TooLarge(max));
            }
        }
    }
    IncomingBody::finish(body);
    Ok(Answer {
        status: response.status(),
        headers: response.headers().entries(),
        body: bytes,
    })
}

/// Whether anything had left by then, nobody knows.
fn late(timeout_ms: u32) -> Failure {
    Failure::NoAnswer(format!("there was no whole answer within {timeout_ms} ms"))
}
