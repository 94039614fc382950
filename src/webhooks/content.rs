//! What a message holds, by its kind.

use super::item::Item;
use super::layers::Json;
use crate::contract::exports::whatsapp::connector::webhooks::{
    InboundButton, InboundChange, InboundChoice, InboundForm, InboundLocation, InboundMedia,
    InboundOrder, InboundReaction, InboundSystem, MessageContent, OrderItem,
};
use crate::prelude::*;

/// Reads the content; `unknown` when the kind is new or the part that belongs to it is missing.
pub fn read(kind: &str, message: Item<'_, '_>, raw: Json<'_>) -> MessageContent {
    known(kind, message).unwrap_or_else(|| MessageContent::Unknown(raw.text().to_owned()))
}

fn known(kind: &str, message: Item<'_, '_>) -> Option<MessageContent> {
    match kind {
        "request_welcome" => return Some(MessageContent::RequestWelcome),
        "unsupported" => {
            return Some(MessageContent::Unsupported(
                message.get("unsupported").text_at("type"),
            ));
        }
        "contacts" => return message.get("contacts").json().map(MessageContent::Contacts),
        _ => {}
    }
    let part = message.get(kind);
    if !part.is_object() {
        return None;
    }
    Some(match kind {
        "text" => MessageContent::Text(part.text_at("body")?),
        "image" => MessageContent::Image(media(part)),
        "video" => MessageContent::Video(media(part)),
        "audio" => MessageContent::Audio(media(part)),
        "document" => MessageContent::Document(media(part)),
        "sticker" => MessageContent::Sticker(media(part)),
        "location" => MessageContent::Location(location(part)),
        "reaction" => MessageContent::Reaction(reaction(part)),
        "button" => MessageContent::Button(InboundButton {
            payload: part.text_at("payload"),
            text: part.text_at("text"),
        }),
        "interactive" => return interactive(part),
        "order" => MessageContent::Order(order(part)),
        "system" => MessageContent::System(system(part)),
        "edit" => MessageContent::Edit(change(part)),
        "revoke" => MessageContent::Revoke(change(part)),
        _ => return None,
    })
}

fn media(part: Item<'_, '_>) -> InboundMedia {
    InboundMedia {
        id: part.text_at("id"),
        mime_type: part.text_at("mime_type"),
        sha256: part.text_at("sha256"),
        url: part.text_at("url"),
        caption: part.text_at("caption"),
        filename: part.text_at("filename"),
        voice: part.get("voice").flag(),
        animated: part.get("animated").flag(),
    }
}

fn location(part: Item<'_, '_>) -> InboundLocation {
    InboundLocation {
        latitude: part.get("latitude").number(),
        longitude: part.get("longitude").number(),
        name: part.text_at("name"),
        address: part.text_at("address"),
        url: part.text_at("url"),
    }
}

/// No emoji, or an empty one, takes the reaction back.
fn reaction(part: Item<'_, '_>) -> InboundReaction {
    InboundReaction {
        message_id: part.text_at("message_id"),
        emoji: part.text_at("emoji").filter(|emoji| !emoji.is_empty()),
    }
}

fn interactive(part: Item<'_, '_>) -> Option<MessageContent> {
    let kind = part.text_at("type")?;
    let reply = part.get(&kind);
    if !reply.is_object() {
        return None;
    }
    match kind.as_str() {
        "button_reply" => Some(MessageContent::ButtonReply(choice(reply))),
        "list_reply" => Some(MessageContent::ListReply(choice(reply))),
        "nfm_reply" => Some(MessageContent::FormReply(form(reply))),
        _ => None,
    }
}

fn choice(reply: Item<'_, '_>) -> InboundChoice {
    InboundChoice {
        id: reply.text_at("id"),
        title: reply.text_at("title"),
        description: reply.text_at("description"),
    }
}

fn form(reply: Item<'_, '_>) -> InboundForm {
    let response = reply.get("response_json");
    // Meta sends the answers as JSON inside a string. They are handed on as they are when they parse, else as that string.
    let parsed = response.text().filter(|text| Json::check(text).is_ok());
    InboundForm {
        name: reply.text_at("name"),
        body: reply.text_at("body"),
        response: parsed.or_else(|| response.json()),
    }
}

fn order(part: Item<'_, '_>) -> InboundOrder {
    let item = |item: Item<'_, '_>| OrderItem {
        product_retailer_id: item.text_at("product_retailer_id"),
        quantity: item.get("quantity").number(),
        item_price: item.get("item_price").number(),
        currency: item.text_at("currency"),
    };
    InboundOrder {
        catalog_id: part.text_at("catalog_id"),
        text: part.text_at("text"),
        items: part.get("product_items").items().map(item).collect(),
    }
}

fn system(part: Item<'_, '_>) -> InboundSystem {
    InboundSystem {
        kind: part.text_at("type"),
        body: part.text_at("body"),
        new_wa_id: part.text_at("wa_id").or_else(|| part.text_at("new_wa_id")),
        new_user_id: part.text_at("user_id"),
    }
}

fn change(part: Item<'_, '_>) -> InboundChange {
    InboundChange {
        original_message_id: part.text_at("original_message_id"),
        message: part.get("message").json(),
    }
}
