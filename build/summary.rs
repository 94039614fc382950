//! The manifest without schemas, help texts and examples, for those who have only the file.

use anyhow::{Context, Result};
use serde_json::Value;
use std::{env, fs, path::PathBuf};

/// The environment variable that says where it goes. The build of the component sets it (`xtask/src/metadata`).
const FILE: &str = "WHATSAPP_MANIFEST_SUMMARY";

/// What makes actions and triggers long.
const LONG: [&str; 7] = [
    "help",
    "input_schema",
    "output_schema",
    "filter_schema",
    "examples",
    "sample",
    "delivery",
];

/// Writes it, when this is the build of the component.
pub fn write(manifest: &Value, triggers: &Value) -> Result<()> {
    println!("cargo:rerun-if-env-changed={FILE}");
    let Some(path) = env::var_os(FILE).map(PathBuf::from) else {
        return Ok(());
    };
    // When it was deleted it is made again.
    println!("cargo:rerun-if-changed={}", path.display());
    let mut summary = manifest.clone();
    summary["triggers"] = triggers.clone();
    for list in ["actions", "triggers"] {
        let entries = summary[list].as_array_mut().into_iter().flatten();
        for entry in entries.filter_map(Value::as_object_mut) {
            entry.retain(|name, _| !LONG.contains(&name.as_str()));
        }
    }
    let summary = summary.to_string();
    // Written anew it would count as changed the next time, and everything would be compiled again.
    if fs::read_to_string(&path).is_ok_and(|there| there == summary) {
        return Ok(());
    }
    fs::write(&path, summary).with_context(|| format!("cannot write {}", path.display()))
}
