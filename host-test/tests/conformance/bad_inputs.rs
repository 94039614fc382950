//! Nothing is sent on a wrong input, and the error names the place: every wrong input that the input schemas let one derive, for every
//! action.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::call::{self, Network};
use crate::manifest;

/// An input with one thing in it made wrong.
struct Wrong {
    place: String,
    input: Value,
}

#[test]
fn a_wrong_input_is_refused_by_name_and_nothing_is_sent() {
    for action in manifest::actions() {
        let name = action["name"].as_str().unwrap();
        let mut places = BTreeSet::new();
        for example in action["examples"].as_array().unwrap() {
            let mut wrong = Vec::new();
            let mut walk = Walk {
                whole: example,
                wrong: &mut wrong,
                places: &mut places,
            };
            walk.value(&action["input_schema"], example, "", "");
            for Wrong { place, input } in wrong {
                is_refused(name, &place, &call::connection(), &input);
            }
        }
        // Otherwise a field is never made wrong: give an example that has the object it stands in.
        let all = all_places(&action["input_schema"], "");
        assert_eq!(places, all, "{name}: places that the examples reach");
    }
}

#[test]
fn a_wrong_connection_is_refused_by_name_and_nothing_is_sent() {
    let schema = &manifest::manifest()["connection_schema"];
    let good = json!({
        "api_version": "v25.0",
        "base_url": "https://graph.facebook.com",
        "phone_number_id": "4711",
        "business_account_id": "4712",
    });
    let (mut wrong, mut places) = (Vec::new(), BTreeSet::new());
    let mut walk = Walk {
        whole: &good,
        wrong: &mut wrong,
        places: &mut places,
    };
    walk.value(schema, &good, "", "connection");
    assert_eq!(places, all_places(schema, "connection"));
    for (action, example) in manifest::examples() {
        for Wrong { place, input } in &wrong {
            is_refused(action, place, input, example);
        }
    }
}

#[test]
fn an_input_or_a_connection_that_is_no_object_is_refused() {
    for (action, example) in manifest::examples() {
        for odd in [json!(null), json!(true), json!(1), json!("{}"), json!([{}])] {
            is_refused(action, "input", &call::connection(), &odd);
            is_refused(action, "connection", &odd, example);
        }
    }
}

#[test]
fn a_text_of_the_greatest_length_is_sent_and_one_more_character_is_not() {
    for action in manifest::actions() {
        let name = action["name"].as_str().unwrap();
        let limits = limits(&action["input_schema"], "");
        let mut tried = BTreeSet::new();
        for example in action["examples"].as_array().unwrap() {
            // Only where the example has the field: elsewhere it may not stand beside the others.
            let reached = limits.iter().flat_map(|(pattern, max)| {
                let pointers = pointers(example, pattern).into_iter();
                pointers.map(move |pointer| (pattern, pointer, max))
            });
            for (pattern, pointer, max) in reached {
                let place = place_of(&pointer);
                // Two bytes and one character each: the limits count characters.
                let text = |length| Value::from("é".repeat(length));
                let good = with(example, &pointer, text(*max));
                let outcome = send(name, &call::connection(), &good);
                if outcome.requests.is_empty() {
                    // Beside the example's other fields less is allowed, as for the titles of options that become buttons. Another example has
                    // to take it.
                    is_refused(name, &place, &call::connection(), &good);
                } else {
                    tried.insert(pattern);
                    assert_eq!(outcome.requests.len(), 1, "{name} {place}: {outcome:?}");
                    let sent = call::request_to_json(&outcome.requests[0]).to_string();
                    assert!(sent.contains(&"é".repeat(*max)), "{name} {place}: {sent}");
                }
                let bad = with(example, &pointer, text(*max + 1));
                is_refused(name, &place, &call::connection(), &bad);
            }
        }
        let all = limits.iter().map(|(pattern, _)| pattern);
        assert_eq!(
            tried,
            all.collect(),
            "{name}: limits that the examples reach"
        );
    }
}

/// Walks through a schema and a value of it, and makes each place wrong in every way.
struct Walk<'a> {
    whole: &'a Value,
    wrong: &'a mut Vec<Wrong>,
    places: &'a mut BTreeSet<String>,
}

impl Walk<'_> {
    /// `pointer` is where the value stands as a JSON pointer, `place` as in messages.
    fn value(&mut self, schema: &Value, value: &Value, pointer: &str, place: &str) {
        match (schema["type"].as_str(), value) {
            (Some("object"), Value::Object(fields)) => {
                self.add(
                    &join(place, "colour"),
                    &format!("{pointer}/colour"),
                    json!("red"),
                );
                for (name, schema) in schema["properties"].as_object().unwrap() {
                    let (pointer, place) = (format!("{pointer}/{name}"), join(place, name));
                    self.places.insert(general(&place));
                    let present = fields.get(name);
                    self.field(schema, present, &pointer, &place);
                    if let Some(value) = present {
                        self.value(schema, value, &pointer, &place);
                    }
                }
                for name in schema["required"].as_array().unwrap() {
                    let name = name.as_str().unwrap();
                    let pointer = format!("{pointer}/{name}");
                    self.add(&join(place, name), &pointer, Value::Null);
                    self.wrong.push(Wrong {
                        place: join(place, name),
                        input: without(self.whole, &pointer),
                    });
                }
            }
            (Some("array"), Value::Array(items)) => {
                for (index, item) in items.iter().enumerate() {
                    let (pointer, place) =
                        (format!("{pointer}/{index}"), format!("{place}[{index}]"));
                    self.places.insert(general(&place));
                    self.field(&schema["items"], Some(item), &pointer, &place);
                    self.add(&place, &pointer, Value::Null);
                    self.value(&schema["items"], item, &pointer, &place);
                }
            }
            _ => {}
        }
    }

    /// One value of every type but the right one, and values of the right type that are out of bounds.
    fn field(&mut self, schema: &Value, present: Option<&Value>, pointer: &str, place: &str) {
        let right = match (schema["type"].as_str(), present) {
            (Some(right), _) => right,
            // JSON text: the example says what kind of JSON it has to be.
            (None, Some(present)) => kind(present),
            (None, None) => return,
        };
        let values = [
            json!(true),
            json!(1.5),
            json!("text"),
            json!(["item"]),
            json!({"name": "value"}),
        ];
        for value in values {
            if kind(&value) != right {
                self.add(place, pointer, value);
            }
        }
        if right != "integer" && right != "number" {
            self.add(place, pointer, json!(7));
        }
        if right == "integer" {
            let bounds = [("minimum", -1_i64), ("maximum", 1)];
            let beyond = bounds.map(|(name, step)| Some(schema[name].as_i64()? + step));
            for value in beyond.into_iter().flatten() {
                self.add(place, pointer, json!(value));
            }
            self.add(place, pointer, json!(u64::MAX));
        }
        if schema.get("enum").is_some() {
            self.add(place, pointer, json!("nonsense"));
            self.add(place, pointer, json!(""));
        }
    }

    fn add(&mut self, place: &str, pointer: &str, value: Value) {
        self.wrong.push(Wrong {
            place: place.to_owned(),
            input: with(self.whole, pointer, value),
        });
    }
}

/// Every place of a schema, items of lists as `[]`.
fn all_places(schema: &Value, place: &str) -> BTreeSet<String> {
    let mut places = BTreeSet::new();
    let mut inner = |place: String, schema: &Value| {
        places.extend(all_places(schema, &place));
        places.insert(place);
    };
    for (name, schema) in schema["properties"].as_object().into_iter().flatten() {
        inner(join(place, name), schema);
    }
    if let Some(items) = schema.get("items") {
        inner(format!("{place}[]"), items);
    }
    places
}

/// Where a schema limits the length of a text, as JSON pointers with `[]` for the items of a list, and the limits.
fn limits(schema: &Value, pointer: &str) -> Vec<(String, usize)> {
    let mut found = Vec::new();
    if let Some(max) = schema["maxLength"].as_u64() {
        found.push((pointer.to_owned(), max.try_into().unwrap()));
    }
    for (name, schema) in schema["properties"].as_object().into_iter().flatten() {
        found.extend(limits(schema, &format!("{pointer}/{name}")));
    }
    if let Some(items) = schema.get("items") {
        found.extend(limits(items, &format!("{pointer}/[]")));
    }
    found
}

/// The places in `example` that a pattern of [`limits`] means.
fn pointers(example: &Value, pattern: &str) -> Vec<String> {
    let Some((list, rest)) = pattern.split_once("/[]") else {
        let found = example.pointer(pattern).map(|_| pattern.to_owned());
        return found.into_iter().collect();
    };
    let items = example.pointer(list).and_then(Value::as_array);
    let items = 0..items.map_or(0, Vec::len);
    items
        .flat_map(|index| pointers(example, &format!("{list}/{index}{rest}")))
        .collect()
}

fn send(action: &str, connection: &Value, input: &Value) -> call::Outcome {
    let receipt = json!({"status": 200, "body": {"messages": [{"id": "wamid.A"}]}});
    call::invoke(action, connection, input, Network::always(&receipt))
}

fn is_refused(action: &str, place: &str, connection: &Value, input: &Value) {
    let outcome = send(action, connection, input);
    assert!(
        outcome.requests.is_empty(),
        "{action} sent {input} in spite of {place}"
    );
    let Err(error) = outcome.result else {
        panic!("{action} took {input} in spite of {place}")
    };
    assert_eq!(
        error["case"], "permanent-invalid-input",
        "{action} {input}: {error}"
    );
    let fault = &error["fault"];
    assert_eq!(fault["field"], place, "{action} {input}: {error}");
    let message = fault["message"].as_str().unwrap();
    assert!(
        message.starts_with(&format!("{place}: ")),
        "{action} {input}: {error}"
    );
    let advice = fault["advice"].as_str().unwrap();
    assert!(!advice.is_empty(), "{action} {input}: {error}");
    assert!(fault["graph"].is_null(), "{action} {input}: {error}");
}

/// The JSON Schema name of a value's type.
fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

/// `whole` with another value at a place; the object around it is there.
fn with(whole: &Value, pointer: &str, value: Value) -> Value {
    let mut whole = whole.clone();
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    match whole.pointer_mut(parent).unwrap() {
        Value::Array(items) => items[name.parse::<usize>().unwrap()] = value,
        parent => parent[name] = value,
    }
    whole
}

fn without(whole: &Value, pointer: &str) -> Value {
    let mut whole = whole.clone();
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    let parent = whole.pointer_mut(parent).unwrap().as_object_mut().unwrap();
    assert!(parent.remove(name).is_some(), "{pointer} was not there");
    whole
}

fn join(place: &str, name: &str) -> String {
    match place {
        "" => name.to_owned(),
        _ => format!("{place}.{name}"),
    }
}

/// `/buttons/0/copy_code` as `buttons[0].copy_code`.
fn place_of(pointer: &str) -> String {
    let steps = pointer.split('/').skip(1);
    steps.fold(String::new(), |place, step| match step.parse::<usize>() {
        Ok(index) => format!("{place}[{index}]"),
        Err(_) => join(&place, step),
    })
}

/// `buttons[3].index` as `buttons[].index`.
fn general(place: &str) -> String {
    let mut general = String::new();
    let mut inside = false;
    for letter in place.chars() {
        inside = match letter {
            '[' => true,
            ']' => false,
            _ => inside,
        };
        if !inside || letter == '[' {
            general.push(letter);
        }
    }
    general
}
