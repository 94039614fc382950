//! `examples/node`: jco makes JavaScript of the component.

use super::Extent;
use super::way::{Way, component, tools};
use crate::run::{command, root};
use anyhow::{Context, Result};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// A version of Node whose WebAssembly can wait for promises; most machines have an older one.
const WAITING: &str = "node@26";

pub fn prepare(extent: Extent) -> Result<Vec<Way>> {
    let folder = root().join("examples/node");
    version("node").context("Node is not installed; version 20 or later is needed")?;
    let npm = |what: &[&str]| {
        command("npm", &["--prefix"])
            .args([&folder])
            .args(what)
            .args(["--silent"])
    };
    npm(&["install"]).check("getting the libraries of examples/node")?;
    npm(&["run", "build"])
        .env("WHATSAPP_COMPONENT", component())
        .check("building examples/node")?;
    let mut ways = vec![way(&folder, "Node", "node".into())?];
    if extent == Extent::All {
        let tools = tools().join("node");
        fs::create_dir_all(&tools)?;
        command("npm", &["install", "--silent", "--no-save", "--prefix"])
            .args([tools.as_os_str(), WAITING.as_ref()])
            .check(&format!("getting {WAITING}"))?;
        let program = tools.join("node_modules/node/bin/node");
        ways.push(way(&folder, "Node that waits for promises", program)?);
    }
    Ok(ways)
}

fn way(folder: &Path, name: &str, program: PathBuf) -> Result<Way> {
    Ok(Way {
        name: name.to_owned(),
        version: format!("Node {}", version(&program)?),
        folder: folder.to_owned(),
        program,
        main: "build/js/main.js",
        conformance: "build/js/conformance.js",
    })
}

fn version(program: impl AsRef<std::ffi::OsStr>) -> Result<String> {
    command(program, &["--version"]).output()
}
