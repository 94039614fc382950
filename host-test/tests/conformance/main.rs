//! What the built component promises, checked on `dist/whatsapp-connector.wasm` itself: one file for each promise.
//!
//! Most tests give the component a network of prepared answers ([`call`]); [`token`] and [`simulator`] run it in the host library and let
//! it talk to the Graph API simulator through real HTTP. Cases as folders are in `tests/cases`, see [`golden`].

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that panics has failed, as it should"
)]

mod call;
mod component;
mod corpus;
mod manifest;
mod values;

mod bad_inputs;
mod built_file;
mod corpus_requests;
mod descriptions;
mod doors;
mod faults;
mod golden;
mod graph_errors;
mod openapi;
mod paging;
mod platform;
mod repository;
mod simulator;
mod token;
mod webhooks;
