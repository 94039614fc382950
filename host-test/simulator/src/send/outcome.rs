//! What becomes of a message after it was accepted.

use super::content::Content;
use crate::webhooks::outbox::Update;
use crate::world::{SentMessage, UnknownRecipients, World};

/// Reactions reach messages of the last 30 days (reaction-messages page), in milliseconds.
const REACTION_REACH_MS: u64 = 30 * 24 * 60 * 60 * 1000;

/// Plans the statuses: sent, delivered and perhaps read, or failed.
pub(super) fn schedule(world: &mut World, message: &SentMessage, content: &Content) {
    let settings = world.settings.clone();
    let customer = world.customer(&message.recipient).cloned();
    let failure = failure(world, message, content);
    let mut plan = |after_ms: u64, status, error| {
        world.outbox.schedule(
            message.accepted_at_ms.saturating_add(after_ms),
            Update::Status {
                message_id: message.id.clone(),
                status,
                error,
            },
        );
    };
    if let Some(error) = failure {
        plan(settings.sent_delay_ms, "failed", Some(error));
        return;
    }
    plan(settings.sent_delay_ms, "sent", None);
    plan(settings.delivered_delay_ms, "delivered", None);
    let read_delay = customer
        .and_then(|c| c.read_delay_ms)
        .or(settings.read_delay_ms);
    if let Some(delay) = read_delay {
        plan(delay, "read", None);
    }
}

/// Why the message will not arrive, with details when Meta's usual ones do not fit.
fn failure(
    world: &World,
    message: &SentMessage,
    content: &Content,
) -> Option<(u32, Option<String>)> {
    let customer = world.customer(&message.recipient);
    let is_group = world
        .groups
        .iter()
        .any(|group| group.id == message.recipient);
    match customer {
        Some(customer) => {
            if let Some(code) = customer.fails_with {
                return Some((code, None));
            }
            let hash = customer.identity_key_hash.as_ref();
            if hash.is_some()
                && content.identity_key_hash.is_some()
                && hash != content.identity_key_hash.as_ref()
            {
                return Some((137_000, None));
            }
        }
        None if !is_group
            && world.settings.unknown_recipients == UnknownRecipients::NotOnWhatsApp =>
        {
            return Some((131_026, None));
        }
        None => {}
    }
    if content.template.is_none() && !is_group && !message.in_service_window {
        return Some((131_047, None));
    }
    if let Some(target) = &content.reaction_to
        && !can_react(world, message, target)
    {
        return Some((131_009, Some("Reaction message is not valid: the message is unknown, too old, or a reaction itself".into())));
    }
    content
        .media_problem(world)
        .map(|details| (131_053, Some(details)))
}

fn can_react(world: &World, message: &SentMessage, target: &str) -> bool {
    let recent = |at_ms: u64| message.accepted_at_ms.saturating_sub(at_ms) <= REACTION_REACH_MS;
    let inbound = world.inbound.iter().any(|m| {
        m.id == target
            && recent(m.at_ms)
            && m.message.get("type").and_then(|kind| kind.as_str()) != Some("reaction")
    });
    let sent = world
        .messages
        .iter()
        .any(|m| m.id == target && recent(m.accepted_at_ms) && m.kind != "reaction");
    inbound || sent
}
