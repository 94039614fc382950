//! `describe`: the actions and triggers, or one of them.

mod action;
mod fields;
mod trigger;

use clap::Args;
use host_test::Config;

use super::manifest::{self, Entry, Manifest};
use super::options::Options;
use super::out::Out;
use super::problem::Problem;
use super::style::{DIM, HEAD, NAME};
use super::{dump, program};

/// Arguments of `describe`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The action or trigger to explain; without it all are listed.
    name: Option<String>,
}

/// Lists or explains.
pub async fn run(arguments: Arguments, options: &Options, out: Out) -> Result<(), Problem> {
    // No secret and no setting is needed to read the manifest, so a wrong one does not stand in the way.
    let host = options.host(&Config::default())?;
    let (manifest, text) = manifest::of(&host).await?;
    let entry = match &arguments.name {
        Some(name) => Some((name, manifest.entry(name)?)),
        None => None,
    };
    if out.is_json() {
        let text = match entry {
            Some((name, _)) => manifest::entry(&text, name)?,
            None => text,
        };
        return out.line(if out.is_terminal() {
            dump::pretty(&text)?
        } else {
            text
        });
    }
    match entry {
        Some((_, Entry::Action(action))) => action::explain(action, out),
        Some((_, Entry::Trigger(trigger))) => trigger::explain(trigger, out),
        None => list(&manifest, out),
    }
}

fn list(manifest: &Manifest, out: Out) -> Result<(), Problem> {
    let Manifest {
        version,
        contract,
        actions,
        triggers,
    } = manifest;
    out.line(format!(
        "{HEAD}The WhatsApp connector {version}{HEAD:#} {DIM}({contract}){DIM:#}"
    ))?;
    let actions = actions.iter().map(|action| Line {
        group: &action.group,
        name: &action.name,
        title: &action.title,
        note: access(action),
    });
    lines(&actions.collect::<Vec<_>>(), out)?;
    out.line(format!("\n{HEAD}What starts a flow{HEAD:#}"))?;
    let triggers = triggers.iter().map(|trigger| Line {
        group: &trigger.group,
        name: &trigger.name,
        title: &trigger.title,
        note: "trigger",
    });
    lines(&triggers.collect::<Vec<_>>(), out)?;
    let program = program::name();
    out.line(format!(
        "\nExplain one:  {program} describe send-text   {program} describe new-message"
    ))
}

/// A line of the list.
struct Line<'a> {
    group: &'a str,
    name: &'a str,
    title: &'a str,
    note: &'a str,
}

/// The lines, in columns, below their groups.
fn lines(lines: &[Line<'_>], out: Out) -> Result<(), Problem> {
    let width = |of: fn(&Line) -> usize| lines.iter().map(of).max().unwrap_or_default();
    let names = width(|line| line.name.chars().count());
    let titles = width(|line| line.title.chars().count());
    let mut before = None;
    for Line {
        group,
        name,
        title,
        note,
    } in lines
    {
        if before != Some(group) {
            out.line(format!("\n{HEAD}{group}{HEAD:#}"))?;
            before = Some(group);
        }
        out.line(format!(
            "  {NAME}{name:names$}{NAME:#}  {title:titles$}  {DIM}{note}{DIM:#}"
        ))?;
    }
    Ok(())
}

/// Whether it changes something, and whether doing it twice is the same as doing it once.
fn access(action: &manifest::Action) -> &'static str {
    match (action.access.as_str(), action.idempotent) {
        ("read", _) => "reads",
        (_, true) => "writes, safe to repeat",
        (_, false) => "acts each time",
    }
}
