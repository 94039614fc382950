//! The connector with the adapter, as built, on a host of `wasi:http` whose network is in memory.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that panics has failed, as it should"
)]

mod host;
mod network;
mod requests;
mod unsent;

#[path = "../../../tests/wasi_host.rs"]
mod wasi_host;
