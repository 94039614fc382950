//! The typed door: for each action an exported function, and tables of the types that go through it.
//!
//! `wit-bindgen` writes code for every field of every record: lifting, lowering and freeing were 2 KB per action, and reading and writing
//! the same records as JSON another 1.5 KB. Here a record is a row of a table, and `crate::door` is the one interpreter that takes a
//! call's memory apart by it. Layouts come from `wit-parser`, the same library that `wit-bindgen` asks.

mod limits;
mod tables;

use crate::contract::Contract;
use anyhow::{Context, Result, ensure};
use std::fmt::Write;
use tables::Tables;
use wit_bindgen_core::abi::AbiVariant;
use wit_bindgen_core::wit_parser::WorldItem;

pub use limits::limits;
pub use tables::WIRE;

/// The functions of the canonical ABI, as text: what is unsafe stands there and nowhere else. First what every component has, then what only the
/// connector has.
const MEMORY: &str = include_str!("memory.rs");
const CONNECTOR: &str = include_str!("connector.rs");

/// Records of the webhooks, by the names of their tables.
const RECORDS: [(&str, &str); 7] = [
    ("EVENT", "event"),
    ("OUTCOME", "outcome"),
    ("JSON_OUTCOME", "json-outcome"),
    ("MATCHES", "matches"),
    ("WINDOW_STATE", "window-state"),
    ("START", "start"),
    ("SUBSCRIPTION_PROBLEM", "subscription-problem"),
];

/// The tables and entry points as Rust source.
pub fn generate(contract: &Contract) -> Result<String> {
    check_others(contract)?;
    let mut tables = Tables::new(contract)?;
    let mut signatures = String::new();
    let mut entries = String::new();
    let connection = tables.input(contract.shared_type("connection")?)?;
    let fault = tables.output(contract.shared_type("fault")?)?;
    let subscription = tables.input(contract.type_of("webhooks", "subscription")?)?;
    let mut records = String::new();
    for (table, name) in RECORDS {
        let place = tables.output(contract.type_of("webhooks", name)?)?;
        writeln!(
            records,
            "/// `{name}`.\npub const {table}: Record = Record({place});"
        )?;
    }
    for (index, action) in contract.actions()?.iter().enumerate() {
        indirect(contract, action.name)?;
        let input = tables.input(action.input)?;
        let output = tables.output(action.output)?;
        let (input_at, error_at) = tables.places(action)?;
        ensure!(
            error_at == 8,
            "{}: an error stands at 8 bytes, not {error_at}",
            action.name
        );
        writeln!(
            signatures,
            "Signature {{ name: {:?}, input_at: {input_at}, input: Record({input}), output: Record({output}) }},",
            action.name
        )?;
        let export = format!(
            "whatsapp:connector/{}@{}#{}",
            action.interface,
            env!("CARGO_PKG_VERSION"),
            action.name
        );
        writeln!(
            entries,
            "#[unsafe(export_name = {export:?})] extern \"C\" fn call_{index}(arguments: u32) -> u32 {{ call({index}, arguments) }}
             #[unsafe(export_name = {:?})] extern \"C\" fn free_{index}(result: u32) {{ free(result) }}",
            format!("cabi_post_{export}")
        )?;
    }
    let memory = MEMORY.replace("VERSION", env!("CARGO_PKG_VERSION"));
    let connector = CONNECTOR.replace("VERSION", env!("CARGO_PKG_VERSION"));
    Ok(format!(
        "use crate::door::{{Record, Signature}};
         {}
         /// `connection`.
         pub const CONNECTION: Record = Record({connection});
         /// `fault`.
         pub const FAULT: Record = Record({fault});
         /// `subscription`.
         pub const SUBSCRIPTION: Record = Record({subscription});
         {records}
         /// The actions' types, in the order of the contract.
         pub static SIGNATURES: &[Signature] = &[{signatures}];
         #[cfg(all(target_arch = \"wasm32\", feature = \"exports\"))]
         mod entry {{ {memory} }}
         #[cfg(all(target_arch = \"wasm32\", feature = \"connector\"))]
         mod connector_entry {{ {connector} {entries} }}",
        tables.source()?
    ))
}

/// The other exported functions stand in `memory.rs` by hand, with these parameters.
fn check_others(contract: &Contract) -> Result<()> {
    for (interface, name, parameters, in_memory) in [
        ("webhooks", "handle", 13, true),
        ("webhooks", "parse", 2, true),
        ("webhooks", "handle-json", 13, true),
        ("webhooks", "describe-triggers", 0, true),
        ("webhooks", "match-events", 4, true),
        ("webhooks", "service-window", 3, true),
        ("plugin", "describe", 0, true),
        ("plugin", "invoke", 6, true),
    ] {
        let found = contract
            .resolve
            .interfaces
            .iter()
            .find(|(_, known)| known.name.as_deref() == Some(interface))
            .and_then(|(_, known)| known.functions.get(name));
        let function = found.with_context(|| format!("the contract has no {interface}.{name}"))?;
        let signature = contract
            .resolve
            .wasm_signature(AbiVariant::GuestExport, function);
        ensure!(
            signature.params.len() == parameters && signature.retptr == in_memory,
            "{interface}.{name} has other parameters than build/door/memory.rs and connector.rs"
        );
    }
    Ok(())
}

/// Every action takes its arguments as one place in memory. It does as soon as they are more than 16 flat values, and `connection` alone has 15.
fn indirect(contract: &Contract, name: &str) -> Result<()> {
    for item in contract.resolve.worlds[contract.world].exports.values() {
        if let WorldItem::Interface { id, .. } = item
            && let Some(function) = contract.resolve.interfaces[*id].functions.get(name)
        {
            let signature = contract
                .resolve
                .wasm_signature(AbiVariant::GuestExport, function);
            ensure!(
                signature.indirect_params && signature.retptr,
                "{name}: its input has to be more than one number or flag, so that the arguments are handed over in memory"
            );
        }
    }
    Ok(())
}
