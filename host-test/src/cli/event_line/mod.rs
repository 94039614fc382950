//! An event of a webhook as one line for people.

mod content;

use host_test::json;
use host_test::wit::webhooks::{InboundMessage, MessageContent, MessageStatus, WebhookError};
use serde_json::Value;

use super::style::{DIM, HEAD};
use super::text::{harmless, moment, quoted, shortened};

/// Characters of a customer's text on a line.
const TEXT_SHOWN: usize = 200;

/// Time, kind, and what happened. The event is as in the JSON of the contract.
pub fn of(event: &Value) -> String {
    let (envelope, payload) = (&event["envelope"], &event["payload"]);
    let time = envelope["occurred_at"]
        .as_u64()
        .map_or("-".to_owned(), moment);
    let (case, held) = case(payload);
    let said = match case {
        "message" => of_message(held),
        "status" => of_status(held),
        "other" => {
            let raw = shortened(&word(&envelope["raw"]), TEXT_SHOWN);
            format!("{}: {raw}", word(&envelope["field"]))
        }
        _ => of_any(held),
    };
    let kind = harmless(&case.replace('_', "-"));
    format!("{DIM}{time:20}{DIM:#} {HEAD}{kind:8}{HEAD:#} {said}")
}

/// `Kim Customer (15550100100)`
pub fn sender(message: &InboundMessage) -> String {
    sender_of(&json::to_value(message))
}

/// What a message holds, in some words.
pub fn content(content: &MessageContent) -> String {
    content::of(&json::to_value(content))
}

/// `sent`, `delivered`, …
pub fn state(status: &MessageStatus) -> String {
    word(&json::to_value(&status.state))
}

/// Why, and what to do next.
pub fn reasons(errors: &[WebhookError]) -> String {
    errors
        .iter()
        .map(|error| reason(&json::to_value(error)))
        .collect()
}

/// The case of a variant in JSON, and what it holds.
fn case(variant: &Value) -> (&str, &Value) {
    match variant {
        Value::String(case) => (case, &Value::Null),
        other => {
            let case = other.as_object().and_then(|case| case.iter().next());
            case.map_or(("", other), |(case, held)| (case, held))
        }
    }
}

/// A value in safe words; `-` when it is absent.
fn word(value: &Value) -> String {
    match value {
        Value::Null => "-".to_owned(),
        Value::String(text) => harmless(text),
        other => harmless(&other.to_string()),
    }
}

/// The first of these fields that is there.
fn first<'v>(value: &'v Value, names: &[&str]) -> Option<&'v Value> {
    let mut found = names.iter().filter_map(|name| value.get(name));
    found.find(|value| !value.is_null())
}

/// What is there in a payload.
fn of_any(held: &Value) -> String {
    let fields = held.as_object().into_iter().flatten();
    let there = fields.filter(|(_, value)| {
        !value.is_null() && value.as_array().is_none_or(|items| !items.is_empty())
    });
    let said: Vec<_> = there
        .map(|(name, value)| format!("{name} {}", word(value)))
        .collect();
    shortened(&said.join(", "), TEXT_SHOWN)
}

fn of_message(message: &Value) -> String {
    let mut line = format!(
        "{}: {}",
        sender_of(message),
        content::of(&message["content"])
    );
    if let Some(id) = message["context"]["message_id"].as_str() {
        line.push_str(&format!(" (answers {})", harmless(id)));
    }
    line.push_str(&format!(" {DIM}{}{DIM:#}", word(&message["id"])));
    line + &reasons_of(message)
}

fn sender_of(message: &Value) -> String {
    let address = first(message, &["from", "from_user_id"]);
    let address = address.map_or("an unknown sender".to_owned(), word);
    match message["profile_name"].as_str() {
        Some(name) => format!("{} ({address})", harmless(name)),
        None => address,
    }
}

fn of_status(status: &Value) -> String {
    let mut line = format!("{} {}", word(&status["state"]), word(&status["message_id"]));
    if let Some(to) = first(status, &["recipient_id", "recipient_user_id"]) {
        line.push_str(&format!(" to {}", word(to)));
    }
    if let Some(data) = status["callback_data"].as_str() {
        line.push_str(&format!(", callback data {}", quoted(data, TEXT_SHOWN)));
    }
    line + &reasons_of(status)
}

fn reasons_of(value: &Value) -> String {
    let errors = value["errors"].as_array().into_iter().flatten();
    errors.map(reason).collect()
}

fn reason(error: &Value) -> String {
    let text = first(error, &["details", "message", "title"]);
    format!(
        ": {} {} Help: {}",
        word(&error["code"]),
        text.map(word).unwrap_or_default(),
        word(&error["advice"])
    )
}
