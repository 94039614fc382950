//! Inputs that are made up: JSON, and deliveries with it in the places of everything.

use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};

/// Names that mean something in a delivery, or to its readers.
const NAMES: [&str; 16] = [
    "id",
    "type",
    "text",
    "body",
    "from",
    "timestamp",
    "status",
    "errors",
    "code",
    "context",
    "metadata",
    "interactive",
    "image",
    "threads",
    "messages",
    "event",
];

const FIELDS: [&str; 8] = [
    "messages",
    "history",
    "calls",
    "smb_message_echoes",
    "account_update",
    "smb_app_state_sync",
    "message_template_status_update",
    "of_tomorrow",
];

const LISTS: [&str; 8] = [
    "messages",
    "statuses",
    "errors",
    "history",
    "message_echoes",
    "state_sync",
    "contacts",
    "of_tomorrow",
];

/// Any JSON, not deep.
pub fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (0..2_000_000_000_u64).prop_map(|time| Value::from(time.to_string())),
        (-1_000_000..1_000_000_i32).prop_map(|number| Value::from(f64::from(number) / 64.0)),
        select(&NAMES[..]).prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        let name =
            prop_oneof![4 => select(&NAMES[..]).prop_map(str::to_owned), 1 => any::<String>()];
        let fields = prop::collection::vec((name, inner.clone()), 0..6);
        prop_oneof![
            prop::collection::vec(inner, 0..4).prop_map(Value::from),
            fields.prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

/// A delivery of one account with some items.
pub fn delivery() -> impl Strategy<Value = Value> {
    let list = (select(&LISTS[..]), prop::collection::vec(value(), 1..4));
    let change = (
        select(&FIELDS[..]),
        prop::collection::vec(list, 0..3),
        value(),
    );
    let change = change.prop_map(|(field, lists, odd)| {
        let mut value: Map<String, Value> = Map::new();
        for (name, items) in lists {
            value.insert(name.to_owned(), items.into());
        }
        let value = if value.is_empty() { odd } else { value.into() };
        json!({"field": field, "value": value})
    });
    let changes = prop::collection::vec(change, 1..4);
    (1..1_000_000_u32, any::<Option<u32>>(), changes).prop_map(|(account, time, changes)| {
        let entry = json!({"id": account.to_string(), "time": time, "changes": changes});
        json!({"object": "whatsapp_business_account", "entry": [entry]})
    })
}
