//! Triggers: which event belongs to which, and which flow gets which event.

mod subscription;
mod table;

use crate::archive;
use crate::contract::tables::{MATCHES, START, SUBSCRIPTION_PROBLEM};
use crate::door::{Lowered, Node, PAYLOAD};
use crate::fault::{Fallible, invalid};
use crate::json::{at, from_text, kind, text_at, to_text};
use crate::prelude::*;
use crate::text::split_once;
use crate::webhooks;
use serde_json::Value;

pub use subscription::{Subscription, subscriptions};

/// The triggers, packed, and in the connector the manifest of the actions in a line before them; the build makes them.
pub static TEXTS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/texts.packed"));

/// The triggers, as a JSON array. The sample of each is what its delivery of Meta's becomes.
pub fn describe() -> String {
    let texts = archive::unpack(TEXTS);
    with_samples(split_once(&texts, b'\n').map_or(&texts, |(_, triggers)| triggers))
}

/// The triggers as they were packed, with their samples.
pub fn with_samples(triggers: &str) -> String {
    let mut triggers = from_text(triggers).unwrap_or_default();
    for trigger in triggers.as_array_mut().into_iter().flatten() {
        let name = text_at(trigger, &["name"]).unwrap_or_default();
        let delivery = trigger.get("delivery").map(to_text).unwrap_or_default();
        let mut events = webhooks::events(&delivery).into_iter();
        let belongs = |event: &Value| {
            table::find(&name).is_some_and(|trigger| trigger.takes(event, held(event)))
        };
        let sample = events.find(belongs).unwrap_or_default();
        if let Value::Object(trigger) = trigger {
            trigger.insert("sample".to_owned(), sample);
        }
    }
    to_text(&triggers)
}

/// Which subscriptions get which events. The result is a `result<matches, error>`.
pub fn match_events(events: &str, subscriptions: &[Subscription]) -> Lowered {
    let mut output = Lowered::default();
    let events = match read(events) {
        Ok(events) => events,
        Err(error) => {
            output.bad(&error);
            return output;
        }
    };
    output.good(MATCHES.block().size);
    let mut starts = Vec::new();
    for (index, event) in events.iter().enumerate() {
        let held = held(event);
        let account = at(event, &["envelope", "business_account_id"]);
        let account = account.and_then(Value::as_str).unwrap_or_default();
        for subscription in subscriptions {
            if subscription.wants(account, event, held) {
                let start = vec![
                    ("subscription", Node::Text(subscription.id().into())),
                    ("event", Node::Whole(index as i64)),
                ];
                starts.push(output.add(START, &Node::record(start)));
            }
        }
    }
    let mut problems = Vec::new();
    for subscription in subscriptions {
        if let Some(problem) = subscription.problem() {
            let problem = vec![
                ("subscription", Node::Text(subscription.id().into())),
                ("problem", Node::Text(problem.into())),
            ];
            problems.push(output.add(SUBSCRIPTION_PROBLEM, &Node::record(problem)));
        }
    }
    let matches = vec![
        ("starts", Node::Placed(starts)),
        ("problems", Node::Placed(problems)),
    ];
    output.record(PAYLOAD, MATCHES, &Node::record(matches));
    output
}

/// The events that a caller hands back.
fn read(text: &str) -> Fallible<Vec<Value>> {
    let problem = match from_text(text) {
        Ok(Value::Array(events)) => {
            let is_event = |event: &Value| {
                at(event, &["envelope", "business_account_id"]).is_some()
                    && !held(event).0.is_empty()
            };
            match events.iter().position(|event| !is_event(event)) {
                None => return Ok(events),
                Some(index) => format!("expected events; number {index} is none"),
            }
        }
        Ok(other) => format!("expected a list of events, got {}", kind(&other)),
        Err(problem) => format!("expected a JSON array of events: {problem}"),
    };
    Err(invalid(
        "events",
        &problem,
        "Hand over what handle-json returned in events.",
    ))
}

/// The case of an event's payload, and what it holds.
fn held(event: &Value) -> (&str, &Value) {
    case(event.get("payload").unwrap_or(&Value::Null))
}

/// The case of a variant in JSON, and what it holds.
fn case(variant: &Value) -> (&str, &Value) {
    match variant {
        Value::String(name) => (name, &Value::Null),
        Value::Object(case) => match case.iter().next() {
            Some((name, held)) => (name, held),
            None => ("", &Value::Null),
        },
        _ => ("", &Value::Null),
    }
}
