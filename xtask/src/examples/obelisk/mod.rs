//! The connector under Obelisk: `examples/obelisk/`, run against the simulator of Meta's API.

mod broadcast;
mod cases;
mod cluster;
mod contacts;
mod engine;
mod files;
mod large;
mod script;
mod service;
mod small;
mod stopping;

use super::{Extent, Outcome};
use anyhow::{Result, bail};
use clap::ValueEnum;

/// What to run of it.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Run {
    /// Get Obelisk with cargo, below `target/examples` (20 minutes on two cores).
    Install,
    /// A broadcast to 20 contacts, with webhooks.
    Small,
    /// The cases that every host has to pass, over real HTTP.
    Cases,
    /// A broadcast to 10,000 contacts on PostgreSQL; a server is killed in the middle.
    Large,
    /// What stopping a server does with messages on their way.
    Stopping,
}

/// Runs a part of it.
pub fn run(what: Run) -> Result<()> {
    if what != Run::Install && files::find().is_none() {
        bail!("Obelisk is not there: `cargo xtask obelisk install` gets it");
    }
    match what {
        Run::Install => files::install(),
        Run::Small => small::small(),
        Run::Cases => cases::cases(),
        Run::Large => large::large(),
        Run::Stopping => stopping::stopping(),
    }
}

/// What is run with the other examples.
pub fn example(extent: Extent) -> Result<Outcome> {
    if files::find().is_none() {
        if extent == Extent::Found {
            return Ok(Outcome::Skipped(
                "Obelisk is not installed; `cargo xtask examples` gets it and runs everything"
                    .to_owned(),
            ));
        }
        files::install()?;
    }
    small::small()?;
    cases::cases()?;
    Ok(Outcome::Passed)
}
