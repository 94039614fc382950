//! The deliveries of `host-test/tests/deliveries`, without WebAssembly: what each becomes, and that nothing odd in one of them harms what stands
//! beside it. What counts is the same on the built components (`cargo test -p host-test --test conformance webhooks`).
//!
//! `BLESS=1 cargo test --test deliveries` writes `events.json`. Read what it wrote.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test ends by panicking"
)]

use serde_json::{Map, Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use whatsapp_connector::webhooks;

#[path = "../host-test/tests/conformance/webhooks/damage.rs"]
mod damage;

/// The folders, one for each delivery.
fn folders() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("host-test/tests/deliveries");
    let entries = fs::read_dir(root).unwrap();
    let mut folders: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    folders
}

fn read(path: &Path) -> Option<Value> {
    let text = fs::read_to_string(path).ok()?;
    Some(serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display())))
}

#[test]
fn every_delivery_becomes_the_events_beside_it() {
    let bless = std::env::var_os("BLESS").is_some();
    let mut problems = Map::new();
    for folder in folders() {
        let delivery = fs::read_to_string(folder.join("delivery.json")).unwrap();
        let mut found = Value::from(webhooks::events(&delivery));
        damage::open_raw(&mut found);
        let path = folder.join("events.json");
        let expected = read(&path);
        if expected.as_ref() == Some(&found) {
            continue;
        }
        if bless {
            fs::write(&path, format!("{found:#}\n")).unwrap();
        } else {
            let name = folder.file_name().unwrap().to_str().unwrap().to_owned();
            problems.insert(name, json!({"expected": expected, "found": found}));
        }
    }
    assert!(
        problems.is_empty(),
        "{} deliveries differ. If what was found is right: BLESS=1 cargo test --test deliveries\n{:#}",
        problems.len(),
        Value::from(problems)
    );
}

#[test]
fn whatever_stands_in_a_field_harms_nothing_beside_it() {
    for folder in folders() {
        let delivery = read(&folder.join("delivery.json")).unwrap();
        damage::check(&delivery, 1, |body| {
            let events = webhooks::events(body);
            // Read again by a reader that goes no deeper than most.
            let text = Value::from(events).to_string();
            serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {body}"))
        });
    }
}
