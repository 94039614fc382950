//! What comes from the WhatsApp Business app of a number that is in this API as well: its own messages, and the history.

use super::change::{Events, Found};
use super::key;
use super::layers::{Json, field};
use super::message::{id_and_kind, node};
use crate::door::Node;
use crate::json::{Item, Tree, to_text};
use crate::prelude::*;

/// A message of the business. Nothing when it has no id.
pub fn echo<'a>(item: Item<'a>, raw: Json<'a>) -> Option<Found<'a>> {
    let (id, kind) = id_and_kind(item)?;
    let message = node(item, &kind, Item::absent(), raw);
    Some(Found {
        id: key::message("echo", &id, &kind),
        payload: Node::case(
            "message_echo",
            Node::Fields(vec![("message", message)], item, Item::absent()),
        ),
        opens_window: false,
    })
}

/// A message out of the history; `thread` says what is known of its thread and of the piece that it is in. Nothing when it has no id.
pub fn message<'a>(item: Item<'a>, thread: Item<'a>, raw: Json<'a>) -> Option<Found<'a>> {
    let (id, kind) = id_and_kind(item)?;
    // A file may come later than the message that has a place for it: these are two things.
    let what = match kind.as_ref() {
        "media_placeholder" => "history:placeholder",
        _ => "history",
    };
    let fields = vec![("message", node(item, &kind, Item::absent(), raw))];
    Some(Found {
        id: key::message(what, &id, &kind),
        payload: Node::case("history_message", Node::Fields(fields, item, thread)),
        opens_window: false,
    })
}

/// A piece of the history: how much has come, then its messages one by one.
pub fn chunk(events: &mut Events<'_, '_>, raw: Json<'_>) {
    let (frame, threads) = apart(raw, "threads");
    let frame = object(&frame);
    let Some(tree) = Tree::read(&frame) else {
        return events.other(raw);
    };
    let progress = Found {
        id: events.key(Item::absent(), raw.same(&frame)),
        payload: Node::case("history_progress", Node::Item(Item::new(&tree))),
        opens_window: false,
    };
    events.push(progress, Item::absent(), raw.same(&frame));
    let metadata = field(&raw.parts(), "metadata").map_or("null", Json::text);
    for raw in threads.unwrap_or_default() {
        let (mut frame, messages) = apart(raw, "messages");
        frame.push(["\"metadata\":", metadata].joined(""));
        let frame = object(&frame);
        let (Some(tree), Some(messages)) = (Tree::read(&frame), messages) else {
            events.other(raw);
            continue;
        };
        let thread = Item::new(&tree);
        for raw in messages {
            let tree = raw.tree();
            let item = tree.as_ref().map_or(Item::absent(), Item::new);
            match message(item, thread, raw) {
                Some(found) => events.push(found, item.get("timestamp"), raw),
                None => events.other(raw),
            }
        }
    }
}

/// The fields of an object without one of them, as texts, and the items of that one: they may be many, and an odd one must not harm what stands
/// beside it.
fn apart<'a>(raw: Json<'a>, list: &str) -> (Vec<String>, Option<Vec<Json<'a>>>) {
    let parts = raw.parts();
    let mut fields = Vec::new();
    for (name, value) in &parts {
        if name != list {
            fields.push([&to_text(&name.as_ref().into()), ":", value.text()].joined(""));
        }
    }
    (fields, field(&parts, list).and_then(Json::items))
}

fn object(fields: &[String]) -> String {
    ["{", &fields.joined(","), "}"].joined("")
}
