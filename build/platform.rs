//! What is true of the platform rather than of one action: `src/plugin/platform.json`. It becomes a part of the manifest, and the versions of
//! the Graph API a part of the component as well.

use anyhow::{Context, Result, bail, ensure};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use std::{collections::BTreeSet, fmt::Write, fs};

/// Where it is written.
pub const SOURCE: &str = "src/plugin/platform.json";

/// The file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Platform {
    pub api_version: Versions,
    pub hosts: Value,
    pub auth: Value,
    options: Vec<Options>,
    forms: Vec<Form>,
    quotas: Vec<Quota>,
}

/// Which versions of the Graph API there are.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Versions {
    default: String,
    /// Where another one is chosen.
    set_by: String,
    /// Days before its end from which a person is warned of a version.
    warn_days: u64,
    /// Newest first.
    versions: Vec<Version>,
    source: String,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Version {
    name: String,
    /// `2026-02-18`.
    #[serde(skip_serializing_if = "Option::is_none")]
    released: Option<String>,
    /// The first day without it. Absent while Meta names none.
    #[serde(skip_serializing_if = "Option::is_none")]
    ends: Option<String>,
}

/// Where the options of a field's drop-down come from.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Options {
    /// The ends of the fields' places, such as `phone_number_id` or `diagnose.phone_number_id`. The first row that fits counts.
    #[serde(skip_serializing)]
    at: Vec<String>,
    /// The action that lists them.
    action: String,
    /// Its output's list.
    items: String,
    /// Of each item, what goes into the field.
    value: String,
    /// Of each item, what people read.
    label: String,
    /// Inputs of that action, by the names of the fields beside this one that they are taken from.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    input: Map<String, Value>,
}

/// Where the form of a field comes from whose own fields are known only then.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Form {
    /// As in [`Options`].
    #[serde(skip_serializing)]
    at: Vec<String>,
    /// The action that makes it.
    action: String,
    /// Its output's field with the JSON Schema.
    form: String,
    /// As in [`Options`].
    input: Map<String, Value>,
}

/// What Meta allows in a time.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Quota {
    name: String,
    help: String,
    scope: Vec<String>,
    counts: String,
    limit: u64,
    window_ms: u64,
    burst: Option<u64>,
    #[serde(default)]
    levels: Vec<Value>,
    levels_from: Option<String>,
    /// Actions by name.
    #[serde(default)]
    actions: Vec<String>,
    /// Every action whose input has this field, too.
    actions_with: Option<String>,
    code: Option<u64>,
    source: String,
}

impl Platform {
    /// Reads the file.
    pub fn read() -> Result<Self> {
        let text = fs::read_to_string(SOURCE).with_context(|| format!("cannot read {SOURCE}"))?;
        serde_json::from_str(&text).context(SOURCE)
    }

    /// Writes into a schema where the options and the forms of its fields come from. `place` is the action.
    pub fn add_options(&self, place: &str, schema: &mut Value) -> Result<()> {
        let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) else {
            return match schema.get_mut("items") {
                Some(items) => self.add_options(place, items),
                None => Ok(()),
            };
        };
        for (name, property) in properties {
            let place = format!("{place}.{name}");
            self.add_options(&place, property)?;
            let fits = |end: &String| place == *end || place.ends_with(&format!(".{end}"));
            if let Some(row) = self.options.iter().find(|row| row.at.iter().any(fits)) {
                property["x-options"] = serde_json::to_value(row)?;
            }
            if let Some(row) = self.forms.iter().find(|row| row.at.iter().any(fits)) {
                property["x-form"] = serde_json::to_value(row)?;
            }
        }
        Ok(())
    }

    /// The quotas with the names of all actions that they count.
    pub fn quotas(&self, actions: &[Value]) -> Result<Vec<Value>> {
        let known: BTreeSet<_> = actions
            .iter()
            .filter_map(|action| action["name"].as_str())
            .collect();
        let mut quotas = Vec::new();
        for quota in &self.quotas {
            let has = |action: &&Value| {
                let field = quota.actions_with.as_deref();
                field.is_some_and(|field| action["input_schema"]["properties"].get(field).is_some())
            };
            let names = actions.iter().filter(has).map(|action| &action["name"]);
            let mut names: Vec<_> = names.filter_map(Value::as_str).collect();
            names.extend(quota.actions.iter().map(String::as_str));
            for name in names.iter().copied().chain(quota.levels_from.as_deref()) {
                ensure!(
                    known.contains(name),
                    "{SOURCE}: quota {}: no action {name}",
                    quota.name
                );
            }
            let mut value = json!({
                "name": quota.name,
                "help": quota.help,
                "scope": quota.scope,
                "counts": quota.counts,
                "limit": quota.limit,
                "window_ms": quota.window_ms,
                "actions": names,
                "source": quota.source,
            });
            for (name, number) in [("burst", quota.burst), ("code", quota.code)] {
                if let Some(number) = number {
                    value[name] = number.into();
                }
            }
            if let Some(from) = &quota.levels_from {
                value["levels"] = quota.levels.clone().into();
                value["levels_from"] = from.as_str().into();
            }
            quotas.push(value);
        }
        Ok(quotas)
    }
}

impl Versions {
    /// The versions as Rust.
    pub fn rust(&self) -> Result<String> {
        let mut rows = String::new();
        for version in &self.versions {
            let ends = version.ends.as_deref().unwrap_or_default();
            let ends_at = match ends {
                "" => 0,
                day => days(day).with_context(|| format!("{SOURCE}: {day}"))? * 86_400,
            };
            let name = &version.name;
            writeln!(
                rows,
                "Version {{ name: {name:?}, ends: {ends:?}, ends_at: {ends_at} }},"
            )?;
        }
        ensure!(
            self.versions.iter().any(|known| known.name == self.default),
            "{SOURCE}: the default version is not in the list"
        );
        Ok(format!(
            "/// Graph API version used when the connection names none.
             pub const DEFAULT: &str = {:?};
             /// Days before its end from which a person is warned of a version.
             pub const WARN_DAYS: u64 = {};
             /// Newest first.
             pub const VERSIONS: &[Version] = &[{rows}];",
            self.default, self.warn_days
        ))
    }
}

/// Days from 1970-01-01 to a day such as `2028-07-29`.
fn days(day: &str) -> Result<u64> {
    let parts: Vec<u64> = day
        .split('-')
        .map(str::parse)
        .collect::<Result<_, _>>()
        .context("expected a day such as 2028-07-29")?;
    let [year, month @ 1..=12, day @ 1..=31] = parts[..] else {
        bail!("expected a day such as 2028-07-29");
    };
    // Years that begin in March have their leap day at the end.
    let year = year - u64::from(month < 3);
    let month = (month + 9) % 12;
    /// Days from the first of March of the year 0 to 1970-01-01.
    const EPOCH: u64 = 719_468;
    let whole = year * 365 + year / 4 - year / 100 + year / 400;
    (whole + (153 * month + 2) / 5 + day - 1)
        .checked_sub(EPOCH)
        .context("expected a day after 1970")
}
