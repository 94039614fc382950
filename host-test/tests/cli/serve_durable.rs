//! `serve --store`: what was answered with 200 is there, and once, whatever happens.

use graph_simulator::Simulator;
use graph_simulator::world::demo;
use hmac::{Hmac, KeyInit, Mac};
use host_test::inbox::{Selection, Store};
use rusqlite::Connection;
use serde_json::json;
use sha2::Sha256;
use tokio::task::JoinSet;

use crate::program::{Running, VERIFY_TOKEN, run, settings, start, url_in};
use crate::raw_http::{exchange, parts};
use crate::subscriber::{events_url, sse};

/// A running endpoint on this store, which the simulator posts to.
async fn serving(simulator: &Simulator, store: &str) -> (Running, String) {
    let arguments = ["serve", "--listen", "127.0.0.1:0", "--store", store];
    let mut program = start(&arguments, &settings(simulator));
    let url = url_in(&program.stderr_with("Listening").await);
    simulator.set_callback(&url, VERIFY_TOKEN).await.unwrap();
    (program, url)
}

fn store() -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("inbox.sqlite").display().to_string();
    (folder, path)
}

/// A signed delivery of one message; its headers and its body.
fn delivery(number: usize) -> (String, String) {
    let body = json!({"object": "whatsapp_business_account", "entry": [{"id": demo::WABA_ID, "changes": [{"field": "messages", "value": {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "15550100001", "phone_number_id": demo::PHONE_NUMBER_ID},
        "messages": [{"from": demo::CUSTOMER, "id": format!("wamid.{number}"), "timestamp": "1795000000", "type": "text", "text": {"body": "hi"}}],
    }}]}]})
    .to_string();
    let mut hmac = Hmac::<Sha256>::new_from_slice(demo::APP_SECRET.as_bytes()).unwrap();
    hmac.update(body.as_bytes());
    let tag = hmac.finalize().into_bytes();
    let hex: String = tag.iter().map(|byte| format!("{byte:02x}")).collect();
    (format!("x-hub-signature-256: sha256={hex}\r\n"), body)
}

/// The ids of what is kept, in its order.
async fn kept(path: &str) -> Vec<String> {
    let store = Store::open(path).unwrap();
    let entries = store.entries(&Selection::All, 0, 1000).await.unwrap();
    let id = |entry: &host_test::inbox::Entry| {
        let event: serde_json::Value = serde_json::from_str(&entry.event).unwrap();
        event["envelope"]["id"].as_str().unwrap().to_owned()
    };
    entries.unwrap().iter().map(id).collect()
}

#[tokio::test]
async fn a_restart_with_the_same_store_forgets_nothing() {
    let simulator = Simulator::builder().start().await.unwrap();
    let (_folder, path) = store();
    let (mut program, _) = serving(&simulator, &path).await;
    let url = events_url(&mut program).await;
    program.stderr_with(&format!("kept in {path}")).await;
    let mut stream = sse(&url, "", None).await;
    simulator.customer(demo::CUSTOMER).say("one").unwrap();
    simulator.settle().await;
    let first = stream.next().await.unwrap();
    program.interrupt().await;
    program.end().await.expect(0);

    let (mut program, _) = serving(&simulator, &path).await;
    let url = events_url(&mut program).await;
    simulator.redeliver(None);
    simulator.customer(demo::CUSTOMER).say("two").unwrap();
    simulator.settle().await;
    let mut stream = sse(&url, "", Some(first.id)).await;
    let second = stream.next().await.unwrap();
    assert!(second.id > first.id);
    assert_eq!(second.data["payload"]["message"]["content"]["text"], "two");
    program.stdout_with("two").await;
    program.interrupt().await;
    let ended = program.end().await.expect(0);
    assert!(!ended.stdout.contains("\"one\""), "{}", ended.stdout);
}

#[tokio::test]
async fn a_program_that_is_killed_loses_nothing_that_it_acknowledged() {
    const DELIVERIES: usize = 60;
    let simulator = Simulator::builder().start().await.unwrap();
    let (_folder, path) = store();
    let (program, url) = serving(&simulator, &path).await;
    let mut posts = JoinSet::new();
    for number in 0..DELIVERIES {
        let url = url.clone();
        posts.spawn(async move {
            let (headers, body) = delivery(number);
            let answer = exchange("POST", &url, &headers, body.as_bytes()).await;
            (number, answer.contains(" 200 "))
        });
    }
    // In the middle of it: some are answered, some are not, some are in between.
    let mut answered = Vec::new();
    let mut program = Some(program);
    while let Some(post) = posts.join_next().await {
        match post {
            Ok((number, true)) => answered.push(format!("message:wamid.{number}")),
            Ok((_, false)) => {}
            // It could not even connect.
            Err(error) => assert!(error.is_panic()),
        }
        if answered.len() == 10
            && let Some(program) = program.take()
        {
            program.kill().await;
        }
    }
    let safe = kept(&path).await;
    for id in &answered {
        assert!(
            safe.contains(id),
            "{id} was answered with 200 and is not there"
        );
    }
    let (program, url) = serving(&simulator, &path).await;
    for number in 0..DELIVERIES {
        let (headers, body) = delivery(number);
        let answer = exchange("POST", &url, &headers, body.as_bytes()).await;
        assert_eq!(parts(&answer), ("200", ""));
    }
    program.kill().await;
    let mut all = kept(&path).await;
    assert_eq!(all.len(), DELIVERIES);
    all.sort_unstable();
    all.dedup();
    assert_eq!(all.len(), DELIVERIES);
}

#[tokio::test]
async fn a_delivery_that_cannot_be_kept_is_answered_with_500_and_comes_again() {
    let simulator = Simulator::builder().start().await.unwrap();
    let (_folder, path) = store();
    let (mut program, _) = serving(&simulator, &path).await;
    let database = Connection::open(&path).unwrap();
    let full = "CREATE TRIGGER full BEFORE INSERT ON events BEGIN SELECT RAISE(ABORT, 'the disk is full'); END";
    database.execute_batch(full).unwrap();
    simulator.customer(demo::CUSTOMER).say("hello").unwrap();
    simulator.settle().await;
    let attempts = simulator.deliveries()[0].attempts.clone();
    assert_eq!(attempts[0].http_status, Some(500));
    let line = program.stderr_with("the disk is full").await;
    assert!(line.contains("answered with 500"), "{line}");
    assert_eq!(kept(&path).await, [""; 0]);
    database.execute_batch("DROP TRIGGER full").unwrap();
    // Meta's first repetition comes after ten seconds of the simulator's time.
    simulator.advance(std::time::Duration::from_secs(10)).await;
    assert!(simulator.deliveries()[0].is_delivered());
    assert_eq!(kept(&path).await.len(), 1);
    program.stdout_with("hello").await;
}

#[tokio::test]
async fn a_store_that_cannot_be_used_is_said_at_once() {
    let simulator = Simulator::builder().start().await.unwrap();
    let (folder, path) = store();
    std::fs::write(&path, "no database at all, but text that is long enough").unwrap();
    for (store, says) in [
        (path.as_str(), "not a database"),
        ("/no/such/folder/inbox.sqlite", "a folder that exists"),
    ] {
        let arguments = ["serve", "--listen", "127.0.0.1:0", "--store", store];
        let ended = run(&arguments, &settings(&simulator)).await.expect(2);
        ended.complains(&["--store: cannot open the store", store, says]);
        let arguments = ["serve", "--json", "--store", store];
        let ended = run(&arguments, &settings(&simulator)).await.expect(2);
        let advice = ended.json()["error"]["advice"].clone();
        assert!(advice.as_str().unwrap().starts_with("Give"), "{advice}");
    }
    let arguments = ["serve", "--keep-days", "7"];
    run(&arguments, &settings(&simulator))
        .await
        .expect(2)
        .complains(&["--keep-days", "from 8 on, such as 30", "7 days"]);
    drop(folder);
}
