//! Schemas and help texts out of the manifest, for error messages and forms. Not called on the usual way of an action, so it may take its
//! time.

use super::describe;
use crate::json::{at, text_at};
use crate::prelude::*;
use serde_json::Value;

/// The help text of a field of an action's input, or, without an action, of the connection: there its path begins with `connection.`.
pub fn of(action: Option<&str>, field: &str) -> Option<String> {
    let (schema, field) = match action {
        Some(action) => (input_schema(action), field),
        None => (
            at(&manifest(), &["connection_schema"])?.clone(),
            field.strip_prefix("connection.")?,
        ),
    };
    text_at(find(&schema, field)?, &["description"])
}

fn manifest() -> Value {
    serde_json::from_str(&describe()).unwrap_or_default()
}

/// The schema of an action's input; null when there is no such action.
pub fn input_schema(action: &str) -> Value {
    let mut manifest = manifest();
    if let Some(Value::Array(actions)) = manifest.get_mut("actions") {
        for entry in actions {
            if entry.get("name").and_then(Value::as_str) == Some(action)
                && let Some(schema) = entry.get_mut("input_schema")
            {
                return schema.take();
            }
        }
    }
    Value::Null
}

/// The schema at a path such as `buttons[1].index`; an item of a list has that of the list.
pub fn find<'s>(schema: &'s Value, path: &str) -> Option<&'s Value> {
    let mut schema = schema;
    let mut found = None;
    for step in path.split('.') {
        let name = step.split('[').next().unwrap_or_default();
        let property = at(schema, &["properties", name])?;
        found = Some(property);
        schema = match step.ends_with(']') {
            true => property.get("items")?,
            false => property,
        };
    }
    found
}
