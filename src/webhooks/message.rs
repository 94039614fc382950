//! One message of a customer.

use super::content;
use super::errors::errors;
use super::layers::Json;
use crate::door::Node;
use crate::json::Item;
use crate::prelude::*;
use alloc::borrow::Cow;

/// A message, and what its key is made of.
pub struct Message<'a> {
    /// Meta's id.
    pub id: Cow<'a, str>,
    /// Meta's `type`.
    pub kind: Cow<'a, str>,
    /// The `inbound-message`.
    pub node: Node<'a>,
}

/// Reads a message; nothing when it has no id, because nothing could be done with it.
pub fn read<'a>(item: Item<'a>, contacts: Item<'a>, raw: Json<'a>) -> Option<Message<'a>> {
    let id = item.text_at("id").filter(|id| !id.is_empty())?;
    let kind = item.text_at("type").unwrap_or_default();
    let contact = contact(contacts, item.get("from"), item.get("from_user_id"));
    // The message's own word counts before that of the contact card.
    let either = |own: &str, card: &str| {
        let (own, card) = (item.get(own), contact.get(card));
        Node::Item(if own.text().is_some() { own } else { card })
    };
    let profile = contact.get("profile");
    let node = Node::Fields(
        vec![
            ("from", either("from", "wa_id")),
            ("from_user_id", either("from_user_id", "user_id")),
            (
                "from_parent_user_id",
                either("from_parent_user_id", "parent_user_id"),
            ),
            ("profile_name", Node::Item(profile.get("name"))),
            ("username", Node::Item(profile.get("username"))),
            ("kind", Node::Item(item.get("type"))),
            ("content", content::read(&kind, item, raw)),
            ("context", context(item.get("context"))),
            ("errors", errors(item)),
        ],
        item,
    );
    Some(Message { id, kind, node })
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

fn context(item: Item<'_>) -> Node<'_> {
    let product = item.get("referred_product");
    item.with(vec![
        ("message_id", item.get("id")),
        ("catalog_id", product.get("catalog_id")),
        ("product_retailer_id", product.get("product_retailer_id")),
    ])
}
