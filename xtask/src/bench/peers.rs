//! What people use today, in other languages, on the deliveries that the benches wrote.

use crate::run::{command, root, target};
use anyhow::{Context, Result};
use std::fs;
use std::path::PathBuf;

/// What Node is called with its version, and what its script printed.
pub fn node() -> Result<(String, String)> {
    let place = prepared("node", &["package.json", "package-lock.json", "bench.mjs"])?;
    command("npm", &["ci", "--silent", "--prefix"])
        .args([&place])
        .check("getting the library of host-test/benches/peers/node")?;
    let version = command("node", &["--version"]).output()?;
    let script = place.join("bench.mjs");
    let found = command("node", &[]).args([script, deliveries()]).output()?;
    Ok((format!("Node {version} with whatsapp-api-js 6.3.0"), found))
}

/// The same of Python.
pub fn python() -> Result<(String, String)> {
    let place = prepared("python", &["requirements.txt", "bench.py"])?;
    command("python3", &["-m", "venv"])
        .args([place.join("venv")])
        .check("making a virtual environment (Debian has it in the package python3-venv)")?;
    let program = place.join("venv/bin/python");
    let pip = [
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--requirement",
    ];
    command(&program, &pip)
        .args([place.join("requirements.txt")])
        .check("getting the library of host-test/benches/peers/python")?;
    let version = command(&program, &["--version"]).output()?;
    let script = place.join("bench.py");
    let found = command(&program, &[])
        .args([script, deliveries()])
        .output()?;
    Ok((format!("{version} with pywa 4.5.0"), found))
}

/// Where a peer is run: its libraries are no part of this project.
fn prepared(language: &str, files: &[&str]) -> Result<PathBuf> {
    let place = target().join("bench").join(language);
    fs::create_dir_all(&place).with_context(|| format!("cannot make {}", place.display()))?;
    let source = root().join("host-test/benches/peers").join(language);
    for file in files {
        fs::copy(source.join(file), place.join(file))
            .with_context(|| format!("cannot copy {file}"))?;
    }
    Ok(place)
}

fn deliveries() -> PathBuf {
    target().join("tmp/bench")
}
