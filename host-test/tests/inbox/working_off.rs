//! What an engine does with what is kept: running the starts, and knowing whether a customer may be written to.

use serde_json::json;

use crate::common::{
    ACCOUNT, OTHER_ACCOUNT, delivery, file, inbox, inbox_in, receive, start, status, subscription,
    text,
};

#[tokio::test]
async fn a_start_is_to_be_run_until_it_is_done_also_after_a_restart() {
    let (_folder, path) = file();
    let inbox = inbox_in(&path);
    start(&inbox, subscription("a", "new-message", ACCOUNT)).await;
    start(&inbox, subscription("b", "any-event", ACCOUNT)).await;
    let both = [text("wamid.1"), text("wamid.2")];
    receive(&inbox, &delivery(ACCOUNT, &both)).await.unwrap();
    let to_run = inbox.store().starts_to_run(3).await.unwrap();
    let ids: Vec<_> = to_run
        .iter()
        .map(|one| (one.sequence, one.id.as_str()))
        .collect();
    assert_eq!(ids, [(1, "a"), (1, "b"), (2, "a")]);
    assert!(to_run[2].event.contains("wamid.2"));
    let first = &to_run[0];
    let done = async |at| {
        let store = inbox.store();
        store
            .mark_done(first.subscription, first.sequence, at)
            .await
            .unwrap()
    };
    assert!(done(1).await);
    assert!(!done(2).await, "two workers had the same start");
    let inbox = inbox_in(&path);
    receive(&inbox, &delivery(ACCOUNT, &both)).await.unwrap();
    let to_run = inbox.store().starts_to_run(10).await.unwrap();
    let ids: Vec<_> = to_run
        .iter()
        .map(|one| (one.sequence, one.id.as_str()))
        .collect();
    assert_eq!(ids, [(1, "b"), (2, "a"), (2, "b")]);
}

#[tokio::test]
async fn the_last_word_of_a_customer_is_known_for_each_number_and_account() {
    let inbox = inbox();
    let at = |id: &str, time: &str| {
        let (list, mut message) = text(id);
        message["timestamp"] = json!(time);
        (list, message)
    };
    let last = async |account: &str, customer: &str| {
        let store = inbox.store();
        let at = store.last_inbound_at(account, "106540352242922", customer);
        at.await.unwrap()
    };
    assert_eq!(last(ACCOUNT, "491701234567").await, None);
    // The later one comes first; a status is no word of the customer's.
    let items = [
        at("wamid.2", "1700000050"),
        at("wamid.1", "1700000000"),
        status("wamid.3", "read", 1_700_000_060),
    ];
    receive(&inbox, &delivery(ACCOUNT, &items)).await.unwrap();
    assert_eq!(last(ACCOUNT, "491701234567").await, Some(1_700_000_050));
    assert_eq!(last(OTHER_ACCOUNT, "491701234567").await, None);
    inbox.store().forget_before(1_700_000_051).await.unwrap();
    assert_eq!(last(ACCOUNT, "491701234567").await, None);
}

#[tokio::test]
async fn a_customer_is_known_by_the_user_id_too() {
    let inbox = inbox();
    let (list, mut message) = text("wamid.1");
    message["from_user_id"] = json!("DE.13491208655302741918");
    receive(&inbox, &delivery(ACCOUNT, &[(list, message)]))
        .await
        .unwrap();
    for customer in ["491701234567", "DE.13491208655302741918"] {
        let store = inbox.store();
        let at = store
            .last_inbound_at(ACCOUNT, "106540352242922", customer)
            .await;
        assert_eq!(at.unwrap(), Some(1_700_000_000), "{customer}");
    }
}
