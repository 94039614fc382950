//! What is read of an event before it is kept.

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use super::error::ReceiveError;
use super::store::{Inbound, NewEvent, Status};

#[derive(Deserialize)]
struct Event {
    envelope: Envelope,
    payload: Value,
}

#[derive(Deserialize)]
struct Envelope {
    id: String,
    business_account_id: String,
    phone_number_id: Option<String>,
    occurred_at: Option<u64>,
    window_closes_at: Option<u64>,
}

/// Where a message or a call names the customer.
const CUSTOMER: [&str; 3] = ["from", "from_user_id", "user_id"];

/// The events of `handle-json`.
pub fn read(events: &str) -> Result<Vec<NewEvent>, ReceiveError> {
    let wrong = |error: serde_json::Error| ReceiveError::Events {
        detail: error.to_string(),
    };
    // As they are, so that what is kept is what the component said.
    let events: Vec<&RawValue> = serde_json::from_str(events).map_err(wrong)?;
    let read = |text: &&RawValue| {
        let Event { envelope, payload } = serde_json::from_str(text.get()).map_err(wrong)?;
        Ok(NewEvent {
            inbound: inbound(&envelope, &payload),
            id: envelope.id,
            business_account_id: envelope.business_account_id,
            status: status(&payload),
            kind: kind(payload),
            event: text.get().to_owned(),
            starts: Vec::new(),
        })
    };
    events.iter().map(read).collect()
}

/// The case of a variant in JSON.
fn kind(payload: Value) -> String {
    match payload {
        Value::String(case) => case,
        Value::Object(case) => case
            .into_iter()
            .next()
            .map(|(case, _)| case)
            .unwrap_or_default(),
        _ => String::new(),
    }
}

/// What a status says about a message of ours.
fn status(payload: &Value) -> Option<Status> {
    let status = payload.get("status")?;
    Some(Status {
        message_id: status.get("message_id")?.as_str()?.to_owned(),
        rank: status.get("rank")?.as_i64()?,
        state: status.get("state")?.as_str()?.to_owned(),
    })
}

/// Whether this opens the window for a customer.
fn inbound(envelope: &Envelope, payload: &Value) -> Option<Inbound> {
    envelope.window_closes_at?;
    let (_, held) = payload.as_object()?.iter().next()?;
    let customers = CUSTOMER
        .iter()
        .filter_map(|name| held.get(name)?.as_str().map(str::to_owned));
    Some(Inbound {
        phone_number_id: envelope.phone_number_id.clone()?,
        customers: customers.collect(),
        at: envelope.occurred_at?,
    })
}
