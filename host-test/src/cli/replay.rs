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
use super::text::{count, quoted};

/// What a line is.
const EXPECTED: &str = "a recorded delivery, {\"received_at\": …, \"signature\": …, \"body\": …}";
/// After so many lines that are none, a file is no log; in a log, so many are named.
const ODD_NAMED: usize = 3;
/// Characters of a line that are shown.
const FOUND_SHOWN: usize = 60;

/// Arguments of `replay`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// File that `serve --record` wrote.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Store to put the events into (SQLite). Without it they are only counted. It may be that of a `serve` that runs: its
    /// streams and its triggers get what is new.
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

/// Lines that are no recorded delivery. Some are in a log whose program was killed; in another file there is nothing else.
#[derive(Debug, Default)]
struct Odd {
    lines: usize,
    /// The first of them, until there is a delivery: what is wrong is said once.
    first: Option<String>,
    /// What is said of the next ones.
    held_back: Vec<String>,
    is_a_log: bool,
}

impl Odd {
    /// Refuses a file that begins with some such lines.
    fn add(
        &mut self,
        name: &str,
        number: usize,
        line: &[u8],
        error: &serde_json::Error,
    ) -> Result<(), Problem> {
        self.lines += 1;
        // The place that serde_json names is one in the line.
        let why = error
            .to_string()
            .replace(" at line 1 column ", " at column ");
        let found = quoted(&String::from_utf8_lossy(line), FOUND_SHOWN);
        let said = format!("{name}, line {number}: expected {EXPECTED}, but found {found} ({why})");
        self.first.get_or_insert_with(|| said.clone());
        match (self.is_a_log, self.lines) {
            (true, ..=ODD_NAMED) => tracing::warn!("{said}"),
            (true, _) => {}
            (false, ..ODD_NAMED) => self.held_back.push(said),
            (false, _) => return Err(self.no_log(name)),
        }
        Ok(())
    }

    /// There is a delivery.
    fn is_a_log(&mut self) {
        self.is_a_log = true;
        for said in self.held_back.drain(..) {
            tracing::warn!("{said}");
        }
    }

    /// How many there were, if there was anything else.
    fn end(&self, name: &str) -> Result<usize, Problem> {
        match self.is_a_log || self.lines == 0 {
            true => Ok(self.lines),
            false => Err(self.no_log(name)),
        }
    }

    fn no_log(&self, name: &str) -> Problem {
        let first = self.first.clone();
        Problem::usage(
            first.unwrap_or_else(|| name.to_owned()),
            "Give a file that `host-test serve --record FILE` wrote. Nothing was replayed.",
        )
    }
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
        true => Verification::clone(&config.credentials.webhook_verification()),
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
    let mut odd = Odd::default();
    for (index, line) in BufReader::new(file).split(b'\n').enumerate() {
        let line = line.map_err(unreadable)?;
        if line.is_empty() {
            continue;
        }
        let recorded: Recorded = match serde_json::from_slice(&line) {
            Ok(recorded) => recorded,
            Err(error) => {
                odd.add(&name, index + 1, &line, &error)?;
                continue;
            }
        };
        odd.is_a_log();
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
    counts.unreadable = odd.end(&name)?;
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
            "The warnings name the first lines. A line that breaks off was not answered when it was recorded, so Meta repeated it.",
        ))
    }
}

fn plural(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}
