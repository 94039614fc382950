//! From a template to a form.

use super::fields::{fields, find, list, text};
use super::kinds::{How, Kind, MINUTES, MOMENT, URL_SUFFIX};
use super::part::{ACTION, put};
use crate::fault::Fallible;
use crate::json::Object;
use crate::plugin::help;
use crate::prelude::*;
use serde_json::{Map, Value};

/// Meta's rule for variables: no new line, no tab, at most four spaces in a row.
const LINE: &str = r"^( {0,4}[^ \n\r\t])+ {0,4}$";

/// What the value of a variable in header or body may be beside a text. A form for people asks for a text: its `type` says so.
pub const AMOUNT_OR_DATE: &str =
    r#"Also taken: {"currency": {"fallback_value", "code", "amount1000"}}, {"date_time": "text"}."#;

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
    let input = help::input_schema(ACTION);
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
        let mut property = schema(&input, field.kind);
        put(&mut property, "title", title.into());
        let excerpt = field.excerpt();
        if !excerpt.is_empty() {
            put(&mut property, "description", excerpt.into());
        }
        if field.max > 0 {
            put(&mut property, "maxLength", field.max.into());
        }
        if let Some(example) = field.example() {
            put(&mut property, "examples", Value::Array(vec![example]));
        }
        properties.insert(name.to_owned(), property);
    }
    let (name, language) = (text(template, "name"), text(template, "language"));
    let title = [name, " (", language, ")"].joined("");
    let body = text(find(list(template, "components"), "body"), "text");
    Ok(Object::new()
        .with("$schema", "https://json-schema.org/draft/2020-12/schema")
        .with("type", "object")
        .with("title", title.as_str())
        .with("description", body)
        .with("properties", Value::Object(properties))
        .with("required", Value::Array(required))
        .with("additionalProperties", false)
        .with("x-order", Value::Array(order))
        .into())
}

/// The JSON Schema of a value: that of the same value among the typed parts of `send-template`, and what only a check says there.
fn schema(input: &Value, kind: &Kind) -> Value {
    let mut schema = help::find(input, kind.typed).cloned().unwrap_or_default();
    let range = match kind.how {
        How::Line => {
            let pattern = match kind.name {
                URL_SUFFIX => r"^\S+$",
                _ => LINE,
            };
            put(&mut schema, "pattern", pattern.into());
            if kind.name.ends_with('_') {
                put(&mut schema, "$comment", AMOUNT_OR_DATE.into());
            }
            return schema;
        }
        How::File => {
            let mut ways: Vec<Value> = Vec::new();
            for way in ["link", "id"] {
                let names = Value::Array(vec![way.into()]);
                ways.push(Object::new().with("required", names).into());
            }
            put(&mut schema, "oneOf", Value::Array(ways));
            return schema;
        }
        How::Place => {
            for (name, degrees) in [("latitude", 90), ("longitude", 180)] {
                let degree = schema.get_mut("properties").and_then(|it| it.get_mut(name));
                if let Some(degree) = degree {
                    put(degree, "minimum", (-degrees).into());
                    put(degree, "maximum", degrees.into());
                }
            }
            return schema;
        }
        How::Object => {
            put(&mut schema, "type", "object".into());
            put(&mut schema, "minProperties", 1.into());
            return schema;
        }
        How::Moment => MOMENT,
        How::Minutes => MINUTES,
        _ => return schema,
    };
    put(&mut schema, "minimum", range.0.into());
    put(&mut schema, "maximum", range.1.into());
    schema
}
