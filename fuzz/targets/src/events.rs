//! What holds for the events of any delivery.

use serde_json::Value;
use whatsapp_connector::json::check_syntax;
use whatsapp_connector::webhooks;

/// The keys of the events of a delivery, in no order.
pub fn ids(body: &str) -> Vec<String> {
    let events = webhooks::events(body);
    let mut ids: Vec<_> = events.iter().map(|event| id(event).to_owned()).collect();
    ids.sort();
    ids
}

/// The key of an event.
pub fn id(event: &Value) -> &str {
    event["envelope"]["id"]
        .as_str()
        .expect("every event has a key")
}

/// The account of an event.
pub fn account(event: &Value) -> &str {
    let account = event["envelope"]["business_account_id"].as_str();
    account.expect("every event has an account, if only an empty one")
}

/// Checks the events of a body: something becomes of everything that is JSON, and every event has what it is known by.
pub fn check(body: &str, events: &[Value]) {
    assert_eq!(check_syntax(body).is_ok(), !events.is_empty());
    for event in events {
        let envelope = &event["envelope"];
        assert!(!id(event).is_empty(), "{event}");
        let account = account(event);
        let route = envelope["route"].as_str().expect("every event has a route");
        assert!(route.ends_with(&format!(":{account}")), "{route}");
        let raw = match &envelope["raw"] {
            // Deeper than an event holds it, or no value at all, as a number that is too large: its text.
            Value::String(text) if check_syntax(text).is_ok() => text.clone(),
            other => other.to_string(),
        };
        assert!(check_syntax(&raw).is_ok(), "{raw}");
        assert!(!event["payload"].is_null(), "{event}");
    }
    // Read again by a reader that goes no deeper than most.
    let text = Value::from(events).to_string();
    let again: Value = serde_json::from_str(&text).expect("events can be read");
    assert_eq!(again.as_array().map(Vec::len), Some(events.len()));
}
