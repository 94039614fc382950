//! The types of the contract, generated from `wit/` by the build. There are no hand-written twins of them.

#![allow(missing_docs, unsafe_code, unused_braces, unused_variables)]
#![allow(clippy::all, clippy::panic, clippy::unwrap_used)]

include!(concat!(env!("OUT_DIR"), "/contract.rs"));

/// How the records are read from JSON and written to it.
mod records {
    include!(concat!(env!("OUT_DIR"), "/records.rs"));
}
