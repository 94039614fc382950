//! No words for panics.
//!
//! A panic in the component is a trap: it has no import through which it could say why. The standard library still composes its message, so
//! the functions that do become a trap themselves. The optimiser then finds that nothing prepares for them any more.

use anyhow::{Result, anyhow};
use rustc_demangle::demangle;
use std::{collections::BTreeSet, convert::Infallible};
use wasm_encoder::{
    CodeSection, Function, Module,
    reencode::{Error, Reencode, utils},
};
use wasmparser::{FunctionBody, KnownCustom, Name, Parser, Payload, TypeRef};

/// Functions that only end in a panic, or only write a part of its message, by the beginning of their names. None returns to its caller, but
/// those of `Debug`: nothing in the component but a panic prints a character, a range or a failed conversion in that way.
const SPEECHLESS: [&str; 14] = [
    "core::panicking::",
    "core::option::expect_failed",
    "core::option::unwrap_failed",
    "core::result::unwrap_failed",
    "core::slice::index::slice_index_fail",
    "core::slice::copy_from_slice_impl::len_mismatch_fail",
    "core::str::slice_error_fail",
    "alloc::alloc::handle_alloc_error",
    "alloc::raw_vec::capacity_overflow",
    "alloc::raw_vec::handle_error",
    "<alloc::vec::Vec<_, _>>::remove::assert_failed",
    "<char as core::fmt::Debug>::fmt",
    "<core::num::error::TryFromIntError as core::fmt::Debug>::fmt",
    "<core::ops::range::Range<usize> as core::fmt::Debug>::fmt",
];

/// The same module with traps instead. It has to have the names of its functions.
pub fn silence(module: &[u8]) -> Result<Vec<u8>> {
    let mut silencer = Silencer::read(module)?;
    if silencer.functions.is_empty() {
        return Err(anyhow!(
            "no panic found in the module; does it have the names of its functions?"
        ));
    }
    let mut output = Module::new();
    silencer
        .parse_core_module(&mut output, Parser::new(0), module)
        .map_err(|problem| anyhow!("cannot silence the module: {problem}"))?;
    Ok(output.finish())
}

struct Silencer {
    /// Indices of the functions that become a trap.
    functions: BTreeSet<u32>,
    /// Index of the function whose body is next.
    next: u32,
}

impl Silencer {
    fn read(module: &[u8]) -> Result<Self> {
        let mut silencer = Self {
            functions: BTreeSet::new(),
            next: 0,
        };
        for payload in Parser::new(0).parse_all(module) {
            match payload? {
                Payload::ImportSection(section) => {
                    for import in section.into_imports() {
                        silencer.next += u32::from(matches!(import?.ty, TypeRef::Func(_)));
                    }
                }
                Payload::CustomSection(section) => {
                    if let KnownCustom::Name(names) = section.as_known() {
                        silencer.find(names)?;
                    }
                }
                _ => {}
            }
        }
        Ok(silencer)
    }

    fn find(&mut self, names: wasmparser::NameSectionReader<'_>) -> Result<()> {
        for subsection in names {
            let Name::Function(names) = subsection? else {
                continue;
            };
            for naming in names {
                let naming = naming?;
                // `{:#}` is without hashes.
                let name = format!("{:#}", demangle(naming.name));
                if SPEECHLESS.iter().any(|start| name.starts_with(start)) {
                    self.functions.insert(naming.index);
                }
            }
        }
        Ok(())
    }
}

impl Reencode for Silencer {
    type Error = Infallible;

    /// Of the sections that are not WebAssembly's own, only the one that tells the world is needed from here on.
    fn parse_custom_section(
        &mut self,
        module: &mut Module,
        section: wasmparser::CustomSectionReader<'_>,
    ) -> Result<(), Error<Infallible>> {
        if section.name().starts_with("component-type") {
            utils::parse_custom_section(self, module, section)?;
        }
        Ok(())
    }

    fn parse_function_body(
        &mut self,
        code: &mut CodeSection,
        body: FunctionBody<'_>,
    ) -> Result<(), Error<Infallible>> {
        let index = self.next;
        self.next += 1;
        if !self.functions.contains(&index) {
            return utils::parse_function_body(self, code, body);
        }
        let mut trap = Function::new([]);
        trap.instructions().unreachable().end();
        code.function(&trap);
        Ok(())
    }
}
