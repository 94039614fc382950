//! A webhook endpoint: HTTP in front of the component.

mod connection;
mod endpoint;
mod listener;
mod sink;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use futures_util::future::BoxFuture;
use host_test::Host;
use host_test::wit::webhooks::{Reply, Request};

use super::problem::Problem;
use endpoint::Endpoint;
pub use listener::Listener;
use sink::ToSink;
pub use sink::{Arrival, Sink};

/// Meta posts up to 3 MB; a little more does no harm.
const BODY_LIMIT: usize = 4 * 1024 * 1024;
/// How long a request may take, its reading included. Meta waits some seconds for an answer.
const REQUEST_LIMIT: Duration = Duration::from_secs(60);

/// Does the exchange of requests that can be read.
pub trait Receive: Send + Sync + 'static {
    /// What to answer. 200 for a delivery means that it is safe.
    fn receive(&self, request: Request) -> BoxFuture<'_, Reply>;

    /// Is told of a request that cannot be read.
    fn refused(&self, status: u16, problem: String);
}

/// A status and nothing else.
pub fn empty(status: u16) -> Reply {
    Reply {
        status,
        body: String::new(),
    }
}

/// A running endpoint.
pub struct Server {
    listener: Listener,
    path: String,
}

impl Server {
    /// Listens, and hands the events to a sink. The secrets are those of the host.
    pub async fn start(
        listen: SocketAddr,
        path: &str,
        host: Host,
        sink: Sink,
    ) -> Result<Self, Problem> {
        Self::serve(listen, path, Arc::new(ToSink::new(host, sink))).await
    }

    /// Listens, and hands the requests to a receiver.
    pub async fn serve(
        listen: SocketAddr,
        path: &str,
        receiver: Arc<dyn Receive>,
    ) -> Result<Self, Problem> {
        let endpoint = Arc::new(Endpoint::new(path.to_owned(), receiver));
        // One handler for everything: a path of the user's is compared, not parsed as a pattern.
        let router = Router::new()
            .fallback(endpoint::handle)
            .layer(DefaultBodyLimit::max(BODY_LIMIT))
            .with_state(endpoint);
        Ok(Self {
            listener: Listener::start("--listen", listen, REQUEST_LIMIT, router).await?,
            path: path.to_owned(),
        })
    }

    /// Where it is reached on this machine.
    pub fn url(&self) -> String {
        format!("http://{}{}", self.listener.address, self.path)
    }

    /// Answers what has arrived, then ends. Names the connections that had to be cut off.
    pub async fn stop(self) -> Vec<String> {
        self.listener.stop().await
    }
}
