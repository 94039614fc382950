//! How far messages are.

use crate::common::{ACCOUNT, OTHER_ACCOUNT, delivery, inbox, receive, status};

#[tokio::test]
async fn a_status_that_comes_late_moves_nothing_back() {
    let inbox = inbox();
    let say = async |account: &str, word: &str| {
        let body = delivery(account, &[status("wamid.1", word, 1_700_000_000)]);
        receive(&inbox, &body).await.unwrap()
    };
    let state = async || {
        let states = inbox.store().message_states("wamid.1").await.unwrap();
        let states = states.iter();
        let said = states.map(|state| (state.business_account_id.clone(), state.state.clone()));
        said.collect::<Vec<_>>()
    };
    let is = |word: &str| vec![(ACCOUNT.to_owned(), word.to_owned())];
    for (word, then) in [
        ("novel", "novel"),
        ("delivered", "delivered"),
        ("sent", "delivered"),
        ("read", "read"),
        ("delivered", "read"),
        ("failed", "read"),
        ("novel", "read"),
        ("played", "played"),
        ("read", "played"),
    ] {
        say(ACCOUNT, word).await;
        assert_eq!(state().await, is(then), "after {word}");
    }
    // A late status is an event all the same.
    assert_eq!(say(ACCOUNT, "sent").await.new, 0);
    assert_eq!(say(OTHER_ACCOUNT, "sent").await.new, 1);
    assert_eq!(
        state().await.len(),
        2,
        "one account says nothing about another's message"
    );
}

#[tokio::test]
async fn within_a_delivery_too() {
    let inbox = inbox();
    let statuses = ["read", "sent", "delivered"].map(|word| status("wamid.1", word, 1_700_000_000));
    let kept = receive(&inbox, &delivery(ACCOUNT, &statuses)).await;
    assert_eq!(kept.unwrap().new, 3);
    let states = inbox.store().message_states("wamid.1").await.unwrap();
    assert_eq!((states[0].rank, states[0].state.as_str()), (4, "read"));
}
