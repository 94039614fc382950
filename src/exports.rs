//! The component's exports beside the actions, whose functions the build writes: each is one line into a module of the crate.

use crate::contract::exports::whatsapp::connector as wit;
use crate::contract::whatsapp::connector::types::Error;
use crate::graph::transport::HostTransport;
use crate::prelude::*;
use crate::{plugin, webhooks};

/// The component.
pub struct Connector;

/// The generated entry points.
#[allow(unsafe_code, missing_docs)]
mod entry_points {
    use super::Connector;
    crate::contract::export!(Connector with_types_in crate::contract);
}

impl wit::webhooks::Guest for Connector {
    fn handle(
        request: wit::webhooks::Request,
        verification: wit::webhooks::Verification,
    ) -> wit::webhooks::Outcome {
        webhooks::handle(&request, &verification)
    }

    fn parse(body: String) -> Result<Vec<wit::webhooks::Event>, Error> {
        webhooks::parse(&body).map_err(|error| *error)
    }
}

impl wit::plugin::Guest for Connector {
    fn describe() -> String {
        plugin::describe()
    }

    fn invoke(action: String, connection: String, input: String) -> Result<String, Error> {
        plugin::invoke(&HostTransport, &action, &connection, &input).map_err(|error| *error)
    }
}
