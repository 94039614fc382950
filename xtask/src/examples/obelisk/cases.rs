//! The golden cases of `host-test/tests/cases/`, as executions of `plugin.invoke`.
//!
//! Those that a host of `wasi:http` can play: no files, no token that the host keeps, no failures of the network, Meta's usual address.

use super::{
    engine::{Database, Engine},
    files,
    script::{Asked, Script},
};
use crate::run::root;
use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use std::{
    fs,
    path::{Path, PathBuf},
};

const META: &str = "https://graph.facebook.com";
const TOKEN: &str = "token-of-the-cases";

/// A case.
struct Case {
    folder: PathBuf,
    action: String,
    connection: Value,
    input: String,
    exchanges: Vec<Value>,
}

/// Runs them.
pub fn cases() -> Result<()> {
    files::build()?;
    let folder = files::fresh("cases")?;
    let script = Script::start()?;
    let engine = Engine::start_at(
        &folder,
        "obelisk",
        &Database::Sqlite,
        &script.server.url(),
        TOKEN,
        true,
    )?;
    let (all, cases) = read()?;
    let mut running = Vec::new();
    for (number, case) in cases.iter().enumerate() {
        let name = format!("case-{number}");
        let answers = case
            .exchanges
            .iter()
            .map(|exchange| exchange["answer"].clone());
        let mut connection = case.connection.clone();
        connection["base_url"] = script.prepare(&name, answers.collect()).into();
        let parameters = json!([case.action, connection.to_string(), case.input]);
        let execution = engine.submit("whatsapp:connector/plugin@0.1.0.invoke", &parameters)?;
        running.push((case, name, execution));
    }
    let mut problems = Vec::new();
    for (case, name, execution) in running {
        let result = engine.result(&execution)?;
        if let Err(problem) = compare(case, &result, &script.asked(&name)) {
            problems.push(format!("{}: {problem:#}", case.folder.display()));
        }
    }
    ensure!(
        problems.is_empty(),
        "{} cases differ:\n{}",
        problems.len(),
        problems.join("\n")
    );
    eprintln!(
        "    {} of {all} cases: the same requests, outputs and errors",
        cases.len()
    );
    Ok(())
}

/// How many there are, and those that can be played.
fn read() -> Result<(usize, Vec<Case>)> {
    let mut all = 0;
    let mut cases = Vec::new();
    for action in folders(&root().join("host-test/tests/cases"))? {
        for folder in folders(&action)? {
            all += 1;
            let json = |file: &str, missing: Value| -> Result<Value> {
                match fs::read_to_string(folder.join(file)) {
                    Ok(text) => Ok(serde_json::from_str(&text).unwrap_or(Value::Null)),
                    Err(_) => Ok(missing),
                }
            };
            let usual = json!({"phone_number_id": "106540352242922", "business_account_id": "102290129340398"});
            let case = Case {
                action: action
                    .file_name()
                    .unwrap_or_default()
                    .to_string_lossy()
                    .into_owned(),
                connection: json("connection.json", usual)?,
                input: fs::read_to_string(folder.join("input.json"))?,
                exchanges: json("exchanges.json", json!([]))?
                    .as_array()
                    .cloned()
                    .unwrap_or_default(),
                folder,
            };
            if case.can_be_played() {
                cases.push(case);
            }
        }
    }
    Ok((all, cases))
}

fn folders(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries =
        fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let mut folders: Vec<_> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.is_dir())
        .collect();
    folders.sort();
    Ok(folders)
}

impl Case {
    fn can_be_played(&self) -> bool {
        let address = self.connection.as_object();
        let address = address.is_some_and(|connection| !connection.contains_key("base_url"));
        address
            && self.exchanges.iter().all(|exchange| {
                let request = &exchange["request"];
                let url = request["url"].as_str().unwrap_or_default();
                let credentials = request["credentials"].as_array().into_iter().flatten();
                let body = &request["body"];
                request["sink"] == "memory"
                    && url.starts_with(META)
                    && (body == "empty" || body.get("json").is_some())
                    && credentials
                        .into_iter()
                        .all(|one| one["secret"] == "access_token")
                    && exchange["answer"].get("status").is_some()
            })
    }
}

fn compare(case: &Case, result: &Value, asked: &[Asked]) -> Result<()> {
    let file = |name: &str| -> Option<Value> {
        let text = fs::read_to_string(case.folder.join(name)).ok()?;
        serde_json::from_str(&text).ok()
    };
    match (file("output.json"), file("error.json")) {
        (Some(expected), _) => {
            let found = result["ok"]
                .as_str()
                .and_then(|text| serde_json::from_str::<Value>(text).ok());
            ensure!(
                found.as_ref() == Some(&expected),
                "expected {expected}, found {result}"
            );
        }
        (_, Some(expected)) => {
            let name = expected["case"]
                .as_str()
                .unwrap_or_default()
                .replace('-', "_");
            let found = result.get("error").or_else(|| result.get("err"));
            let found = found.and_then(|error| error.get(&name));
            ensure!(
                found == Some(&expected["fault"]),
                "expected {expected}, found {result}"
            );
        }
        _ => ensure!(false, "there is neither an output nor an error"),
    }
    ensure!(
        asked.len() == case.exchanges.len(),
        "expected {} requests, found {}",
        case.exchanges.len(),
        asked.len()
    );
    for (exchange, asked) in case.exchanges.iter().zip(asked) {
        request(&exchange["request"], asked)?;
    }
    Ok(())
}

/// Compares a request; the token may stand in the header or in the query.
fn request(expected: &Value, asked: &Asked) -> Result<()> {
    ensure!(
        asked.method == expected["method"],
        "expected {}, found {}",
        expected["method"],
        asked.method
    );
    let mut target = expected["url"]
        .as_str()
        .unwrap_or_default()
        .trim_start_matches(META)
        .to_owned();
    for credential in expected["credentials"].as_array().into_iter().flatten() {
        if let Some(name) = credential["placement"]["query"].as_str() {
            let sign = if target.contains('?') { '&' } else { '?' };
            target.push_str(&format!("{sign}{name}={TOKEN}"));
        } else {
            let found = asked.headers.get("authorization");
            ensure!(
                found.is_some_and(|value| *value == format!("Bearer {TOKEN}")),
                "the token is not in the header"
            );
        }
    }
    ensure!(
        asked.target == target,
        "expected {target}, found {}",
        asked.target
    );
    let body = expected["body"].get("json").cloned().unwrap_or_default();
    ensure!(
        asked.body == body,
        "expected the body {body}, found {}",
        asked.body
    );
    for header in expected["headers"].as_array().into_iter().flatten() {
        let name = header["name"].as_str().unwrap_or_default().to_lowercase();
        let found = asked.headers.get(&name).map(String::as_str);
        ensure!(
            found == header["value"].as_str(),
            "the header {name} is {found:?}"
        );
    }
    Ok(())
}
