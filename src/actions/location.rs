//! `send-location`, and places in general.

use super::message;
use crate::contract::exports::whatsapp::connector::messages::Location;
use crate::contract::whatsapp::connector::types::Sent;
use crate::fault::{Fallible, invalid, path};
use crate::graph::Graph;
use crate::json::{Object, to_text};
use crate::prelude::*;

/// Sends a place.
pub fn send(graph: &Graph<'_>, input: Location) -> Fallible<Sent> {
    let (name, address) = (input.name.as_deref(), input.address.as_deref());
    let content = place("", input.latitude, input.longitude, name, address)?;
    message::send(graph, &input.recipient, "location", content)
}

/// A place in Meta's shape; `parent` is the path of the object that holds it.
pub fn place(
    parent: &str,
    latitude: f64,
    longitude: f64,
    name: Option<&str>,
    address: Option<&str>,
) -> Fallible<Object> {
    for (field, value, bound) in [
        ("latitude", latitude, 90_i16),
        ("longitude", longitude, 180),
    ] {
        if !(f64::from(-bound)..=f64::from(bound)).contains(&value) {
            return Err(invalid(
                &path(parent, field),
                &format!(
                    "expected degrees from -{bound} to {bound}, got {}",
                    to_text(&value.into())
                ),
                "Correct the place.",
            ));
        }
    }
    Ok(Object::new()
        .with("latitude", latitude)
        .with("longitude", longitude)
        .with_some("name", name)
        .with_some("address", address))
}
