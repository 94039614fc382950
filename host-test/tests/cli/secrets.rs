//! No secret leaves by a side door: not in the log at its most talkative, not in an error, not in what is kept.

use std::time::Duration;

use graph_simulator::world::demo;
use graph_simulator::{Fault, FaultKind, Simulator};
use serde_json::json;
use tokio::process::Command;

use crate::program::{Ended, VERIFY_TOKEN, command, run, settings, url_in};
use crate::raw_http::exchange;

/// Everything that any crate has to say, but for the compiler of WebAssembly: it tells of each instruction, before there is a secret.
const EVERYTHING: &str = "trace,cranelift_codegen=warn,cranelift_frontend=warn,regalloc2=warn,wasmtime_internal_cranelift=warn,\
                          wasmtime_environ=warn,wasmtime_internal_environ=warn,wasmtime=debug,wasmparser=warn";

fn talkative(simulator: &Simulator) -> Vec<(&'static str, String)> {
    let mut settings = settings(simulator);
    settings.push(("RUST_LOG", EVERYTHING.to_owned()));
    settings.push(("WHATSAPP_APP_ID", demo::APP_ID.to_owned()));
    settings
}

/// The secrets of the simulated world: what it began with, and what it issued.
fn secrets(simulator: &Simulator) -> Vec<String> {
    let mut secrets = vec![demo::APP_SECRET.to_owned(), VERIFY_TOKEN.to_owned()];
    let tokens = simulator.world(|world| world.tokens.clone());
    secrets.extend(tokens.into_iter().map(|token| token.value));
    secrets
}

fn holds_none(what: &str, bytes: &[u8], secrets: &[String]) {
    let text = String::from_utf8_lossy(bytes);
    for secret in secrets {
        let at = text.find(secret.as_str());
        let around = at.map(|at| text[at.saturating_sub(200)..].chars().take(300));
        let around: Option<String> = around.map(Iterator::collect);
        assert_eq!(around, None, "{secret} is in {what}");
    }
}

fn says_none(what: &str, ended: &Ended, secrets: &[String]) {
    holds_none(what, ended.stdout.as_bytes(), secrets);
    holds_none(what, ended.stderr.as_bytes(), secrets);
}

#[tokio::test]
async fn the_log_of_an_action_says_none_whatever_goes_wrong() {
    let simulator = Simulator::builder().start().await.unwrap();
    let to = format!("+{}", demo::CUSTOMER);
    let code = json!({"code": demo::LOGIN_CODE}).to_string();
    let text = json!({"to": to, "body": "hello"}).to_string();
    // The secrets go into a header, and into three parameters of a query; two answers bring a new one.
    let cut = FaultKind::CutMidAnswer { bytes: None };
    let half = FaultKind::TruncatedJson { bytes: None };
    let runs = [
        ("send-text", text.as_str(), None),
        ("send-text", &text, Some(cut.clone())),
        (
            "validate-connection",
            "{}",
            Some(FaultKind::graph_error(190)),
        ),
        ("exchange-code", &code, None),
        ("refresh-token", "{}", Some(half)),
        ("refresh-token", "{}", None),
        ("list-phone-numbers", r#"{"limit": 1}"#, Some(cut)),
    ];
    for (action, input, fault) in runs {
        simulator.clear_faults();
        if let Some(fault) = fault {
            simulator.inject(Fault::new(fault));
        }
        let arguments = ["invoke", action, "--input", input];
        let ended = run(&arguments, &talkative(&simulator)).await;
        assert!(
            ended.stderr.contains("TRACE Http::connect"),
            "the log does not say everything: {ended:?}"
        );
        says_none(action, &ended, &secrets(&simulator));
    }
    // Nobody has the name, and nobody listens.
    let known = secrets(&simulator);
    let mut settings = talkative(&simulator);
    simulator.shutdown().await;
    let arguments = ["invoke", "validate-connection", "--input", "{}"];
    says_none("refused", &run(&arguments, &settings).await, &known);
    settings[0].1 = "http://graph.invalid".to_owned();
    says_none("no name", &run(&arguments, &settings).await, &known);
}

#[tokio::test]
async fn neither_the_log_nor_the_store_nor_the_record_of_webhooks_holds_one() {
    let simulator = Simulator::builder().start().await.unwrap();
    simulator.world(|world| world.subscriptions.clear());
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name).display().to_string();
    let (store, record) = (file("inbox.sqlite"), file("deliveries.jsonl"));
    let arguments = [
        "serve",
        "--listen",
        "127.0.0.1:0",
        "--store",
        &store,
        "--record",
        &record,
        "--subscribe",
        "new-message",
    ];
    // Into files: whoever writes that much into a pipe waits for its reader.
    let (out, log) = (file("out"), file("log"));
    let mut program = command(&arguments, &talkative(&simulator))
        .stdout(std::fs::File::create(&out).unwrap())
        .stderr(std::fs::File::create(&log).unwrap())
        .spawn()
        .unwrap();
    let url = url_in(&line_with(&log, "Listening").await);
    // The handshake has the verify token in its query, once right and once wrong.
    simulator.set_callback(&url, VERIFY_TOKEN).await.unwrap();
    let wrong =
        format!("{url}?hub.mode=subscribe&hub.challenge=1&hub.verify_token={VERIFY_TOKEN}x");
    exchange("GET", &wrong, "", b"").await;
    simulator.customer(demo::CUSTOMER).say("hello").unwrap();
    simulator.settle().await;
    let forged = "x-hub-signature-256: sha256=00\r\n";
    exchange("POST", &url, forged, b"{}").await;
    line_with(&out, "hello").await;
    let files = ["inbox.sqlite", "inbox.sqlite-wal", "inbox.sqlite-shm"].map(file);
    for path in files.iter().chain([&record]) {
        let bytes = std::fs::read(path).unwrap();
        assert!(!bytes.is_empty(), "{path} is empty");
        holds_none(path, &bytes, &secrets(&simulator));
    }
    // The control: what was received is there.
    let recorded = std::fs::read_to_string(&record).unwrap();
    assert!(recorded.contains("hello"), "{recorded}");
    let id = program.id().unwrap().to_string();
    let ended = Command::new("kill").args(["-INT", &id]).status().await;
    assert!(ended.unwrap().success());
    assert!(program.wait().await.unwrap().success());
    let said = std::fs::read(&log).unwrap();
    assert!(
        String::from_utf8_lossy(&said).contains("TRACE"),
        "the log does not say everything: {}",
        String::from_utf8_lossy(&said)
    );
    holds_none("the log of serve", &said, &secrets(&simulator));
    holds_none(
        "its output",
        &std::fs::read(&out).unwrap(),
        &secrets(&simulator),
    );
}

/// Waits for a line with this text.
async fn line_with(path: &str, text: &str) -> String {
    loop {
        let said = std::fs::read(path).unwrap();
        let said = String::from_utf8_lossy(&said);
        let mut lines = said.lines();
        if let Some(line) = lines.find(|line| line.contains(text)) {
            return line.to_owned();
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
