//! The cases of `host-test/tests/cases`, without WebAssembly and with debug assertions: within seconds, while an action is written. What
//! counts is the same test on the built component (`cargo test -p host-test --test conformance golden`), which explains the files.
//!
//! `BLESS=1 cargo test --test golden` writes requests and results. Read what it wrote.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test ends by panicking"
)]

use serde_json::{Map, Value, json};
use std::cell::RefCell;
use std::collections::VecDeque;
use std::fs;
use std::path::{Path, PathBuf};
use whatsapp_connector::contract::whatsapp::connector::http::{
    Body, Content, Credential, Failure, Header, Method, Part, Placement, Request, Response, Secret,
    Sink,
};
use whatsapp_connector::contract::whatsapp::connector::types::Error;
use whatsapp_connector::fault::to_value;
use whatsapp_connector::graph::transport::Transport;
use whatsapp_connector::plugin;

/// Gives prepared answers in their order, and keeps the requests.
struct Script {
    answers: RefCell<VecDeque<Value>>,
    requests: RefCell<Vec<Value>>,
}

impl Transport for Script {
    fn send(&self, request: &Request) -> Result<Response, Failure> {
        self.requests.borrow_mut().push(request_to_json(request));
        match self.answers.borrow_mut().pop_front() {
            Some(answer) => answer_from_json(&answer),
            None => Err(Failure::NotSent(
                "the test has no answer for this request".to_owned(),
            )),
        }
    }
}

fn answer_from_json(answer: &Value) -> Result<Response, Failure> {
    let text = |name: &str| answer[name].as_str().unwrap().to_owned();
    if let Some(status) = answer.get("status") {
        let headers = answer.get("headers").and_then(Value::as_object);
        let headers = headers.into_iter().flatten().map(|(name, value)| Header {
            name: name.clone(),
            value: value.as_str().unwrap().to_owned(),
        });
        let body = match (answer.get("body"), answer.get("blob")) {
            (Some(body), _) => Content::Text(body.to_string()),
            (_, Some(_)) => Content::Blob(text("blob")),
            _ => Content::Text(text("text")),
        };
        return Ok(Response {
            status: status.as_u64().unwrap().try_into().unwrap(),
            headers: headers.collect(),
            body,
        });
    }
    let (name, value) = answer.as_object().unwrap().iter().next().unwrap();
    Err(match name.as_str() {
        "denied" => Failure::Denied(text(name)),
        "not_sent" => Failure::NotSent(text(name)),
        "no_answer" => Failure::NoAnswer(text(name)),
        "too_large" => Failure::TooLarge(value.as_u64().unwrap()),
        _ => panic!("expected an answer, got {answer}"),
    })
}

fn request_to_json(request: &Request) -> Value {
    let method = match request.method {
        Method::Get => "get",
        Method::Post => "post",
        Method::Delete => "delete",
    };
    let headers = request.headers.iter();
    let headers = headers.map(|header| json!({"name": header.name, "value": header.value}));
    let body = match &request.body {
        Body::Empty => Value::from("empty"),
        Body::Json(text) => json!({"json": serde_json::from_str::<Value>(text).unwrap()}),
        Body::Multipart(parts) => {
            json!({"multipart": parts.iter().map(part_to_json).collect::<Vec<_>>()})
        }
    };
    let sink = match &request.sink {
        Sink::Memory => Value::from("memory"),
        Sink::Blob => Value::from("blob"),
        Sink::AccessToken(field) => json!({"access_token": field}),
    };
    json!({
        "method": method,
        "url": request.url,
        "headers": headers.collect::<Vec<_>>(),
        "body": body,
        "credentials": request.credentials.iter().map(credential_to_json).collect::<Vec<_>>(),
        "timeout_ms": request.timeout_ms,
        "sink": sink,
    })
}

fn part_to_json(part: &Part) -> Value {
    let content = match &part.content {
        Content::Text(text) => json!({"text": text}),
        Content::Bytes(bytes) => json!({"bytes": bytes}),
        Content::Blob(handle) => json!({"blob": handle}),
    };
    json!({
        "name": part.name,
        "filename": part.filename,
        "content_type": part.content_type,
        "content": content,
    })
}

fn credential_to_json(credential: &Credential) -> Value {
    let secret = match credential.secret {
        Secret::AccessToken => "access_token",
        Secret::AppSecret => "app_secret",
    };
    let placement = match &credential.placement {
        Placement::Bearer => Value::from("bearer"),
        Placement::Query(name) => json!({"query": name}),
    };
    json!({"secret": secret, "placement": placement})
}

fn error_to_json(error: &Error) -> Value {
    let case = match error {
        Error::ExecutionFailed => "execution-failed",
        Error::RateLimited(_) => "rate-limited",
        Error::Unavailable(_) => "unavailable",
        Error::PermanentInvalidInput(_) => "permanent-invalid-input",
        Error::PermanentUnauthorized(_) => "permanent-unauthorized",
        Error::PermanentWindowClosed(_) => "permanent-window-closed",
        Error::PermanentRejected(_) => "permanent-rejected",
        Error::PermanentOutcomeUnknown(_) => "permanent-outcome-unknown",
    };
    let mut fault = to_value(error);
    // Indexing for writing puts an absent member there, as null.
    for name in ["field", "retry_after_ms", "graph"] {
        let _ = &mut fault[name];
    }
    if fault["graph"].is_object() {
        for name in [
            "subcode",
            "details",
            "user_title",
            "user_message",
            "trace_id",
        ] {
            let _ = &mut fault["graph"][name];
        }
    }
    json!({"case": case, "fault": fault})
}

fn folders(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap();
    let mut folders: Vec<_> = entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .collect();
    folders.sort();
    folders
}

/// What the folder's files have to hold; `None` for a file that must not be there.
fn results(action: &str, folder: &Path) -> Vec<(&'static str, Option<Value>)> {
    let text = |name: &str| fs::read_to_string(folder.join(name)).ok();
    let connection = text("connection.json").unwrap_or_else(|| {
        json!({"phone_number_id": "106540352242922", "business_account_id": "102290129340398"})
            .to_string()
    });
    let input =
        text("input.json").unwrap_or_else(|| panic!("{} has no input.json", folder.display()));
    let exchanges: Vec<Value> = text("exchanges.json").map_or_else(Vec::new, |text| {
        serde_json::from_str(&text)
            .unwrap_or_else(|error| panic!("{}/exchanges.json: {error}", folder.display()))
    });
    let answers = exchanges.iter().map(|exchange| exchange["answer"].clone());
    let script = Script {
        answers: RefCell::new(answers.collect()),
        requests: RefCell::default(),
    };
    let result = plugin::invoke(&script, action, &connection, &input);
    let requests = script.requests.into_inner();
    assert_eq!(
        requests.len(),
        exchanges.len(),
        "{}: the number of requests is not that of the answers in exchanges.json; the requests were {requests:#?}",
        folder.display()
    );
    let pairs: Vec<_> = requests
        .into_iter()
        .zip(&exchanges)
        .map(|(request, exchange)| json!({"request": request, "answer": exchange["answer"]}))
        .collect();
    let (output, error) = match result {
        Ok(output) => (Some(serde_json::from_str(&output).unwrap()), None),
        Err(error) => (None, Some(error_to_json(&error))),
    };
    vec![
        ("exchanges.json", (!pairs.is_empty()).then(|| pairs.into())),
        ("output.json", output),
        ("error.json", error),
    ]
}

#[test]
fn every_case_sends_and_returns_what_its_folder_says() {
    let bless = std::env::var_os("BLESS").is_some();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("host-test/tests/cases");
    let mut problems = Map::new();
    for action in folders(&root) {
        let name = action.file_name().unwrap().to_str().unwrap().to_owned();
        for folder in folders(&action) {
            for (file, actual) in results(&name, &folder) {
                let path = folder.join(file);
                let expected = fs::read_to_string(&path).ok();
                let expected: Option<Value> =
                    expected.map(|text| serde_json::from_str(&text).unwrap());
                match (&actual, bless) {
                    _ if expected == actual => {}
                    (Some(actual), true) => fs::write(&path, format!("{actual:#}\n")).unwrap(),
                    (None, true) => fs::remove_file(&path).unwrap(),
                    (_, false) => {
                        let place = path.strip_prefix(&root).unwrap().display().to_string();
                        problems.insert(place, json!({"expected": expected, "found": actual}));
                    }
                }
            }
        }
    }
    assert!(
        problems.is_empty(),
        "{} files differ. If what was found is right: BLESS=1 cargo test --test golden\n{:#}",
        problems.len(),
        Value::from(problems)
    );
}
