//! From a delivery to its events. Nothing in it is lost: what has no type of its own comes out as `other`.

use super::contacts::Cards;
use super::kinds::{self, Kind};
use super::layers::{Field, Json, field};
use super::{Sink, coexistence, key, window};
use crate::door::Node;
use crate::json::{Item, Tree};
use crate::prelude::*;
use alloc::borrow::Cow;

/// The parts of a change that are no items of their own, and how each begins. One that is something else comes out as it is.
const FRAME: [(&str, char); 3] = [
    ("messaging_product", '"'),
    ("metadata", '{'),
    ("contacts", '['),
];

/// Hands on the events of a delivery, in its order. Fails only when it is not JSON.
pub fn events(body: &str, sink: &mut Sink<'_>) -> Result<(), String> {
    let body = Json::check(body)?;
    let mut events = Events {
        sink,
        count: 0,
        place: Place::default(),
    };
    events.each(&body.parts(), "entry", body, Events::entry);
    Ok(())
}

/// An item that was understood.
pub struct Found<'a> {
    /// Its key.
    pub id: String,
    /// The case of the payload.
    pub payload: Node<'a>,
    /// Whether it opens the customer service window.
    pub opens_window: bool,
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

/// Where the events go, how many there were, and where the next one stands.
pub struct Events<'s, 'k> {
    sink: &'s mut Sink<'k>,
    count: usize,
    place: Place,
}

impl Events<'_, '_> {
    /// Hands on an item that was understood.
    pub fn push(&mut self, found: Found<'_>, timestamp: Item<'_>, raw: Json<'_>) {
        let place = &self.place;
        let topic = match found.payload {
            Node::Case("status" | "payment_status", _) => "statuses",
            _ => &place.field,
        };
        let time = timestamp.time().or(place.time);
        let closes_at = time.filter(|_| found.opens_window).map(window::closes_at);
        let text = |text| Node::Text(Cow::Borrowed(text));
        let number = place.phone_number_id.as_deref();
        let display_number = place.display_phone_number.as_deref();
        let route = [topic, ":", &place.business_account_id].joined("");
        let envelope = vec![
            ("id", text(&found.id)),
            ("route", text(&route)),
            ("business_account_id", text(&place.business_account_id)),
            ("phone_number_id", Node::text_or_absent(number)),
            ("display_phone_number", Node::text_or_absent(display_number)),
            ("field", text(&place.field)),
            ("occurred_at", Node::whole_or_absent(time)),
            ("window_closes_at", Node::whole_or_absent(closes_at)),
            ("raw", text(raw.text())),
        ];
        self.count += 1;
        (self.sink)(&Node::record(vec![
            ("envelope", Node::record(envelope)),
            ("payload", found.payload),
        ]));
    }

    /// The key of an item that has none of its own.
    pub fn key(&self, timestamp: Item<'_>, raw: Json<'_>) -> String {
        let place = &self.place;
        let parts = [
            &place.business_account_id,
            place.phone_number_id.as_deref().unwrap_or_default(),
            &place.field,
            &place.list,
        ];
        // The entry's time may be that of the batch: what has a time of its own, inside, does not need it.
        let time = place.time.filter(|_| timestamp.time().is_none());
        key::other(parts, time, raw)
    }

    /// Hands on something that has no type.
    pub fn other(&mut self, raw: Json<'_>) {
        let tree = raw.tree();
        let timestamp = tree
            .as_ref()
            .map_or(Item::absent(), Item::new)
            .get("timestamp");
        let found = Found {
            id: self.key(timestamp, raw),
            payload: Node::case("other", Node::Absent),
            opens_window: false,
        };
        self.push(found, timestamp, raw);
    }

    /// Reads each item of the list of this name; without one, `whole` is an event.
    pub fn each(
        &mut self,
        parts: &[Field<'_>],
        name: &str,
        whole: Json<'_>,
        read: fn(&mut Self, Json<'_>),
    ) {
        let (mut items, mut odd) = (Vec::new(), Vec::new());
        // A name that is there twice has two lists.
        for (key, value) in parts {
            if key == name {
                match value.items() {
                    Some(mut found) => items.append(&mut found),
                    None => odd.push(*value),
                }
            }
        }
        if items.is_empty() {
            return self.other(whole);
        }
        for value in odd {
            self.other(value);
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
        let before = self.count;
        let name = text(&parts, "field");
        for (_, value) in parts.iter().filter(|(name, _)| name == "value") {
            self.stand(&name);
            match value.is_object() {
                true => self.value(*value),
                false => self.other(*value),
            }
        }
        if self.count == before {
            self.stand(&name);
            self.other(raw);
        }
    }

    /// Where a change of this field stands in its entry.
    fn stand(&mut self, field: &str) {
        self.place = Place {
            business_account_id: core::mem::take(&mut self.place.business_account_id),
            time: self.place.time,
            field: field.to_owned(),
            ..Place::default()
        };
    }

    /// What has changed: lists of items, each an event, or one thing.
    fn value(&mut self, value: Json<'_>) {
        let parts = value.parts();
        let before = self.count;
        // Most fields have it in one place, some in another, and some the number alone.
        for name in [
            "metadata",
            "recipient",
            "phone_number_settings",
            "display_phone_number",
        ] {
            let part = field(&parts, name).and_then(Json::tree);
            let part = part.as_ref().map_or(Item::absent(), Item::new);
            let text = |item: Item<'_>| item.text().map(Cow::into_owned);
            let place = &mut self.place;
            let id = place.phone_number_id.take();
            place.phone_number_id = id.or(text(part.get("phone_number_id")));
            let display_number = place.display_phone_number.take();
            let part = match name {
                "display_phone_number" => part,
                _ => part.get("display_phone_number"),
            };
            place.display_phone_number = display_number.or(text(part));
        }
        if let Some(kind) = kinds::of_value(&self.place.field) {
            return self.item(value, Some(kind), &Cards::new(&[]));
        }
        let is_list = |(name, raw): &Field<'_>| {
            raw.text().starts_with('[') && kinds::has_lists(&self.place.field, name)
        };
        if !parts.iter().any(is_list) {
            // The parts of something else say nothing one by one.
            return self.other(value);
        }
        let mut trees = Vec::new();
        for (_, list) in parts.iter().filter(|(name, _)| name == "contacts") {
            for card in list.items().unwrap_or_default() {
                // One by one, so that an odd card harms no other.
                trees.push(card.tree().unwrap_or(Tree::Null));
            }
        }
        let mut cards = Cards::new(&trees);
        let mut odd = Vec::new();
        for (name, raw) in &parts {
            if raw.text() == "null" {
                continue;
            }
            if let Some((_, begin)) = FRAME.iter().find(|(known, _)| known == name) {
                if !raw.text().starts_with(*begin) {
                    // Later, so that it does not count among the items.
                    odd.push((name, *raw));
                }
                continue;
            }
            self.place.list = name.as_ref().to_owned();
            let Some(items) = raw.items() else {
                self.other(*raw);
                continue;
            };
            if self.place.field == "history" && name == "history" {
                for chunk in items {
                    coexistence::chunk(self, chunk);
                }
                continue;
            }
            let kind = kinds::of_list(&self.place.field, name);
            cards.is_for_one = items.len() == 1 && self.count == before;
            for raw in items {
                self.item(raw, kind, &cards);
            }
        }
        if self.count == before {
            self.place.list = String::new();
            return self.other(value);
        }
        for (name, raw) in odd {
            self.place.list = name.as_ref().to_owned();
            self.other(raw);
        }
    }

    fn item(&mut self, raw: Json<'_>, kind: Option<Kind>, cards: &Cards<'_>) {
        let tree = raw.tree();
        let item = tree.as_ref().map_or(Item::absent(), Item::new);
        // A contact of the app has it deeper than everything else.
        let timestamp = item.at("timestamp|metadata.timestamp");
        let found = kind
            .filter(|_| item.is_object())
            .and_then(|kind| kind.read(item, cards, raw, &|| self.key(timestamp, raw)));
        match found {
            Some(found) => self.push(found, timestamp, raw),
            None => self.other(raw),
        }
    }
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
