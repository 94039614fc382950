//! `serve --record` and `replay`.

use graph_simulator::world::demo;
use serde_json::{Value, json};

use crate::program::{run, settings, start};
use crate::raw_http::exchange;
use crate::serve::serving;
use crate::subscriber::{events_url, sse};

#[tokio::test]
async fn a_recorded_log_gives_its_events_again_but_once() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name).display().to_string();
    let (log, store) = (file("deliveries.jsonl"), file("inbox.sqlite"));
    let (simulator, program, url) = serving(&["--record", &log]).await;
    simulator.customer(demo::CUSTOMER).say("one").unwrap();
    simulator
        .customer(demo::CUSTOMER)
        .say("two, ümlaut\n")
        .unwrap();
    simulator.settle().await;
    simulator.redeliver(None);
    simulator.settle().await;
    // Nobody who is not Meta gets into the log.
    exchange("POST", &url, "", b"{}").await;
    program.interrupt().await;
    program.end().await.expect(0);

    let text = std::fs::read_to_string(&log).unwrap();
    let lines: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let deliveries = simulator.deliveries();
    assert_eq!(lines.len(), 3);
    for (line, delivery) in lines.iter().zip(&deliveries) {
        assert_eq!(line["body"], delivery.body.as_str());
        assert_eq!(line["signature"], delivery.signature.as_str());
        assert!(line["received_at"].as_u64().unwrap() > 1_700_000_000);
    }
    for secret in [demo::APP_SECRET, demo::ACCESS_TOKEN] {
        assert!(!text.contains(secret));
    }

    let replay = ["replay", &log, "--store", &store];
    let ended = run(&replay, &[]).await.expect(0);
    ended.tells(&["3 deliveries, 3 events: 2 new, 1 known"]);
    let ended = run(&replay, &[]).await.expect(0);
    ended.tells(&["3 deliveries, 3 events: 0 new, 3 known"]);
    let ended = run(&["replay", &log, "--json"], &[]).await.expect(0);
    let counts = json!({"deliveries": 3, "events": 3, "new": 2, "known": 1, "starts": 0, "refused": 0, "unreadable": 0});
    assert_eq!(ended.json(), counts);

    let check = ["replay", &log, "--check-signatures"];
    run(&check, &settings(&simulator))
        .await
        .expect(0)
        .tells(&["2 new"]);
    run(&check, &[])
        .await
        .expect(2)
        .complains(&["WHATSAPP_APP_SECRET"]);
    let forged = text.replacen("one", "ten", 1);
    assert_ne!(forged, text);
    std::fs::write(&log, forged).unwrap();
    let ended = run(&check, &settings(&simulator)).await.expect(1);
    ended.tells(&["2 deliveries"]);
    ended.complains(&["line 1", "signature", "1 delivery had a wrong signature"]);
}

#[tokio::test]
async fn a_line_that_breaks_off_harms_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("deliveries.jsonl").display().to_string();
    std::fs::write(&log, "{\"received_at\":1700000000,\"signatu").unwrap();
    let (simulator, program, _) = serving(&["--record", &log]).await;
    simulator.customer(demo::CUSTOMER).say("one").unwrap();
    simulator.settle().await;
    program.interrupt().await;
    program.end().await.expect(0);
    let ended = run(&["replay", &log], &[]).await.expect(1);
    ended.tells(&["1 delivery, 1 event: 1 new, 0 known"]);
    ended.complains(&[
        "line 1: expected a recorded delivery",
        "1 line could not be read",
    ]);
}

#[tokio::test]
async fn what_is_no_file_is_said() {
    let ended = run(&["replay", "/no/such/file"], &[]).await.expect(2);
    ended.complains(&["cannot read /no/such/file", "--record"]);
}

#[tokio::test]
async fn a_file_that_is_no_log_is_said_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notes.txt").display().to_string();
    for (text, found) in [
        ("Dear diary\n".repeat(500), "found \"Dear diary\""),
        ("{\"received_at\": 1}\n".to_owned(), "missing field `"),
    ] {
        std::fs::write(&path, text).unwrap();
        let ended = run(&["replay", &path], &[]).await.expect(2);
        assert!(!ended.stderr.contains("WARN"), "{}", ended.stderr);
        let expected = "line 1: expected a recorded delivery, {\"received_at\"";
        ended.complains(&["notes.txt,", expected, found, "help:", "--record"]);
    }
}

#[tokio::test]
async fn a_replay_into_the_store_of_a_running_program_reaches_its_streams_and_triggers() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name).display().to_string();
    let (log, store) = (file("deliveries.jsonl"), file("inbox.sqlite"));
    let (simulator, program, _) = serving(&["--record", &log]).await;
    simulator.customer(demo::CUSTOMER).say("one").unwrap();
    simulator.settle().await;
    program.interrupt().await;
    program.end().await.expect(0);

    let arguments = [
        "--leave-meta",
        "--store",
        &store,
        "--subscribe",
        "all=any-event",
    ];
    let (_simulator, mut program, _) = serving(&arguments).await;
    let url = events_url(&mut program).await;
    let mut stream = sse(&url, "?subscription=all", None).await;
    let ended = run(&["replay", &log, "--store", &store], &[])
        .await
        .expect(0);
    ended.tells(&["1 new", "1 start of triggers"]);
    assert_eq!(stream.next().await.unwrap().id, 1);
    program.stdout_with("\"one\"").await;
    // Once the program has ended, its triggers have, too.
    program.interrupt().await;
    program.end().await.expect(0);
    let other = std::fs::read_to_string(&log)
        .unwrap()
        .replace("wamid.", "wamid.2");
    std::fs::write(&log, other).unwrap();
    let ended = run(&["replay", &log, "--store", &store], &[])
        .await
        .expect(0);
    assert!(
        ended.stdout.contains("1 new, 0 known\n"),
        "{}",
        ended.stdout
    );
    // And who starts anew goes on where printing stopped.
    let arguments = [
        "serve",
        "--listen",
        "127.0.0.1:0",
        "--store",
        &store,
        "--after",
        "1",
    ];
    let mut program = start(&arguments, &settings(&simulator));
    let line = program.stdout_with("message").await;
    assert!(line.starts_with("#2 "), "{line}");
}
