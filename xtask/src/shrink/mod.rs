//! From the compiler's module to a small component. What each step saves is told in `docs/design.md`.

mod code;
mod data;
mod function;
mod heap;
mod instances;
mod names;
mod panics;

use anyhow::Result;

/// A module with less code, a heap to begin with, and its data packed. Its name is for the files in between.
pub fn module(name: &str, module: &[u8]) -> Result<Vec<u8>> {
    let optimized = code::optimize(name, &panics::silence(module)?)?;
    data::pack(&heap::begin(&optimized)?)
}

/// A component with each of its types once, and with short inner names.
pub fn component(component: &[u8]) -> Result<Vec<u8>> {
    names::shorten(&instances::flatten(component)?)
}
