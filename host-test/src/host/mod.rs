//! The host itself: a compiled component, a pool of instances, and a way out.

mod account;
mod builder;
mod engine;
mod exports;
mod limits;
mod machine;
mod session;
mod ticker;
mod unpacked;

use std::sync::Arc;

pub use account::Account;
pub use builder::HostBuilder;
pub use session::Session;

use crate::blobs::BlobStore;
use crate::credentials::Credentials;
use crate::error::HostError;
use crate::gateway::{Gateway, Progress};
use crate::wit::{http, types, webhooks};
use machine::Machine;
use wasmtime::component::{ComponentNamedList, Lift, Lower};

/// A compiled component with everything around it. Cheap to clone, and to be used from many tasks at once: every call gets an instance of
/// its own, which is gone when the call ends.
#[derive(Clone)]
pub struct Host {
    machine: Arc<Machine>,
    gateway: Arc<Gateway>,
}

impl Host {
    /// Starts setting up a host.
    #[must_use]
    pub fn builder() -> HostBuilder {
        HostBuilder::new()
    }

    fn new(machine: Machine, gateway: Gateway) -> Self {
        Self {
            machine: Arc::new(machine),
            gateway: Arc::new(gateway),
        }
    }

    /// The same component and pool with the secrets of another customer.
    #[must_use]
    pub fn with_credentials(&self, credentials: Credentials) -> Self {
        self.with_gateway(|gateway| gateway.credentials = credentials)
    }

    /// The same component and pool with another store of files.
    #[must_use]
    pub fn with_blobs(&self, blobs: BlobStore) -> Self {
        self.with_gateway(|gateway| gateway.blobs = blobs)
    }

    fn with_gateway(&self, change: impl FnOnce(&mut Gateway)) -> Self {
        let mut gateway = Gateway::clone(&self.gateway);
        change(&mut gateway);
        Self {
            machine: Arc::clone(&self.machine),
            gateway: Arc::new(gateway),
        }
    }

    /// The secrets in use.
    #[must_use]
    pub fn credentials(&self) -> &Credentials {
        &self.gateway.credentials
    }

    /// The files that stay with this host.
    #[must_use]
    pub fn blobs(&self) -> &BlobStore {
        &self.gateway.blobs
    }

    /// The actions of the contract with typed inputs and outputs, for one connection.
    #[must_use]
    pub fn connect(&self, connection: types::Connection) -> Account {
        Account::new(self.clone(), connection)
    }

    /// An instance for several calls. It holds one of the host's slots until it is dropped.
    ///
    /// # Errors
    /// [`HostError::Busy`] when no slot came free within the time of a call, and those of a call.
    pub async fn session(&self) -> Result<Session, HostError> {
        Session::open(Arc::clone(&self.machine), Arc::clone(&self.gateway)).await
    }

    /// Calls a function that the component exports on a fresh instance; see [`Session::call`].
    ///
    /// # Errors
    /// As [`Host::session`] and [`Session::call`].
    pub async fn call<P, R>(&self, function: (&str, &str), parameters: P) -> Result<R, HostError>
    where
        P: ComponentNamedList + Lower,
        R: Lift + 'static,
    {
        self.session().await?.call(function, parameters).await
    }

    /// Sends one HTTP request through everything that a request of the component passes: policy, secrets, limits, blanking. This is the
    /// component's import, for programs and tests that want to use it without the component.
    ///
    /// # Errors
    /// The failures of the contract.
    pub async fn http_send(&self, request: http::Request) -> Result<http::Response, http::Failure> {
        self.gateway
            .exchange(request, &Progress::default(), None)
            .await
    }

    /// The manifest of actions, as JSON.
    ///
    /// # Errors
    /// As [`Host::call`].
    pub async fn describe(&self) -> Result<String, HostError> {
        self.session().await?.describe().await
    }

    /// Runs one action by name, JSON in and JSON out: `invoke("send-text", "{}", r#"{"to":"+49…","body":"hi"}"#)`. The inner error is the
    /// component's or Meta's.
    ///
    /// # Errors
    /// As [`Host::call`].
    pub async fn invoke(
        &self,
        action: &str,
        connection: &str,
        input: &str,
    ) -> Result<Result<String, types::Error>, HostError> {
        self.session()
            .await?
            .invoke(action, connection, input)
            .await
    }

    /// Does the exchange of one webhook request: answer Meta with the outcome's `reply` once its `events` are stored. See
    /// [`Credentials::webhook_verification`].
    ///
    /// # Errors
    /// As [`Host::call`].
    pub async fn webhooks_handle(
        &self,
        request: &webhooks::Request,
        verification: &webhooks::Verification,
    ) -> Result<webhooks::Outcome, HostError> {
        self.session()
            .await?
            .webhooks_handle(request, verification)
            .await
    }

    /// Parses the body of a delivery whose signature was checked elsewhere. The inner error is the component's: no JSON.
    ///
    /// # Errors
    /// As [`Host::call`].
    pub async fn webhooks_parse(
        &self,
        body: &str,
    ) -> Result<Result<Vec<webhooks::Event>, types::Error>, HostError> {
        self.session().await?.webhooks_parse(body).await
    }

    /// As [`Host::webhooks_handle`], with the events as JSON: names of the contract in snake_case.
    ///
    /// # Errors
    /// As [`Host::call`].
    pub async fn webhooks_handle_json(
        &self,
        request: &webhooks::Request,
        verification: &webhooks::Verification,
    ) -> Result<webhooks::JsonOutcome, HostError> {
        let mut session = self.session().await?;
        session.webhooks_handle_json(request, verification).await
    }

    /// The triggers, as a JSON array: name, title, help, schemas and a sample of each.
    ///
    /// # Errors
    /// As [`Host::call`].
    pub async fn webhooks_describe_triggers(&self) -> Result<String, HostError> {
        self.session().await?.webhooks_describe_triggers().await
    }

    /// Says which subscriptions get which events of [`Host::webhooks_handle_json`]. The inner error is the component's: no events.
    ///
    /// # Errors
    /// As [`Host::call`].
    pub async fn webhooks_match_events(
        &self,
        events: &str,
        subscriptions: &[webhooks::Subscription],
    ) -> Result<Result<webhooks::Matches, types::Error>, HostError> {
        let mut session = self.session().await?;
        session.webhooks_match_events(events, subscriptions).await
    }

    /// Whether free-form messages to a customer are allowed, out of when the customer last wrote or called and the time now, both in seconds
    /// since 1970.
    ///
    /// # Errors
    /// As [`Host::call`].
    pub async fn webhooks_service_window(
        &self,
        last_inbound_at: Option<u64>,
        now: u64,
    ) -> Result<webhooks::WindowState, HostError> {
        let mut session = self.session().await?;
        session.webhooks_service_window(last_inbound_at, now).await
    }
}

impl std::fmt::Debug for Host {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Host")
            .field("options", &self.machine.options)
            .field("credentials", self.credentials())
            .finish_non_exhaustive()
    }
}
