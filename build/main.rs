//! Makes from `wit/` what would otherwise be written twice: the Rust types, the tables of the actions' types, and the manifest.

mod bindings;
mod contract;
mod door;
mod manifest;
mod outline;
mod schema;

use anyhow::{Context, Result};
use contract::Contract;
use std::{env, fs, path::Path};

fn main() -> Result<()> {
    println!("cargo:rerun-if-changed=build");
    println!("cargo:rerun-if-changed=wit");
    println!("cargo:rerun-if-changed={}", manifest::CATALOG);
    let contract = Contract::read("wit", "connector")?;
    let out = env::var("OUT_DIR").context("cargo sets OUT_DIR")?;
    let write = |name: &str, bytes: Vec<u8>| {
        let path = Path::new(&out).join(name);
        fs::write(&path, bytes).with_context(|| format!("cannot write {}", path.display()))
    };
    write("contract.rs", bindings::generate(&contract)?.into())?;
    write("tables.rs", door::generate(&contract)?.into())?;
    let manifest = manifest::generate(&contract)?.to_string();
    write(
        "manifest.lz4",
        lz4_flex::block::compress_prepend_size(manifest.as_bytes()),
    )
}
