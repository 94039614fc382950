//! `send-location`, and places in general.

use super::message;
use crate::fault::Fallible;
use crate::graph::Graph;
use crate::json::{Input, Object, to_text};
use crate::prelude::*;
use serde_json::Value;

/// Sends a place.
pub fn send(graph: &Graph<'_>, input: &Input<'_>) -> Fallible<Value> {
    message::send(graph, input, "location", place(input)?)
}

/// A place in Meta's shape.
pub fn place(input: &Input<'_>) -> Fallible<Object> {
    for (field, bound) in [("latitude", 90_u32), ("longitude", 180)] {
        let value = input.json(field);
        let degrees = value.and_then(Value::as_f64).unwrap_or(f64::NAN);
        if !(-f64::from(bound)..=f64::from(bound)).contains(&degrees) {
            return Err(input.refuse(
                field,
                &format!(
                    "expected degrees from -{bound} to {bound}, got {}",
                    value.map(to_text).unwrap_or_default()
                ),
                "Check the numbers: perhaps latitude and longitude are swapped.",
            ));
        }
    }
    Ok(input.pick(&["latitude", "longitude", "name", "address"]))
}
