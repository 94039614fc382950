//! Everything that has to hold before a change lands.

use crate::{
    build, examples,
    run::{Steps, cargo, command},
};
use anyhow::Result;

/// The optimiser, a workspace of its own.
const OPTIMIZER: &str = "xtask/optimizer/Cargo.toml";

/// Runs all checks.
pub fn test() -> Result<()> {
    let mut steps = Steps::new(build::STEPS + 3 + examples::STEPS);
    steps.next("formatting");
    ensure_tool("fmt", "rustfmt")?;
    cargo(&["fmt", "--all", "--check"])
        .check("the check of the formatting (`cargo fmt` mends it)")?;
    cargo(&["fmt", "--manifest-path", OPTIMIZER, "--check"])
        .check("the check of the optimiser's formatting")?;
    build::build(&mut steps)?;
    steps.next("lints, warnings as errors (the first time compiles the host: some minutes)");
    ensure_tool("clippy", "clippy")?;
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
    cargo(&["test", "--workspace"]).check("the tests")?;
    examples::run(&mut steps, examples::Extent::Found)
}

/// Installs a part of Rust that a minimal installation lacks.
fn ensure_tool(subcommand: &str, component: &str) -> Result<()> {
    if cargo(&[subcommand, "--version"]).output().is_ok() {
        return Ok(());
    }
    eprintln!("    rustup component add {component}");
    command("rustup", &["component", "add", component]).check(&format!(
        "installing {component} (`rustup component add {component}`, or your system's package of it)"
    ))
}
