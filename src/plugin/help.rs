//! Help texts out of the manifest, for error messages. Only called when an input is refused, so it may take its time.

use super::describe;
use crate::json::{at, text_at};
use crate::prelude::*;
use serde_json::Value;

/// The help text of a field of an action's input, or, without an action, of the connection: there its path begins with `connection.`.
pub fn of(action: Option<&str>, field: &str) -> Option<String> {
    let manifest: Value = serde_json::from_str(&describe()).ok()?;
    let Some(action) = action else {
        return description(
            at(&manifest, &["connection_schema"])?,
            field.strip_prefix("connection.")?,
        );
    };
    let entry = at(&manifest, &["actions"])?
        .as_array()?
        .iter()
        .find(|entry| entry.get("name").and_then(Value::as_str) == Some(action))?;
    description(entry.get("input_schema")?, field)
}

/// The description at a path such as `buttons[1].index`; an item of a list has that of the list.
fn description(schema: &Value, path: &str) -> Option<String> {
    let mut schema = schema;
    let mut found = None;
    for step in path.split('.') {
        let name = step.split('[').next().unwrap_or_default();
        let items = step.ends_with(']');
        schema = at(schema, &["properties", name])?;
        found = text_at(schema, &["description"]);
        if items {
            schema = schema.get("items")?;
        }
    }
    found
}
