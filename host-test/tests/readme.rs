//! The README says what is: its table of actions is that of the manifest, and its demo is what the demo prints.

#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test that panics has failed, as it should"
)]

use serde_json::Value;
use std::{
    path::{Path, PathBuf},
    process::Command,
    sync::{Mutex, PoisonError},
};

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn readme() -> String {
    std::fs::read_to_string(workspace().join("README.md")).expect("there is a README")
}

fn host_test(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_host-test"))
        .args(arguments)
        .current_dir(workspace())
        .env_remove("WHATSAPP_ACCESS_TOKEN")
        .output()
        .expect("the program runs");
    let problem = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "host-test {arguments:?}: {problem}"
    );
    String::from_utf8(output.stdout).expect("the output is text")
}

/// The part of the README between two markers; with `BLESS=1` it is replaced by what `written` makes of it.
fn check(start: &str, end: &str, written: impl FnOnce(&str) -> String) {
    // Two tests write to the same file.
    static FILE: Mutex<()> = Mutex::new(());
    let _alone = FILE.lock().unwrap_or_else(PoisonError::into_inner);
    let readme = readme();
    let (before, rest) = readme
        .split_once(start)
        .unwrap_or_else(|| panic!("the README has no `{start}`"));
    let (found, after) = rest.split_once(end).expect("the part ends");
    let written = written(found);
    if std::env::var_os("BLESS").is_some() {
        let text = [before, start, &written, end, after].concat();
        std::fs::write(workspace().join("README.md"), text).expect("the README can be written");
        return;
    }
    assert_eq!(
        found, written,
        "written anew with `BLESS=1 cargo test -p host-test --test readme`"
    );
}

#[test]
fn the_table_of_actions_is_that_of_the_manifest() {
    let manifest: Value =
        serde_json::from_str(&host_test(&["--json", "describe"])).expect("is JSON");
    let mut table = "\n| action | what | effect |\n| --- | --- | --- |\n".to_owned();
    for action in manifest["actions"]
        .as_array()
        .expect("the manifest has actions")
    {
        let text = |name: &str| action[name].as_str().expect("it is a text");
        let effect = match (text("access"), action["idempotent"].as_bool()) {
            ("read", _) => "reads",
            (_, Some(true)) => "writes, safe to repeat",
            _ => "acts each time",
        };
        let (name, title) = (text("name"), text("title"));
        table += &format!("| `{name}` | {title} | {effect} |\n");
    }
    check("<!-- actions -->", "<!-- end of actions -->", |_| table);
}

#[test]
fn the_table_of_triggers_is_that_of_the_manifest() {
    let manifest: Value =
        serde_json::from_str(&host_test(&["--json", "describe"])).expect("is JSON");
    let mut table =
        "\n| trigger | what happened | webhook fields |\n| --- | --- | --- |\n".to_owned();
    for trigger in manifest["triggers"]
        .as_array()
        .expect("the manifest has triggers")
    {
        let text = |name: &str| trigger[name].as_str().expect("it is a text");
        let fields = trigger["webhook_fields"].as_array().expect("it is a list");
        let fields: Vec<_> = fields
            .iter()
            .map(|field| format!("`{}`", field.as_str().expect("it is a text")))
            .collect();
        let fields = match fields.as_slice() {
            [] => "any".to_owned(),
            fields => fields.join(", "),
        };
        table += &format!("| `{}` | {} | {fields} |\n", text("name"), text("help"));
    }
    check("<!-- triggers -->", "<!-- end of triggers -->", |_| table);
}

/// Numbers, ports, ids and the program's path differ from run to run and from machine to machine.
fn normal(line: &str) -> String {
    let line = line.replace("cargo host-test", "host-test");
    let mut output = String::new();
    for word in line.split_inclusive(' ') {
        let bare = word.trim_end();
        if bare.ends_with("host-test") {
            output.push_str("host-test ");
        } else if bare.starts_with("wamid.") {
            output.push_str("wamid ");
        } else {
            let digits = word
                .chars()
                .map(|c| if c.is_ascii_digit() { '#' } else { c });
            for c in digits {
                if !(c == '#' && output.ends_with('#')) {
                    output.push(c);
                }
            }
        }
    }
    output.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn the_demo_is_what_the_demo_prints() {
    let demo = host_test(&["demo"]);
    let normalised = |text: &str| -> Vec<_> { text.trim().lines().map(normal).collect() };
    // What differs from run to run stays as it is.
    check("```text\n", "\n```", |found| {
        match normalised(found) == normalised(&demo) {
            true => found.to_owned(),
            false => demo.trim_end().to_owned(),
        }
    });
}
