//! The component in the host library, talking to the Graph API simulator through real HTTP.

mod endpoint;
mod failures;
mod files;
mod story;
mod templates;

use graph_simulator::Simulator;
use graph_simulator::world::demo;
use host_test::wit::types;
use host_test::{Account, Credentials, Host, HostBuilder, Secret};

use crate::component;

const VERIFY_TOKEN: &str = "verify-me";

fn builder(simulator: &Simulator) -> HostBuilder {
    let credentials = Credentials::new()
        .access_token(Secret::new(demo::ACCESS_TOKEN).unwrap())
        .app_secret(Secret::new(demo::APP_SECRET).unwrap())
        .verify_token(Secret::new(VERIFY_TOKEN).unwrap());
    Host::builder()
        .component(component::path())
        .credentials(credentials)
        .allow_base_url(simulator.url())
}

fn host(simulator: &Simulator) -> Host {
    builder(simulator).build().unwrap()
}

fn account(host: &Host, simulator: &Simulator) -> Account {
    host.connect(types::Connection {
        api_version: None,
        base_url: Some(simulator.url().to_owned()),
        phone_number_id: Some(demo::PHONE_NUMBER_ID.to_owned()),
        business_account_id: Some(demo::WABA_ID.to_owned()),
        app_id: None,
    })
}

/// The demo customer as a recipient.
fn customer() -> String {
    format!("+{}", demo::CUSTOMER)
}
