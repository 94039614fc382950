//! News of a message of ours.

use super::item::Item;
use crate::contract::exports::whatsapp::connector::webhooks::{
    Conversation, MessageState, MessageStatus, Pricing,
};
use crate::prelude::*;

/// Reads a status, with Meta's own word for the state; nothing when it lacks the message's id or the state.
pub fn read(item: Item<'_, '_>) -> Option<(String, MessageStatus)> {
    let word = item.text_at("status").filter(|word| !word.is_empty())?;
    let status = MessageStatus {
        message_id: item.text_at("id").filter(|id| !id.is_empty())?,
        state: state(&word),
        recipient_id: item.text_at("recipient_id"),
        recipient_user_id: item.text_at("recipient_user_id"),
        participant_id: PARTICIPANT.iter().find_map(|name| item.text_at(name)),
        timestamp: item.get("timestamp").time(),
        callback_data: item.text_at("biz_opaque_callback_data"),
        conversation: conversation(item.get("conversation")),
        pricing: pricing(item.get("pricing")),
        errors: item.errors(),
    };
    Some((word, status))
}

/// Names of the member of a group that a status is about: the documented one, one that a sample of Meta's has, and the user id.
const PARTICIPANT: [&str; 3] = [
    "recipient_participant_id",
    "participant_recipient_id",
    "recipient_participant_user_id",
];

fn state(word: &str) -> MessageState {
    match word {
        "sent" => MessageState::Sent,
        "delivered" => MessageState::Delivered,
        "read" => MessageState::Read,
        "failed" => MessageState::Failed,
        "played" => MessageState::Played,
        other => MessageState::Other(other.to_owned()),
    }
}

fn conversation(item: Item<'_, '_>) -> Option<Conversation> {
    item.is_object().then(|| Conversation {
        id: item.text_at("id"),
        expires_at: item.get("expiration_timestamp").time(),
        origin: item.get("origin").text_at("type"),
    })
}

fn pricing(item: Item<'_, '_>) -> Option<Pricing> {
    item.is_object().then(|| Pricing {
        billable: item.get("billable").optional_flag(),
        pricing_model: item.text_at("pricing_model"),
        category: item.text_at("category"),
        kind: item.text_at("type"),
    })
}
