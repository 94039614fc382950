//! The Rust types and the canonical ABI, by `wit-bindgen`: for the imports, the webhook parsers and the dynamic door. The actions have
//! tables and one interpreter instead (see `door`).

use crate::{contract::Contract, outline};
use anyhow::{Context, Result, ensure};
use std::fmt::Write;
use wit_bindgen_core::wit_parser::WorldItem;
use wit_bindgen_core::{Files, WorldGenerator};
use wit_component::StringEncoding;

/// In the attributes of the statics in which `wit-bindgen` puts the types of its world.
const SECTION: &str = "#[unsafe(link_section = \"component-type:";

/// What stands before, and what stands behind.
const BEFORE: &str = "#[cfg(target_arch";
const BEHIND: &str = "\";\n";

/// The bindings as Rust source.
pub fn generate(contract: &Contract) -> Result<String> {
    let options = wit_bindgen_rust::Opts {
        pub_export_macro: true,
        default_bindings_module: Some("crate::contract".to_owned()),
        additional_derive_attributes: vec!["PartialEq".to_owned()],
        generate_all: true,
        ..Default::default()
    };
    let actions: Vec<_> = contract
        .actions()?
        .iter()
        .map(|action| action.interface.to_owned())
        .collect();
    let mut files = Files::default();
    let mut resolve = contract.resolve.clone();
    let interfaces = resolve.interfaces.clone();
    resolve.worlds[contract.world]
        .exports
        .retain(|_, item| match item {
            WorldItem::Interface { id, .. } => !interfaces[*id]
                .name
                .as_ref()
                .is_some_and(|name| actions.contains(name)),
            _ => true,
        });
    options
        .build()
        .generate(&mut resolve, contract.world, &mut files)?;
    let (_, source) = files.iter().next().context("wit-bindgen makes one file")?;
    let source = without_types(std::str::from_utf8(source)?)?;
    Ok(outline::outline(&source)? + &types(contract)?)
}

/// The source without the types of the smaller world.
fn without_types(source: &str) -> Result<String> {
    let mut output = source.to_owned();
    let mut count = 0;
    while let Some(at) = output.find(SECTION) {
        let start = output[..at]
            .rfind(BEFORE)
            .context("the attribute stands behind another")?;
        let end = output[at..]
            .match_indices(BEHIND)
            .map(|(place, _)| at + place)
            // A quotation mark inside the byte string has an odd number of backslashes before it.
            .find(|place| {
                output[..*place]
                    .bytes()
                    .rev()
                    .take_while(|byte| *byte == b'\\')
                    .count()
                    % 2
                    == 0
            })
            .context("the byte string ends")?;
        output.replace_range(start..end + BEHIND.len(), "");
        count += 1;
    }
    ensure!(
        count > 0,
        "wit-bindgen writes the types of the world in another way; see build/bindings.rs"
    );
    Ok(output)
}

/// The types of the whole world, where `wit-component` and `cargo-component` look for them.
fn types(contract: &Contract) -> Result<String> {
    let bytes = wit_component::metadata::encode(
        &contract.resolve,
        contract.world,
        StringEncoding::UTF8,
        None,
        false,
    )?;
    let mut list = String::new();
    for byte in &bytes {
        write!(list, "{byte},")?;
    }
    Ok(format!(
        "\n/// The world, for the tool that makes the component.
        #[cfg(target_arch = \"wasm32\")]
        #[unsafe(link_section = \"component-type:whatsapp:connector:connector:encoded world\")]
        pub static WORLD: [u8; {}] = [{list}];\n",
        bytes.len()
    ))
}
