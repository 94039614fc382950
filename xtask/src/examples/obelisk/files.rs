//! The engine's program, and the components of the example.

use crate::{
    build::compile,
    component,
    run::{cargo, command, root, target},
};
use anyhow::{Context, Result, ensure};
use std::{env, fs, path::PathBuf};

/// The version that the example is made for. Its WIT and its settings change between versions.
const VERSION: &str = "0.38.3";

/// Packages of the example's own components.
const PACKAGES: [&str; 2] = ["whatsapp-example-broadcast", "whatsapp-example-events"];

/// Obelisk: where [`install`] puts it, else the one on the PATH.
pub fn find() -> Option<PathBuf> {
    let installed = folder().join("bin").join("obelisk");
    let on_path = env::var_os("PATH")
        .into_iter()
        .flat_map(|path| env::split_paths(&path).collect::<Vec<_>>())
        .map(|folder| folder.join("obelisk"));
    std::iter::once(installed)
        .chain(on_path)
        .find(|path| path.is_file() && is_the_version(path))
}

/// Installs Obelisk into cargo's folder for what it builds. It takes some minutes and some GB.
pub fn install() -> Result<()> {
    ensure!(
        command("protoc", &["--version"]).output().is_ok(),
        "Obelisk needs protoc to be compiled, and it is not on the PATH. Install it with your system's packages \
         (Debian and Ubuntu: `apt-get install protobuf-compiler`; macOS: `brew install protobuf`), and run this again"
    );
    let root = folder();
    cargo(&["install", "--locked", "obelisk", "--version", VERSION])
        .args(["--root".into(), root.into_os_string()])
        .check("installing Obelisk")
}

/// Where everything of this example goes.
pub fn folder() -> PathBuf {
    target().join("examples").join("obelisk")
}

/// An empty folder for a run: settings, logs, databases. It stays until the next one, for whoever wants to know why.
pub fn fresh(name: &str) -> Result<PathBuf> {
    let folder = folder().join(name);
    if folder.exists() {
        fs::remove_dir_all(&folder)
            .with_context(|| format!("cannot empty {}", folder.display()))?;
    }
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    Ok(folder)
}

/// The deployment.
pub fn deployment() -> PathBuf {
    root()
        .join("examples")
        .join("obelisk")
        .join("deployment.toml")
}

/// Compiles the example's own components into `dist/examples/`. The connector's have to be in `dist/`.
pub fn build() -> Result<()> {
    for file in [
        "whatsapp-connector-wasi.wasm",
        "whatsapp-webhook-endpoint.wasm",
    ] {
        ensure!(
            root().join("dist").join(file).is_file(),
            "dist/{file} is missing: make it with `cargo xtask build`"
        );
    }
    let output = root().join("dist").join("examples");
    fs::create_dir_all(&output).with_context(|| format!("cannot make {}", output.display()))?;
    for package in PACKAGES {
        let bytes = component::encode(&compile(package)?)?;
        fs::write(output.join(format!("{package}.wasm")), bytes)
            .with_context(|| format!("cannot write to {}", output.display()))?;
    }
    Ok(())
}

fn is_the_version(program: &PathBuf) -> bool {
    command(program, &["--version"])
        .output()
        .is_ok_and(|text| text.contains(VERSION))
}
