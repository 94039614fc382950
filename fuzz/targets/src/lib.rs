//! What is fuzzed, and what has to hold for any input: bytes in, a panic when something does not hold. `cargo fuzz` calls the functions with what it
//! makes up (see docs/fuzzing.md); the test beside this library calls them with the regressions, the seeds, and a thousand mutations of these.
//!
//! An input is text whose parts have a zero byte between them, behind a byte or two that choose: so whatever the fuzzer does to one is an input
//! again, and seeds can be read.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a finding is a panic"
)]

mod action_input;
mod arena;
mod errors;
mod events;
mod graph_answer;
mod lowered;
mod mutate;
mod network;
mod reader;
mod seeds;
mod template_compiler;
mod webhooks_handle;
mod webhooks_parse;

pub use action_input::action_input;
pub use graph_answer::graph_answer;
pub use mutate::Mutator;
pub use seeds::{Seed, seeds};
pub use template_compiler::template_compiler;
pub use webhooks_handle::webhooks_handle;
pub use webhooks_parse::webhooks_parse;

/// A target: any bytes in, a panic is a finding.
pub type Target = fn(&[u8]);

/// All of them, by the names of their binaries.
pub const TARGETS: [(&str, Target); 5] = [
    ("webhooks_handle", webhooks_handle),
    ("webhooks_parse", webhooks_parse),
    ("action_input", action_input),
    ("template_compiler", template_compiler),
    ("graph_answer", graph_answer),
];

/// The byte between the parts of an input. No JSON text has it.
const BETWEEN: char = '\0';

/// Bytes as text: a host hands over no other.
fn text(data: &[u8]) -> String {
    String::from_utf8_lossy(data).into_owned()
}
