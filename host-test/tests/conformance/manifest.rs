//! The manifest as the component gives it.

use std::sync::LazyLock;

use serde_json::Value;
use wasmtime::component::Val;

use crate::{call, component};

/// The answer of `plugin.describe`.
pub fn manifest() -> &'static Value {
    static MANIFEST: LazyLock<Value> =
        LazyLock::new(
            || match call::run_quietly(component::export("plugin", "describe"), &[]) {
                Val::String(text) => serde_json::from_str(&text).unwrap(),
                other => panic!("describe returned {other:?}"),
            },
        );
    &MANIFEST
}

/// All actions.
pub fn actions() -> &'static [Value] {
    manifest()["actions"].as_array().unwrap()
}

/// The action of this name.
pub fn action(name: &str) -> &'static Value {
    let mut actions = actions().iter();
    actions
        .find(|action| action["name"] == name)
        .unwrap_or_else(|| panic!("the manifest has no action {name}"))
}

/// Whether the action sends nothing, whatever its input: it only computes.
pub fn sends_nothing(name: &str) -> bool {
    [
        "compile-template",
        "split-text",
        "oauth-url",
        "embedded-signup-page",
    ]
    .contains(&name)
}

/// Every action's name with each of its examples.
pub fn examples() -> impl Iterator<Item = (&'static str, &'static Value)> {
    actions().iter().flat_map(|action| {
        let examples = action["examples"].as_array().unwrap();
        assert!(!examples.is_empty(), "{} has no example", action["name"]);
        examples
            .iter()
            .map(|example| (action["name"].as_str().unwrap(), example))
    })
}
