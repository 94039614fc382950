//! What a message holds, by its kind.

use super::layers::Json;
use crate::door::Node;
use crate::json::Item;
use crate::prelude::*;

/// Reads the content; `unknown` when the kind is new or the part that belongs to it is missing.
pub fn read<'a>(kind: &str, message: Item<'a>, raw: Json<'a>) -> Node<'a> {
    let (case, held) =
        known(kind, message).unwrap_or_else(|| ("unknown", Node::Text(raw.text().into())));
    Node::Case(case, Box::new(held))
}

/// Kinds whose part holds all there is.
const PLAIN: [&str; 11] = [
    "image", "video", "audio", "document", "sticker", "location", "button", "edit", "revoke",
    "order", "system",
];

fn known<'a>(kind: &str, message: Item<'a>) -> Option<(&'static str, Node<'a>)> {
    let part = message.get(kind);
    match kind {
        "request_welcome" => return Some(("request_welcome", Node::Absent)),
        "media_placeholder" => return Some(("media_placeholder", Node::Absent)),
        "unsupported" => return Some(("unsupported", Node::Item(part.get("type")))),
        "contacts" => return part.items().next().map(|_| ("contacts", Node::Item(part))),
        _ => {}
    }
    if !part.is_object() {
        return None;
    }
    if let Some(kind) = PLAIN.into_iter().find(|plain| *plain == kind) {
        return Some((kind, Node::Item(part)));
    }
    Some(match kind {
        "text" => {
            part.text_at("body")?;
            ("text", Node::Item(part.get("body")))
        }
        "reaction" => ("reaction", reaction(part)),
        "interactive" => return interactive(part),
        _ => return None,
    })
}

/// No emoji, or an empty one, takes the reaction back.
fn reaction(part: Item<'_>) -> Node<'_> {
    let emoji = part.text_at("emoji").filter(|emoji| !emoji.is_empty());
    Node::Fields(
        vec![("emoji", Node::text_or_absent(emoji))],
        part,
        Item::absent(),
    )
}

fn interactive(part: Item<'_>) -> Option<(&'static str, Node<'_>)> {
    let kind = part.text_at("type")?;
    let reply = part.get(&kind);
    if !reply.is_object() {
        return None;
    }
    match kind.as_ref() {
        "button_reply" => Some(("button_reply", Node::Item(reply))),
        "list_reply" => Some(("list_reply", Node::Item(reply))),
        "nfm_reply" => Some(("form_reply", form(reply))),
        "call_permission_reply" => Some(("call_permission_reply", Node::Item(reply))),
        "payment_method" => Some(("payment_method", Node::Item(reply))),
        _ => None,
    }
}

fn form(reply: Item<'_>) -> Node<'_> {
    let response = reply.get("response_json");
    // Meta sends the answers as JSON inside a string. They are handed on as they are when they parse, else as that string.
    let parsed = response.text().filter(|text| Json::check(text).is_ok());
    let response = match parsed {
        Some(text) => Node::Text(text),
        None => Node::Item(response),
    };
    Node::Fields(vec![("response", response)], reply, Item::absent())
}
