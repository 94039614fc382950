//! Makes from `wit/` what would otherwise be written twice: the Rust types, the tables of the actions' types, and the manifest; and from
//! tables the meaning of Meta's error codes and the versions of its API.

mod bindings;
mod codes;
mod contract;
mod door;
mod manifest;
mod platform;
mod schema;

use anyhow::{Context, Error, Result};
use contract::Contract;
use lz4::block::CompressionMode;
use platform::Platform;
use std::{env, fs, path::Path};

fn main() -> Result<()> {
    println!("cargo:rerun-if-changed=build");
    println!("cargo:rerun-if-changed=wit");
    println!("cargo:rerun-if-changed={}", manifest::CATALOG);
    println!("cargo:rerun-if-changed={}", codes::SOURCE);
    println!("cargo:rerun-if-changed={}", platform::SOURCE);
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
    let manifest = manifest::generate(&contract, &platform)?.to_string();
    write("manifest.lz4", compress(&manifest)?)?;
    let table = fs::read_to_string(codes::SOURCE)
        .with_context(|| format!("cannot read {}", codes::SOURCE))?;
    let table = codes::read(&table)
        .map_err(Error::msg)
        .context(codes::SOURCE)?;
    write("codes.rs", table.rows.into())?;
    write("advice.lz4", compress(&table.advice)?)
}

/// Compresses a text that the component unpacks with `lz4_flex`: a block of LZ4 with the length in front. The C library searches longer
/// for repetitions than `lz4_flex` does, which is worth a sixth of the size.
fn compress(text: &str) -> Result<Vec<u8>> {
    /// The most thorough level of LZ4.
    const THOROUGH: CompressionMode = CompressionMode::HIGHCOMPRESSION(12);
    lz4::block::compress(text.as_bytes(), Some(THOROUGH), true).context("cannot compress")
}
