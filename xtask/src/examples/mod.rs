//! The examples: hosts that others would write, run against the simulator and by the cases that every host has to pass.

mod http;
mod node;
pub mod obelisk;
mod python;
mod simulator;
mod transcript;
mod way;

use crate::run::{Steps, cargo, target};
use anyhow::{Context, Result, ensure};
use simulator::Simulator;
use std::net::TcpListener;
use way::Way;

/// An example.
struct Example {
    name: &'static str,
    /// Runs it; when something is missing for it, says what.
    run: fn(Extent) -> Result<Outcome>,
}

/// What became of an example.
pub enum Outcome {
    Passed,
    /// And why.
    Skipped(String),
}

/// How much is run.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// What the tools that are there can do; the rest is skipped.
    Found,
    /// Everything, in every version of the language that matters; what is missing is installed or an error.
    All,
}

const EXAMPLES: [Example; 3] = [
    Example {
        name: "Node",
        run: |extent| language(extent, node::prepare),
    },
    Example {
        name: "Python",
        run: |extent| language(extent, python::prepare),
    },
    Example {
        name: "Obelisk",
        run: obelisk::example,
    },
];

/// The announcements of [`run`].
pub const STEPS: usize = EXAMPLES.len();

/// Compiles the simulator, and runs the cases in Rust, with which the other hosts are compared.
pub fn compile(steps: &mut Steps) -> Result<()> {
    steps.next(
        "compiling the simulator and running the cases in Rust (the first time takes some minutes)",
    );
    // The features of the whole workspace, so that `cargo xtask test` compiles none of it again.
    let test = "every_case_sends_and_returns_what_its_folder_says";
    cargo(&["test", "--workspace", "--test", "conformance", test]).check("the cases in Rust")
}

/// Runs the examples. What they are compared with was compiled and written before.
pub fn run(steps: &mut Steps, extent: Extent) -> Result<()> {
    for example in &EXAMPLES {
        steps.next(&format!("the example in {}", example.name));
        let outcome = (example.run)(extent);
        match outcome.with_context(|| format!("the example in {}", example.name))? {
            Outcome::Passed => {}
            Outcome::Skipped(why) => eprintln!("    skipped: {why}"),
        }
    }
    Ok(())
}

/// Runs the example in a language. `prepare` gets its libraries and builds it; its error says what is missing.
fn language(extent: Extent, prepare: fn(Extent) -> Result<Vec<Way>>) -> Result<Outcome> {
    match (prepare(extent), extent) {
        (Ok(ways), _) => {
            for way in ways {
                check(&way)?;
            }
            Ok(Outcome::Passed)
        }
        (Err(missing), Extent::Found) => Ok(Outcome::Skipped(format!("{missing:#}"))),
        (Err(missing), Extent::All) => Err(missing),
    }
}

/// Runs an example as a user would, well and badly, and then the cases.
fn check(way: &Way) -> Result<()> {
    let simulator = Simulator::start()?;
    simulator.customer_writes("hello")?;
    let body = format!("Hello from {}", way.name);
    let customer = format!("+{}", simulator.customer);

    let good = way.main(&simulator, &[&customer, &body]).run()?;
    ensure!(good.success, "it failed:\n{good}");
    let id = good
        .stdout
        .lines()
        .find_map(|line| line.strip_prefix("accepted as "));
    let id = id.with_context(|| format!("it printed no id of a message:\n{good}"))?;
    let sent = simulator.text_of(id)?;
    ensure!(sent == body, "the simulator got {sent:?}, not {body:?}");
    ensure!(
        good.stdout.contains("\"phone_numbers\""),
        "it listed no numbers:\n{good}"
    );

    let refused = way.main(&simulator, &["12", &body]).run()?;
    ensure!(
        !refused.success
            && refused
                .stderr
                .contains("permanent-invalid-input: to: expected a phone number"),
        "a wrong recipient is not told:\n{refused}"
    );
    let program = way.main(&simulator, &[&customer, &body]);
    let refused = program
        .env("WHATSAPP_ACCESS_TOKEN", "EAAWrongTokenOfThisTest")
        .run()?;
    ensure!(
        !refused.success && refused.stderr.contains("permanent-unauthorized: "),
        "a wrong token is not told:\n{refused}"
    );
    let program = way.main(&simulator, &[&customer, &body]);
    let refused = program.env("WHATSAPP_BASE_URL", &nobody()?).run()?;
    ensure!(
        !refused.success && refused.stderr.contains("unavailable: No connection"),
        "that nothing was sent is not told:\n{refused}"
    );
    let accepted = simulator.accepted()?.len();
    ensure!(
        accepted == 1,
        "the simulator accepted {accepted} messages, not one"
    );

    let written = target().join(format!(
        "tmp/transcript-{}.jsonl",
        way.name.replace(' ', "-")
    ));
    let ran = way.conformance(&written).run()?;
    ensure!(ran.success, "the cases failed:\n{ran}");
    let cases = transcript::compare(&transcript::of_rust(), &written)?;
    eprintln!(
        "    {}: a conversation with the simulator; {cases} cases: requests as in Rust, byte by byte, and the same outputs, errors and events",
        way.version
    );
    Ok(())
}

/// An address at which nobody listens (any more).
fn nobody() -> Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    Ok(format!("http://{}", listener.local_addr()?))
}
