//! News of a message of ours.

use super::errors::errors;
use crate::door::Node;
use crate::json::Item;
use crate::prelude::*;
use alloc::borrow::Cow;

/// Names of the member of a group that a status is about: the documented one, one that a sample of Meta's has, and the user id.
const PARTICIPANT: [&str; 3] = [
    "recipient_participant_id",
    "participant_recipient_id",
    "recipient_participant_user_id",
];

/// A status, and what its key is made of.
pub struct Status<'a> {
    /// The message that it is about.
    pub message_id: Cow<'a, str>,
    /// Meta's word for the state.
    pub state: Cow<'a, str>,
    /// The member of the group that it is about.
    pub participant_id: Option<Cow<'a, str>>,
    /// The `message-status`.
    pub node: Node<'a>,
}

/// Reads a status; nothing when it lacks the message's id or the state.
pub fn read(item: Item<'_>) -> Option<Status<'_>> {
    let given = |name| item.text_at(name).filter(|text| !text.is_empty());
    let (message_id, state) = (given("id")?, given("status")?);
    let participant = PARTICIPANT.map(|name| item.get(name));
    let participant = participant.into_iter().find(|item| item.text().is_some());
    let participant = participant.unwrap_or_else(Item::absent);
    let node = Node::Fields(
        vec![
            ("message_id", Node::Item(item.get("id"))),
            ("state", Node::Item(item.get("status"))),
            ("participant_id", Node::Item(participant)),
            (
                "callback_data",
                Node::Item(item.get("biz_opaque_callback_data")),
            ),
            ("conversation", conversation(item.get("conversation"))),
            ("pricing", pricing(item.get("pricing"))),
            ("errors", errors(item)),
        ],
        item,
    );
    Some(Status {
        message_id,
        state,
        participant_id: participant.text(),
        node,
    })
}

fn conversation(item: Item<'_>) -> Node<'_> {
    item.with(vec![
        ("expires_at", item.get("expiration_timestamp")),
        ("origin", item.get("origin").get("type")),
    ])
}

fn pricing(item: Item<'_>) -> Node<'_> {
    item.with(vec![("kind", item.get("type"))])
}
