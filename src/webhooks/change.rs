//! From a delivery to its events. Nothing in it is lost: what has no type of its own comes out as `other`.

use super::{
    item::Item,
    key,
    layers::{Field, Json, field},
    message, status,
};
use crate::contract::exports::whatsapp::connector::webhooks::{Envelope, Event, Payload};
use crate::prelude::*;

/// The parts of a `messages` change that are no items of their own.
const FRAME: [&str; 3] = ["messaging_product", "metadata", "contacts"];

/// The events of a delivery, in its order. Fails only when it is not JSON.
pub fn events(body: &str) -> Result<Vec<Event>, serde_json::Error> {
    let body = Json::check(body)?;
    let mut output = Events::default();
    let entries = body
        .fields()
        .and_then(|fields| field(&fields, "entry"))
        .and_then(Json::items)
        .filter(|entries| !entries.is_empty());
    match entries {
        Some(entries) => entries.into_iter().for_each(|raw| entry(raw, &mut output)),
        None => output.other(&Place::default(), body),
    }
    Ok(output.0)
}

/// Where in a delivery an item stands.
#[derive(Clone, Default)]
pub struct Place {
    business_account_id: String,
    field: String,
    time: Option<u64>,
    phone_number_id: Option<String>,
    display_phone_number: Option<String>,
    /// The list within the field.
    list: String,
}

#[derive(Default)]
struct Events(Vec<Event>);

impl Events {
    fn push(
        &mut self,
        place: &Place,
        id: String,
        occurred_at: Option<u64>,
        raw: Json<'_>,
        payload: Payload,
    ) {
        let topic = match payload {
            Payload::Status(_) => "statuses",
            _ => &place.field,
        };
        self.0.push(Event {
            envelope: Envelope {
                id,
                route: format!("{topic}:{}", place.business_account_id),
                business_account_id: place.business_account_id.clone(),
                phone_number_id: place.phone_number_id.clone(),
                display_phone_number: place.display_phone_number.clone(),
                field: place.field.clone(),
                occurred_at: occurred_at.or(place.time),
                raw: raw.text().to_owned(),
            },
            payload,
        });
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
        self.push(place, id, None, raw, Payload::Other);
    }
}

fn entry(raw: Json<'_>, output: &mut Events) {
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

fn change(raw: Json<'_>, entry: &Place, output: &mut Events) {
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
fn messages(value: Json<'_>, parts: &[Field<'_>], mut place: Place, output: &mut Events) {
    let before = output.0.len();
    let metadata = field(parts, "metadata").and_then(Json::tree);
    if let Some(metadata) = metadata.as_ref().map(Item::new) {
        place.phone_number_id = metadata.text_at("phone_number_id");
        place.display_phone_number = metadata.text_at("display_phone_number");
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
    if output.0.len() == before {
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

fn item(raw: Json<'_>, read: Read, contacts: Item<'_, '_>, place: &Place, output: &mut Events) {
    let tree = raw.tree();
    let item = tree.as_ref().map(Item::new);
    match (read, item) {
        (Read::Message, Some(item)) => {
            if let Some(message) = message::read(item, contacts, raw) {
                let id = key::message(&message.id, &message.kind);
                let time = message.timestamp;
                return output.push(place, id, time, raw, Payload::Message(message));
            }
        }
        (Read::Status, Some(item)) => {
            if let Some((state, status)) = status::read(item) {
                let id = key::status(
                    &status.message_id,
                    &state,
                    status.timestamp,
                    status.participant_id.as_deref(),
                );
                let time = status.timestamp;
                return output.push(place, id, time, raw, Payload::Status(status));
            }
        }
        _ => {}
    }
    output.other(place, raw);
}

/// A text, or a number as text: Meta writes ids both ways.
fn text(raw: Json<'_>) -> Option<String> {
    Item::new(&raw.tree()?).text()
}

fn time(raw: Json<'_>) -> Option<u64> {
    Item::new(&raw.tree()?).time()
}
