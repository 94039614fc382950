//! Help texts out of the manifest, for error messages. Only called when an input is refused, so it may take its time.

use super::describe;
use crate::json::{Item, Tree};
use crate::prelude::*;
use crate::text::split;

/// The help text of a field of an action's input, or, without an action, of the connection: there its path begins with `connection.`.
pub fn of(action: Option<&str>, field: &str) -> Option<String> {
    let manifest = describe();
    let manifest = Tree::read(&manifest)?;
    let manifest = Item::new(&manifest);
    let Some(action) = action else {
        let schema = manifest.get("connection_schema");
        return description(schema, field.strip_prefix("connection.")?);
    };
    let is = |entry: &Item<'_>| entry.text_at("name").as_deref() == Some(action);
    let entry = manifest.get("actions").items().find(is)?;
    description(entry.get("input_schema"), field)
}

/// The description at a path such as `buttons[1].index`; an item of a list has that of the list.
fn description(mut schema: Item<'_>, path: &str) -> Option<String> {
    let mut found = Item::absent();
    for step in split(path, b'.') {
        let name = split(step, b'[').next().unwrap_or_default();
        schema = schema.get("properties").get(name);
        found = schema.get("description");
        if step.ends_with(']') {
            schema = schema.get("items");
        }
    }
    Some(found.text()?.into_owned())
}
