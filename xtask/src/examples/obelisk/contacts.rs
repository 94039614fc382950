//! Made-up people.

use serde_json::{Value, json};
use std::collections::HashMap;

/// So many contacts, each with a key of its own.
pub fn contacts(broadcast: &str, count: usize) -> Vec<Value> {
    let contact = |index: usize| json!({"key": key(broadcast, index), "to": format!("+4915{:09}", 200_000_000 + index)});
    (0..count).map(contact).collect()
}

/// The key of a contact.
pub fn key(broadcast: &str, index: usize) -> String {
    format!("{broadcast}/contact-{index}")
}

/// How often each key is there.
pub fn counts(keys: &[String]) -> HashMap<&str, usize> {
    let mut counts = HashMap::new();
    for key in keys {
        *counts.entry(key.as_str()).or_default() += 1;
    }
    counts
}
