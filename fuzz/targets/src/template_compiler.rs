//! A template and the values for it.

use crate::errors;
use serde_json::{Map, Value, json};
use std::collections::HashSet;
use whatsapp_connector::json::from_text;
use whatsapp_connector::plugin;
use whatsapp_connector::templates::{compile, form};

/// Describes and compiles; the input is the template, then the values. A form never asks for what the compiler refuses, and a value goes out as it
/// came in.
pub fn template_compiler(data: &[u8]) {
    let text = crate::text(data);
    let (template, values) = text.split_once(crate::BETWEEN).unwrap_or((&text, "{}"));
    let (Ok(mut template), Ok(values)) = (from_text(template), from_text(values)) else {
        return;
    };
    let described = form(&template);
    let compiled = compile("template.status", &template, &values);
    for error in [described.as_ref().err(), compiled.as_ref().err()]
        .into_iter()
        .flatten()
    {
        // What has no advice gets the help text of its field.
        let error = plugin::advise(error.clone(), "compile-template");
        errors::check(&error);
    }
    if let Ok(components) = &compiled {
        let form = described
            .as_ref()
            .expect("what can be compiled can be described");
        round_trip(&template, form, &values, components);
    }
    let Ok(form) = described else { return };
    names(&form);
    if let Value::Object(template) = &mut template {
        template.insert("status".to_owned(), "APPROVED".into());
    }
    let values = filled(&form);
    match compile("template.status", &template, &values) {
        Ok(components) => round_trip(&template, &form, &values, &components),
        Err(error) => {
            // The one thing that only all values together can be.
            let message = &errors::fault(&error).message;
            assert!(
                message.contains(" characters with these values, at most "),
                "{message}"
            );
        }
    }
}

/// The names of a form: each once in its order, and those that are required among them.
fn names(form: &Value) {
    let order = form["x-order"].as_array().expect("has an order");
    let properties = form["properties"].as_object().expect("has properties");
    let names: HashSet<_> = order.iter().map(Value::as_str).collect();
    assert_eq!((names.len(), properties.len()), (order.len(), order.len()));
    let required = form["required"].as_array().into_iter().flatten();
    let mut known = required
        .chain(order)
        .map(|name| name.as_str().expect("a name"));
    assert!(known.all(|name| properties.contains_key(name)));
    for (name, property) in properties {
        let title = property["title"].as_str().unwrap_or_default();
        assert!(!title.is_empty(), "{name} has no title");
    }
}

/// What was given is in the components, and components have places that the template has.
fn round_trip(template: &Value, form: &Value, values: &Value, components: &[Value]) {
    let properties = form["properties"].as_object().expect("has properties");
    let given = values.as_object().expect("values are an object");
    assert!(given.keys().all(|name| properties.contains_key(name)));
    let mut sent = HashSet::new();
    let components = Value::from(components.to_vec());
    leaves(&components, &mut sent);
    let mut wanted = HashSet::new();
    leaves(values, &mut wanted);
    for leaf in wanted {
        assert!(sent.contains(&leaf), "{leaf} is not in {components}");
    }
    places(template, &components);
}

/// Texts and numbers in a value, but for empty ones.
fn leaves(value: &Value, found: &mut HashSet<String>) {
    match value {
        Value::Null | Value::Bool(_) => {}
        Value::Array(items) => items.iter().for_each(|item| leaves(item, found)),
        Value::Object(fields) => fields.values().for_each(|value| leaves(value, found)),
        Value::String(text) if text.is_empty() => {}
        Value::String(text) => drop(found.insert(text.clone())),
        other => drop(found.insert(other.to_string())),
    }
}

fn places(template: &Value, components: &Value) {
    let of = |value: &Value, kind: &str| {
        let found = value["components"].as_array().into_iter().flatten();
        let mut found = found.filter(|one| {
            one["type"]
                .as_str()
                .is_some_and(|of| of.eq_ignore_ascii_case(kind))
        });
        found.next().cloned().unwrap_or_default()
    };
    for component in components.as_array().into_iter().flatten() {
        match component["type"].as_str().expect("has a type") {
            "button" => {
                let index = component["index"]
                    .as_str()
                    .and_then(|index| index.parse::<usize>().ok());
                let buttons = of(template, "buttons");
                assert!(
                    buttons["buttons"].get(index.expect("a place")).is_some(),
                    "{component}"
                );
            }
            "carousel" => {
                let cards = of(template, "carousel");
                let last = cards["cards"]
                    .as_array()
                    .and_then(|cards| cards.last())
                    .expect("has cards");
                for (index, card) in component["cards"]
                    .as_array()
                    .expect("cards")
                    .iter()
                    .enumerate()
                {
                    assert_eq!(card["card_index"], index);
                    let of_template = cards["cards"].get(index).unwrap_or(last);
                    places(of_template, &card["components"]);
                }
            }
            _ => {}
        }
    }
}

/// Values for everything that a form asks for, as its schema wants them.
fn filled(form: &Value) -> Value {
    let properties = form["properties"].as_object().into_iter().flatten();
    let mut values = Map::new();
    for (name, schema) in properties {
        values.insert(name.clone(), value(schema));
    }
    values.into()
}

fn value(schema: &Value) -> Value {
    if let Some(first) = schema["enum"].get(0) {
        return first.clone();
    }
    match schema["type"].as_str().unwrap_or("object") {
        "string" => "x".into(),
        "integer" | "number" => schema.get("minimum").cloned().unwrap_or_else(|| 1.into()),
        "boolean" => true.into(),
        "array" => json!([value(&schema["items"])]),
        _ => {
            let required = schema["required"].as_array().into_iter().flatten();
            let one = schema["oneOf"][0]["required"]
                .as_array()
                .into_iter()
                .flatten();
            let names = required.chain(one).filter_map(Value::as_str);
            let fields = names.map(|name| {
                let value = match name {
                    "link" => "https://example.com/x".into(),
                    _ => value(&schema["properties"][name]),
                };
                (name.to_owned(), value)
            });
            let fields: Map<_, _> = fields.collect();
            if fields.is_empty() {
                json!({"x": "y"})
            } else {
                fields.into()
            }
        }
    }
}
