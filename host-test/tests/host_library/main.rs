//! The host library, from outside.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that panics has failed, as it should"
)]

mod connector;
mod doors;
mod guest;
mod hostile;
mod limits;
mod network;
mod secrets;
mod server;
