//! The webhook parsers alone: world `events`.
//!
//! Its code is the connector's, which exports no more than that without its feature `connector`. Nothing is imported, so whoever hands it an app
//! secret knows that it has no way to pass it on.

#![cfg_attr(target_arch = "wasm32", no_std)]
#![forbid(unsafe_code)]

pub use whatsapp_connector::webhooks;
