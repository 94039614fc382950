//! The README says what is: its table of actions is that of the manifest, and its demo is what the demo prints.

#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test that panics has failed, as it should"
)]

use serde_json::Value;
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    process::Command,
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

/// The cells of a table's rows whose first cell is one code word, by that word.
fn rows(text: &str) -> BTreeMap<String, String> {
    let cells = |line: &str| -> Option<(String, String)> {
        let mut cells = line.strip_prefix("| `")?.splitn(3, " | ");
        let name = cells.next()?.strip_suffix('`')?;
        Some((name.to_owned(), cells.next()?.to_owned()))
    };
    text.lines().filter_map(cells).collect()
}

#[test]
fn the_table_of_actions_is_that_of_the_manifest() {
    let manifest: Value =
        serde_json::from_str(&host_test(&["--json", "describe"])).expect("is JSON");
    let readme = readme();
    let (_, table) = readme
        .split_once("| action | what |")
        .expect("the README has a table of actions");
    let (table, _) = table.split_once("\n\n").expect("the table ends");
    let mut listed = rows(table);
    for action in manifest["actions"]
        .as_array()
        .expect("the manifest has actions")
    {
        let name = action["name"].as_str().expect("an action has a name");
        let title = action["title"].as_str().expect("an action has a title");
        let what = listed
            .remove(name)
            .unwrap_or_else(|| panic!("the README lacks `{name}`"));
        assert!(
            what.starts_with(title),
            "`{name}`: expected the title `{title}`, found `{what}`"
        );
    }
    assert!(
        listed.is_empty(),
        "the README lists actions that are not there: {listed:?}"
    );
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
    let readme = readme();
    let (_, block) = readme
        .split_once("```text\n")
        .expect("the README shows the demo");
    let (block, _) = block.split_once("\n```").expect("the block ends");
    let shown: Vec<_> = block.lines().map(normal).collect();
    let demo = host_test(&["demo"]);
    let printed: Vec<_> = demo.trim_end().lines().map(normal).collect();
    assert_eq!(
        shown, printed,
        "put the new output of `cargo xtask demo` into the README"
    );
}
