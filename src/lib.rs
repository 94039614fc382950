//! The WhatsApp Business Cloud API as one WebAssembly component.
//!
//! The contract is in `wit/`; its types are generated into [`contract`] and used by the whole crate. Data flows one way:
//! input record → [`actions`] builds a request → [`graph`] sends it through the host's `http` and classifies the answer → output
//! record. Webhook bytes → [`webhooks`] verifies, parses, keys → events. [`triggers`] says which flow gets
//! which. [`plugin`] is the same by name and JSON.
//!
//! Nothing here does I/O of its own, so the crate also builds natively, and its tests run natively with a transport in memory.

#![cfg_attr(target_arch = "wasm32", no_std)]
extern crate alloc;

pub mod actions;
mod archive;
pub mod contract;
pub mod door;
pub mod fault;
pub mod graph;
pub mod json;
pub mod plugin;
mod prelude;
pub mod templates;
mod text;
pub mod triggers;
pub mod webhooks;

#[cfg(target_arch = "wasm32")]
mod runtime;
