//! A network that counts.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::future::BoxFuture;
use host_test::client::{HttpClient, IncomingResponse, OutgoingRequest, SendError};
use host_test::{DefaultHttpClient, HostBuilder};

use super::super::problem::Problem;

/// The built-in client with a counter. Clones share it.
#[derive(Clone)]
pub struct Counting {
    client: DefaultHttpClient,
    count: Arc<AtomicUsize>,
}

impl Counting {
    /// Counts what this host would send, from 0.
    pub fn new(host: &HostBuilder) -> Result<Self, Problem> {
        Ok(Self {
            client: host.default_http_client().map_err(Problem::Setup)?,
            count: Arc::default(),
        })
    }

    /// The client itself, whose requests are not counted.
    pub fn uncounted(&self) -> &DefaultHttpClient {
        &self.client
    }

    /// Requests so far.
    pub fn count(&self) -> usize {
        self.count.load(Ordering::SeqCst)
    }
}

impl HttpClient for Counting {
    fn send(&self, request: OutgoingRequest) -> BoxFuture<'_, Result<IncomingResponse, SendError>> {
        self.count.fetch_add(1, Ordering::SeqCst);
        self.client.send(request)
    }
}
