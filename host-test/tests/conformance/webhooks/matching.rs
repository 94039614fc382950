//! Which flow gets which event.

use serde_json::{Value, json};

use super::guest::{BOTH, Guest, Subscription};
use super::triggers::triggers;
use super::{delivery, json_events, status, text_message};

const ACCOUNT: &str = "102290129340398";

/// The subscription and the event of each start.
type Starts = Vec<(String, u64)>;

fn subscription(id: &str, trigger: &str, filter: Option<Value>) -> Subscription {
    Subscription {
        id: id.to_owned(),
        trigger: trigger.to_owned(),
        account: ACCOUNT.to_owned(),
        filter: filter.map(|filter| filter.to_string()),
    }
}

/// The starts as pairs, and the problems as texts, by subscription; the same from both components.
fn matches(events: &Value, subscriptions: &[Subscription]) -> (Starts, Vec<(String, String)>) {
    let text = events.to_string();
    let [found, other] = BOTH.map(|guest| guest.match_events(&text, subscriptions).unwrap());
    assert_eq!(found, other);
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let list = |name: &str| found[name].as_array().unwrap().clone();
    let starts = list("starts");
    let starts = starts.iter().map(|start| {
        (
            text(&start["subscription"]),
            start["event"].as_u64().unwrap(),
        )
    });
    let problems = list("problems");
    let problems = problems
        .iter()
        .map(|problem| (text(&problem["subscription"]), text(&problem["problem"])));
    (starts.collect(), problems.collect())
}

fn starts(events: &Value, subscriptions: &[Subscription]) -> Starts {
    let (starts, problems) = matches(events, subscriptions);
    assert_eq!(problems, []);
    starts
}

/// The events of a delivery, as the caller of `handle-json` has them.
fn events(body: &Value) -> Value {
    json_events(Guest::Connector, &body.to_string()).into()
}

fn pairs(pairs: &[(&str, u64)]) -> Starts {
    pairs
        .iter()
        .map(|(id, event)| ((*id).to_owned(), *event))
        .collect()
}

#[test]
fn starts_come_in_the_order_of_the_events_then_of_the_subscriptions() {
    let events = events(&delivery(&json!({
        "messages": [text_message("wamid.A"), text_message("wamid.B")],
        "statuses": [status("wamid.S", "read")],
    })));
    let subscriptions = [
        subscription("z", "new-message", None),
        subscription("a", "any-event", None),
        subscription("m", "message-status-updated", None),
        subscription("a", "new-message", None),
    ];
    // Lists come in the order of the delivery's text.
    let expected = pairs(&[
        ("z", 0),
        ("a", 0),
        ("a", 0),
        ("z", 1),
        ("a", 1),
        ("a", 1),
        ("a", 2),
        ("m", 2),
    ]);
    assert_eq!(starts(&events, &subscriptions), expected);
}

#[test]
fn nobody_gets_the_events_of_another_account() {
    let mut body = delivery(&json!({"messages": [text_message("wamid.A")]}));
    let mut other = body["entry"][0].clone();
    other["id"] = json!("103");
    let mut nameless = other.clone();
    nameless.as_object_mut().unwrap().remove("id");
    body["entry"]
        .as_array_mut()
        .unwrap()
        .extend([other, nameless]);
    let events = events(&body);
    assert_eq!(events.as_array().unwrap().len(), 3);
    let of = |id: &str, account: &str| Subscription {
        account: account.to_owned(),
        ..subscription(id, "any-event", None)
    };
    let subscriptions = [
        of("first", ACCOUNT),
        of("second", "103"),
        of("third", "104"),
        of("prefix", "10"),
        of("star", "*"),
    ];
    assert_eq!(
        starts(&events, &subscriptions),
        pairs(&[("first", 0), ("second", 1)])
    );
    let (starts, problems) = matches(&events, &[of("nameless", "")]);
    assert!(starts.is_empty());
    assert!(
        problems[0].1.contains("business-account-id"),
        "{problems:?}"
    );
}

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
fn a_wrong_subscription_gets_nothing_and_harms_no_other() {
    let events = events(&delivery(&json!({"messages": [text_message("wamid.A")]})));
    let with = |filter: &str| Subscription {
        filter: Some(filter.to_owned()),
        ..subscription("wrong", "new-message", None)
    };
    let cases = [
        (
            subscription("wrong", "new-mesage", None),
            "did you mean `new-message`",
        ),
        (
            subscription("wrong", "new_message", None),
            "did you mean `new-message`",
        ),
        (subscription("wrong", "something", None), "expected one of"),
        (subscription("wrong", "", None), "expected one of"),
        (with("{"), "filter"),
        (with(""), "filter"),
        (with("[]"), "filter: expected an object, got a list"),
        (with("7"), "filter: expected an object, got the number 7"),
        (
            with(r#"{"sender":["1"]}"#),
            "filter.sender: new-message has no such filter; it has",
        ),
        (
            with(r#"{"senders":"1"}"#),
            "filter.senders: expected a list of texts",
        ),
        (
            with(r#"{"senders":[["1"]]}"#),
            "filter.senders[0]: expected a text in quotes, got a list",
        ),
        (
            with(r#"{"senders":["1",null]}"#),
            "filter.senders[1]: expected a text in quotes, got none",
        ),
        (
            with(r#"{"senders":["1",491701234567]}"#),
            "filter.senders[1]: expected a text in quotes, got the number 491701234567",
        ),
        (
            with(r#"{"kinds":["text","pictures"]}"#),
            "filter.kinds[1]: new-message takes one of text, image, video, audio, document, sticker, location, contacts, button, interactive, unsupported, media_placeholder, unknown; got `pictures`",
        ),
        // What has a trigger of its own.
        (
            with(r#"{"kinds":["reaction"]}"#),
            "filter.kinds[0]: new-message takes one of",
        ),
        (
            Subscription {
                filter: Some(r#"{"states":["delivered","seen"]}"#.to_owned()),
                ..subscription("wrong", "message-status-updated", None)
            },
            "filter.states[1]: message-status-updated takes one of sent, delivered, read, played, failed, deleted, warning; got `seen`",
        ),
        (
            Subscription {
                filter: Some(r#"{"states":["delivered"]}"#.to_owned()),
                ..subscription("wrong", "payment-updated", None)
            },
            "filter.states[0]: payment-updated takes one of captured, pending, failed; got `delivered`",
        ),
        (
            with(r#"{"senders":{"a":"1"}}"#),
            "filter.senders: expected a list of texts",
        ),
        (
            with(&format!("{}{}", "[".repeat(20_000), "]".repeat(20_000))),
            "filter",
        ),
    ];
    for (wrong, expected) in cases {
        let all = [
            subscription("before", "new-message", None),
            wrong,
            subscription("after", "any-event", None),
        ];
        let (starts, problems) = matches(&events, &all);
        assert_eq!(starts, pairs(&[("before", 0), ("after", 0)]), "{expected}");
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert_eq!(problems[0].0, "wrong");
        assert!(
            problems[0].1.contains(expected),
            "expected `{expected}` in {problems:?}"
        );
    }
}

#[test]
fn what_is_no_list_of_events_is_an_error_that_says_so() {
    let good = events(&delivery(&json!({"messages": [text_message("wamid.A")]})));
    let good = &good[0];
    let mut without_payload = good.clone();
    without_payload.as_object_mut().unwrap().remove("payload");
    let mut without_account = good.clone();
    without_account["envelope"]
        .as_object_mut()
        .unwrap()
        .remove("business_account_id");
    let cases = [
        (String::new(), "expected a JSON array of events"),
        ("[".to_owned(), "expected a JSON array of events"),
        ("{}".to_owned(), "expected a list of events"),
        ("\"[]\"".to_owned(), "expected a list of events"),
        (good.to_string(), "expected a list of events"),
        (json!([good, 7]).to_string(), "number 1"),
        (json!([null]).to_string(), "number 0"),
        (json!([good, good, {}]).to_string(), "number 2"),
        (json!([without_payload]).to_string(), "number 0"),
        (json!([without_account]).to_string(), "number 0"),
    ];
    for (text, expected) in cases {
        for guest in BOTH {
            let error = guest
                .match_events(&text, &[subscription("a", "any-event", None)])
                .unwrap_err();
            assert_eq!(error["case"], "permanent-invalid-input", "{text}");
            assert_eq!(error["fault"]["field"], "events", "{text}");
            let message = error["fault"].to_string();
            assert!(message.contains(expected), "{text}: {message}");
            assert!(message.contains("handle-json"), "{message}");
        }
    }
    for text in ["[]", " [ ] "] {
        let matches = Guest::Connector.match_events(text, &[subscription("a", "any-event", None)]);
        assert_eq!(matches.unwrap(), json!({"starts": [], "problems": []}));
    }
}

#[test]
fn thousands_of_subscriptions_are_served() {
    let messages: Vec<_> = (0..20)
        .map(|index| text_message(&format!("wamid.{index}")))
        .collect();
    let events = events(&delivery(&json!({"messages": messages})));
    let mut subscriptions = Vec::new();
    for index in 0..5_000 {
        let mut one = subscription(
            &index.to_string(),
            "new-message",
            Some(json!({"senders": [format!("{index}"), "491701234567"]})),
        );
        match index % 50 {
            0 => {}
            1 => one.trigger = "no-such-trigger".to_owned(),
            _ => one.account = format!("account {index}"),
        }
        subscriptions.push(one);
    }
    let (starts, problems) = matches(&events, &subscriptions);
    assert_eq!(starts.len(), 20 * 100);
    assert_eq!(problems.len(), 100);
    assert_eq!(starts[0], ("0".to_owned(), 0));
    assert_eq!(starts[1_999], ("4950".to_owned(), 19));
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
