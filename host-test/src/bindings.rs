//! Rust types and call glue, made from the files in `wit/` when this crate is compiled.
//!
//! Nothing here is written by hand: [`crate::wit`] names the parts that embedding programs need.

#![allow(
    missing_docs,
    reason = "the text comes from the WIT files, which do not comment every name"
)]

wasmtime::component::bindgen!({
    path: "../wit",
    world: "connector",
    // The import is synchronous for the guest. The host suspends the guest's fiber while it waits for the network.
    imports: { default: async | trappable },
    exports: { default: async },
    additional_derives: [PartialEq, serde::Serialize],
});
