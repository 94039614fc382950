//! Statuses of messages.

use crate::{Answer, key, start};
use serde_json::{Value, json};

/// Keeps the first status of each message that has a key. Answers how many were new.
pub fn keep(body: &[u8]) -> Answer {
    let body: Value = serde_json::from_slice(body).map_err(|why| (400, why.to_string()))?;
    let events = match &body {
        Value::Array(events) => events.as_slice(),
        event => std::slice::from_ref(event),
    };
    let mut new = 0;
    for (key, status) in events.iter().filter_map(keyed) {
        if start(
            &key::execution("status", key),
            "note",
            &json!([key, status]),
        )? {
            new += 1;
        }
    }
    Ok(json!({ "new": new }))
}

/// The key and the status of an event that is about a message of ours. A `failed` message counts too: Meta had taken it.
fn keyed(event: &Value) -> Option<(&str, &str)> {
    let status = &event["payload"]["status"];
    Some((
        status["callback_data"].as_str()?,
        status["status"].as_str().unwrap_or("unknown"),
    ))
}
