//! Subscriptions and events that cannot be right.

use serde_json::json;

use super::super::guest::{BOTH, Guest, Subscription};
use super::super::{delivery, text_message};
use super::{events, matches, pairs, subscription};

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
