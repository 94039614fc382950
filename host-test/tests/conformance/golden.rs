//! Cases as folders: `tests/cases/<action>/<case>/`.
//!
//! | file | what |
//! | --- | --- |
//! | `input.json` | the input, handed over as it is (it need not be JSON) |
//! | `connection.json` | the connection; without it, [`call::connection`] |
//! | `exchanges.json` | a list of `{"request", "answer"}` in their order: what leaves the component, and what the network answers (see [`call`]); without it, nothing leaves |
//! | `output.json` or `error.json` | the result |
//!
//! Inputs and answers are written by hand. Requests and results are written by `BLESS=1 cargo test -p host-test --test conformance golden::every_case`:
//! read what it wrote as somebody who builds a flow would, above all the texts of errors.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::call::{self, Network, Outcome};
use crate::component;
use crate::values::to_json;
use crate::webhooks::{self, Guest};

const BLESS: &str = "BLESS=1 cargo test -p host-test --test conformance golden::every_case";

/// A case as it stands in its folder.
pub struct Case {
    pub folder: PathBuf,
    /// What the folder above is called; a case of an unknown action has one of its own.
    pub action: String,
    pub connection: String,
    pub input: String,
    exchanges: Vec<Value>,
}

impl Case {
    fn read(action: String, folder: PathBuf) -> Self {
        let text = |name: &str| fs::read_to_string(folder.join(name)).ok();
        let exchanges = text("exchanges.json").unwrap_or_else(|| "[]".to_owned());
        let exchanges = serde_json::from_str(&exchanges);
        Self {
            action,
            connection: text("connection.json").unwrap_or_else(|| call::connection().to_string()),
            input: text("input.json")
                .unwrap_or_else(|| panic!("{} has no input.json", folder.display())),
            exchanges: exchanges
                .unwrap_or_else(|error| panic!("{}/exchanges.json: {error}", folder.display())),
            folder,
        }
    }

    /// What the network answers.
    pub fn answers(&self) -> Vec<Value> {
        let answers = self.exchanges.iter();
        answers.map(|exchange| exchange["answer"].clone()).collect()
    }

    /// What left the component.
    pub fn requests(&self) -> impl Iterator<Item = &Value> {
        let exchanges = self.exchanges.iter();
        exchanges.map(|exchange| &exchange["request"])
    }

    /// Calls the component.
    fn run(&self) -> Outcome {
        let network = Network::script(&self.answers());
        call::invoke_text(&self.action, &self.connection, &self.input, network)
    }

    /// What hosts in other languages are compared with, byte by byte (`cargo xtask examples`).
    fn line(&self, outcome: &Outcome) -> Value {
        let requests: Vec<_> = outcome.requests.iter().map(to_json).collect();
        let result = match &outcome.result {
            Ok(output) => json!({"output": output}),
            Err(error) => json!({"error": error}),
        };
        let folder = self.folder.file_name().unwrap().to_str().unwrap();
        let name = format!("{}/{folder}", self.action);
        json!({"case": name, "requests": requests, "result": result})
    }

    /// The files that the case has to have beside those written by hand, and `None` for those that must not be there.
    fn results(&self, outcome: Outcome) -> Vec<(&'static str, Option<Value>)> {
        let requests: Vec<_> = outcome.requests.iter().map(call::request_to_json).collect();
        assert_eq!(
            requests.len(),
            self.exchanges.len(),
            "{}: the number of requests is not that of the answers in exchanges.json; the requests were {requests:#?}",
            self.folder.display()
        );
        let exchanges: Vec<_> = requests
            .iter()
            .zip(self.answers())
            .map(|(request, answer)| json!({"request": request, "answer": answer}))
            .collect();
        let exchanges = (!exchanges.is_empty()).then(|| Value::from(exchanges));
        let (output, error) = match outcome.result {
            Ok(output) => (Some(output), None),
            Err(error) => (None, Some(error)),
        };
        vec![
            ("exchanges.json", exchanges),
            ("output.json", output),
            ("error.json", error),
        ]
    }
}

/// All cases.
pub fn cases() -> Vec<Case> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let folders = |folder: &Path| {
        let entries = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path());
        let mut folders: Vec<_> = entries.filter(|path| path.is_dir()).collect();
        folders.sort();
        folders
    };
    let mut cases = Vec::new();
    for action in folders(&root) {
        let name = action.file_name().unwrap().to_str().unwrap().to_owned();
        let inside = folders(&action).into_iter();
        cases.extend(inside.map(|folder| Case::read(name.clone(), folder)));
    }
    assert!(
        !cases.is_empty(),
        "there are no cases in {}",
        root.display()
    );
    cases
}

#[test]
fn every_case_sends_and_returns_what_its_folder_says() {
    let bless = std::env::var_os("BLESS").is_some();
    let (mut problems, mut transcript) = (Vec::new(), Vec::new());
    for case in cases() {
        let outcome = case.run();
        transcript.push(case.line(&outcome));
        for (name, actual) in case.results(outcome) {
            let path = case.folder.join(name);
            let expected = fs::read_to_string(&path).ok();
            let expected = expected.map(|text| serde_json::from_str::<Value>(&text).unwrap());
            if expected == actual {
                continue;
            }
            match (&actual, bless) {
                (Some(actual), true) => fs::write(&path, pretty(Some(actual))).unwrap(),
                (None, true) => fs::remove_file(&path).unwrap(),
                (_, false) => problems.push(format!(
                    "{}\n{}",
                    path.strip_prefix(env!("CARGO_MANIFEST_DIR"))
                        .unwrap()
                        .display(),
                    difference(&pretty(expected.as_ref()), &pretty(actual.as_ref()))
                )),
            }
        }
    }
    for delivery in webhooks::deliveries() {
        let events = webhooks::json_events(Guest::Connector, &delivery.text);
        transcript.push(json!({"delivery": delivery.name, "events": events}));
    }
    let lines: String = transcript.iter().map(|line| format!("{line}\n")).collect();
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("transcript.jsonl");
    fs::write(path, lines).unwrap();
    assert!(
        problems.is_empty(),
        "{} files differ (- expected, + found). If what was found is right: {BLESS}\n\n{}",
        problems.len(),
        problems.join("\n")
    );
}

#[test]
fn every_action_has_cases_that_succeed_and_cases_that_fail() {
    for export in component::actions() {
        let has = |name: &str| {
            let mut cases = cases().into_iter();
            cases.any(|case| case.action == export.name && case.folder.join(name).exists())
        };
        assert!(has("output.json"), "{} has no good case", export.name);
        assert!(has("error.json"), "{} has no bad case", export.name);
    }
}

fn pretty(value: Option<&Value>) -> String {
    value.map_or_else(
        || "(no such file)\n".to_owned(),
        |value| format!("{value:#}\n"),
    )
}

/// The lines that differ, between what is equal at the beginning and at the end.
fn difference(expected: &str, found: &str) -> String {
    let (expected, found): (Vec<_>, Vec<_>) = (expected.lines().collect(), found.lines().collect());
    let equal = |pairs: &mut dyn Iterator<Item = (&&str, &&str)>| {
        pairs.take_while(|(left, right)| left == right).count()
    };
    let start = equal(&mut expected.iter().zip(&found));
    let longest_end = expected.len().min(found.len()) - start;
    let end = equal(&mut expected.iter().rev().zip(found.iter().rev())).min(longest_end);
    let lines = |sign: char, lines: &[&str]| -> String {
        let lines = &lines[start..lines.len() - end];
        lines
            .iter()
            .map(|line| format!("{sign} {line}\n"))
            .collect()
    };
    format!(
        "  after line {start}\n{}{}",
        lines('-', &expected),
        lines('+', &found)
    )
}
