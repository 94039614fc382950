//! Building and reading values.

use super::{Tree, to_text};
use crate::prelude::*;
use serde_json::{Map, Value};

/// Builds a JSON object field by field; absent values leave no trace.
#[derive(Default)]
pub struct Object(Map<String, Value>);

impl Object {
    /// An object without fields.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a field.
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.put(name, value.into());
        self
    }

    /// Adds a field if there is a value for it.
    pub fn with_some(self, name: &str, value: Option<impl Into<Value>>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    /// Whether there is a field of this name.
    pub fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// Adds the text at a path of object keys of a value; null when there is none.
    #[inline(never)]
    pub fn with_text(self, name: &str, from: &Value, path: &[&str]) -> Self {
        self.with(name, text_at(from, path))
    }

    /// Adds the texts of these fields of a value, under the same names.
    pub fn with_texts(self, from: &Value, names: &[&str]) -> Self {
        names
            .iter()
            .fold(self, |object, name| object.with_text(name, from, &[name]))
    }

    /// Adds a field, like [`Self::with`].
    // Not generic and not inlined: it stands in the component once.
    #[inline(never)]
    pub fn put(&mut self, name: &str, value: Value) {
        self.0.insert(name.to_owned(), value);
    }
}

impl From<Object> for Value {
    fn from(object: Object) -> Self {
        Value::Object(object.0)
    }
}

/// The string at a path of object keys, if it is one. Numbers become text: Meta sends ids both ways.
pub fn text_at(value: &Value, path: &[&str]) -> Option<String> {
    match at(value, path)? {
        Value::String(text) => Some(text.clone()),
        number @ Value::Number(_) => Some(to_text(number)),
        _ => None,
    }
}

/// The value at a path of object keys.
pub fn at<'v>(value: &'v Value, path: &[&str]) -> Option<&'v Value> {
    path.iter().try_fold(value, |value, key| value.get(key))
}

/// The items of the list at a path of object keys; none when there is no list.
pub fn items<'v>(value: &'v Value, path: &[&str]) -> &'v [Value] {
    let list = at(value, path).and_then(Value::as_array);
    list.map_or(&[][..], Vec::as_slice)
}

/// Reads JSON text.
pub fn from_text(text: &str) -> Result<Value, String> {
    // By way of a tree: a second reader, one that makes values, would add 3 KB.
    Tree::try_read(text).map(|tree| tree.to_value())
}

/// What a value is called in a message to a person.
pub fn kind(value: &Value) -> String {
    match value {
        Value::Null => "none".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Number(_) => format!("the number {}", to_text(value)),
        Value::String(_) => "a text".to_owned(),
        Value::Array(_) => "a list".to_owned(),
        Value::Object(_) => "an object".to_owned(),
    }
}
