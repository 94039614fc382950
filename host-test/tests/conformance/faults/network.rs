//! The built-in HTTP client on its way to a simulator, with a fault at one of its requests.

use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use futures_util::future::BoxFuture;
use futures_util::{FutureExt, StreamExt, TryStreamExt, future, stream};
use host_test::DefaultHttpClient;
use host_test::client::{
    BodyStream, HttpClient, IncomingResponse, NetworkOptions, OutgoingRequest, SendError,
};
use url::Url;

use super::kinds::{Answered, How, Unsent};

/// Bytes of an answer that is far too large.
const HUGE: u64 = 100 * 1024 * 1024;
/// Bytes of each of its pieces.
const PIECE: usize = 64 * 1024;

/// A name that is not found, and one for which nobody answers.
const UNKNOWN: &str = "unknown.invalid";
const SILENT: &str = "silent.invalid";

/// Clones share everything. Belongs to one runtime of one thread, whose clock it may stop: what waits for a time-out waits no longer
/// than it takes to see that nothing else is left to do.
#[derive(Clone)]
pub struct Network(Arc<Mutex<State>>);

struct State {
    client: DefaultHttpClient,
    fault: Option<(usize, How)>,
    stopped: bool,
    seen: Seen,
}

/// What went through.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    /// Method and path of each request, ids and versions left out.
    pub steps: Vec<String>,
    /// Bytes of an answer that is too large, as far as they were taken.
    pub taken: u64,
}

impl Network {
    pub fn new() -> Self {
        Self(Arc::new(Mutex::new(State {
            client: client(),
            fault: None,
            stopped: false,
            seen: Seen::default(),
        })))
    }

    /// Forgets everything, and has `fault` hit the request with this number, counted from 0.
    pub fn prepare(&self, fault: Option<(usize, How)>) {
        self.go_on();
        self.with(|state| {
            state.fault = fault;
            state.seen = Seen::default();
        });
    }

    pub fn seen(&self) -> Seen {
        self.with(|state| state.seen.clone())
    }

    fn with<T>(&self, look: impl FnOnce(&mut State) -> T) -> T {
        look(&mut self.0.lock().unwrap())
    }

    /// Stops the clock: from now on, a time-out comes as soon as nothing is left to do but to wait for it.
    fn stop(&self) {
        self.with(|state| state.stopped = true);
        tokio::time::pause();
    }

    fn go_on(&self) {
        self.with(|state| {
            if std::mem::take(&mut state.stopped) {
                tokio::time::resume();
                // The connections that are kept have aged by minutes, of which the server knows nothing.
                state.client = client();
            }
        });
    }

    async fn exchange(&self, mut request: OutgoingRequest) -> Result<IncomingResponse, SendError> {
        self.go_on();
        let (client, fault) = self.with(|state| {
            let step = format!("{} {}", request.method, plain(&request.url));
            state.seen.steps.push(step);
            let (at, how) = state.fault.unzip();
            let hit = at == Some(state.seen.steps.len() - 1);
            (state.client.clone(), how.filter(|_| hit))
        });
        match fault {
            None | Some(How::Simulated(_)) => client.send(request).await,
            Some(How::Unsent(fault)) => {
                let url = &mut request.url;
                match fault {
                    Unsent::Refused => url.set_port(Some(1)).unwrap(),
                    Unsent::UnknownName => url.set_host(Some(UNKNOWN)).unwrap(),
                    Unsent::NoTls => url.set_scheme("https").unwrap(),
                    Unsent::Hang => {
                        url.set_host(Some(SILENT)).unwrap();
                        self.stop();
                    }
                }
                client.send(request).await
            }
            Some(How::Answered(fault)) => {
                let IncomingResponse {
                    status,
                    mut headers,
                    body,
                } = client.send(request).await?;
                let whole: Vec<Bytes> = body.try_collect().await?;
                headers.remove(http::header::CONTENT_LENGTH);
                let body = match fault {
                    Answered::Silence => {
                        self.stop();
                        future::pending::<()>().await;
                        unreachable!()
                    }
                    Answered::Drip => {
                        self.stop();
                        drip(whole.concat())
                    }
                    Answered::Huge => self.huge(),
                };
                Ok(IncomingResponse {
                    status,
                    headers,
                    body,
                })
            }
        }
    }

    fn huge(&self) -> BodyStream {
        let network = self.clone();
        let piece = Bytes::from(vec![b'x'; PIECE]);
        let pieces = usize::try_from(HUGE).unwrap() / PIECE;
        let pieces = stream::iter(0..pieces).map(move |_| {
            network.with(|state| state.seen.taken += PIECE as u64);
            Ok(piece.clone())
        });
        Box::pin(pieces)
    }
}

/// All bytes but the last, with twenty seconds before each.
fn drip(bytes: Vec<u8>) -> BodyStream {
    let last = bytes.len().saturating_sub(1);
    let bytes = stream::iter(bytes).take(last).then(|byte| async move {
        tokio::time::sleep(Duration::from_secs(20)).await;
        Ok(Bytes::from(vec![byte]))
    });
    Box::pin(bytes.chain(stream::pending()))
}

fn client() -> DefaultHttpClient {
    let options = NetworkOptions::default().look_up(|name| async move {
        match name.as_str() {
            SILENT => future::pending().await,
            _ => Err(io::Error::from(io::ErrorKind::NotFound)),
        }
    });
    DefaultHttpClient::with(options).unwrap()
}

/// The path without its version and with `{id}` for what is one.
fn plain(url: &Url) -> String {
    let is_version = |part: &&str| {
        part.strip_prefix('v')
            .is_some_and(|rest| rest.starts_with(|first: char| first.is_ascii_digit()))
    };
    let is_id = |part: &str| part.len() > 5 && part.bytes().all(|byte| byte.is_ascii_digit());
    let mut plain = String::new();
    for part in url
        .path()
        .split('/')
        .skip(1)
        .filter(|part| !is_version(part))
    {
        plain.push('/');
        plain.push_str(if is_id(part) { "{id}" } else { part });
    }
    plain
}

impl HttpClient for Network {
    fn send(&self, request: OutgoingRequest) -> BoxFuture<'_, Result<IncomingResponse, SendError>> {
        self.exchange(request).boxed()
    }
}
