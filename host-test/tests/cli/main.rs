//! The command line, as a program: what it prints, how it ends, and what it never shows.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that panics has failed, as it should"
)]

mod demo;
mod describe;
mod invoke;
mod live;
mod mcp;
mod program;
mod raw_http;
mod replay;
mod secrets;
mod serve;
mod serve_durable;
mod serve_ending;
mod serve_streams;
mod serve_triggers;
mod simulate;
mod subscriber;
