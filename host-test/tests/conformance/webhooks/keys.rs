//! An event's id is the key for de-duplication: equal however often and in whatever batch the same thing comes, different for different
//! things.

use serde_json::{Value, json};

use super::{delivery, events, ids, parse, status, text_message};
use crate::corpus;

/// Deliveries with several items of every sort, no two of them the same thing.
fn own() -> Vec<Value> {
    let mut unsupported = text_message("wamid.A");
    unsupported["type"] = json!("unsupported");
    let mut later = status("wamid.S", "delivered");
    later["timestamp"] = json!("1700000009");
    let mut in_group = status("wamid.S", "delivered");
    in_group["recipient_participant_id"] = json!("491701111111");
    vec![
        delivery(&json!({
            "messages": [text_message("wamid.A"), text_message("wamid.B"), unsupported],
            "statuses": [status("wamid.S", "sent"), status("wamid.S", "delivered"), later, in_group, status("wamid.T", "delivered")],
            "errors": [{"code": 130_429}, {"code": 131_000}],
            "calls": [{"id": "wacid.A", "event": "connect"}, {"id": "wacid.A", "event": "terminate"}],
        })),
        json!({"object": "whatsapp_business_account", "entry": [
            {"id": "102", "time": 1_700_000_000, "changes": [
                {"field": "message_template_status_update", "value": {"event": "APPROVED", "message_template_id": 1}},
                {"field": "message_template_status_update", "value": {"event": "REJECTED", "message_template_id": 1}},
            ]},
            {"id": "103", "time": 1_700_000_000, "changes": [
                {"field": "message_template_status_update", "value": {"event": "APPROVED", "message_template_id": 1}},
            ]},
        ]}),
    ]
}

/// The same, and those of the corpus.
fn deliveries() -> Vec<Value> {
    let corpus = corpus::folder("webhooks").into_iter();
    let corpus = corpus.map(|entry| serde_json::from_str(&entry.text).unwrap());
    own().into_iter().chain(corpus).collect()
}

#[test]
fn the_same_delivery_has_the_same_ids_whatever_its_white_space() {
    for body in deliveries() {
        let first = events(&body);
        let again = parse(&format!("{body:#}\n")).unwrap();
        assert_eq!(ids(&first), ids(&again), "{body}");
    }
}

#[test]
fn different_things_have_different_ids() {
    let events: Vec<_> = own().iter().flat_map(events).collect();
    let mut ids = ids(&events);
    let count = ids.len();
    ids.dedup();
    assert_eq!(ids.len(), count, "{ids:#?}");
    assert_eq!(count, 15);
}

#[test]
fn items_keep_their_ids_in_another_batch() {
    let mut together = Vec::new();
    let mut entries = Vec::new();
    for body in deliveries() {
        let whole = events(&body);
        let apart: Vec<_> = apart(&body).iter().flat_map(events).collect();
        assert_eq!(ids(&whole), ids(&apart), "{body}");
        together.extend(whole);
        entries.extend(body["entry"].as_array().unwrap().clone());
    }
    entries.reverse();
    for entry in &mut entries {
        if let Some(changes) = entry["changes"].as_array_mut() {
            changes.reverse();
        }
    }
    let reversed = events(&json!({"object": "whatsapp_business_account", "entry": entries}));
    assert_eq!(ids(&together), ids(&reversed));
}

/// The items of a delivery, each in a delivery of its own.
fn apart(body: &Value) -> Vec<Value> {
    let mut bodies = Vec::new();
    for entry in body["entry"].as_array().unwrap() {
        for change in entry["changes"].as_array().unwrap() {
            let alone = |value: Value| {
                let mut entry = entry.clone();
                let mut change = change.clone();
                change["value"] = value;
                entry["changes"] = json!([change]);
                json!({"object": "whatsapp_business_account", "entry": [entry]})
            };
            let value = change["value"].as_object().unwrap();
            let lists: Vec<_> = value
                .iter()
                .filter(|(name, list)| list.is_array() && *name != "contacts")
                .collect();
            if change["field"] != "messages" || lists.is_empty() {
                bodies.push(alone(change["value"].clone()));
                continue;
            }
            for (name, list) in &lists {
                for item in list.as_array().unwrap() {
                    let mut value = value.clone();
                    value.retain(|name, _| lists.iter().all(|(list, _)| *list != name));
                    value.insert((*name).clone(), json!([item]));
                    bodies.push(alone(value.into()));
                }
            }
        }
    }
    bodies
}
