//! What comes from the WhatsApp Business app of a number that is in this API as well: its own messages, and the history.

use super::change::{Events, Found};
use super::key;
use super::layers::Json;
use super::message::{id_and_kind, node};
use crate::door::Node;
use crate::json::{Item, Tree, to_text};
use crate::prelude::*;

/// A message of the business, with the card of the customer. Nothing when it has no id.
pub fn echo<'a>(item: Item<'a>, card: Item<'a>, raw: Json<'a>) -> Option<Found<'a>> {
    let (id, kind) = id_and_kind(item)?;
    let message = node(item, &kind, Item::absent(), raw);
    Some(Found {
        id: key::message("echo", &id, &kind),
        payload: Node::case(
            "message_echo",
            Node::Fields(vec![("message", message)], item, card),
        ),
        opens_window: false,
    })
}

/// A message out of the history; `thread` says what is known of its thread, `phase` of the piece that it is in, `card`
/// of the customer. Nothing when it has no id.
pub fn message<'a>(
    item: Item<'a>,
    thread: Item<'a>,
    phase: Item<'a>,
    card: Item<'a>,
    raw: Json<'a>,
) -> Option<Found<'a>> {
    let (id, kind) = id_and_kind(item)?;
    // A file may come later than the message that has a place for it: these are two things.
    let what = match kind.as_ref() {
        "media_placeholder" => "history:placeholder",
        _ => "history",
    };
    let fields = vec![
        ("message", node(item, &kind, card, raw)),
        ("phase", Node::Item(phase)),
    ];
    Some(Found {
        id: key::message(what, &id, &kind),
        payload: Node::case("history_message", Node::Fields(fields, item, thread)),
        opens_window: false,
    })
}

/// A piece of the history: how much has come, then its messages one by one. What cannot be read of the piece or of a thread is an event of its
/// own, so that their messages, which may be thousands, are read all the same.
pub fn chunk(events: &mut Events<'_, '_>, raw: Json<'_>) {
    if !raw.is_object() {
        return events.other(raw);
    }
    let (frame, threads) = apart(raw, "threads");
    let frame = object(&frame);
    let piece = Tree::read(&frame);
    let piece = match &piece {
        Some(tree) => {
            let progress = Found {
                id: events.key(Item::absent(), raw.same(&frame)),
                payload: Node::case("history_progress", Node::Item(Item::new(tree))),
                opens_window: false,
            };
            events.push(progress, Item::absent(), raw.same(&frame));
            Item::new(tree)
        }
        None => {
            events.other(raw.same(&frame));
            Item::absent()
        }
    };
    let phase = piece.at("metadata.phase");
    for raw in threads {
        let (frame, messages) = apart(raw, "messages");
        if messages.is_empty() {
            events.other(raw);
            continue;
        }
        let frame = object(&frame);
        let tree = Tree::read(&frame);
        if tree.is_none() {
            events.other(raw.same(&frame));
        }
        let thread = tree.as_ref().map_or(Item::absent(), Item::new);
        for raw in messages {
            let tree = raw.tree();
            let item = tree.as_ref().map_or(Item::absent(), Item::new);
            match message(item, thread, phase, Item::absent(), raw) {
                Some(found) => events.push(found, item.get("timestamp"), raw),
                None => events.other(raw),
            }
        }
    }
}

/// The fields of an object, as texts, and apart from them the items of the list of this name: they may be many, and an odd one must not harm what
/// stands beside it.
fn apart<'a>(raw: Json<'a>, list: &str) -> (Vec<String>, Vec<Json<'a>>) {
    let (mut fields, mut items) = (Vec::new(), Vec::new());
    for (name, value) in raw.parts() {
        match value.items().filter(|_| name == list) {
            Some(mut found) => items.append(&mut found),
            None => fields.push([&to_text(&name.as_ref().into()), ":", value.text()].joined("")),
        }
    }
    (fields, items)
}

fn object(fields: &[String]) -> String {
    ["{", &fields.joined(","), "}"].joined("")
}
