//! `serve`: webhooks in, events out.

use graph_simulator::Simulator;
use graph_simulator::world::demo;
use serde_json::Value;

use crate::program::{Running, VERIFY_TOKEN, run, settings, start, url_in, without};
use crate::raw_http::{exchange, parts};

/// An endpoint and a simulator that posts to it, the handshake included.
pub async fn serving(arguments: &[&str]) -> (Simulator, Running, String) {
    let simulator = Simulator::builder().start().await.unwrap();
    let any = |text| arguments.iter().any(|given: &&str| given.starts_with(text));
    if any("--subscri") && !any("--leave-meta") {
        // It is for `serve` to ask for the webhooks.
        simulator.world(|world| world.subscriptions.clear());
    }
    let mut all = vec!["serve", "--listen", "127.0.0.1:0"];
    all.extend(arguments);
    let mut program = start(&all, &settings(&simulator));
    let url = url_in(&program.stderr_with("Listening").await);
    simulator.set_callback(&url, VERIFY_TOKEN).await.unwrap();
    (simulator, program, url)
}

#[tokio::test]
async fn signed_deliveries_are_printed_as_lines() {
    let (simulator, mut program, _) = serving(&[]).await;
    let id = simulator
        .customer(demo::CUSTOMER)
        .say("hello\u{1b}[2J there")
        .unwrap();
    simulator.settle().await;
    let line = program.stdout_with("message").await;
    assert!(line.starts_with("#1    2026-11-21T09:00:00Z"), "{line}");
    assert!(
        line.contains("Kim Customer (15550100100): \"hello\\u{1b}[2J there\""),
        "{line}"
    );
    assert!(line.contains(&id), "{line}");
    assert!(
        simulator
            .deliveries()
            .iter()
            .all(|delivery| delivery.is_delivered())
    );
}

#[tokio::test]
async fn programs_get_each_event_as_json() {
    let (simulator, mut program, _) = serving(&["--json", "--path", "/meta"]).await;
    simulator.customer(demo::CUSTOMER).say("hello").unwrap();
    simulator.settle().await;
    let event: Value = serde_json::from_str(&program.stdout_with("{").await).unwrap();
    assert_eq!(event["payload"]["message"]["content"]["text"], "hello");
    assert_eq!(event["sequence"], 1);
    assert_eq!(
        event["envelope"]["route"],
        format!("messages:{}", demo::WABA_ID)
    );
}

#[tokio::test]
async fn a_failed_message_comes_with_its_reason_and_advice() {
    let (simulator, mut program, _) = serving(&[]).await;
    let outside = r#"{"to": "+15550100999", "body": "the window is closed"}"#;
    run(
        &["invoke", "send-text", "-i", outside],
        &settings(&simulator),
    )
    .await
    .expect(0);
    simulator.settle().await;
    let line = program.stdout_with("failed").await;
    assert!(line.contains("131047") && line.contains("Help:"), "{line}");
}

#[tokio::test]
async fn what_meta_did_not_sign_is_refused_and_logged() {
    let (simulator, mut program, url) = serving(&[]).await;
    simulator.world(|world| world.app.secret = "another secret".to_owned());
    simulator.customer(demo::CUSTOMER).say("forged").unwrap();
    simulator.settle().await;
    let attempts = &simulator.deliveries()[0].attempts;
    assert_eq!(attempts[0].http_status, Some(401));
    program
        .stderr_with("refused with 401: the signature matches no app secret")
        .await;

    let no_signature = exchange("POST", &url, "", b"{}").await;
    assert_eq!(parts(&no_signature), ("401", ""));
    program.stderr_with("refused with 401").await;
    let not_text = exchange("POST", &url, "", b"\xff\xfe").await;
    assert_eq!(parts(&not_text), ("400", ""));
    program
        .stderr_with("refused with 400: the body is not UTF-8 text")
        .await;
    let too_long = exchange(
        "POST",
        &url,
        "expect: 100-continue\r\n",
        &vec![b'a'; 5_000_000],
    )
    .await;
    assert!(too_long.contains(" 413 "), "{too_long}");
    program.stderr_with("refused with 413").await;
    let elsewhere = exchange("POST", &format!("{url}/more"), "", b"{}").await;
    assert_eq!(parts(&elsewhere), ("404", ""));
    let other_method = exchange("PUT", &url, "", b"{}").await;
    assert_eq!(parts(&other_method).0, "405");
}

#[tokio::test]
async fn the_handshake_needs_the_verify_token() {
    let (_simulator, mut program, url) = serving(&[]).await;
    let ask = |token: &str| {
        format!("{url}?hub.mode=subscribe&hub.challenge=4711&hub.verify_token={token}")
    };
    let right = exchange("GET", &ask(VERIFY_TOKEN), "", b"").await;
    assert_eq!(parts(&right), ("200", "4711"));
    assert!(right.contains("text/plain"), "{right}");
    let wrong = exchange("GET", &ask("guess"), "", b"").await;
    assert_eq!(parts(&wrong), ("403", ""));
    program.stderr_with("refused with 403").await;
}

#[cfg(unix)]
#[tokio::test]
async fn ctrl_c_ends_it_well_and_no_secret_was_shown() {
    let (simulator, mut program, url) = serving(&["-v"]).await;
    simulator.customer(demo::CUSTOMER).say("hello").unwrap();
    simulator.settle().await;
    program.stdout_with("hello").await;
    exchange("POST", &url, "", b"{}").await;
    program.interrupt().await;
    let ended = program.end().await.expect(0);
    assert!(ended.stderr.contains("[redacted]"), "{}", ended.stderr);
}

#[tokio::test]
async fn without_its_secrets_it_does_not_start() {
    let simulator = Simulator::builder().start().await.unwrap();
    for variable in ["WHATSAPP_APP_SECRET", "WHATSAPP_VERIFY_TOKEN"] {
        let ended = run(&["serve"], &without(settings(&simulator), variable))
            .await
            .expect(2);
        ended.complains(&["without", variable, "help:"]);
    }
    let ended = run(&["serve"], &[]).await.expect(2);
    ended.complains(&["WHATSAPP_APP_SECRET and WHATSAPP_VERIFY_TOKEN"]);
}

#[tokio::test]
async fn a_port_that_is_taken_is_named() {
    let simulator = Simulator::builder().start().await.unwrap();
    let taken = simulator.address().to_string();
    let ended = run(&["serve", "--listen", &taken], &settings(&simulator))
        .await
        .expect(2);
    ended.complains(&["cannot listen on", &taken, "--listen"]);
    let ended = run(&["serve", "--path", "webhook"], &settings(&simulator))
        .await
        .expect(2);
    ended.complains(&["begins with `/`"]);
    let ended = run(&["serve", "--listen", "8080"], &settings(&simulator))
        .await
        .expect(2);
    ended.complains(&["--listen", "such as 127.0.0.1:8080"]);
    let taken = format!("localhost:{}", simulator.address().port());
    let ended = run(&["serve", "--listen", &taken], &settings(&simulator))
        .await
        .expect(2);
    ended.complains(&["cannot listen on", &simulator.address().to_string()]);
}
