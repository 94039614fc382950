//! One message of a customer.

use super::change::Found;
use super::contacts::Cards;
use super::content;
use super::key;
use super::layers::Json;
use crate::door::Node;
use crate::json::Item;
use crate::prelude::*;
use alloc::borrow::Cow;

/// The kinds of content that are no message of the customer's to answer: they open no service window. Of a reaction Meta does not say so;
/// a window that is taken for closed costs a template, one that is taken for open a lost message.
const NO_MESSAGES: [&str; 5] = ["reaction", "edit", "revoke", "system", "request_welcome"];

/// A message of a customer. Nothing when it has no id, because nothing could be done with it.
pub fn read<'a>(item: Item<'a>, cards: &Cards<'a>, raw: Json<'a>) -> Option<Found<'a>> {
    let (id, kind) = id_and_kind(item)?;
    let card = cards.find(item.get("from"), item.get("from_user_id"));
    let opens_window = !NO_MESSAGES.contains(&kind.as_ref());
    Some(Found {
        id: key::message("message", &id, &kind),
        payload: Node::case("message", node(item, &kind, card, raw)),
        opens_window,
    })
}

/// The id of a message, and its kind.
pub fn id_and_kind(item: Item<'_>) -> Option<(Cow<'_, str>, Cow<'_, str>)> {
    let id = item.text_at("id").filter(|id| !id.is_empty())?;
    // Meta's samples of answers to a call permission have no type.
    let kind = item.text_at("type").or_else(|| {
        let is_there = |kind: &&str| item.get(kind).is_object();
        ["interactive", "text"]
            .into_iter()
            .find(is_there)
            .map(Cow::Borrowed)
    });
    Some((id, kind.unwrap_or_default()))
}

/// An `inbound-message`.
pub fn node<'a>(item: Item<'a>, kind: &str, card: Item<'a>, raw: Json<'a>) -> Node<'a> {
    let fields = vec![
        ("kind", Node::Text(kind.to_owned().into())),
        ("content", content::read(kind, item, raw)),
    ];
    Node::Fields(fields, item, card)
}
