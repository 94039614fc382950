//! Which event belongs to which trigger. The rows come from `src/triggers/catalog/`.

use super::case;
use crate::json::at;
use serde_json::Value;

include!(concat!(env!("OUT_DIR"), "/triggers.rs"));

/// A trigger.
pub struct Trigger {
    /// Its name.
    pub name: &'static str,
    /// The cases of the payload that belong to it; none is all.
    payloads: &'static [&'static str],
    /// Of a message only these cases of the content; none is all.
    contents: &'static [&'static str],
    /// Only these webhook fields; none is all.
    fields: &'static [&'static str],
    /// What it may be narrowed down by.
    pub filters: &'static [Filter],
}

/// What a trigger may be narrowed down by.
pub struct Filter {
    /// Its name.
    pub name: &'static str,
    /// Where it stands in an event.
    pub at: &'static str,
    /// The only words that stand there; none is any.
    pub words: &'static [&'static str],
}

/// The trigger of a name.
pub fn find(name: &str) -> Option<&'static Trigger> {
    TRIGGERS.iter().find(|trigger| trigger.name == name)
}

impl Trigger {
    /// Whether an event belongs to it, by the payload's case and what that holds.
    pub fn takes(&self, event: &Value, (payload, held): (&str, &Value)) -> bool {
        let content = held.get("content").map(|content| case(content).0);
        let field = at(event, &["envelope", "field"]).and_then(Value::as_str);
        is_among(self.payloads, Some(payload))
            && (payload != "message" || is_among(self.contents, content))
            && is_among(self.fields, field)
    }
}

fn is_among(names: &[&str], name: Option<&str>) -> bool {
    names.is_empty() || name.is_some_and(|name| names.contains(&name))
}
