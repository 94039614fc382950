//! A webhook endpoint: HTTP in front of `webhooks.handle`.

mod endpoint;

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use host_test::Host;
use host_test::wit::webhooks::Event;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::problem::Problem;
use endpoint::Endpoint;

/// Meta posts up to 3 MB; a little more does no harm.
const BODY_LIMIT: usize = 4 * 1024 * 1024;

/// What a request turned out to be.
#[derive(Debug)]
pub enum Arrival {
    /// Meta checked that the endpoint is ours.
    Handshake,
    /// A genuine delivery.
    Events(Vec<Event>),
    /// Not from Meta, or not to be read.
    Refused {
        /// What it was answered with.
        status: u16,
        /// Why, and what to do about it.
        problem: String,
    },
}

/// Takes what arrives. The delivery is only answered with 200 when this succeeds; else Meta repeats it later.
pub type Sink = Arc<dyn Fn(Arrival) -> Result<(), String> + Send + Sync>;

/// A running endpoint.
pub struct Server {
    address: SocketAddr,
    path: String,
    stop: oneshot::Sender<()>,
    task: JoinHandle<std::io::Result<()>>,
}

impl Server {
    /// Listens. The secrets are those of the host.
    pub async fn start(
        listen: SocketAddr,
        path: &str,
        host: Host,
        sink: Sink,
    ) -> Result<Self, Problem> {
        let cannot = |error: std::io::Error| {
            Problem::usage(
                format!("cannot listen on {listen}: {error}"),
                "Give another address with --listen, or port 0 for any free one.",
            )
        };
        let listener = TcpListener::bind(listen).await.map_err(cannot)?;
        let address = listener.local_addr().map_err(cannot)?;
        let endpoint = Arc::new(Endpoint::new(host, path.to_owned(), sink));
        // One handler for everything: a path of the user's is compared, not parsed as a pattern.
        let router = Router::new()
            .fallback(endpoint::handle)
            .layer(DefaultBodyLimit::max(BODY_LIMIT))
            .with_state(endpoint);
        let (stop, stopped) = oneshot::channel();
        let serve = axum::serve(listener, router).with_graceful_shutdown(async {
            // A dropped sender is a stop, too.
            let _ = stopped.await;
        });
        Ok(Self {
            address,
            path: path.to_owned(),
            stop,
            task: tokio::spawn(serve.into_future()),
        })
    }

    /// Where it is reached on this machine.
    pub fn url(&self) -> String {
        format!("http://{}{}", self.address, self.path)
    }

    /// Answers what has arrived, then ends.
    pub async fn stop(self) {
        let _ = self.stop.send(());
        let _ = self.task.await;
    }
}
