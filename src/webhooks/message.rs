//! One message of a customer.

use super::layers::Json;
use super::{content, item::Item};
use crate::contract::exports::whatsapp::connector::webhooks::{
    InboundMessage, MessageContext, Referral,
};

/// Reads a message; nothing when it has no id, because nothing could be done with it.
pub fn read(item: Item<'_, '_>, contacts: Item<'_, '_>, raw: Json<'_>) -> Option<InboundMessage> {
    let id = item.text_at("id").filter(|id| !id.is_empty())?;
    let kind = item.text_at("type").unwrap_or_default();
    let from = item.text_at("from");
    let from_user_id = item.text_at("from_user_id");
    let contact = contact(contacts, from.as_deref(), from_user_id.as_deref());
    Some(InboundMessage {
        id,
        profile_name: contact.get("profile").text_at("name"),
        username: contact.get("profile").text_at("username"),
        from: from.or_else(|| contact.text_at("wa_id")),
        from_user_id: from_user_id.or_else(|| contact.text_at("user_id")),
        from_parent_user_id: item
            .text_at("from_parent_user_id")
            .or_else(|| contact.text_at("parent_user_id")),
        group_id: item.text_at("group_id"),
        timestamp: item.get("timestamp").time(),
        content: content::read(&kind, item, raw),
        context: context(item.get("context")),
        referral: referral(item.get("referral")),
        errors: item.errors(),
        kind,
    })
}

/// The contact card of the sender: matched by id, not by position; the only card is the sender's when nothing says otherwise.
fn contact<'v, 'a>(
    contacts: Item<'v, 'a>,
    from: Option<&str>,
    user_id: Option<&str>,
) -> Item<'v, 'a> {
    let is = |card: Item<'_, '_>, name: &str, id: Option<&str>| {
        id.is_some() && card.text_at(name).as_deref() == id
    };
    let matching = contacts
        .items()
        .find(|card| is(*card, "wa_id", from) || is(*card, "user_id", user_id));
    let only = || {
        let mut cards = contacts.items();
        let first = cards.next().filter(|_| from.is_none() && user_id.is_none());
        first.filter(|_| cards.next().is_none())
    };
    matching.or_else(only).unwrap_or_else(Item::absent)
}

fn context(item: Item<'_, '_>) -> Option<MessageContext> {
    let product = item.get("referred_product");
    item.is_object().then(|| MessageContext {
        message_id: item.text_at("id"),
        from: item.text_at("from"),
        forwarded: item.get("forwarded").flag(),
        frequently_forwarded: item.get("frequently_forwarded").flag(),
        catalog_id: product.text_at("catalog_id"),
        product_retailer_id: product.text_at("product_retailer_id"),
    })
}

fn referral(item: Item<'_, '_>) -> Option<Referral> {
    item.is_object().then(|| Referral {
        source_url: item.text_at("source_url"),
        source_id: item.text_at("source_id"),
        source_type: item.text_at("source_type"),
        headline: item.text_at("headline"),
        body: item.text_at("body"),
        media_type: item.text_at("media_type"),
        ctwa_clid: item.text_at("ctwa_clid"),
    })
}
