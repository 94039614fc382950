//! The golden cases of `host-test/tests/cases/`, as executions of `plugin.invoke`, compared with what they are in Rust.
//!
//! Those that a host of `wasi:http` can play: no files, no token that the host keeps, no failures of the network, Meta's usual address.

use super::{
    engine::{Database, Engine},
    files,
    script::{Asked, Script},
};
use crate::{
    examples::transcript::{self, same_numbers},
    run::root,
};
use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use std::{fs, path::PathBuf};

const META: &str = "https://graph.facebook.com";
/// What its folder does not say of a case's connection.
const PHONE_NUMBER_ID: &str = "106540352242922";
const BUSINESS_ACCOUNT_ID: &str = "102290129340398";
const TOKEN: &str = "token-of-the-cases";

/// A case.
struct Case {
    /// `action/folder`.
    name: String,
    connection: Value,
    input: String,
    /// What the requests are answered.
    answers: Vec<Value>,
    /// What it did in Rust.
    requests: Vec<Value>,
    result: Value,
}

/// Runs them.
pub fn cases() -> Result<()> {
    files::build()?;
    let folder = files::fresh("cases")?;
    let script = Script::start()?;
    let environment = [
        ("WHATSAPP_BASE_URL", script.server.url()),
        ("WHATSAPP_ACCESS_TOKEN", TOKEN.to_owned()),
        // No case has webhooks, but the deployment wants them.
        ("WHATSAPP_APP_SECRET", "unused".to_owned()),
        ("WHATSAPP_VERIFY_TOKEN", "unused".to_owned()),
    ];
    let environment = environment.map(|(name, value)| (name.to_owned(), value));
    let environment = environment.into();
    let engine = Engine::start(&folder, "obelisk", &Database::Sqlite, &environment, true)?;
    let lines = transcript::read(&transcript::of_rust())?;
    let lines = lines.into_iter().filter(|line| line["case"].is_string());
    let all: Vec<Case> = lines.map(Case::read).collect::<Result<_>>()?;
    let mut running = Vec::new();
    for (number, case) in all.iter().filter(|case| case.can_be_played()).enumerate() {
        let name = format!("case-{number}");
        let mut connection = case.connection.clone();
        connection["base_url"] = script.prepare(&name, case.answers.clone()).into();
        let (action, _) = case.name.split_once('/').context("a case without action")?;
        let parameters = json!([action, connection.to_string(), case.input]);
        let execution = engine.submit("whatsapp:connector/plugin@0.1.0.invoke", &parameters)?;
        running.push((case, name, execution));
    }
    let played = running.len();
    let mut problems = Vec::new();
    for (case, name, execution) in running {
        let result = engine.result(&execution)?;
        if let Err(problem) = case.compare(&result, &script.asked(&name)) {
            problems.push(format!("{}: {problem:#}", case.name));
        }
    }
    ensure!(
        problems.is_empty(),
        "{} cases differ:\n{}",
        problems.len(),
        problems.join("\n")
    );
    eprintln!(
        "    {played} of {} cases: requests as in Rust, bodies byte by byte, and the same outputs and errors",
        all.len()
    );
    Ok(())
}

impl Case {
    /// The case of a line of the transcript: what it did in Rust stands there, the rest in its folder.
    fn read(mut line: Value) -> Result<Self> {
        let name = line["case"].as_str().context("a line without case")?;
        let folder = root().join("host-test/tests/cases").join(name);
        let exchanges = file(&folder.join("exchanges.json"), json!([]))?;
        let answers = exchanges.as_array().into_iter().flatten();
        let usual =
            json!({"phone_number_id": PHONE_NUMBER_ID, "business_account_id": BUSINESS_ACCOUNT_ID});
        Ok(Self {
            name: name.to_owned(),
            connection: file(&folder.join("connection.json"), usual)?,
            input: fs::read_to_string(folder.join("input.json"))?,
            answers: answers.map(|one| one["answer"].clone()).collect(),
            requests: line["requests"].as_array().cloned().unwrap_or_default(),
            result: line["result"].take(),
        })
    }

    fn can_be_played(&self) -> bool {
        let usual_address = self
            .connection
            .as_object()
            .is_some_and(|connection| !connection.contains_key("base_url"));
        let usual_request = |request: &Value| {
            let mut credentials = request["credentials"].as_array().into_iter().flatten();
            let url = request["url"].as_str().unwrap_or_default();
            let body = &request["body"];
            request["sink"] == "memory"
                && url.starts_with(META)
                && (body == "empty" || body.get("json").is_some())
                && credentials.all(|one| one["secret"] == "access_token")
        };
        let answered = |answer: &Value| answer.get("status").is_some();
        usual_address
            && self.requests.iter().all(usual_request)
            && self.answers.iter().all(answered)
    }

    fn compare(&self, found: &Value, asked: &[Asked]) -> Result<()> {
        let in_rust = &self.result;
        let same = match in_rust.get("error") {
            None => found["ok"]
                .as_str()
                .and_then(|text| serde_json::from_str(text).ok())
                .is_some_and(|output| same_numbers(output) == in_rust["output"]),
            Some(error) => {
                let case = error["case"].as_str().unwrap_or_default();
                let found = found.get("error").or_else(|| found.get("err"));
                let fault = found.and_then(|found| found.get(case.replace('-', "_")));
                fault == Some(&error["fault"])
            }
        };
        ensure!(same, "expected {in_rust}, found {found}");
        ensure!(
            asked.len() == self.requests.len(),
            "expected {} requests, found {}",
            self.requests.len(),
            asked.len()
        );
        let mut pairs = self.requests.iter().zip(asked);
        pairs.try_for_each(|(expected, asked)| compare(expected, asked))
    }
}

/// Compares a request; the token may stand in the header or in the query.
fn compare(expected: &Value, asked: &Asked) -> Result<()> {
    ensure!(
        asked.method == expected["method"],
        "expected {}, found {}",
        expected["method"],
        asked.method
    );
    let url = expected["url"].as_str().unwrap_or_default();
    let mut target = url.trim_start_matches(META).to_owned();
    for credential in expected["credentials"].as_array().into_iter().flatten() {
        if let Some(name) = credential["placement"]["query"].as_str() {
            let sign = if target.contains('?') { '&' } else { '?' };
            target.push_str(&format!("{sign}{name}={TOKEN}"));
        } else {
            let found = asked.header("authorization");
            ensure!(
                found == Some(&format!("Bearer {TOKEN}")),
                "the token is not in the header"
            );
        }
    }
    ensure!(
        asked.target == target,
        "expected {target}, found {}",
        asked.target
    );
    let body = expected["body"]["json"].as_str().unwrap_or_default();
    ensure!(
        asked.body == body,
        "expected the body {body}, found {}",
        asked.body
    );
    for header in expected["headers"].as_array().into_iter().flatten() {
        let name = header["name"].as_str().unwrap_or_default().to_lowercase();
        let found = asked.header(&name);
        ensure!(
            found == header["value"].as_str(),
            "the header {name} is {found:?}"
        );
    }
    Ok(())
}

/// A file of a case, JSON. Null for what some cases have instead, to see it refused.
fn file(path: &PathBuf, missing: Value) -> Result<Value> {
    if !path.exists() {
        return Ok(missing);
    }
    let text =
        fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    Ok(serde_json::from_str(&text).unwrap_or_default())
}
