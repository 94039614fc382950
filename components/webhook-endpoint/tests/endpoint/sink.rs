//! A sink in memory, in the place of the network.

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use std::sync::{Arc, Mutex};
use tokio::sync::Barrier;
use wasmtime_wasi_http::{Error, RequestOptions, WasiBody, WasiHttpHooks};

/// How the sink behaves towards a request.
#[derive(Clone)]
pub enum Manner {
    /// Reads it and answers with this status.
    Status(u16),
    /// Answers with this status before it reads the body.
    AtOnce(u16),
    /// Answers with 200 when so many requests are there.
    Together(Arc<Barrier>),
    /// Cannot be reached.
    Away,
    /// Never answers.
    Silent,
}

/// A request that reached the sink.
#[derive(Clone, Debug)]
pub struct Post {
    pub method: String,
    pub url: String,
    pub headers: http::HeaderMap,
    pub body: String,
}

/// Clones are the same sink.
#[derive(Clone)]
pub struct Sink(Arc<Mutex<State>>);

struct State {
    /// For the first requests one by one; the last is for all that follow.
    manners: Vec<Manner>,
    posts: Vec<Post>,
    answers_read: usize,
}

impl Sink {
    /// A sink that takes everything.
    pub fn good() -> Self {
        Self::new([Manner::Status(200)])
    }

    pub fn new(manners: impl Into<Vec<Manner>>) -> Self {
        Self(Arc::new(Mutex::new(State {
            manners: manners.into(),
            posts: Vec::new(),
            answers_read: 0,
        })))
    }

    /// The requests until now, and forgets them.
    pub fn posts(&self) -> Vec<Post> {
        std::mem::take(&mut self.state().posts)
    }

    /// How many of its answers were read to the end.
    pub fn answers_read(&self) -> usize {
        self.state().answers_read
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.0.lock().expect("no test has failed while it held it")
    }

    fn next_manner(&self) -> Manner {
        let mut state = self.state();
        match state.manners.len() {
            1 => state.manners[0].clone(),
            _ => state.manners.remove(0),
        }
    }

    fn answer(&self, status: u16) -> http::Response<WasiBody> {
        let sink = self.clone();
        let body = Full::new(Bytes::from_static(b"noted"))
            .map_frame(move |frame| {
                sink.state().answers_read += 1;
                frame
            })
            .map_err(Error::from)
            .boxed_unsync();
        let response = http::Response::builder().status(status).body(body);
        response.expect("is a response")
    }
}

impl Post {
    pub fn header(&self, name: &str) -> Option<&str> {
        let value = self.headers.get(name)?;
        Some(value.to_str().expect("is text"))
    }

    pub fn key(&self) -> String {
        self.header("idempotency-key")
            .expect("has a key")
            .to_owned()
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).expect("is JSON")
    }
}

/// The keys of some requests.
pub fn keys(posts: &[Post]) -> Vec<String> {
    posts.iter().map(Post::key).collect()
}

type Ended = Box<dyn Future<Output = Result<(), Error>> + Send>;

impl WasiHttpHooks for Sink {
    fn send_request(
        &mut self,
        request: http::Request<WasiBody>,
        _: Option<RequestOptions>,
        _: Ended,
    ) -> Box<dyn Future<Output = Result<(http::Response<WasiBody>, Ended), Error>> + Send> {
        let sink = self.clone();
        Box::new(async move {
            let manner = sink.next_manner();
            let status = match manner {
                Manner::Away => return Err(Error::ConnectionRefused),
                Manner::AtOnce(status) => {
                    return Ok((sink.answer(status), Box::new(async { Ok(()) }) as Ended));
                }
                Manner::Silent => std::future::pending().await,
                Manner::Status(status) => status,
                Manner::Together(barrier) => {
                    barrier.wait().await;
                    200
                }
            };
            let (parts, body) = request.into_parts();
            let body = body.collect().await?.to_bytes();
            sink.state().posts.push(Post {
                method: parts.method.to_string(),
                url: parts.uri.to_string(),
                headers: parts.headers,
                body: String::from_utf8(body.to_vec()).expect("is text"),
            });
            Ok((sink.answer(status), Box::new(async { Ok(()) }) as Ended))
        })
    }
}
