//! The types of the contract, generated from `wit/` by the build. There are no hand-written twins of them.

#![allow(missing_docs, unsafe_code, unused_braces, unused_variables)]
#![allow(clippy::all, clippy::panic, clippy::unwrap_used)]

include!(concat!(env!("OUT_DIR"), "/contract.rs"));

/// The types of actions as tables, and, in the component, their exported functions.
pub mod tables {
    include!(concat!(env!("OUT_DIR"), "/tables.rs"));
}
