//! The Rust types and the canonical ABI, by `wit-bindgen`.

use crate::{contract::Contract, outline};
use anyhow::{Context, Result};
use wit_bindgen_core::{Files, WorldGenerator};

/// The bindings as Rust source.
pub fn generate(contract: &Contract) -> Result<String> {
    let options = wit_bindgen_rust::Opts {
        pub_export_macro: true,
        default_bindings_module: Some("crate::contract".to_owned()),
        additional_derive_attributes: vec!["PartialEq".to_owned()],
        generate_all: true,
        ..Default::default()
    };
    let mut files = Files::default();
    let mut resolve = contract.resolve.clone();
    options
        .build()
        .generate(&mut resolve, contract.world, &mut files)?;
    let (_, source) = files.iter().next().context("wit-bindgen makes one file")?;
    outline::outline(std::str::from_utf8(source)?)
}
