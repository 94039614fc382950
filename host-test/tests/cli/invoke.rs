//! `invoke`: one action against a simulator.

use graph_simulator::world::demo;
use graph_simulator::{Fault, FaultKind, Simulator};
use serde_json::json;

use crate::program::{run, run_with_input, settings, without};

const TEXT: &str = r#"{"to": "+15550100100", "body": "hello"}"#;

async fn simulator() -> Simulator {
    Simulator::builder().start().await.unwrap()
}

#[tokio::test]
async fn an_action_prints_what_it_gave() {
    let simulator = simulator().await;
    let settings = settings(&simulator);
    let ended = run(&["invoke", "send-text", "--input", TEXT], &settings)
        .await
        .expect(0);
    ended.tells(&["{\n  ", "\"message_id\": \"wamid."]);
    let ended = run(&["invoke", "send-text", "-i", TEXT, "--json"], &settings)
        .await
        .expect(0);
    assert_eq!(ended.stdout.lines().count(), 1);
    assert_eq!(ended.json()["status"], "accepted");
    assert_eq!(simulator.messages().len(), 2);
}

#[tokio::test]
async fn the_input_may_come_from_a_file_or_from_stdin() {
    let simulator = simulator().await;
    let settings = settings(&simulator);
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), TEXT).unwrap();
    let from_file = format!("@{}", file.path().display());
    run(&["invoke", "send-text", "--input", &from_file], &settings)
        .await
        .expect(0);
    run_with_input(&["invoke", "send-text", "--input", "-"], &settings, TEXT)
        .await
        .expect(0);
    assert_eq!(simulator.messages().len(), 2);
    let ended = run(
        &["invoke", "send-text", "--input", "@nowhere.json"],
        &settings,
    )
    .await
    .expect(2);
    ended.complains(&["--input: cannot read the file nowhere.json", "help:"]);
}

#[tokio::test]
async fn the_connection_can_be_overridden() {
    let simulator = simulator().await;
    let connection = json!({"phone_number_id": demo::TEST_PHONE_NUMBER_ID}).to_string();
    let arguments = [
        "invoke",
        "send-text",
        "-i",
        TEXT,
        "--connection",
        &connection,
    ];
    run(&arguments, &settings(&simulator)).await.expect(0);
    assert_eq!(
        simulator.messages()[0].phone_number_id,
        demo::TEST_PHONE_NUMBER_ID
    );
}

#[tokio::test]
async fn settings_may_stand_in_a_file() {
    let simulator = simulator().await;
    let file = tempfile::Builder::new().suffix(".json").tempfile().unwrap();
    let values = json!({
        "base_url": simulator.url(), "access_token": demo::ACCESS_TOKEN, "phone_number_id": demo::PHONE_NUMBER_ID,
    });
    std::fs::write(file.path(), values.to_string()).unwrap();
    let path = file.path().to_str().unwrap();
    run(&["invoke", "send-text", "-i", TEXT, "--config", path], &[])
        .await
        .expect(0);
    std::fs::write(
        file.path(),
        format!(r#"{{"acess_token": "{}"}}"#, demo::ACCESS_TOKEN),
    )
    .unwrap();
    let ended = run(&["invoke", "send-text", "-i", TEXT, "--config", path], &[])
        .await
        .expect(2);
    ended.complains(&["unknown setting `acess_token`", "`access_token`"]);
}

#[tokio::test]
async fn a_refused_input_names_the_field_and_what_to_do() {
    let simulator = simulator().await;
    let settings = settings(&simulator);
    let wrong = r#"{"to": "+15550100100", "body": ""}"#;
    let ended = run(&["invoke", "send-text", "--input", wrong], &settings)
        .await
        .expect(1);
    ended.complains(&[
        "permanent-invalid-input",
        "nothing was done",
        "field body",
        "help",
    ]);
    assert_eq!(ended.stdout, "");
    let ended = run(
        &["invoke", "send-text", "--input", wrong, "--json"],
        &settings,
    )
    .await
    .expect(1);
    let error = &ended.json()["error"];
    assert_eq!(error["case"], "permanent-invalid-input");
    assert_eq!(error["field"], "body");
    assert!(
        error["message"].is_string() && error["advice"].is_string(),
        "{error}"
    );
    assert!(simulator.requests().is_empty(), "nothing was sent");
}

#[tokio::test]
async fn a_refusal_of_meta_comes_with_code_and_trace_id() {
    let simulator = simulator().await;
    let settings = settings(&simulator);
    let unknown = r#"{"to": "+15550100100", "name": "no_such_template", "language": "en_US"}"#;
    let ended = run(&["invoke", "send-template", "-i", unknown], &settings)
        .await
        .expect(1);
    ended.complains(&[
        "no_such_template",
        "help",
        "Meta code 132001, HTTP 404, trace id",
    ]);
    let ended = run(
        &["invoke", "send-template", "-i", unknown, "--json"],
        &settings,
    )
    .await
    .expect(1);
    assert_eq!(ended.json()["error"]["graph"]["code"], 132_001);
}

#[tokio::test]
async fn an_unknown_outcome_says_so() {
    let simulator = simulator().await;
    simulator.inject(Fault::new(FaultKind::CutAfterHandling {}).on("POST", "/messages"));
    let ended = run(&["invoke", "send-text", "-i", TEXT], &settings(&simulator))
        .await
        .expect(1);
    ended.complains(&["permanent-outcome-unknown", "find out before you repeat it"]);
    assert_eq!(simulator.messages().len(), 1);
}

#[tokio::test]
async fn wrong_usage_says_what_was_expected() {
    let simulator = simulator().await;
    let settings = settings(&simulator);
    let ended = run(&["invoke", "send-txt", "-i", TEXT], &settings)
        .await
        .expect(2);
    ended.complains(&["there is no action `send-txt`", "Did you mean `send-text`?"]);
    for (input, found) in [
        (
            "{to: 1}",
            "a mistake: key must be a string at line 1 column 2",
        ),
        ("[1]", "a list"),
        ("7", "a single value"),
        ("", "nothing"),
    ] {
        let ended = run(&["invoke", "send-text", "-i", input], &settings)
            .await
            .expect(2);
        ended.complains(&["--input: expected a JSON object, but found", found, "help:"]);
    }
    let ended = run(&["invoke", "send-text", "-i", "[1]", "--json"], &settings)
        .await
        .expect(2);
    assert_eq!(ended.json()["error"]["case"], "usage");
    let ended = run(&["invoek", "--json"], &settings).await.expect(2);
    assert_eq!(ended.json()["error"]["case"], "usage");
    assert!(simulator.requests().is_empty());
}

#[tokio::test]
async fn a_missing_token_says_where_to_put_it() {
    let simulator = simulator().await;
    let settings = without(settings(&simulator), "WHATSAPP_ACCESS_TOKEN");
    let ended = run(&["invoke", "send-text", "-i", TEXT], &settings)
        .await
        .expect(2);
    ended.complains(&[
        "no access token",
        "WHATSAPP_ACCESS_TOKEN",
        "help:",
        "host-test simulate",
    ]);
}
