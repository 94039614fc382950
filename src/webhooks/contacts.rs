//! The cards of the customers that a delivery is about.

use crate::json::{Item, Tree};
use core::cell::Cell;

/// How many cards are looked at for one item: as many as Meta puts updates into a delivery. Where a delivery holds more, the cards stand in the order
/// of the items, and looking goes on where it stopped.
const LOOKS_MAX: usize = 1000;

/// The cards of a change.
pub struct Cards<'a> {
    list: &'a [Tree<'a>],
    /// Whether they are those of one item: the only card is then that of its customer, whatever the ids. Meta writes a phone number in more than one
    /// way, and a card may have no other id than the user's.
    pub is_for_one: bool,
    /// The one found last.
    last: Cell<usize>,
}

impl<'a> Cards<'a> {
    /// The cards of a list.
    pub fn new(list: &'a [Tree<'a>]) -> Self {
        Self {
            list,
            is_for_one: false,
            last: Cell::default(),
        }
    }

    /// The card of a customer: matched by id, not by position; the only card counts when nothing says otherwise.
    pub fn find(&self, wa_id: Item<'_>, user_id: Item<'_>) -> Item<'a> {
        let (wa_id, user_id) = (wa_id.text(), user_id.text());
        let mut place = self.last.get();
        for _ in 0..self.list.len().min(LOOKS_MAX) {
            let card = Item::new(&self.list[place]);
            if wa_id.is_some() && card.text_at("wa_id") == wa_id
                || user_id.is_some() && card.text_at("user_id") == user_id
            {
                self.last.set(place);
                return card;
            }
            place = (place + 1) % self.list.len();
        }
        match self.list {
            [only] if self.is_for_one || wa_id.is_none() && user_id.is_none() => Item::new(only),
            _ => Item::absent(),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::webhooks::events;
    use std::fmt::Write;

    /// The profile names of the events of a change with these parts.
    fn names(value: &str) -> Vec<String> {
        let body = format!(
            r#"{{"entry":[{{"id":"1","changes":[{{"field":"messages","value":{{{value}}}}}]}}]}}"#
        );
        let mut names = Vec::new();
        for event in events(&body) {
            let payload = event["payload"]
                .as_object()
                .and_then(|case| case.values().next());
            let name = payload.and_then(|held| held["profile_name"].as_str());
            names.push(name.unwrap_or_default().to_owned());
        }
        names
    }

    #[test]
    fn a_card_that_cannot_be_read_harms_no_other() {
        let odd = r#"{"wa_id":"1","profile":{"name":"\ud83d"}}"#;
        let value = format!(
            r#""contacts":[{odd},{{"wa_id":"2","profile":{{"name":"B"}}}}],
            "messages":[{{"from":"1","id":"a"}},{{"from":"2","id":"b"}}]"#
        );
        assert_eq!(names(&value), ["", "B"]);
    }

    #[test]
    fn the_only_card_is_that_of_the_only_item_and_of_no_other() {
        let card = r#""contacts":[{"wa_id":"5491","profile":{"name":"A"}}]"#;
        let one = r#""messages":[{"from":"54291","id":"a"}]"#;
        let two = r#""messages":[{"from":"54291","id":"a"},{"from":"7","id":"b"}]"#;
        let status = r#""statuses":[{"recipient_id":"7","id":"c","status":"read"}]"#;
        assert_eq!(names(&format!("{card},{one}")), ["A"]);
        assert_eq!(names(&format!("{card},{two}")), ["", ""]);
        assert_eq!(names(&format!("{card},{one},{status}")), ["A", ""]);
    }

    #[test]
    fn there_may_be_more_cards_than_meta_sends() {
        let (mut cards, mut messages) = (String::new(), String::new());
        for id in 0..3000 {
            let comma = if id > 0 { "," } else { "" };
            let _ = write!(
                cards,
                r#"{comma}{{"wa_id":"{id}","profile":{{"name":"{id}"}}}}"#
            );
            let _ = write!(messages, r#"{comma}{{"from":"{id}","id":"m{id}"}}"#);
        }
        let found = names(&format!(r#""contacts":[{cards}],"messages":[{messages}]"#));
        assert!(
            found
                .iter()
                .enumerate()
                .all(|(id, name)| *name == id.to_string())
        );
    }
}
