//! The built component in a server of `wasi:http`: wasmtime's, with a sink in memory.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that panics has failed, as it should"
)]

mod delivery;
mod host;
mod refusals;
mod settings;
mod sink;
mod taking;

#[path = "../../../tests/wasi_host.rs"]
mod wasi_host;
