//! From the compiler's module to a small component. What each step saves is told in `docs/design.md`.

mod code;
mod data;
mod heap;
mod instances;
mod names;
mod panics;

use anyhow::{Result, anyhow};
use wasmparser::{Parser, Payload};

/// A module with less code, a heap to begin with, and its data packed. Its name is for the files in between.
pub fn module(name: &str, module: &[u8]) -> Result<Vec<u8>> {
    let optimized = code::optimize(name, &panics::silence(module)?)?;
    data::pack(&heap::begin(&optimized)?)
}

/// A component with each of its types once, and with short inner names.
pub fn component(component: &[u8]) -> Result<Vec<u8>> {
    names::shorten(&instances::flatten(component)?)
}

/// The body of a module's only function.
fn body(module: &[u8]) -> Result<Vec<u8>> {
    for payload in Parser::new(0).parse_all(module) {
        if let Payload::CodeSectionEntry(body) = payload? {
            return Ok(body.as_bytes().to_vec());
        }
    }
    Err(anyhow!("the module has no function"))
}
