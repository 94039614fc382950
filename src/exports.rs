//! The component's exports: each is one line into a module of the crate.

use crate::actions::{
    carousel, choices, commerce, connection, contacts, flow, interactive, location, media,
    phone_numbers, reaction, read_receipt, registration, requests, template, text,
};
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

/// Writes the functions of an interface: name, input record, output, action.
macro_rules! actions {
    ($interface:ident: $($name:ident($input:ident) -> $output:ty = $action:path;)+) => {
        impl wit::$interface::Guest for Connector {
            $(fn $name(connection: Connection, input: wit::$interface::$input) -> Result<$output, Error> {
                call(&connection, input, $action)
            })+
        }
    };
}

actions! { messages:
    send_text(Text) -> Sent = text::send;
    send_media(Media) -> Sent = media::send;
    send_location(Location) -> Sent = location::send;
    send_contacts(Contacts) -> Sent = contacts::send;
    send_reaction(Reaction) -> Sent = reaction::send;
    mark_as_read(ReadReceipt) -> wit::messages::Done = read_receipt::send;
    send_template(Template) -> Sent = template::send;
}

actions! { interactive:
    send_buttons(Buttons) -> Sent = choices::send_buttons;
    send_list(ChoiceList) -> Sent = choices::send_list;
    send_choices(Choices) -> Sent = choices::send_choices;
    send_cta_url(CtaUrl) -> Sent = interactive::send_cta_url;
    send_flow(Flow) -> Sent = flow::send_flow;
    send_product(Product) -> Sent = commerce::send_product;
    send_product_list(ProductList) -> Sent = commerce::send_product_list;
    send_catalog(Catalog) -> Sent = commerce::send_catalog;
    send_media_carousel(MediaCarousel) -> Sent = carousel::send_media_carousel;
    request_location(Request) -> Sent = requests::location;
    request_address(AddressRequest) -> Sent = requests::address;
    request_call_permission(Request) -> Sent = requests::call_permission;
    request_contact_info(Request) -> Sent = requests::contact_info;
    send_interactive(RawInteractive) -> Sent = interactive::send_raw;
}

actions! { phone_numbers:
    list_phone_numbers(PhoneNumbersQuery) -> wit::phone_numbers::PhoneNumberList = phone_numbers::list;
    ensure_registered(Registration) -> wit::phone_numbers::RegistrationOutcome = registration::ensure;
}

actions! { accounts:
    validate_connection(ConnectionCheck) -> wit::accounts::ConnectionReport = connection::validate;
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
