//! An event's id is the key for de-duplication: equal however often and in whatever batch the same thing comes, different for different
//! things.

use serde_json::{Value, json};

use super::guest::Guest;
use super::json_events;
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

/// The deliveries of every field.
fn of_every_field() -> Vec<Value> {
    let deliveries = super::deliveries().into_iter();
    deliveries.map(|delivery| delivery.body()).collect()
}

/// All of these, and those of the corpus.
fn deliveries() -> Vec<Value> {
    let corpus = corpus::folder("webhooks").into_iter();
    let corpus = corpus.map(|entry| serde_json::from_str(&entry.text).unwrap());
    let ours = own().into_iter().chain(of_every_field());
    ours.chain(corpus).collect()
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
fn the_same_problem_on_another_day_has_another_id() {
    let at = |time: Option<u64>| {
        let mut body = delivery(&json!({"errors": [{"code": 130_429}, {"code": 131_000}]}));
        if let Some(time) = time {
            body["entry"][0]["time"] = json!(time);
        }
        ids(&events(&body)).into_iter().map(str::to_owned).collect()
    };
    let [never, first, again, next]: [Vec<String>; 4] = [
        None,
        Some(1_700_000_000),
        Some(1_700_000_000),
        Some(1_700_086_400),
    ]
    .map(at);
    assert_eq!(first, again);
    for (one, other) in [(&never, &first), (&first, &next)] {
        assert!(
            one.iter().all(|id| !other.contains(id)),
            "{one:?} {other:?}"
        );
    }
}

#[test]
fn no_two_things_in_the_deliveries_of_every_field_have_the_same_id() {
    let mut known = std::collections::BTreeMap::new();
    for body in of_every_field() {
        for event in events(&body) {
            let id = event["envelope"]["id"].as_str().unwrap().to_owned();
            if let Some(other) = known.insert(id, event.clone()) {
                panic!("the same id for {event:#}\nand {other:#}");
            }
        }
    }
    assert!(known.len() > 130, "{}", known.len());
}

#[test]
fn items_keep_their_ids_in_another_batch() {
    let mut together = Vec::new();
    let mut entries = Vec::new();
    for body in deliveries() {
        let whole = events(&body);
        let apart: Vec<_> = apart(&body).iter().flat_map(events).collect();
        assert_eq!(set(&whole), set(&apart), "{body}");
        together.extend(whole);
        entries.extend(body["entry"].as_array().unwrap().clone());
    }
    let all_in_one = |entries: &[Value]| {
        let body = json!({"object": "whatsapp_business_account", "entry": entries});
        events(&body)
    };
    let one = all_in_one(&entries);
    assert_eq!(ids(&together), ids(&one));
    entries.reverse();
    for entry in &mut entries {
        reverse(entry);
    }
    let reversed = all_in_one(&entries);
    assert_eq!(ids(&together), ids(&reversed));
    assert_ne!(one[0], reversed[0], "nothing was shuffled");
}

/// Turns every list of items round: changes, and what stands in their values. Lists inside items say something by their order.
fn reverse(entry: &mut Value) {
    let changes = entry["changes"].as_array_mut().into_iter().flatten();
    for change in changes {
        let is_of_lists = change["value"].get("metadata").is_some();
        let lists = change["value"].as_object_mut().filter(|_| is_of_lists);
        for list in lists.into_iter().flat_map(|lists| lists.values_mut()) {
            if let Some(items) = list.as_array_mut() {
                items.reverse();
            }
        }
    }
    if let Some(changes) = entry["changes"].as_array_mut() {
        changes.reverse();
    }
}

/// The ids without repetition: what stands beside the lists comes again in each part.
fn set(events: &[Value]) -> Vec<&str> {
    let mut ids = ids(events);
    ids.dedup();
    ids
}

#[test]
fn a_thousand_updates_in_a_body_of_3_mb_are_a_thousand_events() {
    let long = "x".repeat(5_500);
    let mut messages = Vec::new();
    let mut statuses = Vec::new();
    for index in 0..500 {
        let mut message = text_message(&format!("wamid.{index}"));
        message["text"]["body"] = json!(format!("{index} {long}"));
        messages.push(message);
        statuses.push(status(&format!("wamid.{index}"), "delivered"));
    }
    let body = delivery(&json!({"messages": messages, "statuses": statuses})).to_string();
    assert!(body.len() > 2_800_000, "{}", body.len());
    let typed = parse(&body).unwrap();
    assert_eq!(typed.len(), 1_000);
    assert_eq!(set(&typed).len(), 1_000);
    assert_eq!(json_events(Guest::Events, &body), typed);
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
            let Some(value) = change["value"].as_object() else {
                bodies.push(alone(change["value"].clone()));
                continue;
            };
            let lists: Vec<_> = value
                .iter()
                .filter(|(name, list)| list.is_array() && *name != "contacts")
                .collect();
            // What has no metadata is one thing, whatever lists are in it.
            let is_one = !value.contains_key("metadata") && change["field"] != "messages";
            if is_one || lists.is_empty() {
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
