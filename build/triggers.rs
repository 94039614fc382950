//! The triggers: for each a page of the catalog, what its events look like, and how they may be narrowed down.

use crate::contract::Contract;
use crate::schema::{Direction, schema};
use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::{collections::BTreeMap, fmt::Write, fs, path::Path};
use wit_bindgen_core::wit_parser::Type;

/// One file per trigger.
pub const CATALOG: &str = "src/triggers/catalog";

/// What a filter may look at.
pub const FILTERS: &str = "src/triggers/filters.json";

/// The groups of a menu, and the triggers of each in their order.
pub const GROUPS: &str = "src/triggers/groups.json";

/// A page of the catalog.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Page {
    /// A few words for a menu.
    title: String,
    help: String,
    /// The cases of `payload` that belong to it. None: all.
    #[serde(default)]
    payloads: Vec<String>,
    /// Of a message only these cases of `content`. None: all.
    #[serde(default)]
    contents: Vec<String>,
    /// Only these webhook fields. None: all.
    #[serde(default)]
    fields: Vec<String>,
    /// The webhook fields that have to be switched on at Meta for it. None: whatever an app has.
    webhook_fields: Vec<String>,
    /// What it may be narrowed down by.
    filters: Vec<String>,
    /// Of some of them, the only words that such an event has: any other is refused.
    #[serde(default)]
    words: BTreeMap<String, Vec<String>>,
    /// A delivery of Meta's that holds such an event.
    delivery: Value,
}

/// Something to narrow events down by.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Filter {
    title: String,
    help: String,
    /// Where it stands: in the envelope, or in what the payload's case holds. Each of several places counts.
    at: String,
    /// Words that are known.
    #[serde(default)]
    examples: Vec<String>,
    /// Where a drop-down gets its options, as `x-options` of an action's field.
    options: Option<Value>,
}

/// The triggers, as JSON and as Rust.
pub struct Triggers {
    pub json: Value,
    pub rust: String,
}

/// Reads the catalog.
pub fn generate(contract: &Contract) -> Result<Triggers> {
    let filters = fs::read_to_string(FILTERS).with_context(|| format!("cannot read {FILTERS}"))?;
    let filters: BTreeMap<String, Filter> = serde_json::from_str(&filters).context(FILTERS)?;
    let groups = fs::read_to_string(GROUPS).with_context(|| format!("cannot read {GROUPS}"))?;
    let groups: Map<String, Value> = serde_json::from_str(&groups).context(GROUPS)?;
    let names = || {
        groups.iter().flat_map(|(group, names)| {
            let names = names.as_array().into_iter().flatten();
            names.filter_map(move |name| Some((group.as_str(), name.as_str()?)))
        })
    };
    for file in fs::read_dir(CATALOG)? {
        let file = file?.file_name().to_string_lossy().into_owned();
        ensure!(
            names().any(|(_, name)| file.strip_suffix(".json") == Some(name)),
            "{CATALOG}/{file} stands in no group of {GROUPS}"
        );
    }
    let (mut triggers, mut rows) = (Vec::new(), String::new());
    for (group, name) in names() {
        let path = Path::new(CATALOG).join(format!("{name}.json"));
        let read = || -> Result<Page> { Ok(serde_json::from_str(&fs::read_to_string(&path)?)?) };
        let page = read().with_context(|| path.display().to_string())?;
        let trigger = trigger(contract, (group, name), &page, &filters);
        triggers.push(trigger.with_context(|| path.display().to_string())?);
        let mut of_page = String::new();
        for name in &page.filters {
            let words = page.words.get(name).map_or(&[][..], Vec::as_slice);
            let at = &filters[name].at;
            write!(
                of_page,
                "Filter {{ name: {name:?}, at: {at:?}, words: &{words:?} }},"
            )?;
        }
        writeln!(
            rows,
            "Trigger {{ name: {name:?}, payloads: &{:?}, contents: &{:?}, fields: &{:?}, filters: &[{of_page}] }},",
            page.payloads, page.contents, page.fields,
        )?;
    }
    Ok(Triggers {
        json: triggers.into(),
        rust: format!(
            "/// The triggers, in the order of a menu.
             pub static TRIGGERS: &[Trigger] = &[{rows}];"
        ),
    })
}

fn trigger(
    contract: &Contract,
    (group, name): (&str, &str),
    page: &Page,
    filters: &BTreeMap<String, Filter>,
) -> Result<Value> {
    for name in page.words.keys() {
        ensure!(page.filters.contains(name), "words of no filter: {name}");
    }
    let mut properties = Map::new();
    for name in &page.filters {
        let filter = filters.get(name);
        let filter = filter.with_context(|| format!("{FILTERS} has no {name}"))?;
        let mut items = json!({"type": "string"});
        if let Some(words) = page.words.get(name) {
            items["enum"] = words.clone().into();
        } else if !filter.examples.is_empty() {
            items["examples"] = filter.examples.clone().into();
        }
        if let Some(options) = &filter.options {
            items["x-options"] = options.clone();
        }
        let property = json!({
            "type": "array",
            "title": filter.title,
            "description": filter.help,
            "items": items,
        });
        properties.insert(name.clone(), property);
    }
    Ok(json!({
        "name": name,
        "title": page.title,
        "group": group,
        "help": page.help,
        "webhook_fields": page.webhook_fields,
        "output_schema": output(contract, page)?,
        "filter_schema": {
            "type": "object",
            "properties": properties,
            "additionalProperties": false,
        },
        "delivery": page.delivery,
    }))
}

/// The schema of the events, with no other cases than those that belong to the trigger.
fn output(contract: &Contract, page: &Page) -> Result<Value> {
    let event = Type::Id(contract.type_of("webhooks", "event")?);
    let mut schema = schema(contract, &event, Direction::Output)?;
    if !page.fields.is_empty() {
        // These events differ in nothing else from those of another trigger.
        schema["properties"]["envelope"]["properties"]["field"]["enum"] =
            page.fields.clone().into();
    }
    let payload = &mut schema["properties"]["payload"];
    if page.payloads.is_empty() {
        // All of them stand in the other triggers.
        *payload = json!({});
        return Ok(schema);
    }
    if !page.contents.is_empty() {
        let cases = payload["oneOf"]
            .as_array_mut()
            .context("a variant has cases")?;
        let content = "/properties/message/properties/content";
        let mut contents = cases
            .iter_mut()
            .filter_map(|case| case.pointer_mut(content));
        keep(
            contents.next().context("a message has a content")?,
            &page.contents,
        )
        .context("contents")?;
    }
    keep(payload, &page.payloads).context("payloads")?;
    Ok(schema)
}

/// Keeps the cases of these names; one alone needs no choice.
fn keep(variant: &mut Value, names: &[String]) -> Result<()> {
    if names.is_empty() {
        return Ok(());
    }
    let cases = variant["oneOf"].as_array().context("a variant has cases")?;
    let name = |case: &Value| match &case["const"] {
        Value::String(name) => name.clone(),
        _ => case["required"][0].as_str().unwrap_or_default().to_owned(),
    };
    let kept: Vec<Value> = cases
        .iter()
        .filter(|case| names.contains(&name(case)))
        .cloned()
        .collect();
    ensure!(
        kept.len() == names.len(),
        "one of {names:?} is no case of the contract"
    );
    *variant = match <[Value; 1]>::try_from(kept) {
        Ok([only]) => only,
        Err(kept) => json!({"oneOf": kept}),
    };
    Ok(())
}
