//! Everything that has to hold before a change lands.

use crate::{
    build,
    run::{Steps, cargo},
};
use anyhow::Result;

/// Runs all checks.
pub fn test() -> Result<()> {
    let mut steps = Steps::new(build::STEPS + 3);
    steps.next("formatting");
    cargo(&["fmt", "--all", "--check"])
        .check("the check of the formatting (`cargo fmt` mends it)")?;
    build::build(&mut steps)?;
    steps.next("lints, warnings as errors (the first time compiles the host: some minutes)");
    cargo(&[
        "clippy",
        "--workspace",
        "--all-targets",
        "--",
        "--deny",
        "warnings",
    ])
    .check("clippy")?;
    steps.next("unit tests, component tests, conformance tests, documentation examples");
    cargo(&["test", "--workspace"]).check("the tests")
}
