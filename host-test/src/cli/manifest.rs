//! The component's manifest, as far as a person reads it.

use host_test::Host;
use indexmap::IndexMap;
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use super::nearest::nearest;
use super::problem::Problem;

/// What the component can do.
#[derive(Debug, Deserialize)]
pub struct Manifest {
    /// Version of the component.
    pub version: String,
    /// The contract that it keeps.
    pub contract: String,
    /// In the order of the contract.
    pub actions: Vec<Action>,
    /// What starts flows, in the order of a menu.
    pub triggers: Vec<Trigger>,
}

/// What a name stands for.
pub enum Entry<'a> {
    /// Something to do.
    Action(&'a Action),
    /// Something that happens.
    Trigger(&'a Trigger),
}

/// One trigger.
#[derive(Debug, Deserialize)]
pub struct Trigger {
    /// What `serve --subscribe` takes.
    pub name: String,
    /// For a menu.
    pub title: String,
    /// What its events are about.
    pub group: String,
    /// Some sentences.
    pub help: String,
    /// What has to be switched on for it at Meta; empty: it takes what comes.
    pub webhook_fields: Vec<String>,
    /// What it may be narrowed down by.
    pub filter_schema: Schema,
    /// An event, as it was written.
    pub sample: Box<RawValue>,
}

/// One action.
#[derive(Debug, Deserialize)]
pub struct Action {
    /// What `invoke` takes.
    pub name: String,
    /// For a menu.
    pub title: String,
    /// The contract's interface.
    pub group: String,
    /// Some sentences.
    pub help: String,
    /// `read` or `write`.
    pub access: String,
    /// Whether doing it twice is the same as doing it once.
    pub idempotent: bool,
    /// Its fields.
    pub input_schema: Schema,
    /// Inputs, as they were written.
    pub examples: Vec<Box<RawValue>>,
}

/// A JSON Schema: the parts that the manifest uses.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Schema {
    /// `string`, `object`, …; absent for any JSON.
    #[serde(rename = "type")]
    pub kind: Option<Value>,
    /// Help.
    pub description: Option<String>,
    /// Fields of an object, in the order of the contract.
    pub properties: IndexMap<String, Schema>,
    /// Which of them have to be there.
    pub required: Vec<String>,
    /// Items of a list.
    pub items: Option<Box<Schema>>,
    /// The only values.
    #[serde(rename = "enum")]
    pub values: Vec<Value>,
    /// Some of the values.
    pub examples: Vec<Value>,
    /// Longest text.
    #[serde(rename = "maxLength")]
    pub max_length: Option<u64>,
}

/// The manifest, read, and its text.
pub async fn of(host: &Host) -> Result<(Manifest, String), Problem> {
    let text = host.describe().await?;
    let manifest = serde_json::from_str(&text).map_err(Problem::not_json)?;
    Ok((manifest, text))
}

impl Manifest {
    /// The action with this name; else an error that names the nearest.
    pub fn action(&self, name: &str) -> Result<&Action, Problem> {
        match self.entry(name) {
            Ok(Entry::Action(action)) => Ok(action),
            Ok(Entry::Trigger(_)) => Err(Problem::usage(
                format!("there is no action `{name}`"),
                format!("It is a trigger: it starts a flow. `host-test describe {name}` says how."),
            )),
            Err(_) => {
                let names = self.actions.iter().map(|action| action.name.as_str());
                Err(unknown(name, "action", names))
            }
        }
    }

    /// The action or trigger with this name; else an error that names the nearest.
    pub fn entry(&self, name: &str) -> Result<Entry<'_>, Problem> {
        if let Some(action) = self.actions.iter().find(|action| action.name == name) {
            return Ok(Entry::Action(action));
        }
        if let Some(trigger) = self.triggers.iter().find(|trigger| trigger.name == name) {
            return Ok(Entry::Trigger(trigger));
        }
        let actions = self.actions.iter().map(|action| action.name.as_str());
        let triggers = self.triggers.iter().map(|trigger| trigger.name.as_str());
        Err(unknown(
            name,
            "action and no trigger",
            actions.chain(triggers),
        ))
    }
}

fn unknown<'a>(name: &str, what: &str, names: impl Iterator<Item = &'a str>) -> Problem {
    let advice = match nearest(name, names) {
        Some(nearest) => format!("Did you mean `{nearest}`? "),
        None => String::new(),
    };
    Problem::usage(
        format!("there is no {what} `{name}`"),
        format!("{advice}`host-test describe` lists all actions and triggers."),
    )
}

/// The entry of one action or trigger in the manifest's text, as it is.
pub fn entry(text: &str, name: &str) -> Result<String, Problem> {
    #[derive(Deserialize)]
    struct Entries {
        actions: Vec<Box<RawValue>>,
        triggers: Vec<Box<RawValue>>,
    }
    #[derive(Deserialize)]
    struct Name {
        name: String,
    }
    let entries: Entries = serde_json::from_str(text).map_err(Problem::not_json)?;
    let found = entries
        .actions
        .iter()
        .chain(&entries.triggers)
        .find(|entry| {
            serde_json::from_str::<Name>(entry.get()).is_ok_and(|entry| entry.name == name)
        });
    Ok(found
        .map(|entry| entry.get().to_owned())
        .unwrap_or_default())
}
