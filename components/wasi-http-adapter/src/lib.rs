//! Gives the connector its one import on any host that speaks `wasi:http` 0.2: world `adapter`.
//!
//! Composed with the connector it makes `whatsapp-connector-wasi.wasm`. The access token and the settings come from the environment, so an engine that puts
//! a placeholder there and replaces it on the way out keeps it to itself. What a host owes stands in `wit/http.wit`; here each duty has a file.

mod address;
mod bindings;
mod deadline;
mod exchange;
mod failure;
mod headers;
mod multipart;
mod placement;
mod policy;
mod scrub;
mod settings;

use bindings::exports::whatsapp::connector::http::{
    Body, Content, Failure, Guest, Header, Method, Request, Response, Sink,
};
use scrub::Scrubber;
use settings::Settings;

/// Sends the connector's requests.
pub struct Adapter;

impl Guest for Adapter {
    fn send(request: Request) -> Result<Response, Failure> {
        let settings = Settings::from_environment().map_err(Failure::Denied)?;
        let scrubber = Scrubber(settings.access_token.as_deref());
        let result =
            prepare(request, &settings).and_then(|outgoing| exchange::send(outgoing, &settings));
        match result {
            Ok(answer) => Ok(respond(answer, &scrubber)),
            Err(failure) => Err(scrubber.failure(failure)),
        }
    }
}

/// A request that may leave, with its secrets.
pub struct Outgoing {
    method: Method,
    address: address::Address,
    headers: Vec<(String, Vec<u8>)>,
    body: Vec<u8>,
    timeout_ms: u32,
}

/// An answer as it came.
pub struct Answer {
    status: u16,
    headers: Vec<(String, Vec<u8>)>,
    body: Vec<u8>,
}

/// Policy first, secrets last.
fn prepare(request: Request, settings: &Settings) -> Result<Outgoing, Failure> {
    match &request.sink {
        Sink::Memory => {}
        Sink::Blob => {
            return Err(Failure::Denied(
                "this host keeps no files, so it cannot download one; use the file's link, or a host that stores files".to_owned(),
            ));
        }
        Sink::AccessToken(_) => {
            return Err(Failure::Denied(
                "this host keeps no access tokens: it takes one from WHATSAPP_ACCESS_TOKEN; exchange or refresh the token where it is kept".to_owned(),
            ));
        }
    }
    let (mut address, destination) =
        policy::check(&request.url, settings.base_url.as_ref()).map_err(Failure::Denied)?;
    let mut headers = headers::outgoing(&request.headers).map_err(Failure::Denied)?;
    let body = match request.body {
        Body::Empty => Vec::new(),
        Body::Json(text) => {
            headers.push(("content-type".to_owned(), b"application/json".to_vec()));
            text.into_bytes()
        }
        Body::Multipart(parts) => {
            let (kind, body) = multipart::encode(&parts).map_err(Failure::Denied)?;
            headers.push(("content-type".to_owned(), kind.into_bytes()));
            body
        }
    };
    if !matches!(request.method, Method::Get) {
        headers.push((
            "content-length".to_owned(),
            body.len().to_string().into_bytes(),
        ));
    }
    placement::place(
        &request.credentials,
        settings,
        destination,
        &mut address,
        &mut headers,
    )
    .map_err(Failure::Denied)?;
    Ok(Outgoing {
        method: request.method,
        address,
        headers,
        body,
        timeout_ms: settings.timeout_ms(request.timeout_ms),
    })
}

/// Without secrets.
fn respond(answer: Answer, scrubber: &Scrubber<'_>) -> Response {
    let body = match String::from_utf8(scrubber.bytes(answer.body)) {
        Ok(text) => Content::Text(text),
        Err(bytes) => Content::Bytes(bytes.into_bytes()),
    };
    let header = |(name, value): (String, Vec<u8>)| Header {
        name,
        value: String::from_utf8_lossy(&scrubber.bytes(value)).into_owned(),
    };
    Response {
        status: answer.status,
        headers: headers::incoming(answer.headers).map(header).collect(),
        body,
    }
}
