//! One fault at one request of one action, and what must hold whatever it is.

use std::collections::BTreeMap;

use host_test::wit::types;
use serde_json::Value;

use super::classes::Class;
use super::kinds::{Answered, How, Kind, UNKNOWN, WAIT_S};
use super::worker::{Example, LARGEST, Run, Worker};
use graph_simulator::world::demo;

/// An action whose requests are known.
#[derive(Clone, Debug)]
pub struct Known {
    pub action: &'static str,
    /// The number of its example.
    example: usize,
    /// Each request with its class.
    steps: Vec<(String, Class)>,
    output: Value,
    messages: usize,
    /// How often each request that changes something arrives.
    writes: BTreeMap<String, usize>,
}

impl Known {
    /// Runs an example. Nothing when the simulator does not take it, or nothing is sent.
    pub async fn learn(worker: &Worker, example: usize) -> Option<Self> {
        let Example { action, input } = &worker.examples()[example];
        let run = worker.run(&worker.examples()[example], None, "").await;
        let writes = writes(&run);
        let output = run.result.ok()?;
        let steps = run.seen.steps.into_iter();
        let steps: Vec<_> = steps
            .map(|step| {
                let class = Class::of(action, input, &step);
                (step, class)
            })
            .collect();
        assert!(
            run.messages <= 1,
            "{action} sends {} messages",
            run.messages
        );
        (!steps.is_empty()).then_some(Self {
            action,
            example,
            steps,
            output,
            messages: run.messages,
            writes,
        })
    }

    pub fn steps(&self) -> &[(String, Class)] {
        &self.steps
    }

    /// What the table calls a request: its number when the action makes the same more than once.
    fn step_name(&self, step: usize) -> String {
        let same = |(name, _): &&(String, Class)| *name == self.steps[step].0;
        let name = &self.steps[step].0;
        match self.steps.iter().filter(same).count() {
            1 => name.clone(),
            _ => format!(
                "{name} ({})",
                1 + self.steps[..step].iter().filter(same).count()
            ),
        }
    }
}

/// Leaves one of the examples that make the same requests.
pub fn distinct(known: &mut Vec<Known>) {
    known.sort_by_key(|known| known.example);
    let mut seen: Vec<(&'static str, Vec<(String, Class)>)> = Vec::new();
    known.retain(|known| {
        let this = (known.action, known.steps.clone());
        let new = !seen.contains(&this);
        seen.push(this);
        new
    });
}

/// What came of one fault at one request.
#[derive(Debug)]
pub struct Cell {
    pub action: &'static str,
    pub step: String,
    pub class: Class,
    pub kind: &'static Kind,
    /// `ok` or the case of the error.
    pub case: &'static str,
    /// Whether the output is the same as without the fault.
    pub same: bool,
    /// Whether the action sends a message when nothing goes wrong.
    pub sends: bool,
    /// Messages that Meta accepted.
    pub messages: usize,
    place: (usize, usize, usize),
}

impl Cell {
    pub async fn of(
        worker: &Worker,
        known: &Known,
        step: usize,
        kind: &'static Kind,
        elsewhere: &str,
    ) -> Self {
        let example = &worker.examples()[known.example];
        let run = worker.run(example, Some((step, kind)), elsewhere).await;
        let (name, class) = (known.step_name(step), known.steps[step].1);
        let place = format!("{} {}, {name}, {}", known.action, example.input, kind.name);
        check(known, &run, step, kind, &place);
        Self {
            action: known.action,
            step: name,
            class,
            kind,
            case: run.case(),
            same: run.result.as_ref() == Ok(&known.output),
            sends: known.messages > 0,
            messages: run.messages,
            place: (known.example, step, kind.number()),
        }
    }

    pub fn order(&self) -> (usize, usize, usize) {
        self.place
    }
}

/// What must hold of every run, whatever the fault and whatever the action makes of it.
fn check(known: &Known, run: &Run, step: usize, kind: &Kind, place: &str) {
    let class = known.steps[step].1;
    // Nothing is repeated on the quiet: of what changes something, nothing arrives more often than without the fault.
    for (write, times) in writes(run) {
        let usual = known.writes.get(&write).copied().unwrap_or_default();
        assert!(times <= usual, "{place}: {write} arrived {times} times");
    }
    assert!(run.messages <= known.messages, "{place}: {run:?}");
    match &run.result {
        // A success is one.
        Ok(_) => assert_eq!(run.messages, known.messages, "{place}: {run:?}"),
        Err(error) => {
            let text = format!("{error:?}");
            for secret in [demo::ACCESS_TOKEN, demo::APP_SECRET, demo::BUSINESS_TOKEN] {
                assert!(!text.contains(secret), "{place}: {text}");
            }
            let Some(types::Fault {
                message,
                advice,
                retry_after_ms,
                ..
            }) = error.fault()
            else {
                panic!("{place}: {error:?}")
            };
            assert!(!message.is_empty() && !advice.is_empty(), "{place}: {text}");
            // Who is told that nothing was sent may send again.
            let done = kind.handled && class == Class::Once;
            if done || run.messages > 0 {
                assert_eq!(error.case(), UNKNOWN, "{place}: {run:?}");
            }
            if error.case() == "rate-limited" {
                assert_eq!(*retry_after_ms, Some(WAIT_S * 1000), "{place}: {text}");
            }
        }
    }
    if matches!(kind.how, How::Answered(Answered::Huge)) {
        let most = LARGEST + 2 * 64 * 1024;
        assert!(
            (1..=most).contains(&run.seen.taken),
            "{place}: {} bytes were taken",
            run.seen.taken
        );
    }
}

/// How often each request that changes something arrived, bodies included.
fn writes(run: &Run) -> BTreeMap<String, usize> {
    let mut writes = BTreeMap::new();
    for request in run.arrived.iter().filter(|request| request.method != "GET") {
        let write = format!(
            "{} {} {:?} {}",
            request.method, request.path, request.query, request.json
        );
        *writes.entry(write).or_default() += 1;
    }
    writes
}
