//! A request to the sink, which never waits by itself: several can be under way.

mod drain;

use crate::bindings::wasi::{
    http::{
        outgoing_handler,
        types::{
            ErrorCode, Fields, FutureIncomingResponse, Method, OutgoingBody, OutgoingRequest,
            Scheme,
        },
    },
    io::{poll::Pollable, streams::OutputStream},
};
use crate::settings::Settings;
use alloc::{
    borrow::ToOwned,
    string::{String, ToString},
    vec,
    vec::Vec,
};
use drain::Drain;

/// A request that has been started.
pub struct Call {
    // The order matters: WASI wants a stream to go before its body.
    stream: Option<OutputStream>,
    body: Option<OutgoingBody>,
    response: FutureIncomingResponse,
    rest: Rest,
    answered: Option<(u16, Drain)>,
}

/// What is still to be written.
struct Rest {
    text: String,
    written: usize,
    flushed: bool,
}

impl Call {
    /// Starts a request. Nothing of the body is written yet.
    pub fn start(
        settings: &Settings,
        key: Option<String>,
        text: String,
    ) -> Result<Self, &'static str> {
        let request = OutgoingRequest::new(headers(settings, key, text.len())?);
        let scheme = if settings.sink.secure {
            Scheme::Https
        } else {
            Scheme::Http
        };
        request
            .set_method(&Method::Post)
            .and_then(|()| request.set_scheme(Some(&scheme)))
            .and_then(|()| request.set_authority(Some(&settings.sink.authority)))
            .and_then(|()| request.set_path_with_query(Some(&settings.sink.path)))
            .map_err(|()| "has an address that this server does not take")?;
        let body = request.body().map_err(|()| "takes no body")?;
        let stream = body.write().map_err(|()| "takes no body")?;
        // The body is written behind this: before, nobody would read it.
        let response = outgoing_handler::handle(request, None)
            .map_err(|_| "has an address that this server does not send to")?;
        Ok(Self {
            stream: Some(stream),
            body: Some(body),
            response,
            rest: Rest {
                text,
                written: 0,
                flushed: false,
            },
            answered: None,
        })
    }

    /// Goes on as far as that is possible without waiting. The answer's status, once the whole answer is there.
    pub fn advance(&mut self) -> Option<Result<u16, ErrorCode>> {
        self.write();
        if self.answered.is_none() {
            match self.response.get()? {
                Ok(Ok(response)) => {
                    self.answered = Some((response.status(), Drain::new(&response)))
                }
                Ok(Err(error)) => return Some(Err(error)),
                // Nobody asks again once there was an answer.
                Err(()) => return Some(Err(ErrorCode::InternalError(None))),
            }
        }
        let (status, drain) = self.answered.as_mut()?;
        drain.is_done().then_some(Ok(*status))
    }

    fn write(&mut self) {
        let Some(stream) = &self.stream else {
            return;
        };
        match self.rest.write(stream) {
            Some(true) => {
                self.stream = None;
                if let Some(body) = self.body.take() {
                    // A body that does not end well makes a response that is an error.
                    let _ = OutgoingBody::finish(body, None);
                }
            }
            Some(false) => {}
            // The sink reads no further. It may have answered, or the response is the error.
            None => {
                self.stream = None;
                self.body = None;
            }
        }
    }

    /// What to wait for.
    pub fn subscribe(&self) -> impl Iterator<Item = Pollable> {
        let (writing, reading) = match &self.answered {
            None => (
                self.stream.as_ref().map(OutputStream::subscribe),
                Some(self.response.subscribe()),
            ),
            Some((_, drain)) => (None, drain.subscribe()),
        };
        writing.into_iter().chain(reading)
    }
}

impl Rest {
    /// Writes what there is room for. Whether everything is through; nothing when the stream is broken.
    fn write(&mut self, stream: &OutputStream) -> Option<bool> {
        loop {
            let room = stream.check_write().ok()?;
            if room == 0 {
                return Some(false);
            }
            let rest = &self.text.as_bytes()[self.written..];
            if !rest.is_empty() {
                let count = rest.len().min(usize::try_from(room).unwrap_or(usize::MAX));
                stream.write(&rest[..count]).ok()?;
                self.written += count;
            } else if self.flushed {
                return Some(true);
            } else {
                stream.flush().ok()?;
                self.flushed = true;
            }
        }
    }
}

fn headers(
    settings: &Settings,
    key: Option<String>,
    length: usize,
) -> Result<Fields, &'static str> {
    let mut headers = vec![
        ("content-type", "application/json".to_owned()),
        ("content-length", length.to_string()),
        (
            "user-agent",
            concat!("whatsapp-webhook-endpoint/", env!("CARGO_PKG_VERSION")).to_owned(),
        ),
    ];
    headers.extend(key.map(|key| ("idempotency-key", key)));
    headers.extend(
        settings
            .authorization
            .clone()
            .map(|value| ("authorization", value)),
    );
    let headers: Vec<(String, Vec<u8>)> = headers
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value.into_bytes()))
        .collect();
    Fields::from_list(&headers).map_err(|_| "cannot be sent these headers by this server")
}
