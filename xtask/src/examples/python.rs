//! `examples/python`: the component in Wasmtime's package for Python.

use super::Extent;
use super::way::{Way, tools};
use crate::run::{command, root};
use anyhow::{Context, Result};
use std::fs;

/// What Python may be called.
const PYTHON: &str = "python3";

pub fn prepare(_: Extent) -> Result<Vec<Way>> {
    let folder = root().join("examples/python");
    command(PYTHON, &["--version"])
        .output()
        .context("Python is not installed; version 3.11 or later is needed")?;
    let place = tools().join("python");
    let program = place.join("bin/python");
    if !program.exists() {
        fs::create_dir_all(tools())?;
        command(PYTHON, &["-m", "venv"])
            .args([&place])
            .check("making a virtual environment (Debian has it in the package python3-venv)")?;
    }
    let requirements = folder.join("requirements.txt");
    command(
        &program,
        &[
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
        ],
    )
    .args(["--requirement".as_ref(), requirements.as_os_str()])
    .check("getting the libraries of examples/python")?;
    let version = command(&program, &["--version"]).output()?;
    Ok(vec![Way {
        name: "Python".to_owned(),
        version,
        folder,
        program,
        main: "main.py",
        conformance: "conformance.py",
    }])
}
