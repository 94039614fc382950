//! The reference host of the WhatsApp connector: runs the component in wasmtime and gives it the one thing that it imports, a way to
//! send HTTP requests.
//!
//! ```no_run
//! use host_test::{Config, Host};
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let config = Config::from_env()?;
//! let host = Host::builder().component("dist/whatsapp-connector.wasm").config(&config).build()?;
//! let account = host.connect(config.connection);
//! let sent = account.send_text_to("+491701234567", "Hello").await?;
//! println!("accepted as {}", sent.message_id);
//! # Ok(())
//! # }
//! ```
//!
//! [`inbox`] is what an engine does with webhooks: keep their events, once, and hand them to triggers and subscribers.
//!
//! What stays on this side: the secrets ([`Credentials`]), the files ([`BlobStore`]), the network ([`client::HttpClient`]), and the limits
//! ([`HostBuilder`]). The contract is in `wit/`; its Rust form is [`wit`].

#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::panic,
        reason = "a test that panics has failed, as it should"
    )
)]

mod bindings;
pub mod blobs;
mod config;
mod credentials;
mod error;
mod gateway;
mod host;
pub mod inbox;
pub mod json;
mod secret;
pub mod testing;
pub mod wit;

pub use blobs::BlobStore;
pub use config::{Config, ConfigError};
pub use credentials::{CredentialStore, Credentials, WebhookVerification};
pub use error::{CallError, HostError};
pub use gateway::{DefaultHttpClient, client};
pub use host::{Account, Host, HostBuilder, Session};
pub use secret::{Secret, SecretError};

/// The Rust of the README compiles.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
pub struct Readme;
