//! Setting up a host.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use super::Host;
use super::machine::{Machine, MachineOptions};
use crate::blobs::BlobStore;
use crate::client::{HttpClient, NetworkOptions};
use crate::config::Config;
use crate::credentials::Credentials;
use crate::error::HostError;
use crate::gateway::{DefaultHttpClient, Gateway, Origin};

const MIB: usize = 1024 * 1024;

/// Sets up a [`Host`]. Everything but the component has a default.
pub struct HostBuilder {
    component: Option<Source>,
    credentials: Credentials,
    base_urls: Vec<String>,
    client: Option<Arc<dyn HttpClient>>,
    blobs: Option<BlobStore>,
    http_timeout: Duration,
    max_response_bytes: u64,
    max_requests: u32,
    options: MachineOptions,
}

enum Source {
    Path(PathBuf),
    Bytes(Vec<u8>),
}

impl HostBuilder {
    pub(super) fn new() -> Self {
        Self {
            component: None,
            credentials: Credentials::new(),
            base_urls: Vec::new(),
            client: None,
            blobs: None,
            http_timeout: Duration::from_secs(30),
            max_response_bytes: 8 * 1024 * 1024,
            max_requests: 2000,
            options: MachineOptions {
                memory_limit: 64 * MIB,
                call_timeout: Duration::from_secs(360),
                compute_timeout: Duration::from_secs(30),
                max_concurrent_calls: 64,
                memory_dumps: false,
                data_unpacked: true,
                inlining: false,
                missing_exports_allowed: false,
            },
        }
    }

    /// The component's file, usually `dist/whatsapp-connector.wasm`.
    #[must_use]
    pub fn component(mut self, path: impl Into<PathBuf>) -> Self {
        self.component = Some(Source::Path(path.into()));
        self
    }

    /// The component itself, as binary WebAssembly.
    #[must_use]
    pub fn component_bytes(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.component = Some(Source::Bytes(bytes.into()));
        self
    }

    /// The secrets of the connection. Default: none. For several customers see [`Host::with_credentials`].
    #[must_use]
    pub fn credentials(mut self, credentials: Credentials) -> Self {
        self.credentials = credentials;
        self
    }

    /// Takes the credentials of a configuration, and allows its base URL if it has one.
    #[must_use]
    pub fn config(mut self, config: &Config) -> Self {
        self.credentials = config.credentials.clone();
        self.base_urls.extend(config.connection.base_url.clone());
        self
    }

    /// Allows requests, and the secrets in them, to go to one more place, such as a simulator at `http://127.0.0.1:8080`. Scheme, host and
    /// port have to match exactly; a path does not count. May be called several times.
    #[must_use]
    pub fn allow_base_url(mut self, base_url: impl Into<String>) -> Self {
        self.base_urls.push(base_url.into());
        self
    }

    /// The HTTP client. Default: [`HostBuilder::default_http_client`].
    ///
    /// Give a [`DefaultHttpClient`] of your own, or one inside of yours, the names of the allowed base URLs
    /// ([`NetworkOptions::own_name`](crate::client::NetworkOptions::own_name)) if they lead to addresses that are not public.
    #[must_use]
    pub fn http_client(mut self, client: impl HttpClient) -> Self {
        self.client = Some(Arc::new(client));
        self
    }

    /// The client that the host makes when it is given none: it knows the base URLs and the time-out that were set before. For a client of your
    /// own around it, one that counts for example.
    ///
    /// # Errors
    /// When a base URL cannot be allowed, or when TLS or the name resolver cannot be set up.
    pub fn default_http_client(&self) -> Result<DefaultHttpClient, HostError> {
        default_client(&origins(&self.base_urls)?, self.http_timeout)
    }

    /// Where files are kept. Default: a temporary folder that goes with the host.
    #[must_use]
    pub fn blobs(mut self, blobs: BlobStore) -> Self {
        self.blobs = Some(blobs);
        self
    }

    /// How much memory one call of the component may use, in bytes. Default: 64 MiB.
    #[must_use]
    pub fn memory_limit(mut self, bytes: usize) -> Self {
        self.options.memory_limit = bytes;
        self
    }

    /// How long one call may take, all its HTTP requests included, and how long it may wait for a free slot before that. Default: 6 minutes,
    /// because a file may take 5.
    #[must_use]
    pub fn call_timeout(mut self, limit: Duration) -> Self {
        self.options.call_timeout = limit;
        self
    }

    /// How long one call may compute; waiting for answers does not count. Default: 30 s, of which a delivery of 3 MB takes a fraction of one.
    #[must_use]
    pub fn compute_timeout(mut self, limit: Duration) -> Self {
        self.options.compute_timeout = limit;
        self
    }

    /// How long one HTTP exchange may take when the component does not say. Default: 30 s.
    #[must_use]
    pub fn http_timeout(mut self, limit: Duration) -> Self {
        self.http_timeout = limit;
        self
    }

    /// The largest answer that is held in memory, in bytes. Default: 8 MiB. Files have [`BlobStore::max_bytes`].
    #[must_use]
    pub fn max_response_bytes(mut self, limit: u64) -> Self {
        self.max_response_bytes = limit;
        self
    }

    /// How many HTTP requests one call may make. Default: 2000; the connector itself makes a handful, and up to 1000 to read all pages of
    /// a list. Further ones do not leave and are answered with `not-sent`.
    #[must_use]
    pub fn max_requests_per_call(mut self, requests: u32) -> Self {
        self.max_requests = requests;
        self
    }

    /// How many calls may run at a time, at least 1. Default: 64. Further ones wait, at most for the time of a call. Each costs address
    /// space, about 8 GiB or, where that is not there, twice the memory limit; and memory only while it runs.
    #[must_use]
    pub fn max_concurrent_calls(mut self, calls: u32) -> Self {
        self.options.max_concurrent_calls = calls.max(1);
        self
    }

    /// Makes [`Session::memory_dump`](crate::Session::memory_dump) possible. For tests: a crash then costs a copy of its state. Default: off.
    #[must_use]
    pub fn memory_dumps(mut self, on: bool) -> Self {
        self.options.memory_dumps = on;
        self
    }

    /// Unpacks the data of the component when it is loaded, once for all instances. Otherwise each instance does it for itself, as in an
    /// engine that knows nothing of it: some 50 µs. Default: on.
    #[must_use]
    pub fn data_unpacked(mut self, on: bool) -> Self {
        self.options.data_unpacked = on;
        self
    }

    /// Lets the compiler put small functions of the component into those that call them: calls compute a twentieth to a seventh less, and the
    /// start of the host takes a second longer. For hosts that run for long. Default: off.
    #[must_use]
    pub fn inlining(mut self, on: bool) -> Self {
        self.options.inlining = on;
        self
    }

    /// Accepts a component that exports only some of the interfaces, such as `whatsapp-events.wasm`. Calls of the others fail with
    /// [`HostError::WrongWorld`]. Default: off.
    #[must_use]
    pub fn allow_missing_exports(mut self, on: bool) -> Self {
        self.options.missing_exports_allowed = on;
        self
    }

    /// Reads and compiles the component, which takes about a fifth of a second, and sets everything up. Does not need the network.
    ///
    /// # Errors
    /// When there is no component or it is not the connector, when a base URL cannot be allowed, or when a part cannot be set up.
    pub fn build(self) -> Result<Host, HostError> {
        let bytes = match self.component.ok_or(HostError::NoComponent)? {
            Source::Bytes(bytes) => bytes,
            Source::Path(path) => {
                std::fs::read(&path).map_err(|source| HostError::Unreadable { path, source })?
            }
        };
        let allowed = origins(&self.base_urls)?;
        for origin in allowed.iter().filter(|origin| origin.is_exposed()) {
            tracing::warn!(%origin, "secrets go to this base URL without encryption; use https outside of this machine");
        }
        let client = match self.client {
            Some(client) => client,
            None => Arc::new(default_client(&allowed, self.http_timeout)?),
        };
        let blobs = match self.blobs {
            Some(blobs) => blobs,
            None => BlobStore::temporary().map_err(|error| HostError::Setup {
                what: "the blob store",
                detail: error.to_string(),
            })?,
        };
        let gateway = Gateway {
            client,
            credentials: self.credentials,
            blobs,
            allowed,
            timeout: self.http_timeout,
            max_response_bytes: self.max_response_bytes,
            max_requests: self.max_requests,
        };
        Ok(Host::new(Machine::new(&bytes, self.options)?, gateway))
    }
}

/// The built-in client. A connection has at most half of the time of a request, so that one that does not come about is known to have
/// sent nothing, however short the time-out.
fn default_client(
    allowed: &[Origin],
    http_timeout: Duration,
) -> Result<DefaultHttpClient, HostError> {
    let names = allowed.iter().map(Origin::host);
    let mut options = names.fold(NetworkOptions::default(), NetworkOptions::own_name);
    options = options.no_slower_than(http_timeout / 2);
    DefaultHttpClient::with(options).map_err(|detail| HostError::Setup {
        what: "the HTTP client",
        detail,
    })
}

fn origins(base_urls: &[String]) -> Result<Arc<[Origin]>, HostError> {
    let origins: Result<Arc<[Origin]>, _> =
        base_urls.iter().map(|url| Origin::parse(url)).collect();
    origins.map_err(|error| HostError::Setup {
        what: "the allowed base URLs",
        detail: error.to_string(),
    })
}
