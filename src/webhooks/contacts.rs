//! The cards of the customers that a delivery is about.

use crate::json::Item;
use alloc::borrow::Cow;

/// The card of a customer: matched by id, not by position; the only card counts when nothing says otherwise.
pub fn find<'a>(cards: Item<'a>, wa_id: Item<'a>, user_id: Item<'a>) -> Item<'a> {
    let (wa_id, user_id) = (wa_id.text(), user_id.text());
    let is = |card: Item<'a>, name: &str, id: &Option<Cow<'_, str>>| {
        id.is_some() && card.text_at(name) == *id
    };
    let matching = cards
        .items()
        .find(|card| is(*card, "wa_id", &wa_id) || is(*card, "user_id", &user_id));
    let only = || {
        let mut cards = cards.items();
        let first = cards
            .next()
            .filter(|_| wa_id.is_none() && user_id.is_none());
        first.filter(|_| cards.next().is_none())
    };
    matching.or_else(only).unwrap_or_else(Item::absent)
}
