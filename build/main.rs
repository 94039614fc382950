//! Makes from `wit/` what would otherwise be written twice: the Rust types, the tables of the actions' types, the manifest and the triggers; and from
//! tables the meaning of Meta's error codes and the versions of its API.

mod bindings;
mod codes;
mod contract;
mod door;
mod manifest;
mod platform;
mod schema;
mod summary;
mod triggers;

use anyhow::{Context, Error, Result};
use contract::Contract;
use platform::Platform;
use std::{env, fs, path::Path};

fn main() -> Result<()> {
    println!("cargo:rerun-if-changed=build");
    println!("cargo:rerun-if-changed=wit");
    println!("cargo:rerun-if-changed={}", manifest::CATALOG);
    println!("cargo:rerun-if-changed={}", codes::SOURCE);
    println!("cargo:rerun-if-changed={}", platform::SOURCE);
    println!("cargo:rerun-if-changed={}", door::WIRE);
    println!("cargo:rerun-if-changed={}", triggers::CATALOG);
    println!("cargo:rerun-if-changed={}", triggers::FILTERS);
    println!("cargo:rerun-if-changed={}", triggers::GROUPS);
    let contract = Contract::read("wit", "connector")?;
    let out = env::var("OUT_DIR").context("cargo sets OUT_DIR")?;
    let write = |name: &str, bytes: Vec<u8>| {
        let path = Path::new(&out).join(name);
        fs::write(&path, bytes).with_context(|| format!("cannot write {}", path.display()))
    };
    write("contract.rs", bindings::generate(&contract)?.into())?;
    write("tables.rs", door::generate(&contract)?.into())?;
    let platform = Platform::read()?;
    write("versions.rs", platform.api_version.rust()?.into())?;
    let manifest = manifest::generate(&contract, &platform)?;
    let triggers = triggers::generate(&contract)?;
    let texts = triggers.json.to_string();
    // Together they are smaller than one by one; the parsers alone have no actions to tell of.
    let texts = match env::var_os("CARGO_FEATURE_CONNECTOR") {
        Some(_) => {
            summary::write(&manifest, &triggers.json)?;
            format!("{manifest}\n{texts}")
        }
        None => texts,
    };
    write("texts.packed", pack(&texts))?;
    write("triggers.rs", triggers.rust.into())?;
    let table = fs::read_to_string(codes::SOURCE)
        .with_context(|| format!("cannot read {}", codes::SOURCE))?;
    let table = codes::read(&table)
        .map_err(Error::msg)
        .context(codes::SOURCE)?;
    write("codes.rs", table.rows.into())?;
    write("advice.packed", pack(&table.advice))
}

/// Packs a text for `src/archive.rs`. What is published is worth some seconds; a native test build is not.
fn pack(text: &str) -> Vec<u8> {
    let for_wasm = env::var("CARGO_CFG_TARGET_ARCH").is_ok_and(|arch| arch == "wasm32");
    let level = if for_wasm { 5 } else { 1 };
    upkr::pack(text.as_bytes(), level, &upkr::Config::default(), None)
}
