//! What must hold at the end.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use graph_simulator::Delivery;
use graph_simulator::world::SentMessage;
use host_test::inbox::{Selection, Store};
use serde_json::Value;

use crate::Stage;
use crate::sender::Fate;

/// Lets the simulator post and repeat until everything has arrived.
pub async fn settle(stage: &Stage) {
    for _ in 0..200 {
        stage.simulator.advance(Duration::from_secs(60)).await;
        let deliveries = stage.simulator.deliveries();
        let given_up = deliveries.iter().filter(|delivery| delivery.is_given_up());
        assert_eq!(given_up.count(), 0);
        if deliveries.iter().all(Delivery::is_delivered) {
            return;
        }
    }
    panic!("not everything was delivered");
}

/// What the store holds.
pub async fn kept(path: &str) -> Vec<Value> {
    let store = Store::open(path).unwrap();
    let (mut events, mut after) = (Vec::new(), 0);
    loop {
        let page = store
            .entries(&Selection::All, after, 1000)
            .await
            .unwrap()
            .unwrap();
        let Some(last) = page.last() else {
            return events;
        };
        after = last.sequence;
        events.extend(
            page.iter()
                .map(|entry| serde_json::from_str::<Value>(&entry.event).unwrap()),
        );
    }
}

/// What tells an event of Meta's from another one: told from the deliveries, without the connector.
fn posted_keys(posted: &[Delivery]) -> BTreeSet<String> {
    let mut keys = BTreeSet::new();
    for delivery in posted {
        let body = delivery.json();
        for change in list(&body["entry"]).flat_map(|entry| list(&entry["changes"])) {
            let value = &change["value"];
            for message in list(&value["messages"]) {
                keys.insert(format!("message {}", text(&message["id"])));
            }
            for status in list(&value["statuses"]) {
                keys.insert(format!(
                    "status {} {}",
                    text(&status["id"]),
                    text(&status["status"])
                ));
            }
        }
    }
    keys
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

/// Every event that was posted is in the store, and once.
pub fn events(posted: &[Delivery], kept: &[Value]) {
    let expected = posted_keys(posted);
    let mut found = BTreeMap::new();
    for event in kept {
        let payload = &event["payload"];
        let key = match (&payload["message"], &payload["status"]) {
            (Value::Object(message), _) => format!("message {}", text(&message["id"])),
            (_, Value::Object(status)) => {
                format!(
                    "status {} {}",
                    text(&status["message_id"]),
                    text(&status["state"])
                )
            }
            _ => panic!("an event of another kind: {event}"),
        };
        *found.entry(key).or_insert(0) += 1;
    }
    let twice: Vec<_> = found.iter().filter(|(_, times)| **times != 1).collect();
    assert!(twice.is_empty(), "not once in the store: {twice:?}");
    let found: BTreeSet<_> = found.into_keys().collect();
    let lost: Vec<_> = expected.difference(&found).collect();
    assert!(lost.is_empty(), "{} lost: {lost:?}", lost.len());
    assert_eq!(expected, found, "events that nobody posted");
}

/// How many messages of each fate.
#[derive(Debug)]
pub struct Counts {
    pub sent: usize,
    pub unknown: usize,
    /// Of the unknown ones, those that Meta had accepted.
    pub unknown_accepted: usize,
    pub given_up: usize,
}

/// No message was accepted twice; what was called sent was, what was called not sent was not; and what was unknown the store knows.
pub fn messages(
    accepted: &[SentMessage],
    fates: &BTreeMap<String, Fate>,
    kept: &[Value],
) -> Counts {
    let mut times: BTreeMap<&str, usize> = BTreeMap::new();
    for message in accepted {
        *times
            .entry(text(&message.request["biz_opaque_callback_data"]))
            .or_default() += 1;
    }
    let statuses = kept
        .iter()
        .filter_map(|event| event["payload"]["status"]["callback_data"].as_str());
    let told: BTreeSet<_> = statuses.collect();
    let mut counts = Counts {
        sent: 0,
        unknown: 0,
        unknown_accepted: 0,
        given_up: 0,
    };
    for (key, fate) in fates {
        let times = times.remove(key.as_str()).unwrap_or_default();
        // A status with its key is what an engine looks for before it sends again.
        assert_eq!(
            told.contains(key.as_str()),
            times > 0,
            "{key}: {fate:?}, accepted {times} times"
        );
        match fate {
            Fate::Sent => {
                assert_eq!(times, 1, "{key} was sent");
                counts.sent += 1;
            }
            Fate::Unknown => {
                assert!(times <= 1, "{key} was accepted {times} times");
                counts.unknown += 1;
                counts.unknown_accepted += times;
            }
            Fate::GivenUp => {
                assert_eq!(times, 0, "{key} was not sent");
                counts.given_up += 1;
            }
        }
    }
    assert!(times.is_empty(), "messages that nobody sent: {times:?}");
    assert!(counts.sent > 0, "{counts:?}");
    counts
}

/// A long run in which nothing went wrong shows nothing.
pub fn trouble(kinds: &[(&str, u64)]) {
    for (kind, times) in kinds {
        assert!(*times > 0, "no {kind}: {kinds:?}");
    }
}
