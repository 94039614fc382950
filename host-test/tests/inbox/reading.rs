//! Who gets what, from where on.

use std::sync::Arc;

use host_test::inbox::{Inbox, Selection};
use serde_json::json;

use crate::common::{
    ACCOUNT, OTHER_ACCOUNT, delivery, file, got, inbox, inbox_in, next, receive, start, status,
    subscription, text,
};

#[tokio::test]
async fn nobody_sees_the_events_of_another_account() {
    let inbox = inbox();
    start(&inbox, subscription("ours", "any-event", ACCOUNT)).await;
    start(&inbox, subscription("theirs", "any-event", OTHER_ACCOUNT)).await;
    let both = [ACCOUNT, OTHER_ACCOUNT].map(|account| {
        let body = delivery(account, &[text(&format!("wamid.{account}"))]);
        let body: serde_json::Value = serde_json::from_str(&body).unwrap();
        body["entry"][0].clone()
    });
    let body = json!({"object": "whatsapp_business_account", "entry": both}).to_string();
    assert_eq!(receive(&inbox, &body).await.unwrap().starts, 2);
    let ours = format!("message:wamid.{ACCOUNT}");
    let theirs = format!("message:wamid.{OTHER_ACCOUNT}");
    assert_eq!(got(&inbox, "ours").await, [ours]);
    assert_eq!(got(&inbox, "theirs").await, std::slice::from_ref(&theirs));
    let mut reader = inbox.read(Selection::Account(OTHER_ACCOUNT.to_owned()), 0);
    assert_eq!(next(&mut reader).await, Some(theirs));
    inbox.close();
    assert_eq!(next(&mut reader).await, None);
}

#[tokio::test]
async fn a_trigger_gets_what_its_filter_lets_pass_and_only_while_it_runs() {
    let inbox = inbox();
    let news = |id: &str| {
        let statuses = [("sent", 1), ("failed", 2)].map(|(word, time)| status(id, word, time));
        delivery(ACCOUNT, &statuses)
    };
    receive(&inbox, &news("wamid.0")).await.unwrap();
    let mut failed = subscription("failed", "message-status-updated", ACCOUNT);
    failed.filter = Some(json!({"states": ["failed"]}));
    start(&inbox, failed).await;
    receive(&inbox, &news("wamid.1")).await.unwrap();
    assert_eq!(got(&inbox, "failed").await, ["status:wamid.1:failed:2"]);
    assert!(inbox.stop("failed").await.unwrap());
    assert!(!inbox.stop("failed").await.unwrap());
    assert_eq!(receive(&inbox, &news("wamid.2")).await.unwrap().starts, 0);
}

#[tokio::test]
async fn a_reader_goes_on_where_it_stopped_and_waits_for_more() {
    let inbox = inbox();
    let say = async |id: &str| {
        let kept = receive(&inbox, &delivery(ACCOUNT, &[text(id)])).await;
        kept.unwrap().last.unwrap()
    };
    say("wamid.1").await;
    let second = say("wamid.2").await;
    say("wamid.3").await;
    let mut reader = inbox.read(Selection::All, second);
    assert_eq!(next(&mut reader).await.unwrap(), "message:wamid.3");
    let reading = tokio::spawn(async move { next(&mut reader).await });
    say("wamid.4").await;
    assert_eq!(reading.await.unwrap().unwrap(), "message:wamid.4");
}

#[tokio::test]
async fn a_reader_that_is_slow_misses_nothing_and_keeps_nobody_waiting() {
    let inbox = inbox();
    let mut slow = inbox.read(Selection::All, 0);
    let items: Vec<_> = (0..250)
        .map(|number| text(&format!("wamid.{number}")))
        .collect();
    for some in items.chunks(10) {
        receive(&inbox, &delivery(ACCOUNT, some)).await.unwrap();
    }
    for number in 0..250 {
        let expected = format!("message:wamid.{number}");
        assert_eq!(next(&mut slow).await, Some(expected));
    }
}

#[tokio::test]
async fn a_reader_of_a_trigger_ends_with_it_also_when_another_takes_its_name() {
    let inbox = inbox();
    let start_for = async |account: &str| {
        start(&inbox, subscription("flow", "new-message", account)).await;
        inbox
            .store()
            .subscription("flow")
            .await
            .unwrap()
            .unwrap()
            .number
    };
    let number = start_for(ACCOUNT).await;
    let mut reader = Arc::clone(&inbox).read(Selection::Subscription(number), 0);
    let waiting = tokio::spawn(async move { next(&mut reader).await });
    inbox.stop("flow").await.unwrap();
    assert_eq!(waiting.await.unwrap(), None);
    let mut old = inbox.read(Selection::Subscription(number), 0);
    assert_ne!(start_for(OTHER_ACCOUNT).await, number);
    let theirs = delivery(OTHER_ACCOUNT, &[text("wamid.1")]);
    assert_eq!(receive(&inbox, &theirs).await.unwrap().starts, 1);
    assert_eq!(next(&mut old).await, None);
}

#[tokio::test]
async fn readers_get_what_another_program_puts_into_the_store() {
    let (_folder, path) = file();
    let (inbox, other) = (inbox_in(&path), inbox_in(&path));
    let watching = Arc::clone(&inbox);
    let watch = tokio::spawn(async move { watching.watch().await });
    let mut reader = inbox.read(Selection::All, 0);
    let mut waiting = tokio::spawn(async move { next(&mut reader).await });
    // It waits: the news have to wake it.
    tokio::select! {
        biased;
        _ = &mut waiting => panic!("there is nothing to read yet"),
        () = async { for _ in 0..100 { tokio::task::yield_now().await } } => {}
    }
    receive(&other, &delivery(ACCOUNT, &[text("wamid.1")]))
        .await
        .unwrap();
    assert_eq!(waiting.await.unwrap().unwrap(), "message:wamid.1");
    watch.abort();
}

#[tokio::test]
async fn triggers_that_end_with_a_program_get_nothing_once_it_has_ended() {
    let (_folder, path) = file();
    let given = || vec![subscription("given", "new-message", ACCOUNT)];
    let say = async |inbox: &Inbox, id: &str| {
        let kept = receive(inbox, &delivery(ACCOUNT, &[text(id)])).await;
        kept.unwrap().starts
    };
    // `replay` only receives; `serve` begins.
    let (program, replay) = (inbox_in(&path), inbox_in(&path));
    program.begin(given()).await.unwrap();
    start(&program, subscription("stays", "new-message", ACCOUNT)).await;
    assert_eq!(say(&program, "wamid.1").await, 2);
    assert_eq!(say(&replay, "wamid.2").await, 2);
    drop(program);
    assert_eq!(say(&replay, "wamid.3").await, 1);
    // The same trigger, given again: what it had is there, and it gets what comes now.
    let program = inbox_in(&path);
    program.begin(given()).await.unwrap();
    assert_eq!(say(&program, "wamid.4").await, 2);
    let expected = ["message:wamid.1", "message:wamid.2", "message:wamid.4"];
    assert_eq!(got(&program, "given").await, expected);
}
