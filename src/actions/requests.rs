//! `request-location`, `request-address`, `request-call-permission`, `request-contact-info`.

use super::interactive::{Texts, object, send};
use crate::contract::exports::whatsapp::connector::interactive::{AddressRequest, Request};
use crate::contract::whatsapp::connector::types::Sent;
use crate::fault::{Fallible, invalid};
use crate::graph::Graph;
use crate::json::{Object, kind};
use crate::prelude::*;
use serde_json::Value;

/// Asks for a location.
pub fn location(graph: &Graph<'_>, input: Request) -> Fallible<Sent> {
    named(graph, &input, "location_request_message", "send_location")
}

/// Asks for the permission to call.
pub fn call_permission(graph: &Graph<'_>, input: Request) -> Fallible<Sent> {
    named(
        graph,
        &input,
        "call_permission_request",
        "call_permission_request",
    )
}

/// Asks for a phone number.
pub fn contact_info(graph: &Graph<'_>, input: Request) -> Fallible<Sent> {
    named(
        graph,
        &input,
        "request_contact_info",
        "request_contact_info",
    )
}

fn named(graph: &Graph<'_>, input: &Request, kind: &str, action: &str) -> Fallible<Sent> {
    let action = Object::new().with("name", action);
    send(
        graph,
        &input.address,
        kind,
        Texts::body(&input.body),
        action,
    )
}

/// Asks for a postal address.
pub fn address(graph: &Graph<'_>, input: AddressRequest) -> Fallible<Sent> {
    if input.country.len() != 2 || !input.country.bytes().all(|byte| byte.is_ascii_uppercase()) {
        return Err(invalid(
            "country",
            &format!(
                "expected two capital letters such as IN, got `{}`",
                input.country
            ),
            "Give the country's ISO code.",
        ));
    }
    let values = match &input.values {
        Some(values) => Some(object("values", values)?),
        None => None,
    };
    let saved = match &input.saved_addresses {
        Some(saved) => Some(array("saved_addresses", saved)?),
        None => None,
    };
    let parameters = Object::new()
        .with("country", input.country.as_str())
        .with_some("values", values)
        .with_some("saved_addresses", saved);
    let action = Object::new()
        .with("name", "address_message")
        .with("parameters", parameters);
    send(
        graph,
        &input.address,
        "address_message",
        Texts::body(&input.body),
        action,
    )
}

/// JSON text that has to be an array.
pub fn array(field: &str, text: &str) -> Fallible<Value> {
    let found = match serde_json::from_str(text) {
        Ok(value @ Value::Array(_)) => return Ok(value),
        Ok(other) => kind(&other),
        Err(problem) => problem.to_string(),
    };
    Err(invalid(
        field,
        &format!("expected a JSON array, got {found}"),
        "Give an array in Meta's shape.",
    ))
}
