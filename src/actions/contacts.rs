//! `send-contacts`.

use super::{item, message};
use crate::fault::{Fallible, invalid};
use crate::graph::Graph;
use crate::json::{Input, text_at};
use crate::prelude::*;
use serde_json::Value;

/// Most cards of a message. Source: Meta's page "Contacts messages"; its OpenAPI document says 5, so Meta decides.
pub const CONTACTS_MAX: usize = 257;

/// The parts of a name, of which Meta wants one at least.
const NAME_PARTS: &[&str] = &["first_name", "last_name", "middle_name", "prefix", "suffix"];

/// Sends contact cards.
pub fn send(graph: &Graph<'_>, input: &Input<'_>) -> Fallible<Value> {
    input.raw_array("contacts")?;
    let cards = input.values("contacts");
    if !(1..=CONTACTS_MAX).contains(&cards.len()) {
        let count = cards.len();
        return Err(input.refuse(
            "contacts",
            &format!("expected 1 to {CONTACTS_MAX}, got {count}"),
            "Give at least one card; send the others in a second message.",
        ));
    }
    for (position, card) in cards.iter().enumerate() {
        check_card(&item("contacts", position), card)?;
    }
    message::send(graph, input, "contacts", cards)
}

/// Meta needs a name to show, and one part of the name besides. The rest is left to Meta.
fn check_card(place: &str, card: &Value) -> Fallible<()> {
    let given = |part: &str| {
        let text = text_at(card, &["name", part]);
        text.is_some_and(|text| !text.trim_ascii().is_empty())
    };
    if !given("formatted_name") {
        return Err(invalid(
            &[place, ".name.formatted_name"].joined(""),
            "required; expected a text, got none",
            "Give the name as it shall be shown, and first_name or last_name beside it.",
        ));
    }
    if NAME_PARTS.iter().any(|part| given(part)) {
        return Ok(());
    }
    Err(invalid(
        &[place, ".name"].joined(""),
        &[
            "expected at least one of ",
            &NAME_PARTS.joined(", "),
            " beside formatted_name; got none",
        ]
        .joined(""),
        "Give first_name, if need be the same text as formatted_name.",
    ))
}
