//! Making a component out of a module, and checking that it is what its users rely on.

use anyhow::{Context, Result, bail, ensure};
use std::collections::BTreeSet;
use wasmparser::{Parser, Payload, Validator, WasmFeatures};
use wit_component::{ComponentEncoder, DecodedWasm, WitPrinter};
use wit_parser::WorldItem;

/// What every engine of the component model knows: WebAssembly 2.0, of which SIMD is not needed.
const ENGINES: WasmFeatures = WasmFeatures::WASM2
    .difference(WasmFeatures::SIMD)
    .union(WasmFeatures::COMPONENT_MODEL);

/// A component that is built, and what is promised of it.
pub struct Component {
    /// The package that it is made of.
    pub package: &'static str,
    /// Its file in `dist/`.
    pub file: &'static str,
    /// Every function that it imports, as `interface#function`; an interface alone stands for all functions of it.
    pub imports: &'static [&'static str],
    /// Whether functions of its contract hand over resources. The types of such functions cannot be shared with inner components, so what makes
    /// a component small leaves it as it is.
    pub resources: bool,
    /// Whether it has actions, and so a manifest.
    pub summary: bool,
    /// Its greatest size, with what it says of itself.
    pub max_bytes: usize,
}

/// Wraps a module of `wit-bindgen` into a component.
pub fn encode(module: &[u8]) -> Result<Vec<u8>> {
    let component = ComponentEncoder::default()
        .module(module)
        .context("the module holds no component type")?
        .validate(true)
        .encode()
        .context("the module does not fit its world")?;
    without_section(&component, "component-name")
}

/// A component without the custom sections of this name. The names that `wit-component` gives to its inner parts are of use to
/// nobody and cost 3 KB.
fn without_section(component: &[u8], name: &str) -> Result<Vec<u8>> {
    let mut output = Vec::with_capacity(component.len());
    let mut kept = 0;
    let mut depth = 0;
    for payload in Parser::new(0).parse_all(component) {
        match payload? {
            Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => depth += 1,
            Payload::End(_) => depth -= 1,
            // The range begins behind the section's number and its length; the length is found again by writing it.
            Payload::CustomSection(section) if section.name() == name && depth == 0 => {
                let range = section.range();
                let (start, end) = (usize::try_from(range.start)?, usize::try_from(range.end)?);
                let header = 1 + leb128_bytes(end - start);
                output.extend_from_slice(&component[kept..start - header]);
                kept = end;
            }
            _ => {}
        }
    }
    output.extend_from_slice(&component[kept..]);
    Ok(output)
}

/// How many bytes a length takes in WebAssembly's encoding.
fn leb128_bytes(mut length: usize) -> usize {
    let mut bytes = 1;
    while length >= 0x80 {
        length >>= 7;
        bytes += 1;
    }
    bytes
}

impl Component {
    /// Checks that every engine can load it, its imports and its size.
    pub fn check(&self, bytes: &[u8]) -> Result<()> {
        Validator::new_with_features(ENGINES)
            .validate_all(bytes)
            .with_context(|| format!("{} is no valid component", self.file))?;
        let expected: BTreeSet<&str> = self.imports.iter().copied().collect();
        let found = imported_functions(bytes)?;
        let found: BTreeSet<&str> = found.iter().map(|function| self.import(function)).collect();
        if found != expected {
            bail!(
                "{} imports {found:?}, but its hosts provide only {expected:?}",
                self.file
            );
        }
        ensure!(
            bytes.len() <= self.max_bytes,
            "{} has {} bytes; at most {} are promised. Find what grew before you raise the limit",
            self.file,
            bytes.len(),
            self.max_bytes
        );
        Ok(())
    }

    /// The interface of a function when all functions of it may be imported, else the function.
    fn import<'f>(&self, function: &'f str) -> &'f str {
        match function.split_once('#') {
            Some((interface, _)) if self.imports.contains(&interface) => interface,
            _ => function,
        }
    }
}

/// Makes sure that two components have the same contract.
pub fn same_contract(one: &[u8], other: &[u8]) -> Result<()> {
    ensure!(
        wit(one)? == wit(other)?,
        "the small component has another contract than the one that it was made of; the fault is in xtask/src/shrink"
    );
    Ok(())
}

/// The contract of a component, as text.
fn wit(component: &[u8]) -> Result<String> {
    let decoded = wit_component::decode(component)?;
    let mut printer = WitPrinter::default();
    printer.print(decoded.resolve(), decoded.package(), &[])?;
    Ok(printer.output.to_string())
}

/// Every function that a component imports, as `interface#function`.
fn imported_functions(bytes: &[u8]) -> Result<BTreeSet<String>> {
    let DecodedWasm::Component(resolve, world) = wit_component::decode(bytes)? else {
        bail!("this is a WIT package, not a component");
    };
    let mut functions = BTreeSet::new();
    for (key, item) in &resolve.worlds[world].imports {
        let name = resolve.name_world_key(key);
        match item {
            WorldItem::Interface { id, .. } => {
                let names = resolve.interfaces[*id].functions.keys();
                functions.extend(names.map(|function| format!("{name}#{function}")));
            }
            WorldItem::Function(function) => {
                functions.insert(function.name.clone());
            }
            WorldItem::Type { .. } => {}
        }
    }
    Ok(functions)
}
