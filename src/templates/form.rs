//! From a template to a form.

use super::fields::{fields, find, list, text};
use crate::fault::Fallible;
use crate::prelude::*;
use serde_json::{Map, Value};

/// The form of a template: a JSON Schema (draft 2020-12) of the values that [`super::compile`] takes, one property for each
/// variable, with `title`, `description` (the text around the variable, with the variable between « and »), `examples` from the
/// template, `maxLength` (characters) and `required`.
///
/// The order in which a person reads the message is in `x-order`, a list of the names: JSON objects have no order. Any status is
/// welcome here: a form may be made before the template is approved.
pub fn form(template: &Value) -> Fallible<Value> {
    let mut properties = Map::new();
    let mut order: Vec<Value> = Vec::new();
    let mut required: Vec<Value> = Vec::new();
    for field in &fields(template)? {
        if properties.contains_key(&field.name) {
            continue;
        }
        let name = field.name.as_str();
        if field.required && !field.more {
            required.push(name.into());
        }
        order.push(name.into());
        let mut title = field.title();
        if let Some(first) = title.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        let mut property = field.schema();
        put_text(&mut property, "title", &title);
        put_text(&mut property, "description", &field.description());
        if let Some(example) = field.example() {
            put(&mut property, "examples", Value::Array(vec![example]));
        }
        properties.insert(name.to_owned(), property);
    }
    let title = format!(
        "{} ({})",
        text(template, "name"),
        text(template, "language")
    );
    let body = text(find(list(template, "components"), "body"), "text");
    let mut form = Value::Object(Map::new());
    for (name, value) in [
        ("$schema", "https://json-schema.org/draft/2020-12/schema"),
        ("type", "object"),
        ("title", &title),
        ("description", body),
    ] {
        put_text(&mut form, name, value);
    }
    put(&mut form, "properties", properties.into());
    put(&mut form, "required", required.into());
    put(&mut form, "additionalProperties", false.into());
    put(&mut form, "x-order", order.into());
    Ok(form)
}

/// Sets a field of an object.
#[inline(never)]
pub fn put(object: &mut Value, name: &str, value: Value) {
    if let Value::Object(object) = object {
        object.insert(name.to_owned(), value);
    }
}

/// Sets a field of an object to a text.
#[inline(never)]
pub fn put_text(object: &mut Value, name: &str, text: &str) {
    put(object, name, text.into());
}
