//! What the benches share: a network in memory, deliveries, and the same crate without WebAssembly.

#![allow(dead_code, reason = "each bench uses a part of it")]
#![allow(
    clippy::unwrap_used,
    reason = "a bench that cannot be set up has to end"
)]

pub mod deliveries;
pub mod native;
pub mod network;

use host_test::{Account, Credentials, Host, HostBuilder, Secret, wit::types};
use network::Accepting;
use std::path::PathBuf;
use tokio::runtime::{Builder, Runtime};

/// The number that sends, by its id.
pub const PHONE_NUMBER_ID: &str = "106540352242922";
/// Whoever gets a text.
pub const CUSTOMER: &str = "+16505551234";
/// What they get.
pub const TEXT: &str =
    "Your order 4711 has left our warehouse and will be with you on Thursday between 9 and 12.";

/// The built component: `cargo xtask build` makes it.
pub fn component() -> PathBuf {
    let dist = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../dist");
    dist.join("whatsapp-connector.wasm")
}

/// A host whose network accepts every message at once.
pub fn builder() -> HostBuilder {
    let token = Secret::new("EAASimulatorDemoAccessToken").unwrap();
    Host::builder()
        .component(component())
        .credentials(Credentials::new().access_token(token))
        .http_client(Accepting)
}

/// The connection of everything.
pub fn connection() -> types::Connection {
    types::Connection {
        phone_number_id: Some(PHONE_NUMBER_ID.to_owned()),
        ..types::Connection::default()
    }
}

/// The account that sends.
pub fn account(host: &Host) -> Account {
    host.connect(connection())
}

/// One core.
pub fn one_core() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}
