//! Customers over HTTP.

use serde_json::{Map, Value, json};

use super::input::{ControlError, merged, optional, unknown_member};
use super::{Order, Outcome};
use crate::webhooks::inbound::{self, InboundError};
use crate::webhooks::outbox;
use crate::world::Customer;

/// What a `messages[]` item of Meta's can hold besides the object of its type.
#[rustfmt::skip]
static MESSAGE_MEMBERS: &[&str] = &[
    "type", "phone_number_id", "context", "id", "from", "from_user_id", "from_parent_user_id", "timestamp", "group_id", "identity", "referral",
    "errors", "origin",
];

/// Creates or changes a customer: members of [`Customer`]; absent ones stay as they are.
pub(super) fn put(order: &Order) -> Outcome {
    let id = order.segment(1);
    let mut world = order.shared.world();
    let old = world.customer(id).cloned().unwrap_or_else(|| {
        if id.bytes().all(|b| b.is_ascii_digit()) {
            Customer::new(id, "Customer")
        } else {
            Customer::username_only(id, "customer", "Customer")
        }
    });
    let new = merged(&old, &order.request.params)?;
    if new.wa_id.is_none() && new.user_id.is_none() {
        return Err(ControlError::new(
            "wa_id",
            "a wa_id or a user_id",
            "leave one of the two set",
        ));
    }
    world
        .customers
        .retain(|customer| !customer.is_same_person(&old));
    world.add_customer(new.clone());
    Ok(json!(new))
}

/// Writes to the business: a `messages[]` item in Meta's shape, or `{"text": "hello"}` for short; `phone_number_id`
/// names the business number.
pub(super) fn write(order: &Order) -> Outcome {
    let mut message = order.request.params.clone();
    let to: Option<String> = optional(
        &message,
        "phone_number_id",
        "a phone number id in quotes",
        "{\"phone_number_id\": \"100000000000001\", \"text\": \"hello\"}",
    )?;
    message.remove("phone_number_id");
    if let Some(Value::String(text)) = message.get("text").cloned() {
        message.insert("type".into(), json!("text"));
        message.insert("text".into(), json!({ "body": text }));
    }
    check_members(&message)?;
    let written = inbound::write(
        &mut order.shared.world(),
        order.segment(1),
        to.as_deref(),
        Value::Object(message),
        &order.request.base_url(&order.shared.base_url),
        order.now_ms,
    );
    written.map(|id| json!({ "id": id })).map_err(|error| match error {
        InboundError::Message { field, expected } => {
            ControlError::new(field, expected, "send for example {\"text\": \"hello\"} or {\"type\": \"text\", \"text\": {\"body\": \"hello\"}}")
        }
        InboundError::UnknownPhoneNumber(_) | InboundError::NoPhoneNumber => {
            ControlError::new("phone_number_id", error.to_string(), "use one of `phone_numbers` in GET /_simulator/state")
        }
    })
}

/// A misspelt member would otherwise become a part of the webhook. Without a type the message is refused later.
fn check_members(message: &Map<String, Value>) -> Result<(), ControlError> {
    let Some(kind) = message.get("type").and_then(Value::as_str) else {
        return Ok(());
    };
    let known: Vec<&str> = std::iter::once(kind)
        .chain(MESSAGE_MEMBERS.iter().copied())
        .collect();
    match message.keys().find(|name| !known.contains(&name.as_str())) {
        None => Ok(()),
        Some(unknown) => Err(unknown_member(unknown, &known)),
    }
}

/// The customer reads what was delivered, all of it or only what one business number sent.
pub(super) fn reads(order: &Order) -> Outcome {
    let body: &Map<String, Value> = order.body(&["phone_number_id"])?;
    let from: Option<String> = optional(
        body,
        "phone_number_id",
        "a phone number id in quotes",
        "no body",
    )?;
    let read = outbox::customer_reads(
        &mut order.shared.world(),
        order.segment(1),
        from.as_deref(),
        order.now_ms,
    );
    Ok(json!({ "read": read }))
}
