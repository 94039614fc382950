//! A server that listens at one address until it is stopped.

use std::net::SocketAddr;

use axum::Router;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::super::problem::Problem;

/// A running server.
pub struct Listener {
    /// Where it listens.
    pub address: SocketAddr,
    stop: oneshot::Sender<()>,
    task: JoinHandle<std::io::Result<()>>,
}

impl Listener {
    /// Listens. `option` is what the user gives another address with.
    pub async fn start(option: &str, listen: SocketAddr, router: Router) -> Result<Self, Problem> {
        let cannot = |error: std::io::Error| {
            Problem::usage(
                format!("cannot listen on {listen}: {error}"),
                format!("Give another address with {option}, or port 0 for any free one."),
            )
        };
        let listener = TcpListener::bind(listen).await.map_err(cannot)?;
        let address = listener.local_addr().map_err(cannot)?;
        let (stop, stopped) = oneshot::channel();
        let serve = axum::serve(listener, router).with_graceful_shutdown(async {
            // A dropped sender is a stop, too.
            let _ = stopped.await;
        });
        Ok(Self {
            address,
            stop,
            task: tokio::spawn(serve.into_future()),
        })
    }

    /// Answers what has arrived, then ends.
    pub async fn stop(self) {
        let _ = self.stop.send(());
        let _ = self.task.await;
    }
}
