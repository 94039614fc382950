//! The key of an event says what it is: however it is written, and nothing else has the same.

use super::{CASES, config, inputs};
use proptest::prelude::*;
use serde_json::{Value, json};
use whatsapp_connector::webhooks;

fn ids(body: &str) -> Vec<String> {
    let id = |event: &Value| event["envelope"]["id"].as_str().unwrap().to_owned();
    let mut ids: Vec<_> = webhooks::events(body).iter().map(id).collect();
    ids.sort();
    ids
}

/// The value as text, with the fields of objects turned round as `order` says, white space where it may be, and every character as an escape.
fn rewritten(value: &Value, order: &mut u64, output: &mut String) {
    *order = order.rotate_left(7).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let blank = [" ", "\n", "\t", ""][(*order >> 62) as usize];
    output.push_str(blank);
    match value {
        Value::String(text) => escaped(text, output),
        Value::Array(items) => {
            output.push('[');
            for (index, item) in items.iter().enumerate() {
                output.push_str(if index > 0 { "," } else { "" });
                rewritten(item, order, output);
            }
            output.push(']');
        }
        Value::Object(fields) => {
            let mut fields: Vec<_> = fields.iter().collect();
            let turn = *order as usize % fields.len().max(1);
            fields.rotate_left(turn);
            output.push('{');
            for (index, (name, value)) in fields.into_iter().enumerate() {
                output.push_str(if index > 0 { "," } else { "" });
                escaped(name, output);
                output.push(':');
                rewritten(value, order, output);
            }
            output.push('}');
        }
        other => output.push_str(&other.to_string()),
    }
    output.push_str(blank);
}

fn escaped(text: &str, output: &mut String) {
    output.push('"');
    for unit in text.encode_utf16() {
        output.push_str(&format!("\\u{unit:04x}"));
    }
    output.push('"');
}

/// A delivery with one item.
fn of_one(account: &str, field: &str, list: &str, item: &Value) -> String {
    let change = json!({"field": field, "value": {list: [item]}});
    json!({"entry": [{"id": account, "time": 1_790_000_000, "changes": [change]}]}).to_string()
}

proptest! {
    #![proptest_config(config(CASES))]

    #[test]
    fn it_does_not_depend_on_how_the_json_is_written(delivery in inputs::delivery(), order in any::<u64>()) {
        let mut other = String::new();
        rewritten(&delivery, &mut { order }, &mut other);
        prop_assert_eq!(ids(&delivery.to_string()), ids(&other));
    }

    #[test]
    fn what_has_no_id_of_its_own_is_known_by_what_it_says(a in inputs::value(), b in inputs::value()) {
        let id = |item| ids(&of_one("1", "of_tomorrow", "groups", &json!({"thing": item})));
        prop_assert_eq!(id(&a) == id(&b), a == b);
    }

    #[test]
    fn it_is_known_by_where_it_came(item in inputs::value(), a in "[0-9]{1,9}", b in "[0-9]{1,9}") {
        let item = json!({"thing": item});
        let of = |account: &str, field, list| ids(&of_one(account, field, list, &item));
        prop_assert_eq!(of(&a, "x", "groups") == of(&b, "x", "groups"), a == b);
        prop_assert_ne!(of(&a, "x", "groups"), of(&a, "y", "groups"));
        prop_assert_ne!(of(&a, "x", "groups"), of(&a, "x", "user_preferences"));
    }

    #[test]
    fn a_message_is_known_by_its_id_and_a_status_by_id_state_and_time(
        a in "[A-Za-z0-9.]{1,20}", b in "[A-Za-z0-9.]{1,20}",
        states in prop::sample::subsequence(vec!["sent", "delivered", "read", "failed"], 2),
        times in prop::array::uniform2(1_500_000_000..1_900_000_000_u32),
    ) {
        let message = |id: &str| ids(&of_one("1", "messages", "messages", &json!({"id": id, "type": "text", "text": {"body": "x"}})));
        prop_assert_eq!(message(&a) == message(&b), a == b);
        let status = |id: &str, state: &str, time: u32| {
            ids(&of_one("1", "messages", "statuses", &json!({"id": id, "status": state, "timestamp": time.to_string()})))
        };
        let [one, other] = [states[0], states[1]];
        prop_assert_ne!(status(&a, one, times[0]), status(&a, other, times[0]));
        prop_assert_eq!(status(&a, one, times[0]) == status(&a, one, times[1]), times[0] == times[1]);
        prop_assert_eq!(status(&a, one, times[0]) == status(&b, one, times[0]), a == b);
        prop_assert_ne!(message(&a), status(&a, one, times[0]));
    }
}
