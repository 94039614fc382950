//! A network in memory.

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use std::sync::{Arc, Mutex};
use wasmtime_wasi_http::{Error, RequestOptions, WasiBody, WasiHttpHooks};

/// What comes of a request.
#[derive(Clone)]
pub enum Manner {
    /// This answer.
    Answer(u16, Vec<(&'static str, String)>, String),
    /// This error, before anything was read of the request.
    Fails(fn() -> Error),
    /// This error, after the whole request was read.
    Breaks(fn() -> Error),
    /// Nothing, ever.
    Silence,
}

impl Manner {
    /// An answer of 200.
    pub fn good(body: &str) -> Self {
        Self::Answer(200, Vec::new(), body.to_owned())
    }
}

/// A request that left.
#[derive(Clone, Debug)]
pub struct Sent {
    pub method: String,
    pub url: String,
    pub headers: http::HeaderMap,
    pub body: Vec<u8>,
}

/// Clones are the same network.
#[derive(Clone)]
pub struct Network {
    manner: Manner,
    sent: Arc<Mutex<Vec<Sent>>>,
}

impl Network {
    pub fn new(manner: Manner) -> Self {
        Self {
            manner,
            sent: Arc::default(),
        }
    }

    /// The requests that left.
    pub fn sent(&self) -> Vec<Sent> {
        self.sent.lock().unwrap().clone()
    }
}

type Ended = Box<dyn Future<Output = Result<(), Error>> + Send>;

impl WasiHttpHooks for Network {
    fn send_request(
        &mut self,
        request: http::Request<WasiBody>,
        _: Option<RequestOptions>,
        _: Ended,
    ) -> Box<dyn Future<Output = Result<(http::Response<WasiBody>, Ended), Error>> + Send> {
        let network = self.clone();
        Box::new(async move {
            if let Manner::Fails(error) = network.manner {
                return Err(error());
            }
            let (parts, body) = request.into_parts();
            let body = body.collect().await?.to_bytes();
            network.sent.lock().unwrap().push(Sent {
                method: parts.method.to_string(),
                url: parts.uri.to_string(),
                headers: parts.headers,
                body: body.to_vec(),
            });
            match network.manner {
                Manner::Answer(status, headers, body) => {
                    let mut response = http::Response::builder().status(status);
                    for (name, value) in headers {
                        response = response.header(name, value);
                    }
                    let body = Full::new(Bytes::from(body))
                        .map_err(Error::from)
                        .boxed_unsync();
                    let response = response.body(body).unwrap();
                    Ok((response, Box::new(async { Ok(()) }) as Ended))
                }
                Manner::Breaks(error) | Manner::Fails(error) => Err(error()),
                Manner::Silence => std::future::pending().await,
            }
        })
    }
}
