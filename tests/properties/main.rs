//! What holds for every input of a kind, not only for those that somebody thought of. The inputs are made up, the same on every run;
//! `PROPTEST_RNG_SEED=7` makes up others, `PROPTEST_CASES=10000` more.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test ends by panicking"
)]

mod codes;
mod inputs;
mod keys;
mod secrets;
mod templates;
mod total;

use proptest::test_runner::{Config, RngSeed};

/// So many inputs for each property.
const CASES: u32 = 256;

/// So many where each one unpacks the manifest several times.
const FEW: u32 = 24;

/// The same inputs on every run, unless the environment says otherwise.
fn config(cases: u32) -> Config {
    let given = Config::default();
    Config {
        cases: match std::env::var_os("PROPTEST_CASES") {
            Some(_) => given.cases,
            None => cases,
        },
        rng_seed: match given.rng_seed {
            RngSeed::Random => RngSeed::Fixed(1),
            fixed => fixed,
        },
        failure_persistence: None,
        ..given
    }
}
