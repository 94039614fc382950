//! An event of a webhook as one line for people.

use host_test::json;
use host_test::wit::webhooks::{
    Event, InboundMedia, InboundMessage, MessageContent, MessageStatus, Payload, WebhookError,
};
use serde_json::Value;

use super::style::{DIM, HEAD};
use super::text::{harmless, moment, quoted, shortened};

/// Characters of a customer's text on a line.
const TEXT_SHOWN: usize = 200;

/// Time, kind, and what happened.
pub fn of(event: &Event) -> String {
    let time = event.envelope.occurred_at.map_or("-".to_owned(), moment);
    let (kind, said) = match &event.payload {
        Payload::Message(message) => ("message".to_owned(), of_message(message)),
        Payload::Status(status) => ("status".to_owned(), of_status(status)),
        Payload::Other => {
            let raw = shortened(&harmless(&event.envelope.raw), TEXT_SHOWN);
            let said = format!("{}: {raw}", harmless(&event.envelope.field));
            ("other".to_owned(), said)
        }
        typed => of_any(&json::to_value(typed)),
    };
    format!("{DIM}{time:20}{DIM:#} {HEAD}{kind:8}{HEAD:#} {said}")
}

/// The case of a payload, and what is there in it.
fn of_any(payload: &Value) -> (String, String) {
    let case = payload.as_object().and_then(|case| case.iter().next());
    let Some((case, held)) = case else {
        return (harmless(&payload.to_string()), String::new());
    };
    let fields = held.as_object().into_iter().flatten();
    let there = fields.filter(|(_, value)| {
        !value.is_null() && value.as_array().is_none_or(|items| !items.is_empty())
    });
    let said: Vec<_> = there
        .map(|(name, value)| match value {
            Value::String(text) => format!("{name} {}", harmless(text)),
            other => format!("{name} {}", harmless(&other.to_string())),
        })
        .collect();
    let said = shortened(&said.join(", "), TEXT_SHOWN);
    (case.replace('_', "-"), said)
}

fn of_message(message: &InboundMessage) -> String {
    let mut line = format!("{}: {}", sender(message), content(&message.content));
    if let Some(id) = message
        .context
        .as_ref()
        .and_then(|context| context.message_id.as_ref())
    {
        line.push_str(&format!(" (answers {})", harmless(id)));
    }
    line.push_str(&format!(" {DIM}{}{DIM:#}", harmless(&message.id)));
    line + &reasons(&message.errors)
}

/// `Kim Customer (15550100100)`
pub fn sender(message: &InboundMessage) -> String {
    let address = message.from.as_ref().or(message.from_user_id.as_ref());
    let address = address.map_or("an unknown sender".to_owned(), |text| harmless(text));
    match &message.profile_name {
        Some(name) => format!("{} ({address})", harmless(name)),
        None => address,
    }
}

/// What a message holds, in some words.
pub fn content(content: &MessageContent) -> String {
    use MessageContent as C;
    let or_none = |text: &Option<String>| text.as_deref().map_or("-".to_owned(), harmless);
    match content {
        C::Text(text) => quoted(text, TEXT_SHOWN),
        C::Image(media) => of_media("image", media),
        C::Video(media) => of_media("video", media),
        C::Audio(media) if media.voice => of_media("voice note", media),
        C::Audio(media) => of_media("audio", media),
        C::Document(media) => of_media("document", media),
        C::Sticker(media) => of_media("sticker", media),
        C::Location(place) => match (place.latitude, place.longitude) {
            (Some(latitude), Some(longitude)) => {
                format!("location {latitude}, {longitude} {}", or_none(&place.name))
            }
            _ => "location".to_owned(),
        },
        C::Reaction(reaction) => match &reaction.emoji {
            Some(emoji) => format!(
                "reaction {} to {}",
                harmless(emoji),
                or_none(&reaction.message_id)
            ),
            None => format!(
                "took back the reaction to {}",
                or_none(&reaction.message_id)
            ),
        },
        C::Button(tap) => format!(
            "tapped {} (payload {})",
            or_none(&tap.text),
            or_none(&tap.payload)
        ),
        C::ButtonReply(choice) => format!(
            "tapped {} (id {})",
            or_none(&choice.title),
            or_none(&choice.id)
        ),
        C::ListReply(choice) => format!(
            "chose {} (id {})",
            or_none(&choice.title),
            or_none(&choice.id)
        ),
        C::FormReply(form) => format!(
            "filled in {}: {}",
            or_none(&form.name),
            shortened(&or_none(&form.response), TEXT_SHOWN)
        ),
        C::CallPermissionReply(answer) => {
            format!("calls: {}", or_none(&answer.response))
        }
        C::PaymentMethod(way) => format!("pays with {}", or_none(&way.payment_method)),
        C::MediaPlaceholder => "a file that may come later".to_owned(),
        C::Order(order) => format!(
            "order of {} items {}",
            order.items.len(),
            or_none(&order.text)
        ),
        C::System(note) => format!("system {}: {}", or_none(&note.kind), or_none(&note.body)),
        C::Edit(change) => format!("edited {}", or_none(&change.original_message_id)),
        C::Revoke(change) => format!("deleted {}", or_none(&change.original_message_id)),
        C::RequestWelcome => "opened the chat for the first time".to_owned(),
        C::Unsupported(kind) => format!(
            "a kind of message that WhatsApp does not hand on: {}",
            or_none(kind)
        ),
        C::Contacts(raw) => format!("contacts {}", shortened(&harmless(raw), TEXT_SHOWN)),
        C::Unknown(raw) => format!("unknown kind {}", shortened(&harmless(raw), TEXT_SHOWN)),
    }
}

/// `image image/jpeg "caption", media id 123`
fn of_media(kind: &str, media: &InboundMedia) -> String {
    let mut said = kind.to_owned();
    for part in [&media.mime_type, &media.filename].into_iter().flatten() {
        said.push_str(&format!(" {}", harmless(part)));
    }
    if let Some(caption) = &media.caption {
        said.push_str(&format!(" {}", quoted(caption, TEXT_SHOWN)));
    }
    if let Some(id) = &media.id {
        said.push_str(&format!(", media id {}", harmless(id)));
    }
    said
}

fn of_status(status: &MessageStatus) -> String {
    let to = status
        .recipient_id
        .as_ref()
        .or(status.recipient_user_id.as_ref());
    let mut line = format!("{} {}", state(status), harmless(&status.message_id));
    if let Some(to) = to {
        line.push_str(&format!(" to {}", harmless(to)));
    }
    if let Some(data) = &status.callback_data {
        line.push_str(&format!(", callback data {}", quoted(data, TEXT_SHOWN)));
    }
    line + &reasons(&status.errors)
}

/// `sent`, `delivered`, …
pub fn state(status: &MessageStatus) -> String {
    // The contract's own word for every case, also one of a later version.
    match json::to_value(&status.state) {
        serde_json::Value::String(word) => harmless(&word),
        other => harmless(&other.to_string()),
    }
}

/// Why, and what to do next.
pub fn reasons(errors: &[WebhookError]) -> String {
    let reason = |error: &WebhookError| {
        let text = error.details.as_ref().or(error.message.as_ref());
        let text = text.or(error.title.as_ref()).map_or("", String::as_str);
        format!(
            ": {} {} Help: {}",
            error.code,
            harmless(text),
            harmless(&error.advice)
        )
    };
    errors.iter().map(reason).collect()
}
