//! Deliveries in which one field is missing, doubled, or holds something odd. The tests on the built component and those without WebAssembly
//! share this file.

use serde_json::{Value, json};

/// What is put in the place of a value, as JSON text.
fn odd_values() -> Vec<String> {
    let mut values: Vec<String> = [
        "null",
        "7",
        "1e999",
        "9223372036854775807",
        "-1.5e300",
        "true",
        "\"text\"",
        "\"\"",
        r#""\ud83d""#,
        "[null]",
        "{}",
        r#"{"id":{"id":[]},"type":7,"body":[]}"#,
        // JSON in a text that is read, as Meta has it.
        r#""{\"a\":1e999,\"b\":\"\\ud83d\"}""#,
    ]
    .map(str::to_owned)
    .into();
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    // Around what an event may hold (64), and what most readers take (128).
    values.extend([65, 125, 200].map(nested));
    values.push(format!("{}7{}", "{\"a\":".repeat(125), "}".repeat(125)));
    values.push(format!("\"{}\"", nested(125)));
    values
}

/// Puts every odd thing in every place of a delivery, one at a time, or in every `step`-th; `parse` gives the events. Whatever stands beside
/// the place has to come out as it did.
pub fn check(delivery: &Value, step: usize, parse: impl Fn(&str) -> Vec<Value>) -> usize {
    let good = with_siblings(delivery);
    let before = parse(&good.to_string());
    let items = items(&good, &before);
    let mut places = Vec::new();
    pointers(&good, "", &mut places);
    let mut count = 0;
    for place in places.iter().skip(1) {
        for damaged in damages(&good, place) {
            count += 1;
            if count % step == 0 {
                let after = parse(&damaged);
                compare(place, &damaged, &items, &before, &after);
            }
        }
    }
    count / step
}

/// The delivery with a brother beside every item and every change, so that there is something to harm.
fn with_siblings(delivery: &Value) -> Value {
    let mut body = delivery.clone();
    for entry in body["entry"].as_array_mut().unwrap() {
        let changes = entry["changes"].as_array_mut().unwrap();
        for change in changes.iter_mut() {
            let Some(lists) = change["value"].as_object_mut() else {
                continue;
            };
            for (name, list) in lists {
                if let (true, Some(list)) =
                    (name != "contacts" && name != "history", list.as_array_mut())
                {
                    let siblings: Vec<_> = list.iter().map(sibling).collect();
                    list.extend(siblings);
                }
            }
        }
        // What has metadata is made of lists; what has none is one thing.
        let siblings: Vec<_> = changes
            .iter()
            .filter(|change| change["value"].get("metadata").is_none())
            .map(|change| {
                let value = change["value"].clone();
                json!({"field": change["field"], "value": sibling(&value)})
            })
            .collect();
        changes.extend(siblings);
    }
    body
}

/// The same thing, another one.
fn sibling(item: &Value) -> Value {
    let mut sibling = item.clone();
    if let Some(fields) = sibling.as_object_mut() {
        if let Some(id) = fields.get("id").and_then(Value::as_str) {
            let id = format!("{id}.sibling");
            fields.insert("id".to_owned(), id.into());
        }
        fields.insert("a_sibling".to_owned(), true.into());
    }
    sibling
}

/// Parses what stands in `raw`, so that people can read it.
pub fn open_raw(events: &mut Value) {
    for event in events.as_array_mut().unwrap() {
        let raw = &mut event["envelope"]["raw"];
        *raw = serde_json::from_str(raw.as_str().unwrap()).unwrap();
    }
}

/// JSON pointers of everything in a value, itself included.
pub fn pointers(value: &Value, pointer: &str, found: &mut Vec<String>) {
    found.push(pointer.to_owned());
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                pointers(value, &format!("{pointer}/{name}"), found);
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                pointers(value, &format!("{pointer}/{index}"), found);
            }
        }
        _ => {}
    }
}

/// Whether `pointer` is `place` or stands in it.
pub fn inside(pointer: &str, place: &str) -> bool {
    pointer
        .strip_prefix(place)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The texts that the delivery becomes when the value at `place` is odd, missing, or there twice.
fn damages(good: &Value, place: &str) -> Vec<String> {
    let (parent, name) = place.rsplit_once('/').unwrap();
    let with = |text: &str| {
        let mut body = good.clone();
        *body.pointer_mut(place).unwrap() = json!("@here@");
        body.to_string().replace("\"@here@\"", text)
    };
    let mut damages: Vec<_> = odd_values().iter().map(|odd| with(odd)).collect();
    let value = good.pointer(place).unwrap();
    if let Some(Value::Object(_)) = good.pointer(parent) {
        let mut body = good.clone();
        let parent = body.pointer_mut(parent).unwrap();
        parent.as_object_mut().unwrap().remove(name);
        damages.push(body.to_string());
        damages.push(with(&format!("{value},\"{name}\":7")));
        damages.push(with(&format!("7,\"{name}\":{value}")));
    }
    damages
}

/// An event of the good delivery: where its item stands, and which event it is.
struct Place {
    item: String,
    event: usize,
}

/// Where the item of each event stands, found by what the event was made of.
fn items(good: &Value, events: &[Value]) -> Vec<Place> {
    let mut places = Vec::new();
    pointers(good, "", &mut places);
    let mut found: Vec<Place> = Vec::new();
    for (event, raw) in events.iter().map(raw).enumerate() {
        let is_taken = |place: &String| found.iter().any(|found| found.item == **place);
        let is = |place: &String| {
            let value = good.pointer(place).unwrap();
            let is_frame = value.get("threads").is_some() && {
                let mut frame = value.clone();
                frame.as_object_mut().unwrap().remove("threads");
                frame == raw
            };
            *value == raw || is_frame
        };
        let place = places.iter().find(|place| is(place) && !is_taken(place));
        let item = place
            .unwrap_or_else(|| panic!("{raw} stands nowhere in {good}"))
            .clone();
        found.push(Place { item, event });
    }
    found
}

fn raw(event: &Value) -> Value {
    serde_json::from_str(event["envelope"]["raw"].as_str().unwrap()).unwrap()
}

fn compare(place: &str, damaged: &str, items: &[Place], before: &[Value], after: &[Value]) {
    let mut rest: Vec<&Value> = after.iter().collect();
    let mut untouched = 0;
    for item in items {
        if touches(place, &item.item) {
            continue;
        }
        untouched += 1;
        let event = &before[item.event];
        let found = rest.iter().position(|found| *found == event);
        let found = found.unwrap_or_else(|| {
            panic!(
                "{place}: {} did not come out as before\nof {damaged:.3000}\nbefore {event:#}",
                item.item
            )
        });
        rest.remove(found);
    }
    // What was touched still is an event: one, when it stands in one item.
    let touched = before.len() - untouched;
    let is_in_one = items.iter().any(|item| {
        place != item.item
            && inside(place, &item.item)
            && !inside(place, &format!("{}/threads", item.item))
    });
    // A piece of the history that cannot be read is said once more for each of its threads.
    let is_history = place.contains("/history/");
    assert!(
        !is_in_one || rest.len() == touched || is_history && rest.len() > touched,
        "{place}\nof {damaged:.3000}\ngave {rest:#?}"
    );
    assert!(
        touched == 0 || !rest.is_empty() || is_gone(place, damaged),
        "{place} is lost: {damaged:.3000}"
    );
}

/// Whether what stands at `place` has a say in the item: it is in it, around it, or in the frame of its change or entry.
fn touches(place: &str, item: &str) -> bool {
    if inside(item, place) || inside(place, item) {
        return true;
    }
    let Some((change, _)) = item.split_once("/value") else {
        return false;
    };
    let entry = change.split_once("/changes").map_or("", |(entry, _)| entry);
    let frames = [
        format!("{change}/field"),
        format!("{entry}/id"),
        format!("{entry}/time"),
    ];
    // Inside the value: what is no list of items, or the thread and the piece of the history.
    let value = format!("{change}/value");
    let is_frame = |frame: &String| inside(place, frame);
    let is_of_value = inside(place, &value) && !is_item_of_list(place, &value);
    frames.iter().any(is_frame) || is_of_value || is_thread(place, item)
}

/// Whether a place is in a list of items of a value, `contacts` not counted.
fn is_item_of_list(place: &str, value: &str) -> bool {
    let rest = place.strip_prefix(value).unwrap_or_default();
    let mut parts = rest.split('/').skip(1);
    let (list, index) = (parts.next(), parts.next());
    list != Some("contacts") && index.is_some_and(|index| index.parse::<usize>().is_ok())
}

/// Whether a place says something about the thread, or the piece of the history, in which the item stands.
fn is_thread(place: &str, item: &str) -> bool {
    let Some((thread, _)) = item.split_once("/messages/") else {
        return false;
    };
    let Some((piece, _)) = thread.split_once("/threads/") else {
        return false;
    };
    let is_part =
        |of: &str, list: &str| inside(place, of) && !inside(place, &format!("{of}/{list}"));
    is_part(thread, "messages") || is_part(piece, "threads")
}

/// Whether the item at the place is not there any more: its list is `null`, or it was taken away.
fn is_gone(place: &str, damaged: &str) -> bool {
    let Ok(body) = serde_json::from_str::<Value>(damaged) else {
        return false;
    };
    body.pointer(place).is_none_or(Value::is_null)
}
