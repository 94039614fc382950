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
use alloc::borrow::Cow;

/// The parts of a `messages` change that are no items of their own.
const FRAME: [&str; 3] = ["messaging_product", "metadata", "contacts"];

/// Lowers the events of a delivery, in its order, and returns their places. Fails only when it is not JSON.
pub fn events(body: &str, output: &mut Lowered) -> Result<Vec<u32>, serde_json::Error> {
    let body = Json::check(body)?;
    let mut events = Events {
        output,
        places: Vec::new(),
        place: Place::default(),
    };
    events.each(&body.parts(), "entry", body, Events::entry);
    Ok(events.places)
}

/// Where in a delivery an item stands.
#[derive(Default)]
struct Place {
    business_account_id: String,
    field: String,
    time: Option<u64>,
    phone_number_id: Option<String>,
    display_phone_number: Option<String>,
    /// The list within the field.
    list: String,
}

/// The events so far, one by one in memory, and where the next one stands.
struct Events<'o> {
    output: &'o mut Lowered,
    places: Vec<u32>,
    place: Place,
}

impl Events<'_> {
    fn push(&mut self, id: String, timestamp: Item<'_>, raw: Json<'_>, payload: Node<'_>) {
        let place = &self.place;
        let topic = match payload {
            Node::Case("status", _) => "statuses",
            _ => &place.field,
        };
        let time = timestamp.time().or(place.time);
        let occurred_at = match time.and_then(|time| i64::try_from(time).ok()) {
            Some(time) => Node::Whole(time),
            None => Node::Absent,
        };
        let text = |text| Node::Text(Cow::Borrowed(text));
        let number = place.phone_number_id.as_deref();
        let display_number = place.display_phone_number.as_deref();
        let route = [topic, ":", &place.business_account_id].joined("");
        let envelope = vec![
            ("id", text(&id)),
            ("route", text(&route)),
            ("business_account_id", text(&place.business_account_id)),
            ("phone_number_id", Node::text_or_absent(number)),
            ("display_phone_number", Node::text_or_absent(display_number)),
            ("field", text(&place.field)),
            ("occurred_at", occurred_at),
            ("raw", text(raw.text())),
        ];
        let event = vec![("envelope", Node::record(envelope)), ("payload", payload)];
        let at = self.output.room(EVENT.block());
        self.places.push(at as u32);
        self.output.record(at, EVENT, &Node::record(event));
    }

    fn other(&mut self, raw: Json<'_>) {
        let place = &self.place;
        let number = place.phone_number_id.as_deref().unwrap_or_default();
        let parts = [
            &place.business_account_id,
            number,
            &place.field,
            &place.list,
        ];
        let id = key::other(parts, place.time, raw);
        let payload = Node::Case("other", Box::new(Node::Absent));
        self.push(id, Item::absent(), raw, payload);
    }

    /// Reads each item of the list of this name; without one, `whole` is an event.
    fn each(
        &mut self,
        parts: &[Field<'_>],
        name: &str,
        whole: Json<'_>,
        read: fn(&mut Self, Json<'_>),
    ) {
        let items = field(parts, name).and_then(Json::items).unwrap_or_default();
        if items.is_empty() {
            self.other(whole);
        }
        for item in items {
            read(self, item);
        }
    }

    fn entry(&mut self, raw: Json<'_>) {
        let parts = raw.parts();
        self.place = Place {
            business_account_id: text(&parts, "id"),
            time: field(&parts, "time").and_then(time),
            ..Place::default()
        };
        self.each(&parts, "changes", raw, Self::change);
    }

    fn change(&mut self, raw: Json<'_>) {
        let parts = raw.parts();
        self.place = Place {
            business_account_id: core::mem::take(&mut self.place.business_account_id),
            time: self.place.time,
            field: text(&parts, "field"),
            ..Place::default()
        };
        match field(&parts, "value") {
            Some(value) if self.place.field == "messages" && value.is_object() => {
                self.messages(value);
            }
            value => self.other(value.unwrap_or(raw)),
        }
    }

    /// The `messages` field: messages, statuses, errors, and whatever Meta adds.
    fn messages(&mut self, value: Json<'_>) {
        let parts = value.parts();
        let before = self.places.len();
        let metadata = field(&parts, "metadata").and_then(Json::tree);
        let metadata = metadata.as_ref().map_or(Item::absent(), Item::new);
        let text = |name| metadata.text_at(name).map(Cow::into_owned);
        self.place.phone_number_id = text("phone_number_id");
        self.place.display_phone_number = text("display_phone_number");
        let is_list = |(name, raw): &Field<'_>| {
            !FRAME.contains(&name.as_ref()) && raw.text().starts_with('[')
        };
        if !parts.iter().any(is_list) {
            // The parts of something else say nothing one by one.
            return self.other(value);
        }
        let contacts = field(&parts, "contacts").and_then(Json::tree);
        let contacts = contacts.as_ref().map_or(Item::absent(), Item::new);
        for (name, raw) in &parts {
            let read = match name.as_ref() {
                "messages" => Read::Message,
                "statuses" => Read::Status,
                name if FRAME.contains(&name) => continue,
                _ => Read::Nothing,
            };
            self.place.list = name.as_ref().to_owned();
            match raw.items() {
                Some(list) => {
                    for raw in list {
                        self.item(raw, read, contacts);
                    }
                }
                None if raw.text() == "null" => {}
                None => self.other(*raw),
            }
        }
        if self.places.len() == before {
            self.place.list = String::new();
            self.other(value);
        }
    }

    fn item(&mut self, raw: Json<'_>, read: Read, contacts: Item<'_>) {
        let tree = raw.tree();
        let item = tree.as_ref().map_or(Item::absent(), Item::new);
        let timestamp = item.get("timestamp");
        let found = match read {
            Read::Message => message::read(item, contacts, raw),
            Read::Status => status::read(item, timestamp.time()),
            Read::Nothing => None,
        };
        match found {
            Some((id, payload)) => self.push(id, timestamp, raw, payload),
            None => self.other(raw),
        }
    }
}

/// How to read the items of a list.
#[derive(Clone, Copy)]
enum Read {
    Message,
    Status,
    Nothing,
}

/// A text, or a number as text: Meta writes ids both ways. Empty when there is none.
fn text(parts: &[Field<'_>], name: &str) -> String {
    let tree = field(parts, name).and_then(Json::tree);
    let item = tree.as_ref().map_or(Item::absent(), Item::new);
    item.text().unwrap_or_default().into_owned()
}

fn time(raw: Json<'_>) -> Option<u64> {
    Item::new(&raw.tree()?).time()
}
