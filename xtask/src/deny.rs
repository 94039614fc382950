//! What the workspace depends on: licences, sources, doubled versions, known problems. The rules are in `deny.toml`.

use crate::run::cargo;
use anyhow::Result;

/// What cargo-deny says when it cannot reach the list of known problems.
const OFFLINE: &str = "failed to fetch advisory database";

/// Runs cargo-deny, if it is installed.
pub fn check() -> Result<()> {
    if cargo(&["deny", "--version"]).output().is_err() {
        eprintln!("    skipped: cargo-deny is not installed (`cargo install cargo-deny --locked`)");
        return Ok(());
    }
    cargo(&[
        "deny",
        "--workspace",
        "check",
        "bans",
        "licenses",
        "sources",
    ])
    .check("cargo deny")?;
    match cargo(&["deny", "--workspace", "check", "advisories"]).output() {
        Err(problem) if problem.to_string().contains(OFFLINE) => {
            eprintln!("    skipped: the list of known problems (advisories) cannot be reached");
            Ok(())
        }
        other => other.map(drop),
    }
}
