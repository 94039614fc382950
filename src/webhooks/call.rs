//! Calls, and news of calls of ours.

use super::change::Found;
use super::contacts::Cards;
use super::key;
use crate::door::Node;
use crate::json::Item;
use crate::prelude::*;

/// A call. Nothing when it has no id.
pub fn read<'a>(item: Item<'a>, cards: &Cards<'a>) -> Option<Found<'a>> {
    let id = item.at("id|wacid").text().filter(|id| !id.is_empty())?;
    let event = item.at("event|status").text().unwrap_or_default();
    let time = item.get("timestamp").time();
    let is_of_customer = item.text_at("direction").as_deref() == Some("USER_INITIATED");
    // Which of the two is the customer depends on who calls; Meta's samples have them the wrong way round, too.
    let user_id = item.at("from_user_id|to_user_id|recipient_user_id");
    let mut found = ["from", "to", "recipient_id"]
        .into_iter()
        .map(|name| cards.find(item.get(name), user_id));
    let card = found
        .find(|card| card.is_there())
        .unwrap_or_else(Item::absent);
    // News of a call of ours is no end of it.
    let status = item.get("status").filter(item.get("event").is_there());
    let node = Node::Fields(vec![("status", Node::Item(status))], item, card);
    Some(Found {
        id: key::status("call", &id, &event, time, None),
        payload: Node::case("call", node),
        opens_window: is_of_customer && event == "connect",
    })
}
