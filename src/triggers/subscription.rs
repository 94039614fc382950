//! A flow that waits for events, as the engine keeps it.

use super::table::{self, Filter, TRIGGERS, Trigger};
use crate::contract::tables::SUBSCRIPTION;
use crate::door::{Lift, Memory};
use crate::json::{alike, kind, text_at};
use crate::prelude::*;
use crate::text::split;
use serde_json::Value;

/// A subscription; when something is wrong with it, what.
pub struct Subscription {
    given: Value,
    read: Result<Wanted, String>,
}

/// What a subscription asks for.
struct Wanted {
    trigger: &'static Trigger,
    account: String,
    /// Where to look in an event, and what has to stand there: one of these.
    conditions: Vec<(&'static str, Vec<String>)>,
}

/// The subscriptions in a call's memory.
pub fn subscriptions<M: Memory>(memory: &mut M, at: u32, count: u32) -> Vec<Subscription> {
    let mut subscriptions = Vec::new();
    for given in Lift::list(memory, at, count, SUBSCRIPTION) {
        subscriptions.push(match given {
            Ok(given) => Subscription::new(given),
            Err((given, problem)) => Subscription {
                given,
                read: Err([&problem.field, ": ", &problem.text].joined("")),
            },
        });
    }
    subscriptions
}

impl Subscription {
    /// Reads a subscription, an object with the fields of the contract.
    pub fn new(given: Value) -> Self {
        let read = read(&given);
        Self { given, read }
    }

    /// The engine's own id of it.
    pub fn id(&self) -> &str {
        self.given["id"].as_str().unwrap_or_default()
    }

    /// What is wrong with it.
    pub fn problem(&self) -> Option<&str> {
        self.read.as_ref().err().map(String::as_str)
    }

    /// Whether it gets an event of this account.
    pub fn wants(&self, account: &str, event: &Value, held: (&str, &Value)) -> bool {
        let Ok(wanted) = &self.read else {
            return false;
        };
        // Accounts first: nobody sees the events of another.
        wanted.account == account
            && wanted.trigger.takes(event, held)
            && wanted
                .conditions
                .iter()
                .all(|(places, words)| is_one_of(event, held.1, places, words))
    }
}

/// Whether one of these words stands at one of the places. Meta writes some words in capitals, some not.
fn is_one_of(event: &Value, held: &Value, places: &str, words: &[String]) -> bool {
    split(places, b'|').any(|place| {
        let mut path = Vec::new();
        for name in split(place, b'.') {
            path.push(name);
        }
        let from = if place.starts_with("envelope.") {
            event
        } else {
            held
        };
        let found = text_at(from, &path);
        found.is_some_and(|found| {
            words
                .iter()
                .any(|word| word.eq_ignore_ascii_case(&found) || is_number(word, &found))
        })
    })
}

/// Whether a phone number as people write it (`+1 555 010-0100`) is this one as Meta writes it.
fn is_number(word: &str, digits: &str) -> bool {
    let mut digits = digits.bytes();
    let mut written = word.bytes().filter(u8::is_ascii_digit);
    word.starts_with('+')
        && written.all(|digit| digits.next() == Some(digit))
        && digits.next().is_none()
}

fn read(given: &Value) -> Result<Wanted, String> {
    let name = given["trigger"].as_str().unwrap_or_default();
    let Some(trigger) = table::find(name) else {
        return Err(unknown_trigger(name));
    };
    let account = given["business_account_id"].as_str().unwrap_or_default();
    if account.is_empty() {
        return Err("business-account-id: required; it gets the events of this account".to_owned());
    }
    let mut conditions = Vec::new();
    match &given["filter"] {
        Value::Null => {}
        Value::Object(filter) => {
            for (name, words) in filter {
                let Some(filter) = trigger.filters.iter().find(|known| known.name == name) else {
                    return Err(unknown_filter(trigger, name));
                };
                let words = texts(trigger, filter, words)?;
                // Nothing chosen is no condition: that is how forms hand over an empty choice.
                if !words.is_empty() {
                    conditions.push((filter.at, words));
                }
            }
        }
        other => {
            let found = kind(other);
            return Err(format!("filter: expected an object, got {found}"));
        }
    }
    Ok(Wanted {
        trigger,
        account: account.to_owned(),
        conditions,
    })
}

/// The words of a filter. One that no event can have would never match, and nobody would know why.
fn texts(trigger: &Trigger, filter: &Filter, value: &Value) -> Result<Vec<String>, String> {
    let name = filter.name;
    let mut texts = Vec::new();
    match value {
        Value::Null => {}
        Value::Array(items) => {
            for item in items {
                let place = format!("filter.{name}[{}]", texts.len());
                let Value::String(word) = item else {
                    let found = kind(item);
                    return Err(format!("{place}: expected a text in quotes, got {found}"));
                };
                let is_it = |known: &&str| known.eq_ignore_ascii_case(word);
                if !filter.words.is_empty() && !filter.words.iter().any(is_it) {
                    let (of, known) = (trigger.name, filter.words.joined(", "));
                    return Err(format!("{place}: {of} takes one of {known}; got `{word}`"));
                }
                texts.push(word.clone());
            }
        }
        _ => {
            let found = kind(value);
            return Err(format!(
                "filter.{name}: expected a list of texts, got {found}"
            ));
        }
    }
    Ok(texts)
}

fn unknown_trigger(name: &str) -> String {
    let mut known = Vec::new();
    for trigger in TRIGGERS {
        if alike(trigger.name, name) {
            return format!(
                "trigger: there is no `{name}`; did you mean `{}`?",
                trigger.name
            );
        }
        known.push(trigger.name);
    }
    let known = known.joined(", ");
    format!("trigger: expected one of {known}; got `{name}`")
}

fn unknown_filter(trigger: &Trigger, name: &str) -> String {
    let mut known = Vec::new();
    for filter in trigger.filters {
        known.push(filter.name);
    }
    let (of, known) = (trigger.name, known.joined(", "));
    format!("filter.{name}: {of} has no such filter; it has {known}")
}
