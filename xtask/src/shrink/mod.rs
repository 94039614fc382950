//! From the compiler's module to a small component. What each step saves is told in `docs/design.md`.

mod code;
mod data;
mod instances;
mod names;
mod panics;

use anyhow::Result;

/// A module with less code, and with its data packed. Its name is for the files in between.
pub fn module(name: &str, module: &[u8]) -> Result<Vec<u8>> {
    data::pack(&code::optimize(name, &panics::silence(module)?)?)
}

/// A component with each of its types once, and with short inner names.
pub fn component(component: &[u8]) -> Result<Vec<u8>> {
    names::shorten(&instances::flatten(component)?)
}
