//! Where unsafe code may stand. The lint `unsafe_code` is on for every crate; these are the files that it lets through, and no other.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test ends by panicking"
)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The files that switch the lint off, and why. But for the last two, a test and a bench, nothing in them is unsafe by hand: each takes in what is generated.
const SWITCHED_OFF: [(&str, &str); 7] = [
    (
        "src/contract.rs",
        "wit-bindgen's import, and build/door/memory.rs",
    ),
    (
        "components/wasi-http-adapter/src/bindings.rs",
        "wit-bindgen",
    ),
    ("components/webhook-endpoint/src/bindings.rs", "wit-bindgen"),
    ("examples/obelisk/events/src/bindings.rs", "wit-bindgen"),
    ("examples/obelisk/workflow/src/bindings.rs", "wit-bindgen"),
    (
        "tests/memory.rs",
        "a host's side of build/door/memory.rs, for Miri",
    ),
    (
        "host-test/benches/connector.rs",
        "a bench that loads what it compiled itself",
    ),
];

/// The files with unsafe code, those that write it into what is generated, with how often the word stands in each: a new place is to be looked at.
const WRITTEN: [(&str, usize, &str); 6] = [
    (
        "build/door/memory.rs",
        17,
        "memory by the canonical ABI, and the names of exports",
    ),
    ("tests/memory.rs", 4, "a host's side of memory.rs"),
    (
        "host-test/benches/connector.rs",
        1,
        "wasmtime's loading of compiled code, in a bench",
    ),
    ("build/door/connector.rs", 4, "names of exports"),
    ("build/door/mod.rs", 2, "names of exports"),
    (
        "build/bindings.rs",
        2,
        "the section with the component's type",
    ),
];

/// Folders that hold no sources of ours.
const SKIPPED: [&str; 5] = ["target", "dist", ".git", "corpus", "artifacts"];

fn files(folder: &Path, end: &str, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() && !SKIPPED.contains(&&*name) {
            files(&path, end, found);
        } else if path.is_file() && name.ends_with(end) {
            found.push(path);
        }
    }
}

/// The files of the repository with this end, by their paths in it, and what is in them.
fn sources(end: &str) -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    files(root, end, &mut found);
    let name = |path: &PathBuf| {
        let name = path
            .strip_prefix(root)
            .unwrap()
            .to_string_lossy()
            .replace('\\', "/");
        (name, fs::read_to_string(path).unwrap())
    };
    found.iter().map(name).collect()
}

/// How often a word stands in the code, comments left out.
fn count(code: &str, word: &str) -> usize {
    let lines = code
        .lines()
        .map(|line| line.split("//").next().unwrap_or_default());
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    let words = lines.flat_map(|line| line.split(move |c| !is_name(c)));
    words.filter(|found| *found == word).count()
}

/// This file has the words that it looks for.
const OWN: &str = "tests/unsafe_code.rs";

#[test]
fn unsafe_code_stands_where_it_is_listed_and_nowhere_else() {
    let mut found = BTreeSet::new();
    for (name, code) in sources(".rs") {
        let count = count(&code, "unsafe");
        if count > 0 && name != OWN {
            found.insert((name, count));
        }
    }
    let expected = WRITTEN.map(|(name, count, _)| (name.to_owned(), count));
    assert_eq!(found, BTreeSet::from(expected));
}

#[test]
fn the_lint_is_switched_off_where_it_is_listed_and_nowhere_else() {
    let mut found = BTreeSet::new();
    for (name, code) in sources(".rs") {
        let says = |line: &str| count(line, "unsafe_code") > 0 && count(line, "forbid") == 0;
        if code.lines().any(says) && name != OWN {
            found.insert(name);
        }
    }
    let expected = SWITCHED_OFF.map(|(name, _)| name.to_owned());
    assert_eq!(found, BTreeSet::from(expected));
}

#[test]
fn every_crate_has_the_lint() {
    let manifests = sources("Cargo.toml");
    assert!(manifests.len() > 10);
    for (name, manifest) in manifests {
        let is_set = [
            "[lints]\nworkspace = true",
            "unsafe_code = \"deny\"",
            "unsafe_code = \"forbid\"",
        ]
        .iter()
        .any(|line| manifest.contains(line));
        assert!(is_set || !manifest.contains("[package]"), "{name}");
    }
}
