//! What goes into the component, name by name: a new dependency of a dependency does not come in unseen.

#![allow(clippy::unwrap_used, reason = "a test ends by panicking")]

use std::collections::BTreeMap;
use std::env;
use std::process::Command;

/// Every crate in the component, and what it is there for.
const ALLOWED: [(&str, &str); 22] = [
    ("whatsapp-connector", "itself"),
    // Bindings.
    (
        "wit-bindgen",
        "the import, and the function that allocates for the host",
    ),
    // JSON values and the shortest text of a number; reading and writing are our own.
    ("serde_json", "the type of a value"),
    ("serde_core", "serde_json"),
    ("itoa", "serde_json"),
    ("memchr", "serde_json"),
    ("zmij", "serde_json: floating point as text"),
    // Signatures.
    ("hmac", "signatures of deliveries"),
    ("sha2", "signatures, and keys of events"),
    ("digest", "hmac, sha2"),
    ("block-buffer", "digest"),
    ("crypto-common", "digest"),
    ("hybrid-array", "digest"),
    ("typenum", "hybrid-array"),
    ("ctutils", "digest: comparing in constant time"),
    ("cmov", "ctutils"),
    ("cfg-if", "sha2"),
    // Memory.
    ("talc", "the allocator"),
    ("allocator-api2", "talc"),
    ("lock_api", "talc"),
    ("scopeguard", "lock_api"),
    ("once_cell", "texts that are unpacked once"),
];

#[test]
fn the_component_is_made_of_these_crates_and_no_other() {
    let tree = [
        "tree",
        "--locked",
        "--package",
        "whatsapp-connector",
        "--edges",
        "normal",
        "--target",
        "wasm32-unknown-unknown",
        "--prefix",
        "none",
        "--format",
        "{p}",
    ];
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(tree)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    let problem = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "cargo tree: {problem}");
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for line in String::from_utf8(output.stdout).unwrap().lines() {
        let mut words = line.split(' ');
        let (name, version) = (words.next().unwrap(), words.next().unwrap());
        let versions = found.entry(name.to_owned()).or_default();
        if !versions.iter().any(|known| known == version) {
            versions.push(version.to_owned());
        }
    }
    let allowed: BTreeMap<_, _> = ALLOWED.into_iter().collect();
    let new: Vec<_> = found
        .keys()
        .filter(|name| !allowed.contains_key(name.as_str()))
        .collect();
    assert!(
        new.is_empty(),
        "not known here: {new:?}; say above what each is for"
    );
    let gone: Vec<_> = allowed
        .keys()
        .filter(|name| !found.contains_key(**name))
        .collect();
    assert!(gone.is_empty(), "no longer there: {gone:?}");
    found.retain(|_, versions| versions.len() > 1);
    assert!(found.is_empty(), "there in several versions: {found:?}");
}
