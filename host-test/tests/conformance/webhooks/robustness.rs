//! Whatever Meta, or somebody who knows the secret, puts into a delivery: nothing crashes, and no item harms the one beside it.

use serde_json::{Value, json};

use super::damage::{self, inside, pointers};
use super::doors::opened;
use super::guest::Guest;
use super::{
    Request, Signature, deliveries, events, handle, json_events, parse, status, text_message,
};

/// A good delivery with items in two lists, two changes and two entries.
fn good() -> Value {
    let mut rich = text_message("wamid.A");
    rich["context"] = json!({"id": "wamid.Q", "from": "4930123456", "forwarded": true});
    rich["referral"] = json!({"source_url": "https://fb.me/1", "source_type": "ad"});
    rich["errors"] = json!([{"code": 131_051, "error_data": {"details": "x"}}]);
    let image = json!({"from_user_id": "DE.1", "id": "wamid.B", "timestamp": 1_700_000_000, "type": "image", "image": {"id": "1", "mime_type": "image/jpeg", "caption": "c"}});
    let reply = json!({"from": "491701234567", "id": "wamid.C", "timestamp": "1700000000", "type": "interactive", "interactive": {"type": "list_reply", "list_reply": {"id": "r", "title": "t"}}});
    let mut sent = status("wamid.S", "sent");
    sent["pricing"] = json!({"billable": true, "category": "utility"});
    sent["conversation"] =
        json!({"id": "c", "expiration_timestamp": "1700000099", "origin": {"type": "utility"}});
    let value = |lists: Value| {
        let mut body = super::delivery(&lists);
        body["entry"][0]["changes"][0].take()
    };
    json!({"object": "whatsapp_business_account", "entry": [
        {"id": "102", "changes": [
            value(json!({"messages": [rich, image], "statuses": [sent, status("wamid.S", "read")]})),
            value(json!({"messages": [reply]})),
        ]},
        {"id": "103", "time": 1_700_000_000, "changes": [value(json!({"messages": [text_message("wamid.D")]}))]},
    ]})
}

/// The items of the good delivery, by pointer.
fn items(body: &Value) -> Vec<String> {
    let mut found = Vec::new();
    pointers(body, "", &mut found);
    found.retain(|pointer| {
        let (list, index) = pointer.rsplit_once('/').unwrap_or_default();
        let is_list = list.ends_with("/messages") || list.ends_with("/statuses");
        is_list && index.parse::<usize>().is_ok()
    });
    found
}

/// The payload of the event of an item, found by what it was made of.
fn payload<'e>(events: &'e [Value], item: &Value) -> Option<&'e Value> {
    let raw = |event: &Value| {
        let raw = event["envelope"]["raw"].as_str().unwrap();
        serde_json::from_str::<Value>(raw).is_ok_and(|raw| raw == *item)
    };
    let event = events.iter().find(|event| raw(event))?;
    Some(&event["payload"])
}

#[test]
fn a_wrong_value_anywhere_harms_nothing_beside_it() {
    let deep = format!("{}{}", "[".repeat(20_000), "]".repeat(20_000));
    let texts = [
        "null",
        "7",
        "-1.5e300",
        "\"text\"",
        "\"\"",
        "true",
        "[]",
        "{}",
        "[null]",
        r#"{"id":{"id":[]}}"#,
        r#""\ud83d""#,
        &deep,
    ];
    let good = good();
    let items = items(&good);
    assert_eq!(items.len(), 6);
    let before = events(&good);
    assert_eq!(before.len(), items.len());
    let mut places = Vec::new();
    pointers(&good, "", &mut places);
    for place in &places {
        for text in texts {
            let mut body = good.clone();
            *body.pointer_mut(place).unwrap() = json!("@here@");
            let body = body.to_string().replace("\"@here@\"", text);
            let events = parse(&body).unwrap_or_else(|error| panic!("{body}: {error}"));
            for item in &items {
                let untouched = !inside(item, place) && !inside(place, item);
                if !untouched {
                    continue;
                }
                let value = good.pointer(item).unwrap();
                let id = value["id"].as_str().unwrap();
                let kept = events
                    .iter()
                    .any(|event| event["envelope"]["raw"].as_str().unwrap().contains(id));
                assert!(kept, "{place} = {text:.20}: {item} is lost");
                let (now, before) = (payload(&events, value), payload(&before, value));
                // The field says what the change is, and the frame of a change who sent its messages.
                let change = item.split("/value/").next().unwrap();
                let is_in_an_item = items.iter().any(|item| inside(place, item));
                if is_in_an_item || !inside(place, change) {
                    assert_eq!(now, before, "{place} = {text:.20}: {item}");
                } else if *place != format!("{change}/field") {
                    assert_eq!(
                        now.map(core),
                        before.map(core),
                        "{place} = {text:.20}: {item}"
                    );
                }
            }
        }
    }
}

/// What a payload says without the frame around it.
fn core(payload: &Value) -> [Option<&Value>; 4] {
    let places = [
        "/message/id",
        "/message/content",
        "/status/message_id",
        "/status/state",
    ];
    places.map(|place| payload.pointer(place))
}

#[test]
fn half_a_delivery_is_an_error_wherever_it_ends() {
    let body = good().to_string();
    let ends = body.char_indices().map(|(end, _)| end);
    for end in ends {
        let half = &body[..end];
        let error = parse(half).unwrap_err();
        assert_eq!(error["case"], "permanent-invalid-input", "{half}");
        assert_eq!(error["fault"]["field"], "body", "{half}");
        let request = Request {
            method: "POST",
            body: half,
            ..Request::default()
        };
        handle(&request, "", &Signature::VerifiedByHost).is_refused(400, "JSON");
    }
}

/// JSON allows it, and readers differ in which of the two they lose.
#[test]
fn what_stands_twice_under_the_same_name_is_read_twice() {
    let lists = |id: &str| {
        let message = text_message(&format!("wamid.M{id}"));
        let status = status(&format!("wamid.S{id}"), "read");
        format!(r#""messages":[{message}],"statuses":[{status}]"#)
    };
    let card = |id: &str| format!(r#""contacts":[{{"wa_id":"{id}","profile":{{"name":"{id}"}}}}]"#);
    let value = |id: &str| {
        let metadata = format!(r#""metadata":{{"phone_number_id":"of {id}"}}"#);
        let (one, two) = (lists(&format!("{id}a")), lists(&format!("{id}b")));
        let cards = [card("491701234567"), card("7")].join(",");
        format!(r#""value":{{{metadata},{cards},{one},{two}}}"#)
    };
    let changes = |id: &str| {
        let (one, two) = (value(&format!("{id}1")), value(&format!("{id}2")));
        format!(r#""changes":[{{"field":"messages",{one},{two}}}]"#)
    };
    let entry = |id: &str| {
        let (one, two) = (changes(&format!("{id}x")), changes(&format!("{id}y")));
        format!(r#""entry":[{{"id":"{id}",{one},{two}}}]"#)
    };
    let body = format!(
        r#"{{{},"entry":7,{},"entry":[]}}"#,
        entry("101"),
        entry("102")
    );
    let events = parse(&body).unwrap();
    assert_eq!(json_events(Guest::Events, &body).len(), events.len());
    let text = |event: &Value, pointer: &str| {
        let text = event.pointer(pointer).and_then(Value::as_str);
        text.unwrap_or_default().to_owned()
    };
    let (odd, items) = events.split_first().unwrap();
    assert_eq!(odd["payload"], "other");
    assert_eq!(text(odd, "/envelope/raw"), "7");
    let mut expected = Vec::new();
    for account in ["101", "102"] {
        for value in ["x1", "x2", "y1", "y2"] {
            for list in ["a", "b"] {
                let number = format!("of {account}{value}");
                for what in ["message:wamid.M", "status:wamid.S"] {
                    let id = format!("{what}{account}{value}{list}");
                    expected.push((id, account.to_owned(), number.clone()));
                }
            }
        }
    }
    let found: Vec<_> = items
        .iter()
        .map(|event| {
            let id = text(event, "/envelope/id");
            let id = id.split(":read").next().unwrap_or_default().to_owned();
            let account = text(event, "/envelope/business_account_id");
            (id, account, text(event, "/envelope/phone_number_id"))
        })
        .collect();
    assert_eq!(found, expected);
    let names: Vec<_> = items
        .iter()
        .map(|event| text(event, "/payload/message/profile_name"))
        .filter(|name| !name.is_empty())
        .collect();
    assert_eq!(names, ["491701234567"; 16]);
}

#[test]
fn json_that_is_no_delivery_is_kept_as_it_is() {
    for body in [
        "null",
        "7",
        "\"text\"",
        "[]",
        "[{}]",
        "{}",
        r#"{"entry":[]}"#,
        r#"{"entry":{}}"#,
        r#"{"object":"page"}"#,
    ] {
        let events = parse(body).unwrap();
        assert_eq!(events.len(), 1, "{body}");
        assert_eq!(events[0]["payload"], "other", "{body}");
        assert_eq!(events[0]["envelope"]["raw"], body);
    }
}

/// Natively the same is done in every place (`cargo test --test deliveries`).
#[test]
fn whatever_stands_in_a_field_of_a_delivery_harms_nothing_beside_it() {
    let mut count = 0;
    for delivery in deliveries() {
        count += damage::check(&delivery.body(), 53, |body| {
            let typed = parse(body).unwrap_or_else(|error| panic!("{error}: {body}"));
            let events = json_events(Guest::Events, body);
            let typed: Vec<_> = typed.into_iter().map(opened).collect();
            assert_eq!(typed, events, "{body:.3000}");
            events
        });
    }
    assert!(count > 500, "{count}");
}
