//! A server that listens at one address until it is stopped.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::super::problem::Problem;
use super::connection::{Connections, Door};

/// How long the end waits for requests that have begun.
const GRACE: Duration = Duration::from_secs(2);
/// How long it waits after their connections were cut.
const AFTER_CUT: Duration = Duration::from_millis(500);

/// A running server.
pub struct Listener {
    /// Where it listens.
    pub address: SocketAddr,
    connections: Arc<Connections>,
    stop: oneshot::Sender<()>,
    task: JoinHandle<std::io::Result<()>>,
}

impl Listener {
    /// Listens. `option` is what the user gives another address with; `limit` is how long a connection may go from its begin, or from the
    /// last answer, to the next one.
    pub async fn start(
        option: &str,
        listen: SocketAddr,
        limit: Duration,
        router: Router,
    ) -> Result<Self, Problem> {
        let cannot = |error: std::io::Error| {
            Problem::usage(
                format!("cannot listen on {listen}: {error}"),
                format!("Give another address with {option}, or port 0 for any free one."),
            )
        };
        let listener = TcpListener::bind(listen).await.map_err(cannot)?;
        let address = listener.local_addr().map_err(cannot)?;
        let connections = Connections::new(limit);
        let door = Door {
            listener,
            connections: Arc::clone(&connections),
        };
        let (stop, stopped) = oneshot::channel();
        let serve = axum::serve(door, router).with_graceful_shutdown(async {
            // A dropped sender is a stop, too.
            let _ = stopped.await;
        });
        Ok(Self {
            address,
            connections,
            stop,
            task: tokio::spawn(serve.into_future()),
        })
    }

    /// Answers what has arrived, then ends. Connections that do not come to an end are cut off; what is returned names them.
    pub async fn stop(mut self) -> Vec<String> {
        let _ = self.stop.send(());
        if timeout(GRACE, &mut self.task).await.is_ok() {
            return Vec::new();
        }
        let left = self.connections.cut();
        if timeout(AFTER_CUT, &mut self.task).await.is_err() {
            self.task.abort();
        }
        left
    }
}
