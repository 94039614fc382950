//! Which flow gets which event.

mod filters;
mod problems;

use serde_json::{Value, json};

use super::guest::{BOTH, Guest, Subscription};
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
