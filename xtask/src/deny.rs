//! What the workspace depends on: licences, sources, doubled versions, known problems. The rules are in `deny.toml`.

use crate::run::cargo;
use anyhow::Result;

/// What cargo-deny says when it cannot reach the list of known problems.
const OFFLINE: &str = "failed to fetch advisory database";

/// What has a lock file of its own, and what is checked of it beside known problems. Doubled versions matter where something is delivered.
const WORKSPACES: [(&str, &[&str]); 3] = [
    ("Cargo.toml", &["bans", "licenses", "sources"]),
    ("fuzz/Cargo.toml", &["licenses", "sources"]),
    ("xtask/optimizer/Cargo.toml", &["licenses", "sources"]),
];

/// Runs cargo-deny, if it is installed.
pub fn check() -> Result<()> {
    if cargo(&["deny", "--version"]).output().is_err() {
        eprintln!("    skipped: cargo-deny is not installed (`cargo install cargo-deny --locked`)");
        return Ok(());
    }
    for (manifest, checks) in WORKSPACES {
        // It finds `deny.toml` above the manifest by itself.
        let deny = ["deny", "--manifest-path", manifest, "--workspace", "check"];
        cargo(&[&deny[..], checks].concat()).check("cargo deny")?;
        match cargo(&[&deny[..], &["advisories"]].concat()).output() {
            Err(problem) if problem.to_string().contains(OFFLINE) => {
                eprintln!("    skipped: the list of known problems (advisories) cannot be reached");
            }
            other => other.map(drop)?,
        }
    }
    Ok(())
}
