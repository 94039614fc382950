//! `serve`: the live stream for programs on this machine.

use graph_simulator::world::demo;
use graph_simulator::{FlushOrder, Simulator};

use crate::program::{run, settings};
use crate::raw_http::{exchange, parts};
use crate::serve::serving;
use crate::subscriber::{Told, ask, events_url, socket, sse};

/// The customer writes, and the endpoint has it. Returns the message's id.
async fn say(simulator: &Simulator, text: &str) -> String {
    let id = simulator.customer(demo::CUSTOMER).say(text).unwrap();
    simulator.settle().await;
    format!("message:{id}")
}

fn text(told: &Told) -> &str {
    told.data["payload"]["message"]["content"]["text"]
        .as_str()
        .unwrap()
}

#[tokio::test]
async fn server_sent_events_begin_now_or_where_they_were_left() {
    let (simulator, mut program, _) = serving(&[]).await;
    let url = events_url(&mut program).await;
    let zero = say(&simulator, "before anybody listened").await;
    let mut now = sse(&url, "", None).await;
    let first = say(&simulator, "one").await;
    let second = say(&simulator, "two").await;
    let told = now.next().await.unwrap();
    assert_eq!(
        (told.event.as_str(), told.key(), text(&told)),
        ("message", first.as_str(), "one")
    );
    drop(now);
    let mut resumed = sse(&url, "?after=0", Some(told.id)).await;
    assert_eq!(resumed.next().await.unwrap().key(), second);
    let third = say(&simulator, "three").await;
    assert_eq!(resumed.next().await.unwrap().key(), third);
    let mut all = sse(&url, "?after=0", None).await;
    for key in [zero, first, second, third] {
        assert_eq!(all.next().await.unwrap().key(), key);
    }
}

#[tokio::test]
async fn what_meta_repeats_is_told_and_printed_once() {
    let (simulator, mut program, _) = serving(&[]).await;
    let url = events_url(&mut program).await;
    let mut stream = sse(&url, "", None).await;
    simulator.deliver_twice(1);
    let first = say(&simulator, "first").await;
    simulator.redeliver(None);
    simulator.settle().await;
    simulator.begin_batch();
    let customer = simulator.customer(demo::CUSTOMER);
    let second = customer.say("second").unwrap();
    let third = customer.say("third").unwrap();
    assert_eq!(simulator.flush_batch(FlushOrder::OnePost).await, 2);
    simulator.redeliver(None);
    simulator.settle().await;
    let deliveries = simulator.deliveries();
    assert_eq!(deliveries.len(), 5);
    assert!(
        deliveries
            .iter()
            .all(graph_simulator::Delivery::is_delivered)
    );
    let last = say(&simulator, "last").await;
    let expected = [
        first,
        format!("message:{second}"),
        format!("message:{third}"),
        last,
    ];
    for key in &expected {
        assert_eq!(stream.next().await.unwrap().key(), key);
    }
    program.stdout_with("last").await;
    program.interrupt().await;
    let ended = program.end().await.expect(0);
    assert_eq!(
        ended.stdout.lines().count(),
        expected.len(),
        "{}",
        ended.stdout
    );
}

#[tokio::test]
async fn a_websocket_gets_the_same() {
    let (simulator, mut program, _) = serving(&["--subscribe", "all=any-event"]).await;
    let url = events_url(&mut program).await;
    let mut live = socket(&url, "").await;
    let mut of_trigger = socket(&url, "?subscription=all").await;
    let first = say(&simulator, "one").await;
    let told = live.next().await.unwrap();
    assert_eq!(
        (told.event.as_str(), told.key()),
        ("message", first.as_str())
    );
    let told = of_trigger.next().await.unwrap();
    assert_eq!(
        (told.event.as_str(), told.key()),
        ("any-event", first.as_str())
    );
    let second = say(&simulator, "two").await;
    let mut resumed = socket(&url, &format!("?after={}", told.id)).await;
    assert_eq!(resumed.next().await.unwrap().key(), second);
}

#[tokio::test]
async fn streams_end_with_the_program_and_do_not_keep_it() {
    let (_simulator, mut program, _) = serving(&[]).await;
    let url = events_url(&mut program).await;
    let mut stream = sse(&url, "", None).await;
    let mut socket = socket(&url, "").await;
    program.interrupt().await;
    program.end().await.expect(0);
    assert_eq!(stream.next().await, None);
    assert_eq!(socket.next().await, None);
}

#[tokio::test]
async fn a_subscriber_that_does_not_read_keeps_nobody_waiting() {
    let (simulator, mut program, _) = serving(&[]).await;
    let url = events_url(&mut program).await;
    let mut lazy = sse(&url, "", None).await;
    // More than what lies in the buffers of a connection.
    let long = "a long story ".repeat(300);
    for _ in 0..20 {
        simulator.begin_batch();
        for _ in 0..100 {
            simulator.customer(demo::CUSTOMER).say(&long).unwrap();
        }
        simulator.flush_batch(FlushOrder::OnePost).await;
    }
    assert!(
        simulator
            .deliveries()
            .iter()
            .all(graph_simulator::Delivery::is_delivered)
    );
    for id in 1..=2000 {
        assert_eq!(lazy.next().await.unwrap().id, id);
    }
}

#[tokio::test]
async fn nobody_gets_the_events_of_another_account() {
    let (simulator, mut program, _) = serving(&[
        "--leave-meta",
        "--subscribe",
        "ours=any-event",
        "--subscribe",
        &format!("theirs=any-event@{}", demo::CLIENT_WABA_ID),
    ])
    .await;
    simulator.world(|world| {
        world
            .subscriptions
            .push(graph_simulator::world::Subscription {
                waba_id: demo::CLIENT_WABA_ID.to_owned(),
                app_id: demo::APP_ID.to_owned(),
                override_callback_uri: None,
            });
    });
    let url = events_url(&mut program).await;
    let mut theirs = sse(&url, "?subscription=theirs", None).await;
    let mut account = sse(&url, &format!("?account={}", demo::CLIENT_WABA_ID), None).await;
    let mut ours = sse(&url, "?subscription=ours", None).await;
    simulator.begin_batch();
    let to = |number: &str| {
        let customer = simulator.customer(demo::CUSTOMER).to(number);
        format!("message:{}", customer.say("hello").unwrap())
    };
    let first = to(demo::PHONE_NUMBER_ID);
    let second = to(demo::CLIENT_PHONE_NUMBER_ID);
    let third = to(demo::PHONE_NUMBER_ID);
    let fourth = to(demo::CLIENT_PHONE_NUMBER_ID);
    simulator.flush_batch(FlushOrder::OnePost).await;
    for (stream, keys) in [
        (&mut theirs, [&second, &fourth]),
        (&mut account, [&second, &fourth]),
        (&mut ours, [&first, &third]),
    ] {
        for key in keys {
            assert_eq!(stream.next().await.unwrap().key(), key);
        }
    }
}

#[tokio::test]
async fn a_late_status_does_not_move_a_message_back() {
    let (simulator, mut program, _) = serving(&[]).await;
    let url = events_url(&mut program).await;
    let mut stream = sse(&url, "", None).await;
    let status = |word: &str, time: u64| {
        let value = serde_json::json!({
            "messaging_product": "whatsapp",
            "metadata": {"display_phone_number": "15550100001", "phone_number_id": demo::PHONE_NUMBER_ID},
            "statuses": [{"id": "wamid.A/B=", "status": word, "timestamp": time.to_string(), "recipient_id": demo::CUSTOMER}],
        });
        simulator.send_webhook(demo::WABA_ID, "messages", value);
    };
    let message = format!("{url}/messages/wamid.A%2FB=");
    assert_eq!(ask("GET", &message, "").await.0, 404);
    for (word, time) in [("read", 3), ("sent", 1), ("delivered", 2)] {
        status(word, time);
        simulator.settle().await;
        let told = stream.next().await.unwrap();
        assert_eq!(told.data["payload"]["status"]["state"], word);
        let (code, states) = ask("GET", &message, "").await;
        assert_eq!(
            (code, &states[0]["state"]),
            (200, &"read".into()),
            "after {word}"
        );
    }
}

#[tokio::test]
async fn what_cannot_be_streamed_is_said() {
    let (_simulator, mut program, webhook) = serving(&[]).await;
    let url = events_url(&mut program).await;
    for (path, status, says) in [
        ("/events?subscription=nobody", 404, "no trigger \"nobody\""),
        ("/events?after=yesterday", 400, "found \"yesterday\""),
        ("/events?acount=1", 400, "acount"),
        ("/events?account=1&subscription=2", 400, "found both"),
        ("/events/ws", 400, "handshake of a WebSocket"),
        ("/nothing", 404, "nothing at this path"),
    ] {
        let (code, answer) = ask("GET", &format!("{url}{path}"), "").await;
        assert_eq!(code, status, "{path}: {answer}");
        let error = &answer["error"];
        assert!(
            error["message"].as_str().unwrap().contains(says),
            "{answer}"
        );
        assert!(!error["advice"].as_str().unwrap().is_empty(), "{answer}");
    }
    // A page of elsewhere, and a name of elsewhere that leads here.
    let page = exchange(
        "GET",
        &format!("{url}/events"),
        "origin: https://example.com\r\n",
        b"",
    )
    .await;
    assert_eq!(parts(&page).0, "403", "{page}");
    let posted = exchange(
        "POST",
        &format!("{url}/subscriptions"),
        "origin: https://example.com\r\n",
        b"{\"trigger\":\"any-event\"}",
    )
    .await;
    assert_eq!(parts(&posted).0, "403", "{posted}");
    // What Meta reaches shows nothing of it.
    for path in ["/events", "/subscriptions", "/events/ws", "/triggers"] {
        let (origin, _) = webhook.rsplit_once('/').unwrap();
        let answer = exchange("GET", &format!("{origin}{path}"), "", b"").await;
        assert_eq!(parts(&answer), ("404", ""), "{path}");
    }
}

#[tokio::test]
async fn other_machines_get_nothing_unless_that_is_wanted() {
    let simulator = Simulator::builder().start().await.unwrap();
    let all = [
        "serve",
        "--listen",
        "127.0.0.1:0",
        "--events-listen",
        "0.0.0.0:0",
    ];
    let ended = run(&all, &settings(&simulator)).await.expect(2);
    ended.complains(&[
        "--events-listen 0.0.0.0:0",
        "other machines",
        "help:",
        "--events-for-all",
    ]);
    let taken = simulator.address().to_string();
    let all = [
        "serve",
        "--listen",
        "127.0.0.1:0",
        "--events-listen",
        &taken,
    ];
    let ended = run(&all, &settings(&simulator)).await.expect(2);
    ended.complains(&[
        "cannot listen on",
        &taken,
        "another address with --events-listen",
    ]);
    let (_simulator, mut program, _) =
        serving(&["--events-listen", "0.0.0.0:0", "--events-for-all"]).await;
    let url = events_url(&mut program)
        .await
        .replace("0.0.0.0", "127.0.0.1");
    assert_eq!(ask("GET", &format!("{url}/subscriptions"), "").await.0, 200);
}
