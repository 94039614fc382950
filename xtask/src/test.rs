//! Everything that has to hold before a change lands.

use crate::{
    build, deny, examples,
    run::{Steps, cargo, command},
};
use anyhow::Result;

/// Workspaces of their own: the optimiser, and the binaries for cargo fuzz.
const OTHERS: [&str; 2] = ["xtask/optimizer/Cargo.toml", "fuzz/Cargo.toml"];

/// Runs all checks.
pub fn test() -> Result<()> {
    let mut steps = Steps::new(build::STEPS + 4 + examples::STEPS);
    steps.next("formatting");
    ensure_tool("fmt", "rustfmt")?;
    cargo(&["fmt", "--all", "--check"])
        .check("the check of the formatting (`cargo fmt` mends it)")?;
    for other in OTHERS {
        cargo(&["fmt", "--manifest-path", other, "--check"])
            .check(&format!("the check of the formatting of {other}"))?;
    }
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
    steps.next("dependencies");
    deny::check()?;
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
