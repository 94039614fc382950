//! `send-contacts`.

use super::message;
use crate::fault::{Fallible, invalid};
use crate::graph::Graph;
use crate::json::{Input, text_at};
use crate::prelude::*;
use serde_json::Value;

/// Most cards of a message. Source: Meta's page "Contacts messages"; its OpenAPI document says 5, so Meta decides.
pub const CONTACTS_MAX: usize = 257;

/// Sends contact cards.
pub fn send(graph: &Graph<'_>, input: &Input<'_>) -> Fallible<Value> {
    input.raw_array("contacts")?;
    let cards = input.values("contacts");
    if !(1..=CONTACTS_MAX).contains(&cards.len()) {
        return Err(input.refuse(
            "contacts",
            &format!("expected 1 to {CONTACTS_MAX}, got {}", cards.len()),
            "Send the others in a second message.",
        ));
    }
    for (position, card) in cards.iter().enumerate() {
        // Meta needs a name to show, and one part of the name besides.
        if text_at(card, &["name", "formatted_name"]).is_none_or(|name| name.is_empty()) {
            return Err(invalid(
                &format!("contacts[{position}].name.formatted_name"),
                "required; expected a text, got none",
                "Give the name as it shall be shown, and first_name or last_name beside it.",
            ));
        }
    }
    message::send(graph, input, "contacts", cards)
}
