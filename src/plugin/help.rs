//! Schemas and help texts out of the manifest, for error messages and forms. Not called on the usual way of an action, so it may take its
//! time.

use super::actions;
use crate::json::{Item, Tree, at, text_at};
use crate::prelude::*;
use crate::text::split;
use serde_json::Value;

/// The help text of a field of an action's input, or, without an action, of the connection: there its path begins with `connection.`.
pub fn of(action: Option<&str>, field: &str) -> Option<String> {
    let field = match action {
        Some(_) => field,
        None => field.strip_prefix("connection.")?,
    };
    text_at(find(&schema(action), field)?, &["description"])
}

/// The schema of an action's input; null when there is no such action.
pub fn input_schema(action: &str) -> Value {
    schema(Some(action))
}

/// The schema of an action's input, or that of the connection.
fn schema(action: Option<&str>) -> Value {
    let manifest = actions();
    let Some(manifest) = Tree::read(&manifest) else {
        return Value::Null;
    };
    let manifest = Item::new(&manifest);
    let mut actions = manifest.get("actions").items();
    match actions.find(|entry| entry.text_at("name").as_deref() == action) {
        Some(entry) => entry.get("input_schema").to_value(),
        // No action has no name.
        None if action.is_none() => manifest.get("connection_schema").to_value(),
        None => Value::Null,
    }
}

/// The schema at a path such as `buttons[1].index`; an item of a list has that of the list.
pub fn find<'s>(schema: &'s Value, path: &str) -> Option<&'s Value> {
    let mut schema = schema;
    let mut found = None;
    for step in split(path, b'.') {
        let name = split(step, b'[').next().unwrap_or_default();
        // Below a field with JSON of Meta's the help is that of the field.
        let Some(property) = at(schema, &["properties", name]) else {
            break;
        };
        found = Some(property);
        schema = match property.get("items") {
            Some(items) if step.ends_with(']') => items,
            _ => property,
        };
    }
    found
}
