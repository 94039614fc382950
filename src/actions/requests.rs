//! `request-location`, `request-address`, `request-call-permission`, `request-contact-info`.

use super::interactive::{named, send};
use super::refuse_text;
use crate::fault::{Fallible, is_country};
use crate::graph::Graph;
use crate::json::{Input, Object};
use serde_json::Value;

/// Asks for a location.
pub fn location(graph: &Graph<'_>, input: &Input<'_>) -> Fallible<Value> {
    ask(graph, input, "location_request_message", "send_location")
}

/// Asks for the permission to call.
pub fn call_permission(graph: &Graph<'_>, input: &Input<'_>) -> Fallible<Value> {
    ask(
        graph,
        input,
        "call_permission_request",
        "call_permission_request",
    )
}

/// Asks for a phone number.
pub fn contact_info(graph: &Graph<'_>, input: &Input<'_>) -> Fallible<Value> {
    ask(graph, input, "request_contact_info", "request_contact_info")
}

fn ask(graph: &Graph<'_>, input: &Input<'_>, kind: &str, action: &str) -> Fallible<Value> {
    let action = Object::new().with("name", action);
    send(graph, input, kind, false, action)
}

/// Asks for a postal address.
pub fn address(graph: &Graph<'_>, input: &Input<'_>) -> Fallible<Value> {
    let country = input.need("country");
    if !is_country(country) {
        return Err(refuse_text(
            "country",
            "expected two capital letters such as IN, got",
            country,
            "Give the country's ISO code.",
        ));
    }
    input.raw_object("values")?;
    input.raw_array("saved_addresses")?;
    input.raw_object("validation_errors")?;
    let parameters = input.pick(&["country", "values", "saved_addresses", "validation_errors"]);
    let action = named("address_message", parameters);
    send(graph, input, "address_message", true, action)
}
