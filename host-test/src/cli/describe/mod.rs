//! `describe`: the actions, or one of them.

mod action;
mod fields;

use clap::Args;
use host_test::Config;

use super::manifest::{self, Manifest};
use super::options::Options;
use super::out::Out;
use super::problem::Problem;
use super::style::{DIM, HEAD, NAME};
use super::{dump, program};

/// Arguments of `describe`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The action to explain; without it all are listed.
    action: Option<String>,
}

/// Lists or explains.
pub async fn run(arguments: Arguments, options: &Options, out: Out) -> Result<(), Problem> {
    // No secret and no setting is needed to read the manifest, so a wrong one does not stand in the way.
    let host = options.host(&Config::default())?;
    let (manifest, text) = manifest::of(&host).await?;
    let action = match &arguments.action {
        Some(name) => Some(manifest.action(name)?),
        None => None,
    };
    if out.is_json() {
        let text = match action {
            Some(action) => manifest::entry(&text, &action.name)?,
            None => text,
        };
        return out.line(if out.is_terminal() {
            dump::pretty(&text)?
        } else {
            text
        });
    }
    match action {
        Some(action) => action::explain(action, out),
        None => list(&manifest, out),
    }
}

fn list(manifest: &Manifest, out: Out) -> Result<(), Problem> {
    let Manifest {
        version,
        contract,
        actions,
    } = manifest;
    let width = |of: fn(&manifest::Action) -> &str| {
        let widths = actions.iter().map(|action| of(action).chars().count());
        widths.max().unwrap_or_default()
    };
    let (names, titles) = (width(|action| &action.name), width(|action| &action.title));
    out.line(format!(
        "{HEAD}The WhatsApp connector {version}{HEAD:#} {DIM}({contract}){DIM:#}"
    ))?;
    let mut group = None;
    for action in actions {
        if group != Some(&action.group) {
            out.line(format!("\n{HEAD}{}{HEAD:#}", action.group))?;
            group = Some(&action.group);
        }
        let (name, title) = (&action.name, &action.title);
        out.line(format!(
            "  {NAME}{name:names$}{NAME:#}  {title:titles$}  {DIM}{}{DIM:#}",
            access(action)
        ))?;
    }
    let program = program::name();
    out.line(format!(
        "\nExplain one:  {program} describe {}",
        actions.first().map_or("ACTION", |action| &action.name)
    ))
}

/// Whether it changes something, and whether doing it twice is the same as doing it once.
fn access(action: &manifest::Action) -> &'static str {
    match (action.access.as_str(), action.idempotent) {
        ("read", _) => "reads",
        (_, true) => "writes, safe to repeat",
        (_, false) => "acts each time",
    }
}
