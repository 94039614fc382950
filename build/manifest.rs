//! The manifest that `plugin.describe` gives: the contract, for each action a page of the catalog, and the facts of the platform.

use crate::{
    contract::{Action, Contract},
    platform::Platform,
    schema::{Direction, schema, text},
};
use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use serde_json::{Value, json};
use std::{collections::BTreeSet, fs, path::Path};
use wit_bindgen_core::wit_parser::Type;

/// One file per action: what the contract cannot say.
pub const CATALOG: &str = "src/plugin/catalog";

/// A page of the catalog.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Page {
    /// A few words for a menu.
    title: String,
    access: Access,
    /// Whether a second call with the same input changes nothing more.
    idempotent: bool,
    /// Inputs that work.
    examples: Vec<Value>,
}

/// What a call changes.
#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Access {
    Read,
    Write,
}

/// The manifest.
pub fn generate(contract: &Contract, platform: &Platform) -> Result<Value> {
    let actions = contract.actions()?;
    let names: BTreeSet<_> = actions
        .iter()
        .map(|action| format!("{}.json", action.name))
        .collect();
    for file in fs::read_dir(CATALOG)? {
        let file = file?.file_name().to_string_lossy().into_owned();
        ensure!(
            names.contains(&file),
            "{CATALOG}/{file} is about no action of wit/"
        );
    }
    let actions = actions
        .iter()
        .map(|action| {
            entry(contract, platform, action).with_context(|| format!("action {}", action.name))
        })
        .collect::<Result<Vec<_>>>()?;
    let connection = Type::Id(contract.shared_type("connection")?);
    let mut connection = schema(contract, &connection, Direction::Input)?;
    platform.add_options("connection", &mut connection)?;
    let groups: Vec<_> = contract
        .groups()?
        .into_iter()
        .map(|(name, docs)| json!({"name": name, "help": text(contract, docs)}))
        .collect();
    Ok(json!({
        "name": "whatsapp",
        "title": "WhatsApp",
        "version": env!("CARGO_PKG_VERSION"),
        "contract": format!("whatsapp:connector@{}", env!("CARGO_PKG_VERSION")),
        "api_version": platform.api_version,
        "hosts": platform.hosts,
        "auth": platform.auth,
        "quotas": platform.quotas(&actions)?,
        "connection_schema": connection,
        "groups": groups,
        "actions": actions,
    }))
}

fn entry(contract: &Contract, platform: &Platform, action: &Action<'_>) -> Result<Value> {
    let path = Path::new(CATALOG).join(format!("{}.json", action.name));
    let page = fs::read_to_string(&path)
        .with_context(|| format!("{} is missing: write the action's page", path.display()))?;
    let page: Page = serde_json::from_str(&page).with_context(|| format!("{}", path.display()))?;
    let mut input = schema(contract, &Type::Id(action.input), Direction::Input)?;
    platform.add_options(action.name, &mut input)?;
    Ok(json!({
        "name": action.name,
        "title": page.title,
        "group": action.interface,
        "help": text(contract, action.docs),
        "access": match page.access { Access::Read => "read", Access::Write => "write" },
        "idempotent": page.idempotent,
        "input_schema": input,
        "output_schema": schema(contract, &Type::Id(action.output), Direction::Output)?,
        "examples": page.examples,
    }))
}
