//! Events come typed or as JSON, from either component: they say the same.

use std::fs;

use serde_json::{Value, json};

use super::guest::{BOTH, Guest};
use super::{Request, Signature, damage, deliveries, json_events, parse};
use crate::corpus;

/// Where the contract has JSON, which is a text in the typed event and a value in the JSON one.
const JSON_PLACES: [&str; 7] = [
    "/content/contacts",
    "/content/form_reply/response",
    "/content/edit/message",
    "/content/revoke/message",
    "/content/unknown",
    "/buttons",
    "/settings",
];

/// How deep JSON inside an event may be nested; what is deeper stays a text.
const DEPTH_MAX: usize = 64;

/// A typed event as the JSON door has to give it.
pub fn opened(mut event: Value) -> Value {
    let cases = event["payload"].as_object_mut();
    for held in cases.into_iter().flat_map(|cases| cases.values_mut()) {
        for part in ["", "/message"] {
            for place in JSON_PLACES {
                let Some(json) = held.pointer_mut(&format!("{part}{place}")) else {
                    continue;
                };
                let value = json.as_str().map(serde_json::from_str::<Value>);
                if let Some(Ok(value)) =
                    value.filter(|value| matches!(value, Ok(value) if depth(value) <= DEPTH_MAX))
                {
                    *json = value;
                }
            }
        }
    }
    event
}

fn depth(value: &Value) -> usize {
    let inner = |values: &mut dyn Iterator<Item = &Value>| 1 + values.map(depth).max().unwrap_or(0);
    match value {
        Value::Array(items) if !items.is_empty() => inner(&mut items.iter()),
        Value::Object(fields) if !fields.is_empty() => inner(&mut fields.values()),
        _ => 0,
    }
}

/// Everything that is there to be parsed: names and bodies.
fn bodies() -> Vec<(String, String)> {
    let deliveries = deliveries()
        .into_iter()
        .map(|delivery| (delivery.name, delivery.text));
    let corpus = corpus::folder("webhooks")
        .into_iter()
        .map(|entry| (entry.name, entry.text));
    deliveries.chain(corpus).collect()
}

#[test]
fn every_delivery_becomes_the_events_beside_it() {
    let bless = std::env::var_os("BLESS").is_some();
    let mut problems = Vec::new();
    for delivery in deliveries() {
        let mut found = Value::from(json_events(Guest::Connector, &delivery.text));
        damage::open_raw(&mut found);
        let path = delivery.folder.join("events.json");
        let expected = fs::read_to_string(&path).ok();
        let expected = expected.map(|text| serde_json::from_str::<Value>(&text).unwrap());
        if expected.as_ref() == Some(&found) {
            continue;
        }
        if bless {
            fs::write(&path, format!("{found:#}\n")).unwrap();
        }
        problems.push(format!("{}: {found:#}", delivery.name));
    }
    assert!(
        problems.is_empty() || bless,
        "{} deliveries differ. If what was found is right: BLESS=1 cargo test --test deliveries\n{}",
        problems.len(),
        problems.join("\n")
    );
}

#[test]
fn typed_events_and_their_json_say_the_same_in_both_components() {
    for (name, body) in bodies() {
        let typed = parse(&body).unwrap();
        assert_eq!(Guest::Events.parse(&body).as_ref(), Ok(&typed), "{name}");
        let request = Request {
            method: "POST",
            body: &body,
            ..Request::default()
        };
        for guest in BOTH {
            let handled = guest.handle(&request, "", &Signature::VerifiedByHost);
            handled.is_accepted(typed.len());
            assert_eq!(handled.events, typed, "{name}");
            let expected: Vec<_> = typed.iter().cloned().map(opened).collect();
            assert_eq!(json_events(guest, &body), expected, "{name}");
        }
    }
}

#[test]
fn what_is_refused_is_refused_through_both_doors() {
    let requests = [
        (
            "GET",
            "hub.mode=subscribe&hub.challenge=77&hub.verify_token=right",
            "",
            200,
        ),
        (
            "GET",
            "hub.mode=subscribe&hub.challenge=77&hub.verify_token=wrong",
            "",
            403,
        ),
        ("POST", "", "{}", 401),
        ("PUT", "", "{}", 405),
    ];
    for (method, query, body, status) in requests {
        let request = Request {
            method,
            query,
            body,
            ..Request::default()
        };
        let signature = Signature::Secrets(&["secret"]);
        let expected = Guest::Connector.handle(&request, "right", &signature);
        assert_eq!(expected.status, status);
        for guest in BOTH {
            for outcome in [
                guest.handle(&request, "right", &signature),
                guest.handle_json(&request, "right", &signature),
            ] {
                assert_eq!(format!("{outcome:?}"), format!("{expected:?}"));
            }
        }
    }
}

#[test]
fn json_that_is_nested_deep_stays_a_text_so_that_the_list_can_be_read() {
    for (levels, is_text) in [(60, false), (63, false), (70, true), (120, true)] {
        let deep = format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        let body = super::delivery(&json!({"messages": [
            {"id": "wamid.A", "type": "contacts", "contacts": "@here@"},
            super::text_message("wamid.B"),
        ]}));
        let body = body.to_string().replace("\"@here@\"", &format!("[{deep}]"));
        let events = json_events(Guest::Connector, &body);
        assert_eq!(events.len(), 2);
        let contacts = &events[0]["payload"]["message"]["content"]["contacts"];
        assert_eq!(contacts.is_string(), is_text, "{levels}: {contacts}");
    }
}
