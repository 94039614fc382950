//! Bodies from elsewhere: each is read, nothing in it is lost, and its items have the kinds that the corpus's index says.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::guest::Guest;
use super::{json_events, parse};
use crate::corpus::{self, Entry};

/// What is of a known field and still has no type, and why.
const UNTYPED: [(&str, &str); 6] = [
    (
        "secreto-js__webhooks.mocks__messages.json",
        "an empty list of messages",
    ),
    (
        "secreto-js__webhooks.mocks__messages-2.json",
        "an empty value",
    ),
    (
        "dogalyir-ts__messages.test__messages.json",
        "a change of messages without messages",
    ),
    (
        "dogalyir-ts__template-status-update.test__messages.json",
        "news of a template in the field of messages",
    ),
    (
        "kapso-js__normalize-webhook.test__interactive.nfm-reply-order-sent-sticker.json",
        "a call in the field of messages, with keys that Meta does not have",
    ),
    (
        "kapso-js__normalize-webhook.test__delivered-text.json",
        "a call in the field of messages, with keys that Meta does not have",
    ),
];

#[test]
fn every_item_of_every_body_becomes_one_event_of_its_kind() {
    for entry in corpus::folder("webhooks") {
        let events = parse(&entry.text).unwrap_or_else(|error| panic!("{}: {error}", entry.name));
        let body: Value = serde_json::from_str(&entry.text).unwrap();
        assert_eq!(events.len(), count(&body), "{}: {events:#?}", entry.name);
        let found: BTreeSet<_> = events.iter().filter_map(kind).collect();
        let types = entry.column("types").into_iter().map(str::to_owned);
        assert_eq!(found, types.collect(), "{}", entry.name);
        let fields = entry.column("field");
        for event in &events {
            let field = event["envelope"]["field"].as_str().unwrap();
            assert!(fields.contains(&field), "{}: field {field}", entry.name);
            let account = event["envelope"]["business_account_id"].as_str().unwrap();
            assert!(!account.is_empty(), "{}: {event}", entry.name);
        }
    }
}

/// The items of a body, counted in the JSON: those of the lists of a `messages` change, and one for each other change.
fn count(body: &Value) -> usize {
    let changes = body["entry"].as_array().unwrap().iter();
    let changes = changes.flat_map(|entry| entry["changes"].as_array().unwrap());
    let items = |change: &Value| {
        if change["field"] != "messages" {
            return 1;
        }
        let lists = change["value"].as_object().unwrap().iter();
        let lists = lists.filter(|(name, _)| *name != "contacts");
        let items = lists.filter_map(|(_, list)| list.as_array().map(Vec::len));
        items.sum::<usize>().max(1)
    };
    changes.map(items).sum()
}

/// What an event is, in the words of the index; nothing for what has no type of its own.
fn kind(event: &Value) -> Option<String> {
    let payload = &event["payload"];
    if let Some(status) = payload.get("status") {
        return Some(status["state"].as_str().unwrap().to_owned());
    }
    let content = &payload.get("message")?["content"];
    let (case, inner) = match content {
        Value::Object(case) => case
            .iter()
            .next()
            .map(|(name, inner)| (name.as_str(), inner))?,
        case => (case.as_str()?, &Value::Null),
    };
    Some(match case {
        "button_reply" | "list_reply" => format!("interactive.{case}"),
        "form_reply" => "interactive.nfm_reply".to_owned(),
        "reaction" if inner["emoji"].is_null() => "reaction.removed".to_owned(),
        "system" => format!("system.{}", inner["kind"].as_str().unwrap_or_default()),
        case => case.to_owned(),
    })
}

/// A part of a delivery as the whole delivery that it could stand in.
fn whole(entry: &Entry) -> Value {
    let part: Value = serde_json::from_str(&entry.text).unwrap();
    let change = match entry.column("cls")[..] {
        ["webhook"] => return part,
        ["change"] => part,
        ["message"] => in_list("messages", &part),
        ["status"] => in_list("statuses", &part),
        ref other => panic!("{}: no way to deliver {other:?}", entry.name),
    };
    json!({"object": "whatsapp_business_account", "entry": [{"id": "102", "changes": [change]}]})
}

fn in_list(name: &str, item: &Value) -> Value {
    json!({"field": "messages", "value": {
        "metadata": {"display_phone_number": "15550100200", "phone_number_id": "106"},
        name: [item],
    }})
}

#[test]
fn every_item_of_every_fragment_becomes_one_event_of_its_field() {
    for entry in corpus::folder("webhook-fragments") {
        let body = whole(&entry);
        let events = parse(&body.to_string()).unwrap();
        assert_eq!(events.len(), count(&body), "{}: {events:#?}", entry.name);
        let mut fields = entry.column("field");
        if matches!(entry.column("cls")[..], ["message" | "status"]) {
            fields.push("messages");
        }
        for event in &events {
            let field = event["envelope"]["field"].as_str().unwrap();
            assert!(fields.contains(&field), "{}: field {field}", entry.name);
            let expected = match entry.column("cls")[..] {
                ["message"] => "message",
                ["status"] => "status",
                _ => continue,
            };
            assert!(
                event["payload"].get(expected).is_some(),
                "{}: {event}",
                entry.name
            );
        }
    }
}

#[test]
fn what_is_of_a_known_field_has_a_type() {
    let whole_bodies = corpus::folder("webhooks").into_iter();
    let whole_bodies = whole_bodies.map(|entry| (entry.name, entry.text));
    let fragments = corpus::folder("webhook-fragments").into_iter();
    let fragments = fragments.map(|entry| (entry.name.clone(), whole(&entry).to_string()));
    // Fields that Meta does not have.
    let invented = ["template_status_update", "invalid_field"];
    let mut untyped = Vec::new();
    for (name, body) in whole_bodies.chain(fragments) {
        let events = json_events(Guest::Connector, &body);
        let is_odd = |event: &Value| {
            let field = event["envelope"]["field"].as_str().unwrap();
            let message = &event["payload"]["message"];
            // A kind that Meta itself calls so.
            let is_unknown =
                message["content"].get("unknown").is_some() && message["kind"] != "unknown";
            (event["payload"] == "other" || is_unknown) && !invented.contains(&field)
        };
        if let Some(event) = events.iter().find(|event| is_odd(event))
            && !UNTYPED.iter().any(|(known, _)| *known == name)
        {
            untyped.push(format!("{name}: {event:#}"));
        }
    }
    assert!(untyped.is_empty(), "{}", untyped.join("\n"));
}
