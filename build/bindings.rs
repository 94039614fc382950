//! The Rust types and the canonical ABI, by `wit-bindgen`, for the imports. What is exported has tables and one interpreter
//! instead (see `door`).

use crate::contract::Contract;
use anyhow::{Context, Result, ensure};
use std::fmt::Write;
use wit_bindgen_core::wit_parser::WorldId;
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
        additional_derive_attributes: vec!["PartialEq".to_owned()],
        generate_all: true,
        // `error` is in no import; errors are made as these types all the same.
        generate_unused_types: true,
        ..Default::default()
    };
    let mut files = Files::default();
    let mut resolve = contract.resolve.clone();
    resolve.worlds[contract.world].exports.clear();
    options
        .build()
        .generate(&mut resolve, contract.world, &mut files)?;
    let (_, source) = files.iter().next().context("wit-bindgen makes one file")?;
    let source = without_types(std::str::from_utf8(source)?)?;
    Ok(source + &types(contract)?)
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

/// The types of the whole world, where `wit-component` and `cargo-component` look for them: those of the connector, or of the parsers alone; none
/// when nothing is exported.
fn types(contract: &Contract) -> Result<String> {
    let connector = section(contract, contract.world, "feature = \"connector\"")?;
    let (package, _) = contract
        .resolve
        .packages
        .iter()
        .find(|(_, package)| package.name.name == "connector")
        .context("wit/ holds the package")?;
    let events = contract.resolve.select_world(&[package], Some("events"))?;
    Ok(connector
        + &section(
            contract,
            events,
            "feature = \"exports\", not(feature = \"connector\")",
        )?)
}

fn section(contract: &Contract, world: WorldId, when: &str) -> Result<String> {
    let bytes = wit_component::metadata::encode(
        &contract.resolve,
        world,
        StringEncoding::UTF8,
        None,
        false,
    )?;
    let mut list = String::new();
    for byte in &bytes {
        write!(list, "{byte},")?;
    }
    let name = &contract.resolve.worlds[world].name;
    Ok(format!(
        "\n/// The world, for the tool that makes the component.
        #[cfg(all(target_arch = \"wasm32\", {when}))]
        #[unsafe(link_section = \"component-type:whatsapp:connector:{name}:encoded world\")]
        pub static WORLD: [u8; {}] = [{list}];\n",
        bytes.len()
    ))
}
