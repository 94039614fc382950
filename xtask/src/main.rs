//! `cargo xtask`: builds, demonstrates and tests the connector on a machine that has Rust and a C++ compiler.

#![forbid(unsafe_code)]

mod bench;
mod build;
mod component;
mod compose;
mod contract;
mod deny;
mod examples;
mod metadata;
mod run;
mod shrink;
mod test;

use anyhow::Result;
use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// Builds, demonstrates and tests the WhatsApp connector.
#[derive(Parser)]
#[command(bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Build dist/whatsapp-connector.wasm.
    Build,
    /// Build, then run a whole customer conversation; against a simulator of Meta's API unless told otherwise.
    Demo {
        /// Options of `host-test demo`; `cargo host-test demo --help` lists them.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        options: Vec<String>,
    },
    /// Run the connector under Obelisk: what its README and docs/scaling.md tell of.
    Obelisk {
        /// What to run.
        #[arg(value_enum)]
        what: examples::obelisk::Run,
    },
    /// Build, then publish the components and the contract as OCI artifacts.
    Publish {
        /// REGISTRY/NAME[:VERSION] and options; `cargo xtask publish --help` lists them.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true, required = true)]
        arguments: Vec<String>,
    },
    /// Build, then send and receive for a long time with everything that goes wrong, and look for loss, doubles and growth (docs/soak.md). Linux only.
    Soak {
        /// How long.
        #[arg(long, default_value_t = 30)]
        minutes: u64,
    },
    /// Check everything: formatting, lints, unit tests, component and conformance tests, and the examples whose tools are there.
    Test,
    /// Measure how long things take, and write the tables of docs/performance.md. Wants a machine that does nothing else.
    Bench,
    /// Run the examples in other languages and engines, and install what they need below `target/examples`.
    Examples,
}

fn main() -> ExitCode {
    match execute(Arguments::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("\nerror: {problem:#}");
            ExitCode::FAILURE
        }
    }
}

fn execute(command: Command) -> Result<()> {
    match command {
        Command::Bench => {
            let mut steps = run::Steps::new(build::STEPS + bench::STEPS);
            build::build(&mut steps)?;
            bench::bench(&mut steps)
        }
        Command::Build => build::build(&mut run::Steps::new(build::STEPS)),
        Command::Demo { options } => {
            let mut steps = run::Steps::new(build::STEPS + 1);
            build::build(&mut steps)?;
            steps.next(
                "compiling the host and starting the demo (the first time takes some minutes)",
            );
            run::cargo(&["run", "--package", "host-test", "--", "demo"])
                .args(options)
                .check("the demo")
        }
        Command::Obelisk { what } => {
            let mut steps = run::Steps::new(build::STEPS + 2);
            build::build(&mut steps)?;
            examples::compile(&mut steps)?;
            steps.next("Obelisk");
            examples::obelisk::run(what)
        }
        Command::Soak { minutes } => {
            let mut steps = run::Steps::new(build::STEPS + 1);
            build::build(&mut steps)?;
            steps.next("the soak (the first time compiles the host: some minutes)");
            run::cargo(&["test", "--workspace", "--test", "soak", "--", "--nocapture"])
                .env("SOAK_SECONDS", (minutes * 60).to_string())
                .check("the soak")
        }
        Command::Publish { arguments } => publish(&arguments),
        Command::Test => test::test(),
        Command::Examples => {
            let mut steps = run::Steps::new(build::STEPS + 1 + examples::STEPS);
            build::build(&mut steps)?;
            examples::compile(&mut steps)?;
            examples::run(&mut steps, examples::Extent::All)
        }
    }
}

/// A program of its own, so that nothing else has to compile what speaks to registries.
fn publish(arguments: &[String]) -> Result<()> {
    let is_question = |argument: &String| ["--help", "-h"].contains(&argument.as_str());
    if !arguments.iter().any(is_question) {
        let mut steps = run::Steps::new(build::STEPS + 1);
        build::build(&mut steps)?;
        steps.next("publishing (the first time compiles what speaks to registries: a minute)");
    }
    run::cargo(&["run", "--quiet", "--package", "publish", "--"])
        .args(arguments)
        .check("publishing")
}
