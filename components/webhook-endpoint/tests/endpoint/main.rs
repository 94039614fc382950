//! The built component in a server of `wasi:http`: wasmtime's, with a sink in memory.

mod delivery;
mod host;
mod refusals;
mod settings;
mod sink;
mod taking;
