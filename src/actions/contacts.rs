//! `send-contacts`.

use super::{message, requests::array};
use crate::contract::exports::whatsapp::connector::messages::Contacts;
use crate::contract::whatsapp::connector::types::Sent;
use crate::fault::{Fallible, invalid};
use crate::graph::Graph;
use crate::json::text_at;
use crate::prelude::*;
use serde_json::Value;

/// Most cards of a message. Source: Meta's page "Contacts messages"; its OpenAPI document says 5, so Meta decides.
pub const CONTACTS_MAX: usize = 257;

/// Sends contact cards.
pub fn send(graph: &Graph<'_>, input: Contacts) -> Fallible<Sent> {
    let contacts = array("contacts", &input.contacts)?;
    let cards = contacts.as_array().map_or(&[][..], Vec::as_slice);
    super::interactive::check_count("contacts", cards.len(), 1, CONTACTS_MAX)?;
    for (position, card) in cards.iter().enumerate() {
        check(position, card)?;
    }
    message::send(graph, &input.address, "contacts", contacts)
}

/// Meta needs a name to show, and one part of the name besides.
fn check(position: usize, card: &Value) -> Fallible<()> {
    if text_at(card, &["name", "formatted_name"]).is_some_and(|name| !name.is_empty()) {
        return Ok(());
    }
    Err(invalid(
        &format!("contacts[{position}].name.formatted_name"),
        "required; expected a text, got none",
        "Give the name as it shall be shown, and first_name or last_name beside it.",
    ))
}
