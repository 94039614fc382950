//! Statuses of sent messages: sent, delivered, read, failed.

use serde_json::{Map, Value, json};

use super::envelope::{Content, Item};
use crate::graph_error::webhook_error;
use crate::world::{Customer, SentMessage, StatusChange, World};

/// Lets a message change its status and renders the webhook about it; `None` when the status cannot follow any more
/// (read twice, delivered after failed).
pub(crate) fn apply(
    world: &mut World,
    message_id: &str,
    status: &'static str,
    error: Option<(u32, Option<String>)>,
    at_ms: u64,
) -> Option<Item> {
    let message = world
        .messages
        .iter_mut()
        .rev()
        .find(|m| m.id == message_id)?;
    if message.has_been(status) || message.has_been("failed") {
        return None;
    }
    message.timeline.push(StatusChange {
        status: status.to_owned(),
        at_ms,
        error_code: error.as_ref().map(|(code, _)| *code),
    });
    let message = message.clone();
    let customer = world.customer(&message.recipient).cloned();
    let element = element(&message, customer.as_ref(), status, error, at_ms);
    // Since business-scoped user ids came, the statuses of messages that went out name the person in `contacts`.
    let contact = customer
        .filter(|_| status != "failed")
        .map(|customer| contact(&customer));
    let content = Content::Status {
        contact,
        status: element,
    };
    Item::about_number(world, &message.phone_number_id, content)
}

fn element(
    message: &SentMessage,
    customer: Option<&Customer>,
    status: &str,
    error: Option<(u32, Option<String>)>,
    at_ms: u64,
) -> Value {
    let mut element = Map::new();
    element.insert("id".into(), json!(message.id));
    element.insert("status".into(), json!(status));
    element.insert("timestamp".into(), json!((at_ms / 1000).to_string()));
    match customer {
        Some(customer) => {
            if let Some(wa_id) = &customer.wa_id {
                element.insert("recipient_id".into(), json!(wa_id));
            }
            if let Some(user_id) = &customer.user_id {
                element.insert("recipient_user_id".into(), json!(user_id));
            }
        }
        None if message.recipient.bytes().all(|b| b.is_ascii_digit()) => {
            element.insert("recipient_id".into(), json!(message.recipient));
        }
        None if message.request.get("recipient_type") == Some(&json!("group")) => {
            element.insert("recipient_id".into(), json!(message.recipient));
            element.insert("recipient_type".into(), json!("group"));
        }
        None => {
            element.insert("recipient_user_id".into(), json!(message.recipient));
        }
    }
    match error {
        Some((code, details)) => {
            element.insert(
                "errors".into(),
                json!([webhook_error(code, details.as_deref())]),
            );
        }
        None => {
            element.insert("pricing".into(), pricing(message));
        }
    }
    if let Some(data) = message.request.get("biz_opaque_callback_data") {
        element.insert("biz_opaque_callback_data".into(), data.clone());
    }
    Value::Object(element)
}

/// Per-message pricing. Since v24.0 there is no `conversation` beside it unless a free entry point is open.
fn pricing(message: &SentMessage) -> Value {
    let category = message.pricing_category.as_str();
    let free = category == "service" || (category == "utility" && message.in_service_window);
    json!({
        "billable": !free,
        "pricing_model": "PMP",
        "category": category,
        "type": if free { "free_customer_service" } else { "regular" },
    })
}

/// A person as in `value.contacts[]`; what is hidden behind a username is absent.
pub(crate) fn contact(customer: &Customer) -> Value {
    let mut profile = Map::new();
    profile.insert("name".into(), json!(customer.profile_name));
    if let Some(username) = &customer.username {
        profile.insert("username".into(), json!(username));
    }
    let mut contact = Map::new();
    contact.insert("profile".into(), Value::Object(profile));
    if let Some(wa_id) = &customer.wa_id {
        contact.insert("wa_id".into(), json!(wa_id));
    }
    if let Some(user_id) = &customer.user_id {
        contact.insert("user_id".into(), json!(user_id));
    }
    Value::Object(contact)
}
