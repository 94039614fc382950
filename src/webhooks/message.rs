//! One message of a customer.

use super::content;
use super::errors::errors;
use super::key;
use super::layers::Json;
use crate::door::{Node, Renamed};
use crate::json::Item;
use crate::prelude::*;
use alloc::borrow::Cow;

/// The fields of a message's context that Meta calls otherwise.
const CONTEXT: Renamed = &[
    ("message_id", "id"),
    ("catalog_id", "referred_product.catalog_id"),
    (
        "product_retailer_id",
        "referred_product.product_retailer_id",
    ),
];

/// A message: its key and the case of the payload. Nothing when it has no id, because nothing could be done with it.
pub fn read<'a>(item: Item<'a>, contacts: Item<'a>, raw: Json<'a>) -> Option<(String, Node<'a>)> {
    let id = item.text_at("id").filter(|id| !id.is_empty())?;
    let kind = item.text_at("type").unwrap_or_default();
    let contact = contact(contacts, item.get("from"), item.get("from_user_id"));
    // The message's own word counts before that of the contact card.
    let either = |own: &str, card: &str| Node::Item(item.get(own).text_or(contact.get(card)));
    let node = Node::Fields(
        vec![
            ("from", either("from", "wa_id")),
            ("from_user_id", either("from_user_id", "user_id")),
            (
                "from_parent_user_id",
                either("from_parent_user_id", "parent_user_id"),
            ),
            ("profile_name", Node::Item(contact.at("profile.name"))),
            ("username", Node::Item(contact.at("profile.username"))),
            ("content", content::read(&kind, item, raw)),
            ("context", item.get("context").renamed(CONTEXT)),
            ("errors", errors(item)),
        ],
        &[("kind", "type")],
        item,
    );
    Some((
        key::message(&id, &kind),
        Node::Case("message", Box::new(node)),
    ))
}

/// The contact card of the sender: matched by id, not by position; the only card is the sender's when nothing says otherwise.
fn contact<'a>(contacts: Item<'a>, from: Item<'a>, user_id: Item<'a>) -> Item<'a> {
    let (from, user_id) = (from.text(), user_id.text());
    let is = |card: Item<'a>, name: &str, id: &Option<Cow<'_, str>>| {
        id.is_some() && card.text_at(name) == *id
    };
    let matching = contacts
        .items()
        .find(|card| is(*card, "wa_id", &from) || is(*card, "user_id", &user_id));
    let only = || {
        let mut cards = contacts.items();
        let first = cards.next().filter(|_| from.is_none() && user_id.is_none());
        first.filter(|_| cards.next().is_none())
    };
    matching.or_else(only).unwrap_or_else(Item::absent)
}
