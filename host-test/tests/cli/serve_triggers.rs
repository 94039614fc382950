//! `serve`: triggers, on the command line and while it runs, and what Meta is asked for.

use graph_simulator::world::demo;
use graph_simulator::{Fault, FaultKind, Simulator};
use serde_json::json;

use crate::program::{run, settings, start, without};
use crate::serve::serving;
use crate::subscriber::{ask, events_url, sse};

/// How the webhooks of accounts were asked for.
fn asked(simulator: &Simulator) -> Vec<String> {
    let requests = simulator.requests();
    let edges = requests
        .iter()
        .filter(|request| request.method != "GET" && request.path.ends_with("/subscribed_apps"));
    edges.map(|request| request.method.clone()).collect()
}

#[tokio::test]
async fn triggers_of_the_command_line_run_until_ctrl_c() {
    let failures = "failures=message-status-updated{\"states\":[\"failed\"]}";
    let (simulator, mut program, _) =
        serving(&["--subscribe", "new-message", "--subscribe", failures]).await;
    assert_eq!(asked(&simulator), ["POST"]);
    let url = events_url(&mut program).await;
    let line = program.stderr_with("trigger failures").await;
    assert!(
        line.contains(
            "message-status-updated of account 200000000000001, filter {\"states\":[\"failed\"]}"
        ),
        "{line}"
    );
    let name = format!("new-message@{}", demo::WABA_ID);
    let mut messages = sse(&url, &format!("?subscription={name}"), None).await;
    let mut failed = sse(&url, "?subscription=failures", None).await;
    simulator.customer(demo::CUSTOMER).say("hello").unwrap();
    let outside = r#"{"to": "+15550100999", "body": "the window is closed"}"#;
    run(
        &["invoke", "send-text", "-i", outside],
        &settings(&simulator),
    )
    .await
    .expect(0);
    simulator.settle().await;
    let told = messages.next().await.unwrap();
    assert_eq!(
        (
            told.event.as_str(),
            &told.data["payload"]["message"]["kind"]
        ),
        ("new-message", &json!("text"))
    );
    let told = failed.next().await.unwrap();
    assert_eq!(told.event, "message-status-updated");
    assert_eq!(told.data["payload"]["status"]["errors"][0]["code"], 131047);
    program.interrupt().await;
    program.end().await.expect(0);
    assert_eq!(asked(&simulator), ["POST", "DELETE"]);
    assert!(simulator.world(|world| world.subscriptions.is_empty()));
}

#[tokio::test]
async fn a_restart_with_a_store_loses_nothing_of_what_comes_meanwhile() {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("inbox.sqlite").display().to_string();
    let arguments = ["--store", &store, "--subscribe", "all=any-event"];
    let (simulator, mut program, webhook) = serving(&arguments).await;
    let url = events_url(&mut program).await;
    let mut stream = sse(&url, "?subscription=all", None).await;
    simulator.customer(demo::CUSTOMER).say("before").unwrap();
    simulator.settle().await;
    let before = stream.next().await.unwrap();
    program.interrupt().await;
    let ended = program.end().await.expect(0);
    ended.complains(&[
        "still sends the webhooks of account",
        demo::WABA_ID,
        "loses nothing",
        "--unsubscribe-at-exit",
    ]);
    assert_eq!(asked(&simulator), ["POST"]);
    simulator.customer(demo::CUSTOMER).say("meanwhile").unwrap();
    simulator.settle().await;

    // At the address that Meta knows.
    let address = webhook.strip_prefix("http://").unwrap();
    let address = address.strip_suffix("/webhook").unwrap();
    let again = |more: &[&'static str]| {
        let mut all = vec!["serve", "--listen", address, "--store", &store];
        all.extend(["--events-listen", "127.0.0.1:0"]);
        all.extend(more);
        start(&all, &settings(&simulator))
    };
    let mut program = again(&["--subscribe", "all=any-event"]);
    let url = events_url(&mut program).await;
    let mut stream = sse(&url, "?subscription=all", Some(before.id)).await;
    simulator.advance(std::time::Duration::from_secs(10)).await;
    let told = stream.next().await.unwrap();
    let text = &told.data["payload"]["message"]["content"]["text"];
    assert_eq!(text, "meanwhile");
    program.interrupt().await;
    program.end().await.expect(0);

    // Without the trigger, what was asked for is undone.
    let mut program = again(&[]);
    program.stderr_with("Ctrl-C ends").await;
    assert_eq!(asked(&simulator).last().unwrap(), "DELETE");
}

#[tokio::test]
async fn the_end_undoes_what_was_asked_for_when_told_to() {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("inbox.sqlite").display().to_string();
    let undo = "--unsubscribe-at-exit";
    let (simulator, program, _) =
        serving(&["--store", &store, "--subscribe", "new-message", undo]).await;
    program.interrupt().await;
    let ended = program.end().await.expect(0);
    ended.complains(&["no longer sends the webhooks of account", undo]);
    assert_eq!(asked(&simulator), ["POST", "DELETE"]);
}

#[tokio::test]
async fn an_account_that_was_subscribed_before_stays_so() {
    let simulator = Simulator::builder().start().await.unwrap();
    let arguments = [
        "serve",
        "--listen",
        "127.0.0.1:0",
        "--subscribe",
        "new-message",
    ];
    let mut with_app_id = settings(&simulator);
    with_app_id.push(("WHATSAPP_APP_ID", demo::APP_ID.to_owned()));
    let mut program = start(&arguments, &with_app_id);
    program.stderr_with("Ctrl-C ends").await;
    program.interrupt().await;
    let ended = program.end().await.expect(0);
    ended.complains(&["still sends the webhooks of account", "subscribed before"]);
    assert_eq!(asked(&simulator), [""; 0]);
}

#[tokio::test]
async fn meta_that_is_away_at_the_start_is_asked_until_it_answers() {
    let simulator = Simulator::builder().start().await.unwrap();
    simulator.world(|world| world.subscriptions.clear());
    let away = Fault::new(FaultKind::CutBeforeHandling {});
    simulator.inject(away.on("GET", "/subscribed_apps").times(3));
    let arguments = [
        "serve",
        "--listen",
        "127.0.0.1:0",
        "--subscribe",
        "new-message",
    ];
    let mut program = start(&arguments, &settings(&simulator));
    for line in [
        "try 1 of 3: subscribe-webhooks for account",
        "try 2 of 3",
        "try 3 of 3",
        "Listening",
        "serving all the same",
        "Meta now sends the webhooks of account",
    ] {
        program.stderr_with(line).await;
    }
    assert_eq!(asked(&simulator), ["POST"]);
    program.interrupt().await;
    program.end().await.expect(0);
    assert_eq!(asked(&simulator), ["POST", "DELETE"]);
}

#[tokio::test]
async fn triggers_start_and_stop_while_it_runs() {
    let (simulator, mut program, _) = serving(&[]).await;
    simulator.world(|world| world.subscriptions.clear());
    assert_eq!(asked(&simulator), [""; 0]);
    let url = events_url(&mut program).await;
    let all = format!("{url}/subscriptions");
    let body = json!({"id": "orders", "trigger": "new-message", "filter": {"kinds": ["text"]}})
        .to_string();
    let expected = json!({"id": "orders", "trigger": "new-message", "business_account_id": demo::WABA_ID, "filter": {"kinds": ["text"]}, "term": "until_stopped"});
    assert_eq!(ask("POST", &all, &body).await, (201, expected.clone()));
    assert_eq!(ask("POST", &all, &body).await, (201, expected.clone()));
    let (status, second) = ask("POST", &all, "{\"trigger\": \"any-event\"}").await;
    assert_eq!(status, 201);
    assert_eq!(asked(&simulator), ["POST"]);
    assert_eq!(ask("GET", &all, "").await, (200, json!([expected, second])));

    let mut orders = sse(&url, "?subscription=orders", None).await;
    simulator
        .customer(demo::CUSTOMER)
        .send_image(b"image", None)
        .unwrap();
    simulator.customer(demo::CUSTOMER).say("hello").unwrap();
    simulator.settle().await;
    let told = orders.next().await.unwrap();
    assert_eq!(told.data["payload"]["message"]["content"]["text"], "hello");

    assert_eq!(ask("DELETE", &format!("{all}/orders"), "").await.0, 204);
    assert_eq!(orders.next().await, None);
    assert_eq!(ask("DELETE", &format!("{all}/orders"), "").await.0, 404);
    assert_eq!(asked(&simulator), ["POST"]);
    let id = second["id"].as_str().unwrap();
    assert_eq!(ask("DELETE", &format!("{all}/{id}"), "").await.0, 204);
    assert_eq!(asked(&simulator), ["POST", "DELETE"]);
    let (status, triggers) = ask("GET", &format!("{url}/triggers"), "").await;
    assert_eq!(status, 200);
    assert!(
        triggers
            .as_array()
            .unwrap()
            .iter()
            .any(|trigger| trigger["name"] == "new-message")
    );
}

#[tokio::test]
async fn what_cannot_be_started_is_said() {
    let (simulator, mut program, _) = serving(&["--subscribe", "taken=new-message"]).await;
    let url = format!("{}/subscriptions", events_url(&mut program).await);
    for (body, status, case, says) in [
        ("", 400, "usage", "JSON object"),
        ("{}", 400, "usage", "missing field `trigger`"),
        ("7", 400, "usage", "expected an object such as {\"trigger\""),
        (
            "{\"trigger\": \"any-event\", \"filters\": {}}",
            400,
            "usage",
            "unknown field `filters`",
        ),
        (
            "{\"trigger\": \"newmessage\"}",
            400,
            "usage",
            "did you mean `new-message`?",
        ),
        (
            "{\"trigger\": \"new-message\", \"filter\": {\"kinds\": \"text\"}}",
            400,
            "usage",
            "expected a list of texts",
        ),
        (
            "{\"trigger\": \"any-event\", \"id\": \"taken\"}",
            409,
            "usage",
            "`taken` is running",
        ),
        (
            "{\"trigger\": \"any-event\", \"business_account_id\": \"999\"}",
            422,
            "permanent-",
            "account 999 failed: Meta refused",
        ),
    ] {
        let (code, answer) = ask("POST", &url, body).await;
        assert_eq!(code, status, "{body}: {answer}");
        let error = &answer["error"];
        assert!(
            error["case"].as_str().unwrap().starts_with(case),
            "{answer}"
        );
        assert!(
            error["message"].as_str().unwrap().contains(says),
            "{answer}"
        );
        assert!(!error["advice"].as_str().unwrap().is_empty(), "{answer}");
    }
    // Meta does not unsubscribe: the trigger has stopped, the caller knows, and the end does not hang.
    simulator.inject(Fault::new(FaultKind::CutBeforeHandling {}).on("DELETE", "/subscribed_apps"));
    let (code, answer) = ask("DELETE", &format!("{url}/taken"), "").await;
    let message = answer["error"]["message"].as_str().unwrap();
    assert_eq!(code, 502, "{answer}");
    assert!(
        message.starts_with("the trigger has stopped, but unsubscribe-webhooks for account"),
        "{answer}"
    );
    assert_eq!(ask("GET", &url, "").await, (200, json!([])));
    program.interrupt().await;
    program.end().await.expect(0);
}

#[tokio::test]
async fn an_unsubscribe_that_fails_at_the_end_is_logged() {
    let (simulator, program, _) = serving(&["--subscribe", "new-message"]).await;
    simulator.inject(Fault::new(FaultKind::CutBeforeHandling {}).on("DELETE", "/subscribed_apps"));
    program.interrupt().await;
    let ended = program.end().await.expect(0);
    ended.complains(&["unsubscribe-webhooks for account", demo::WABA_ID, "failed"]);
}

#[tokio::test]
async fn meta_can_be_left_alone() {
    let (simulator, program, _) = serving(&["--subscribe", "new-message", "--leave-meta"]).await;
    program.interrupt().await;
    program.end().await.expect(0);
    assert_eq!(asked(&simulator), [""; 0]);
}

#[tokio::test]
async fn an_account_that_cannot_be_subscribed_ends_it_with_the_reason() {
    let simulator = Simulator::builder().start().await.unwrap();
    let serve = |subscribe: &str| {
        let all = ["serve", "--listen", "127.0.0.1:0", "--subscribe", subscribe];
        all.map(str::to_owned)
    };
    let run_with = async |subscribe: &str, settings: &[(&str, String)]| {
        let arguments = serve(subscribe);
        run(&arguments.each_ref().map(String::as_str), settings).await
    };
    let all = settings(&simulator);
    let ended = run_with("new-message@999000000000001", &all)
        .await
        .expect(1);
    // Said once.
    assert_eq!(ended.stderr.matches("--leave-meta").count(), 1);
    assert!(!ended.stderr.contains("WARN"), "{}", ended.stderr);
    ended.complains(&[
        "does not send the webhooks of account 999000000000001",
        "help:",
        "--leave-meta",
    ]);
    let ended = run_with(
        "new-message",
        &without(all.clone(), "WHATSAPP_ACCESS_TOKEN"),
    )
    .await
    .expect(1);
    ended.complains(&["access token"]);
    let ended = run_with("newmessage", &all).await.expect(2);
    ended.complains(&[
        "there is no trigger `newmessage`; did you mean `new-message`?",
        "help:",
        "new-message, message-status-updated",
    ]);
    let ended = run_with("new-message{kinds}", &all).await.expect(2);
    ended.complains(&["--subscribe new-message{kinds}", "as filter"]);
    let ended = run_with(
        "new-message",
        &without(all.clone(), "WHATSAPP_BUSINESS_ACCOUNT_ID"),
    )
    .await
    .expect(2);
    ended.complains(&[
        "--subscribe new-message: expected the WhatsApp Business Account",
        "Write new-message@ACCOUNT, or set WHATSAPP_BUSINESS_ACCOUNT_ID",
    ]);
    let twice = [
        "serve",
        "--subscribe",
        "new-message",
        "--subscribe",
        "new-message{\"kinds\":[\"text\"]}",
    ];
    run(&twice, &all)
        .await
        .expect(2)
        .complains(&["there is already a trigger", "a name of its own"]);
}

#[tokio::test]
async fn triggers_can_be_in_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("triggers.json").display().to_string();
    std::fs::write(
        &path,
        json!([{"trigger": "new-message"}, {"id": "b", "trigger": "any-event"}]).to_string(),
    )
    .unwrap();
    let (simulator, mut program, _) = serving(&["--subscriptions", &path]).await;
    let url = events_url(&mut program).await;
    let (_, all) = ask("GET", &format!("{url}/subscriptions"), "").await;
    assert_eq!(all.as_array().unwrap().len(), 2, "{all}");
    assert_eq!(all[1]["term"], "ends_with_program");
    assert_eq!(asked(&simulator), ["POST"]);
    std::fs::write(&path, "{}").unwrap();
    let ended = run(&["serve", "--subscriptions", &path], &settings(&simulator))
        .await
        .expect(2);
    ended.complains(&["--subscriptions", "expected a JSON array of triggers"]);
}
