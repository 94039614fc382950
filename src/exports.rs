//! The component's exports: each is one line into a module of the crate.

use crate::actions::{connection, media, phone_numbers, registration, template, text};
use crate::contract::exports::whatsapp::connector as wit;
use crate::contract::whatsapp::connector::types::{Connection, Error, Sent};
use crate::fault::Fallible;
use crate::graph::{Graph, transport::HostTransport};
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

/// Runs an action of the typed door.
fn call<I, O>(
    connection: &Connection,
    input: I,
    action: fn(&Graph<'_>, I) -> Fallible<O>,
) -> Result<O, Error> {
    Graph::new(connection, &HostTransport)
        .and_then(|graph| action(&graph, input))
        .map_err(|error| *error)
}

impl wit::messages::Guest for Connector {
    fn send_text(connection: Connection, input: wit::messages::Text) -> Result<Sent, Error> {
        call(&connection, input, text::send)
    }

    fn send_media(connection: Connection, input: wit::messages::Media) -> Result<Sent, Error> {
        call(&connection, input, media::send)
    }

    fn send_template(
        connection: Connection,
        input: wit::messages::Template,
    ) -> Result<Sent, Error> {
        call(&connection, input, template::send)
    }
}

impl wit::phone_numbers::Guest for Connector {
    fn list_phone_numbers(
        connection: Connection,
        input: wit::phone_numbers::PhoneNumbersQuery,
    ) -> Result<wit::phone_numbers::PhoneNumberList, Error> {
        call(&connection, input, phone_numbers::list)
    }

    fn ensure_registered(
        connection: Connection,
        input: wit::phone_numbers::Registration,
    ) -> Result<wit::phone_numbers::RegistrationOutcome, Error> {
        call(&connection, input, registration::ensure)
    }
}

impl wit::accounts::Guest for Connector {
    fn validate_connection(
        connection: Connection,
        input: wit::accounts::ConnectionCheck,
    ) -> Result<wit::accounts::ConnectionReport, Error> {
        call(&connection, input, connection::validate)
    }
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
