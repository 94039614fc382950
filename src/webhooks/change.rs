//! From a delivery to its events. Nothing in it is lost: what has no type of its own comes out as `other`.

use super::{
    key,
    layers::{Field, Json, field},
    message, status,
};
use crate::contract::tables::EVENT;
use crate::door::{Lowered, Node};
use crate::json::Item;
use crate::prelude::*;

/// The parts of a `messages` change that are no items of their own.
const FRAME: [&str; 3] = ["messaging_product", "metadata", "contacts"];

/// Lowers the events of a delivery, in its order, and returns their places. Fails only when it is not JSON.
pub fn events(body: &str, output: &mut Lowered) -> Result<Vec<u32>, serde_json::Error> {
    let body = Json::check(body)?;
    let mut output = Events {
        output,
        places: Vec::new(),
    };
    let entries = body
        .fields()
        .and_then(|fields| field(&fields, "entry"))
        .and_then(Json::items)
        .filter(|entries| !entries.is_empty());
    match entries {
        Some(entries) => entries.into_iter().for_each(|raw| entry(raw, &mut output)),
        None => output.other(&Place::default(), body),
    }
    Ok(output.places)
}

/// Where in a delivery an item stands.
#[derive(Clone, Default)]
pub struct Place {
    business_account_id: String,
    field: String,
    time: Option<i64>,
    phone_number_id: Option<String>,
    display_phone_number: Option<String>,
    /// The list within the field.
    list: String,
}

/// The events so far, one by one in memory.
struct Events<'o> {
    output: &'o mut Lowered,
    places: Vec<u32>,
}

impl Events<'_> {
    fn push(
        &mut self,
        place: &Place,
        id: String,
        timestamp: Node<'_>,
        raw: Json<'_>,
        payload: Node<'_>,
    ) {
        let topic = match payload {
            Node::Case("status", _) => "statuses",
            _ => &place.field,
        };
        let occurred_at = match (&timestamp.whole(), place.time) {
            (None, Some(time)) => Node::Whole(time),
            _ => timestamp,
        };
        let text = |text: &str| Node::Text(text.to_owned().into());
        let envelope = vec![
            ("id", Node::Text(id.into())),
            (
                "route",
                Node::Text(format!("{topic}:{}", place.business_account_id).into()),
            ),
            ("business_account_id", text(&place.business_account_id)),
            (
                "phone_number_id",
                Node::text_or_absent(place.phone_number_id.as_deref()),
            ),
            (
                "display_phone_number",
                Node::text_or_absent(place.display_phone_number.as_deref()),
            ),
            ("field", text(&place.field)),
            ("occurred_at", occurred_at),
            ("raw", Node::Text(raw.text().into())),
        ];
        let event = Node::Fields(
            vec![
                ("envelope", Node::Fields(envelope, Item::absent())),
                ("payload", payload),
            ],
            Item::absent(),
        );
        let at = self.output.room(EVENT.block());
        self.places.push(at as u32);
        self.output.record(at, EVENT, &event);
    }

    fn other(&mut self, place: &Place, raw: Json<'_>) {
        let number = place.phone_number_id.as_deref().unwrap_or_default();
        let parts = [
            &place.business_account_id,
            number,
            &place.field,
            &place.list,
        ];
        let id = key::other(parts, place.time, raw);
        self.push(
            place,
            id,
            Node::Absent,
            raw,
            Node::Case("other", Box::new(Node::Absent)),
        );
    }
}

fn entry(raw: Json<'_>, output: &mut Events<'_>) {
    let parts = raw.fields().unwrap_or_default();
    let place = Place {
        business_account_id: field(&parts, "id").and_then(text).unwrap_or_default(),
        time: field(&parts, "time").and_then(time),
        ..Place::default()
    };
    match field(&parts, "changes")
        .and_then(Json::items)
        .filter(|changes| !changes.is_empty())
    {
        Some(changes) => changes
            .into_iter()
            .for_each(|raw| change(raw, &place, output)),
        None => output.other(&place, raw),
    }
}

fn change(raw: Json<'_>, entry: &Place, output: &mut Events<'_>) {
    let parts = raw.fields().unwrap_or_default();
    let place = Place {
        field: field(&parts, "field").and_then(text).unwrap_or_default(),
        ..entry.clone()
    };
    match field(&parts, "value").map(|value| (value, value.fields())) {
        Some((value, Some(parts))) if place.field == "messages" => {
            messages(value, &parts, place, output)
        }
        Some((value, _)) => output.other(&place, value),
        None => output.other(&place, raw),
    }
}

/// The `messages` field: messages, statuses, errors, and whatever Meta adds.
fn messages(value: Json<'_>, parts: &[Field<'_>], mut place: Place, output: &mut Events<'_>) {
    let before = output.places.len();
    let metadata = field(parts, "metadata").and_then(Json::tree);
    if let Some(metadata) = metadata.as_ref().map(Item::new) {
        place.phone_number_id = metadata
            .text_at("phone_number_id")
            .map(|text| text.into_owned());
        place.display_phone_number = metadata
            .text_at("display_phone_number")
            .map(|text| text.into_owned());
    }
    let is_list =
        |(name, raw): &Field<'_>| !FRAME.contains(&name.as_ref()) && raw.text().starts_with('[');
    if !parts.iter().any(is_list) {
        // The parts of something else say nothing one by one.
        return output.other(&place, value);
    }
    let contacts = field(parts, "contacts").and_then(Json::tree);
    let contacts = contacts.as_ref().map_or(Item::absent(), Item::new);
    for (name, raw) in parts {
        let read = match name.as_ref() {
            "messages" => Read::Message,
            "statuses" => Read::Status,
            name if FRAME.contains(&name) => continue,
            _ => Read::Nothing,
        };
        place.list = name.as_ref().to_owned();
        match raw.items() {
            Some(list) => list
                .into_iter()
                .for_each(|raw| item(raw, read, contacts, &place, output)),
            None if raw.text() == "null" => {}
            None => output.other(&place, *raw),
        }
    }
    if output.places.len() == before {
        place.list = String::new();
        output.other(&place, value);
    }
}

/// How to read the items of a list.
#[derive(Clone, Copy)]
enum Read {
    Message,
    Status,
    Nothing,
}

fn item(raw: Json<'_>, read: Read, contacts: Item<'_>, place: &Place, output: &mut Events<'_>) {
    let tree = raw.tree();
    let item = tree.as_ref().map_or(Item::absent(), Item::new);
    let timestamp = Node::Item(item.get("timestamp"));
    match read {
        Read::Message => {
            if let Some(message) = message::read(item, contacts, raw) {
                let id = key::message(&message.id, &message.kind);
                let payload = Node::Case("message", Box::new(message.node));
                return output.push(place, id, timestamp, raw, payload);
            }
        }
        Read::Status => {
            if let Some(status) = status::read(item) {
                let participant = status.participant_id.as_deref();
                let time = timestamp.whole();
                let id = key::status(&status.message_id, &status.state, time, participant);
                let payload = Node::Case("status", Box::new(status.node));
                return output.push(place, id, timestamp, raw, payload);
            }
        }
        Read::Nothing => {}
    }
    output.other(place, raw);
}

/// A text, or a number as text: Meta writes ids both ways.
fn text(raw: Json<'_>) -> Option<String> {
    Item::new(&raw.tree()?).text().map(|text| text.into_owned())
}

fn time(raw: Json<'_>) -> Option<i64> {
    Node::Item(Item::new(&raw.tree()?)).whole()
}
