//! News of a message of ours.

use super::change::Found;
use super::contacts::Cards;
use super::key;
use crate::door::Node;
use crate::json::Item;
use crate::prelude::*;

/// What tells the statuses of a message to a group apart: the member.
const PARTICIPANT: &str =
    "recipient_participant_id|participant_recipient_id|recipient_participant_user_id";

/// What tells the statuses of a payment apart.
const PAYMENT: &str = "payment.transaction.id|payment.reference_id";

/// The words that are known, and how far they are. A message that was delivered is not undone by a `failed` that comes late.
const RANKS: [(&str, i64); 5] = [
    ("sent", 1),
    ("failed", 2),
    ("delivered", 3),
    ("read", 4),
    ("played", 5),
];

/// A status. Nothing when it lacks the message's id or the state.
pub fn read<'a>(item: Item<'a>, cards: &Cards<'a>) -> Option<Found<'a>> {
    let given = |name| item.text_at(name).filter(|text| !text.is_empty());
    let (message_id, state) = (given("id")?, given("status")?);
    let time = item.get("timestamp").time();
    let is_payment = item.text_at("type").as_deref() == Some("payment");
    let (what, case, about) = if is_payment || item.get("payment").is_object() {
        ("payment", "payment_status", PAYMENT)
    } else {
        ("status", "status", PARTICIPANT)
    };
    let about = item.at(about).text();
    let rank = RANKS.iter().find(|(known, _)| *known == state);
    let rank = Node::Whole(rank.map_or(0, |(_, rank)| *rank));
    // In a group the cards are those of its members.
    let card = cards.find(
        item.at("recipient_participant_id|participant_recipient_id|recipient_id"),
        item.at("recipient_participant_user_id|recipient_user_id"),
    );
    Some(Found {
        id: key::status(what, &message_id, &state, time, about.as_deref()),
        payload: Node::case(case, Node::Fields(vec![("rank", rank)], item, card)),
        opens_window: false,
    })
}
