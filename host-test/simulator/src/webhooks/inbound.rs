//! Messages that a customer writes to the business.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde_json::{Value, json};

use super::envelope::{Content, Item};
use super::outbox::Update;
use super::status;
use crate::ids::Direction;
use crate::world::{Customer, InboundMessage, Media, MediaContent, World};

/// Message types whose object is a file.
static MEDIA_TYPES: &[(&str, &str)] = &[
    ("image", "image/jpeg"),
    ("video", "video/mp4"),
    ("audio", "audio/ogg; codecs=opus"),
    ("document", "application/pdf"),
    ("sticker", "image/webp"),
];

/// Why a customer could not write.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InboundError {
    /// The business number does not exist.
    #[error(
        "there is no phone number {0} in the simulator; add one or name one of GET /_simulator/state"
    )]
    UnknownPhoneNumber(String),
    /// There is no registered number that could be written to.
    #[error("no registered phone number is there to write to; add or register one")]
    NoPhoneNumber,
    /// The message is not an object with a `type`.
    #[error("field `{field}`: {expected}")]
    Message {
        /// The wrong field.
        field: String,
        /// What it should be.
        expected: String,
    },
}

/// Completes and files a message of a customer, opens the service window and plans its webhook.
///
/// `message` is a `messages[]` item in Meta's shape; `from`, `id` and `timestamp` are filled in when absent. The object
/// of a media type may hold `base64` (the file), which is stored and replaced by `id`, `sha256` and `url`. An unknown
/// customer is created. Returns the message id.
pub(crate) fn write(
    world: &mut World,
    customer_id: &str,
    phone_number_id: Option<&str>,
    mut message: Value,
    base_url: &str,
    now_ms: u64,
) -> Result<String, InboundError> {
    let number_id = match phone_number_id {
        Some(id) => world
            .phone_number(id)
            .map(|number| number.id.clone())
            .ok_or_else(|| InboundError::UnknownPhoneNumber(id.to_owned()))?,
        None => world
            .phone_numbers
            .iter()
            .find(|number| number.is_registered())
            .map(|number| number.id.clone())
            .ok_or(InboundError::NoPhoneNumber)?,
    };
    let kind = message
        .get("type")
        .and_then(Value::as_str)
        .map(str::to_owned)
        .ok_or_else(|| InboundError::Message {
            field: "type".into(),
            expected: "a message has the type that Meta names it by, such as \"text\"; add it"
                .into(),
        })?;
    store_file(world, &kind, &mut message, &number_id, base_url, now_ms)?;

    if world.customer(customer_id).is_none() {
        let digits = customer_id.strip_prefix('+').unwrap_or(customer_id);
        world.add_customer(if digits.bytes().all(|b| b.is_ascii_digit()) {
            Customer::new(digits, "Customer")
        } else {
            Customer::username_only(customer_id, "customer", "Customer")
        });
    }
    let id = match message.get("id").and_then(Value::as_str) {
        Some(id) => id.to_owned(),
        None => world.new_wamid(customer_id, Direction::Inbound),
    };
    let Some(customer) = world.customer_mut(customer_id) else {
        return Ok(id);
    };
    customer.last_inbound_ms.insert(number_id.clone(), now_ms);
    let customer = customer.clone();

    let context = answered(world, &customer, &number_id, &kind);
    if let Some(members) = message.as_object_mut() {
        if let Some(context) = context {
            members.entry("context").or_insert(context);
        }
        members.insert("id".into(), json!(id));
        members
            .entry("timestamp")
            .or_insert_with(|| json!((now_ms / 1000).to_string()));
        if let Some(wa_id) = &customer.wa_id {
            members.entry("from").or_insert_with(|| json!(wa_id));
        }
        if let Some(user_id) = &customer.user_id {
            members
                .entry("from_user_id")
                .or_insert_with(|| json!(user_id));
        }
    }
    world.inbound.push(InboundMessage {
        id: id.clone(),
        phone_number_id: number_id.clone(),
        customer: customer.key().to_owned(),
        at_ms: now_ms,
        message: message.clone(),
        read: false,
        typing_shown: false,
    });
    let content = Content::Message {
        contact: status::contact(&customer),
        message,
    };
    if let Some(item) = Item::about_number(world, &number_id, content) {
        world.outbox.schedule(now_ms, Update::Item(item));
    }
    Ok(id)
}

/// Taps and choices always quote the message they answer: the last one that the business sent, when nothing else is said.
fn answered(world: &World, customer: &Customer, number_id: &str, kind: &str) -> Option<Value> {
    if !["interactive", "button"].contains(&kind) {
        return None;
    }
    let last = world.messages.iter().rev().find(|sent| {
        sent.phone_number_id == number_id
            && sent.recipient == customer.key()
            && ["interactive", "template"].contains(&sent.kind.as_str())
    })?;
    let from = world.phone_number(number_id)?.digits();
    Some(json!({"from": from, "id": last.id}))
}

/// Puts the file of a media message into the media store, as Meta does before the webhook is sent.
fn store_file(
    world: &mut World,
    kind: &str,
    message: &mut Value,
    phone_number_id: &str,
    base_url: &str,
    now_ms: u64,
) -> Result<(), InboundError> {
    let Some((_, default_mime)) = MEDIA_TYPES.iter().find(|(name, _)| *name == kind) else {
        return Ok(());
    };
    let Some(object) = message.get_mut(kind).and_then(Value::as_object_mut) else {
        return Err(InboundError::Message {
            field: kind.into(),
            expected: format!("a message of type {kind} has an object {kind}; add it"),
        });
    };
    let Some(file) = object.remove("base64") else {
        return Ok(());
    };
    let bytes = file
        .as_str()
        .and_then(|text| STANDARD.decode(text).ok())
        .ok_or_else(|| InboundError::Message {
            field: format!("{kind}.base64"),
            expected: "the file's bytes in standard base64; encode them".into(),
        })?;
    let mime = object
        .get("mime_type")
        .and_then(Value::as_str)
        .unwrap_or(default_mime)
        .to_owned();
    let id = world.ids.numeric();
    let mut media = Media::new(
        &id,
        phone_number_id,
        &mime,
        MediaContent::Bytes(Bytes::from(bytes)),
    );
    media.expires_at_ms = now_ms.saturating_add(crate::world::INBOUND_LIFETIME_MS);
    object.insert("mime_type".into(), json!(mime));
    object.insert("sha256".into(), json!(media.sha256_base64));
    object.insert("id".into(), json!(id));
    object.insert(
        "url".into(),
        json!(crate::endpoints::media::url(world, base_url, &id, now_ms)),
    );
    world.add_media(media);
    Ok(())
}
