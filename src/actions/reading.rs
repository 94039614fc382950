//! Reading Meta's answers. Nothing here is generic: it stands in the component once.

use super::output::List;
use crate::fault::Fallible;
use crate::graph::{Graph, check_id, request::Call};
use crate::json::{Object, at, text_at};
use crate::prelude::*;
use crate::text::{split, split_once};
use serde_json::Value;

/// Asks for these fields of an object; its id may come from Meta.
pub fn object(graph: &Graph<'_>, id: &str, fields: &str) -> Fallible<Value> {
    check_id("id", id, "")?;
    graph.call(Call::get(&[id]).query("fields", fields))
}

/// The text at a path of object keys; empty when there is none. For what is never a number: ids may be, see [`crate::json::text_at`].
pub fn word<'v>(value: &'v Value, path: &[&str]) -> &'v str {
    at(value, path).and_then(Value::as_str).unwrap_or_default()
}

/// Whether an answer lacks a text that it must hold.
pub fn lacks(answer: &Value, name: &str) -> bool {
    text_at(answer, &[name]).is_none_or(|text| text.is_empty())
}

/// The texts of a list.
pub fn words(list: &[Value]) -> Vec<&str> {
    let mut words = Vec::new();
    for item in list {
        if let Value::String(word) = item {
            words.push(word.as_str());
        }
    }
    words
}

/// A list of texts.
pub fn list(words: &[&str]) -> List {
    let mut list = Vec::new();
    for word in words {
        list.push(Value::from(*word));
    }
    List(list)
}

/// A whole number.
pub fn number(value: &Value, path: &[&str]) -> Option<i64> {
    at(value, path)?.as_i64()
}

/// A yes or no.
pub fn flag(value: &Value, name: &str) -> Option<bool> {
    value.get(name)?.as_bool()
}

/// Adds a text to an output, unless it is empty.
pub fn known(output: Object, name: &str, text: &str) -> Object {
    if text.is_empty() {
        return output;
    }
    output.with(name, text)
}

/// Adds texts of an answer to an output: the names of the fields, with commas between them, as `ours=theirs` where they differ, and Meta's with
/// dots where it lies deeper. One that is not there is null.
pub fn texts(mut output: Object, answer: &Value, names: &str) -> Object {
    for name in split(names, b',') {
        let (ours, theirs) = split_once(name, b'=').unwrap_or((name, name));
        let mut value = answer;
        for key in split(theirs, b'.') {
            value = value.get(key).unwrap_or(&Value::Null);
        }
        output = output.with_text(ours, value, &[]);
    }
    output
}
