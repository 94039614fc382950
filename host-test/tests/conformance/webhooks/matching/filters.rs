//! What a filter lets through.

use serde_json::{Value, json};

use super::super::triggers::triggers;
use super::super::{delivery, status, text_message};
use super::{Subscription, events, pairs, starts, subscription};

/// The value in the sample that a filter looks at, found by trying every text of the sample.
fn texts(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) => found.push(text.clone()),
        Value::Number(number) => found.push(number.to_string()),
        Value::Array(items) => items.iter().for_each(|item| texts(item, found)),
        Value::Object(fields) => fields.values().for_each(|value| texts(value, found)),
        _ => {}
    }
}

/// Filters that look at something that the sample of the trigger does not have: most of its events do not have it either.
const NOT_IN_SAMPLE: [(&str, &str); 4] = [
    ("new-message", "groups"),
    ("new-reaction", "groups"),
    ("other-event", "phone_number_ids"),
    ("phone-number-updated", "phone_number_ids"),
];

#[test]
fn what_only_some_events_have_narrows_down_as_well() {
    let mut message = text_message("wamid.A");
    message["group_id"] = json!("G1");
    let reaction =
        json!({"id": "wamid.B", "type": "reaction", "group_id": "G1", "reaction": {"emoji": "👍"}});
    let settings = json!({"field": "account_settings_update", "value": {
        "type": "PHONE_NUMBER_SETTINGS", "phone_number_settings": {"phone_number_id": "106540352242922"},
    }});
    let mut body = delivery(&json!({"messages": [message, reaction], "a_new_list": [{"id": "1"}]}));
    let changes = body["entry"][0]["changes"].as_array_mut().unwrap();
    changes.push(settings);
    let events = events(&body);
    for (name, filter) in NOT_IN_SAMPLE {
        let with = |id: &str, word: &str| subscription(id, name, Some(json!({filter: [word]})));
        let own = if filter == "groups" {
            "G1"
        } else {
            "106540352242922"
        };
        let starts = starts(
            &events,
            &[with("own", own), with("another", "something else")],
        );
        let ids: Vec<_> = starts.iter().map(|(id, _)| id.as_str()).collect();
        assert_eq!(ids, ["own"], "{name} {filter}");
    }
}

#[test]
fn every_filter_of_every_trigger_narrows_down() {
    let mut missing = Vec::new();
    for trigger in triggers() {
        let name = trigger["name"].as_str().unwrap();
        let sample = &trigger["sample"];
        let account = sample["envelope"]["business_account_id"].as_str().unwrap();
        let events = json!([sample]);
        let mut words = Vec::new();
        texts(sample, &mut words);
        words.sort_unstable();
        words.dedup();
        for (filter, schema) in trigger["filter_schema"]["properties"].as_object().unwrap() {
            let with = |id: &str, words: &[&str]| Subscription {
                account: account.to_owned(),
                ..subscription(id, name, Some(json!({filter: words})))
            };
            // What else there may be, and which words are refused.
            let only = schema["items"]["enum"].as_array();
            let is_taken = |word: &&String| {
                only.is_none_or(|only| only.iter().any(|known| known == word.as_str()))
            };
            let other = only.map_or("something else", |only| {
                let mut only = only.iter().filter_map(Value::as_str);
                only.find(|known| !words.iter().any(|word| word == known))
                    .unwrap()
            });
            let taken = words.iter().filter(is_taken);
            let mut subscriptions: Vec<_> = taken.map(|word| with(word, &[word])).collect();
            subscriptions.push(with(other, &[other]));
            let own: Vec<_> = starts(&events, &subscriptions)
                .into_iter()
                .map(|(word, _)| word)
                .collect();
            if own.is_empty() {
                missing.push((name, filter.as_str()));
            }
            assert!(
                own.len() < words.len(),
                "{name} {filter} lets everything pass"
            );
            assert!(!own.iter().any(|word| word == other), "{name} {filter}");
            // One of several is enough, and nothing chosen is no condition.
            for word in &own {
                let several = [with("several", &[other, word]), with("nothing", &[])];
                let expected = pairs(&[("several", 0), ("nothing", 0)]);
                assert_eq!(
                    starts(&events, &several),
                    expected,
                    "{name} {filter} {word}"
                );
            }
        }
    }
    missing.sort_unstable();
    assert_eq!(missing, NOT_IN_SAMPLE);
}

#[test]
fn a_customer_is_found_by_either_id_and_words_in_capitals_too() {
    let mut message = text_message("wamid.A");
    message["from_user_id"] = json!("DE.1");
    let mut read = status("wamid.S", "read");
    read["recipient_user_id"] = json!("DE.1");
    let events = events(&delivery(
        &json!({"messages": [message], "statuses": [read]}),
    ));
    let subscriptions = [
        subscription(
            "wa id",
            "new-message",
            Some(json!({"senders": ["491701234567"]})),
        ),
        subscription("user id", "new-message", Some(json!({"senders": ["DE.1"]}))),
        subscription("another", "new-message", Some(json!({"senders": ["DE.2"]}))),
        subscription(
            "recipient",
            "message-status-updated",
            Some(json!({"recipients": ["DE.1"]})),
        ),
        subscription(
            "state",
            "message-status-updated",
            Some(json!({"states": ["READ"]})),
        ),
        subscription(
            "both",
            "message-status-updated",
            Some(json!({"states": ["read"], "recipients": ["DE.2"]})),
        ),
        subscription(
            "null",
            "message-status-updated",
            Some(json!({"states": null})),
        ),
    ];
    let expected = [
        ("wa id", 0),
        ("user id", 0),
        ("recipient", 1),
        ("state", 1),
        ("null", 1),
    ];
    assert_eq!(starts(&events, &subscriptions), pairs(&expected));
}

#[test]
fn phone_numbers_may_be_written_as_people_write_them() {
    let delivery = &triggers()
        .iter()
        .find(|trigger| trigger["name"] == "new-message")
        .unwrap()["delivery"];
    let events = events(delivery);
    let account = events[0]["envelope"]["business_account_id"]
        .as_str()
        .unwrap();
    assert_eq!(events[0]["payload"]["message"]["from"], "15550100100");
    for (written, is_it) in [
        ("15550100100", true),
        ("+15550100100", true),
        ("+1 555 010-0100", true),
        ("+1 (555) 0100100", true),
        ("+1555010010", false),
        ("+155501001000", false),
        ("1 555 010 0100", false),
        ("+", false),
    ] {
        let filter = json!({"senders": [written]});
        let mut subscription = subscription("flow", "new-message", Some(filter));
        account.clone_into(&mut subscription.account);
        let started = starts(&events, &[subscription]);
        assert_eq!(started.len(), usize::from(is_it), "{written}");
    }
}
