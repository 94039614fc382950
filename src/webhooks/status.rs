//! News of a message of ours.

use super::errors::errors;
use super::key;
use crate::door::{Node, Renamed};
use crate::json::Item;
use crate::prelude::*;

/// Names of the member of a group that a status is about: the documented one, one that a sample of Meta's has, and the user id.
const PARTICIPANT: [&str; 3] = [
    "recipient_participant_id",
    "participant_recipient_id",
    "recipient_participant_user_id",
];

/// The fields of a status that Meta calls otherwise.
const STATUS: Renamed = &[
    ("message_id", "id"),
    ("state", "status"),
    ("callback_data", "biz_opaque_callback_data"),
];

/// The same for its conversation.
const CONVERSATION: Renamed = &[
    ("expires_at", "expiration_timestamp"),
    ("origin", "origin.type"),
];

/// A status: its key and the case of the payload. Nothing when it lacks the message's id or the state.
pub fn read(item: Item<'_>, time: Option<u64>) -> Option<(String, Node<'_>)> {
    let given = |name| item.text_at(name).filter(|text| !text.is_empty());
    let (message_id, state) = (given("id")?, given("status")?);
    let mut participants = PARTICIPANT.iter().map(|name| item.get(name));
    let participant = participants.find(|item| item.text().is_some());
    let participant = participant.unwrap_or_else(Item::absent);
    let key = key::status(&message_id, &state, time, participant.text().as_deref());
    let node = Node::Fields(
        vec![
            ("participant_id", Node::Item(participant)),
            (
                "conversation",
                item.get("conversation").renamed(CONVERSATION),
            ),
            ("pricing", item.get("pricing").renamed(&[("kind", "type")])),
            ("errors", errors(item)),
        ],
        STATUS,
        item,
    );
    Some((key, Node::Case("status", Box::new(node))))
}
