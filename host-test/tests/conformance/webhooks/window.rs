//! When the customer service window is open, and which events open it.

use serde_json::{Value, json};

use super::guest::BOTH;
use super::{deliveries, delivery, events, json_events, text_message};

const DAY: u64 = 24 * 60 * 60;
const NOON: u64 = 1_790_000_000;

#[test]
fn the_window_is_open_for_24_hours() {
    let most = i64::MAX as u64;
    let cases = [
        (None, NOON, false, None, 0),
        (Some(NOON), NOON, true, Some(NOON + DAY), DAY),
        (Some(NOON), NOON + 1, true, Some(NOON + DAY), DAY - 1),
        (Some(NOON), NOON + DAY - 1, true, Some(NOON + DAY), 1),
        (Some(NOON), NOON + DAY, true, Some(NOON + DAY), 0),
        (Some(NOON), NOON + DAY + 1, false, Some(NOON + DAY), 0),
        (Some(NOON), NOON + 9 * DAY, false, Some(NOON + DAY), 0),
        // The clocks of the two differ a little.
        (Some(NOON + 5), NOON, true, Some(NOON + 5 + DAY), DAY + 5),
        (Some(0), 0, true, Some(DAY), DAY),
        (Some(0), u64::MAX, false, Some(DAY), 0),
        // Nobody has such times; what comes out still makes sense.
        (Some(u64::MAX), NOON, true, Some(most), most - NOON),
        (Some(u64::MAX), u64::MAX, false, Some(most), 0),
    ];
    for (last, now, open, closes_at, left) in cases {
        for guest in BOTH {
            let expected = json!({"open": open, "closes_at": closes_at, "seconds_left": left});
            assert_eq!(guest.service_window(last, now), expected, "{last:?} {now}");
        }
    }
}

/// What the content of a message may be without opening the window.
const OPENS_NOTHING: [&str; 5] = ["reaction", "edit", "revoke", "system", "request_welcome"];

#[test]
fn messages_and_calls_of_customers_open_the_window_and_nothing_else_does() {
    let mut opened = 0;
    for delivery in deliveries() {
        for event in json_events(super::guest::Guest::Connector, &delivery.text) {
            let payload = &event["payload"];
            let opens = if let Some(message) = payload.get("message") {
                let content = &message["content"];
                let case = content
                    .as_str()
                    .or_else(|| content.as_object()?.keys().next().map(String::as_str));
                !OPENS_NOTHING.contains(&case.unwrap())
            } else {
                let call = &payload["call"];
                call["direction"] == "USER_INITIATED" && call["event"] == "connect"
            };
            let at = event["envelope"]["occurred_at"].as_u64();
            let expected = at.filter(|_| opens).map(|at| at + DAY);
            assert_eq!(
                event["envelope"]["window_closes_at"],
                json!(expected),
                "{}: {event:#}",
                delivery.name
            );
            opened += u64::from(opens);
        }
    }
    assert!(opened > 10);
}

#[test]
fn a_message_without_a_time_opens_a_window_of_no_known_end() {
    let mut message = text_message("wamid.A");
    message["timestamp"] = Value::Null;
    let events = events(&delivery(&json!({"messages": [message]})));
    assert_eq!(events[0]["envelope"]["window_closes_at"], Value::Null);
    assert_eq!(events[0]["envelope"]["occurred_at"], Value::Null);
}
