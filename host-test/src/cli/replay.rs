//! `replay`: recorded deliveries, received again.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;

use clap::Args;
use host_test::inbox::{Inbox, Recorded};
use host_test::wit::webhooks::{Signature, Verification};
use serde::Serialize;
use serde_json::json;

use super::options::Options;
use super::out::Out;
use super::problem::Problem;
use super::serve;
use super::text::count;

/// Arguments of `replay`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// File that `serve --record` wrote.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Store to put the events into (SQLite). Without it they are only counted.
    #[arg(long, value_name = "FILE")]
    store: Option<PathBuf>,
    /// Check the signatures again, with WHATSAPP_APP_SECRET. They were checked before the deliveries were recorded.
    #[arg(long)]
    check_signatures: bool,
}

/// What came out of it.
#[derive(Debug, Default, Serialize)]
struct Counts {
    deliveries: usize,
    events: usize,
    new: usize,
    known: usize,
    starts: usize,
    /// Deliveries whose signature is wrong.
    refused: usize,
    /// Lines that are no recorded delivery.
    unreadable: usize,
}

/// Receives every delivery of the file.
pub async fn run(arguments: Arguments, options: &Options, out: Out) -> Result<(), Problem> {
    let config = options.settings()?;
    let verification = match arguments.check_signatures {
        false => Verification {
            verify_token: String::new(),
            signature: Signature::VerifiedByHost,
        },
        true if config.credentials.current_app_secret().is_none() => {
            return Err(Problem::usage(
                "signatures cannot be checked without WHATSAPP_APP_SECRET",
                "Set it in the environment or in the file of --config, or leave --check-signatures out.",
            ));
        }
        true => config.credentials.webhook_verification(),
    };
    let name = arguments.file.display().to_string();
    let unreadable = |error: std::io::Error| {
        Problem::usage(
            format!("cannot read {name}: {error}"),
            "Give the path of a file that `host-test serve --record FILE` wrote.",
        )
    };
    let file = File::open(&arguments.file).map_err(unreadable)?;
    let host = options.host(&config)?;
    let inbox = Inbox::new(host, serve::open(arguments.store.as_deref())?);
    let mut counts = Counts::default();
    for (index, line) in BufReader::new(file).split(b'\n').enumerate() {
        let line = line.map_err(unreadable)?;
        if line.is_empty() {
            continue;
        }
        let recorded: Recorded = match serde_json::from_slice(&line) {
            Ok(recorded) => recorded,
            Err(error) => {
                tracing::warn!(
                    "{name}, line {}: expected a recorded delivery, but {error}",
                    index + 1
                );
                counts.unreadable += 1;
                continue;
            }
        };
        let received_at = recorded.received_at;
        let received = inbox
            .receive(recorded.into_request(), &verification, received_at)
            .await
            .map_err(|error| {
                Problem::failed(
                    format!("{name}, line {}: {error}", index + 1),
                    "The deliveries before it are in the store. Mend that, then start it again: what is known counts once.",
                )
            })?;
        let Some(kept) = received.kept else {
            let problem = received.problem.unwrap_or_default();
            tracing::warn!("{name}, line {}: {problem}", index + 1);
            counts.refused += 1;
            continue;
        };
        counts.deliveries += 1;
        counts.events += kept.events;
        counts.new += kept.new;
        counts.known += kept.events - kept.new;
        counts.starts += kept.starts;
    }
    counts.tell(out)?;
    counts.verdict(&name)
}

impl Counts {
    fn tell(&self, out: Out) -> Result<(), Problem> {
        if out.is_json() {
            return out.json_line(&json!(self));
        }
        let starts = match self.starts {
            0 => String::new(),
            starts => format!("; {} of triggers", count(starts, "start")),
        };
        out.line(format!(
            "{}, {}: {} new, {} known{starts}",
            plural(self.deliveries, "delivery", "deliveries"),
            count(self.events, "event"),
            self.new,
            self.known
        ))
    }

    fn verdict(&self, name: &str) -> Result<(), Problem> {
        if self.unreadable == 0 && self.refused == 0 {
            return Ok(());
        }
        Err(Problem::failed(
            format!(
                "{name}: {} could not be read, {} had a wrong signature; the others were replayed",
                count(self.unreadable, "line"),
                plural(self.refused, "delivery", "deliveries")
            ),
            "The warnings name the lines. A line that breaks off was not answered when it was recorded, so Meta repeated it.",
        ))
    }
}

fn plural(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}
