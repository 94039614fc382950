//! What Meta is asked for: the webhooks of an account, from its first trigger to its last.

use std::path::Path;
use std::sync::Arc;

use graph_simulator::world::demo;
use graph_simulator::{Fault, FaultKind, Simulator};
use host_test::inbox::{Inbox, Store, Term, TriggerError};
use host_test::wit::types::Connection;
use host_test::{Credentials, Secret};

use crate::common::{builder, file, start, subscription};

/// Both accounts of the simulator are within its reach.
async fn simulator() -> Simulator {
    Simulator::builder().start().await.unwrap()
}

fn inbox(simulator: &Simulator, store: Store) -> Arc<Inbox> {
    let credentials = Credentials::new().access_token(Secret::new(demo::BUSINESS_TOKEN).unwrap());
    let builder = builder().credentials(credentials);
    let host = builder.allow_base_url(simulator.url()).build().unwrap();
    let account = host.connect(Connection {
        base_url: Some(simulator.url().to_owned()),
        ..Connection::default()
    });
    Arc::new(Inbox::new(host, store).with_meta(account))
}

fn in_file(simulator: &Simulator, path: &Path) -> Arc<Inbox> {
    inbox(simulator, Store::open(path).unwrap())
}

/// What was asked since the last call, such as `POST 200000000000001`.
fn asked(simulator: &Simulator) -> Vec<String> {
    let requests = simulator.requests();
    simulator.clear_requests();
    let of = |path: &str| {
        let account = path.strip_suffix("/subscribed_apps").unwrap();
        account.rsplit_once('/').unwrap().1.to_owned()
    };
    let said = requests.iter();
    said.map(|request| format!("{} {}", request.method, of(&request.path)))
        .collect()
}

fn post(account: &str) -> String {
    format!("POST {account}")
}

fn delete(account: &str) -> String {
    format!("DELETE {account}")
}

/// Meta is well again, the program starts without triggers, and the account that was left over is unsubscribed.
async fn is_undone_at_the_next_start(simulator: &Simulator, path: &Path) {
    simulator.clear_faults();
    asked(simulator);
    in_file(simulator, path).begin(Vec::new()).await.unwrap();
    assert_eq!(asked(simulator), [delete(demo::WABA_ID)]);
}

#[tokio::test]
async fn an_account_is_subscribed_for_its_first_trigger_until_its_last() {
    let simulator = simulator().await;
    let inbox = inbox(&simulator, Store::temporary().unwrap());
    start(&inbox, subscription("a", "new-message", demo::WABA_ID)).await;
    start(&inbox, subscription("b", "any-event", demo::WABA_ID)).await;
    start(&inbox, subscription("b", "any-event", demo::WABA_ID)).await;
    assert_eq!(asked(&simulator), [post(demo::WABA_ID)]);
    start(&inbox, subscription("c", "any-event", demo::CLIENT_WABA_ID)).await;
    assert_eq!(asked(&simulator), [post(demo::CLIENT_WABA_ID)]);
    inbox.stop("a").await.unwrap();
    assert_eq!(asked(&simulator), [""; 0]);
    inbox.stop("b").await.unwrap();
    assert_eq!(asked(&simulator), [delete(demo::WABA_ID)]);
    // And again.
    start(&inbox, subscription("a", "new-message", demo::WABA_ID)).await;
    assert_eq!(asked(&simulator), [post(demo::WABA_ID)]);
    let accounts = simulator.world(|world| world.subscriptions.clone());
    assert_eq!(accounts.len(), 2, "{accounts:?}");
}

#[tokio::test]
async fn triggers_that_start_at_the_same_time_ask_once() {
    let simulator = simulator().await;
    let inbox = inbox(&simulator, Store::temporary().unwrap());
    let start = |id: usize| {
        let inbox = Arc::clone(&inbox);
        let subscription = subscription(&id.to_string(), "new-message", demo::WABA_ID);
        tokio::spawn(async move { inbox.start(subscription, Term::UntilStopped).await })
    };
    for task in (0..5).map(start).collect::<Vec<_>>() {
        task.await.unwrap().unwrap();
    }
    assert_eq!(asked(&simulator), [post(demo::WABA_ID)]);
}

#[tokio::test]
async fn the_end_of_the_program_undoes_what_ends_with_it() {
    let simulator = simulator().await;
    let (_folder, path) = file();
    let given = [demo::WABA_ID, demo::CLIENT_WABA_ID]
        .map(|account| subscription(&format!("given-{account}"), "new-message", account));
    {
        let inbox = in_file(&simulator, &path);
        inbox.begin(given.to_vec()).await.unwrap();
        start(&inbox, subscription("stays", "new-message", demo::WABA_ID)).await;
        asked(&simulator);
        inbox.end().await;
        assert_eq!(asked(&simulator), [delete(demo::CLIENT_WABA_ID)]);
    }
    // What stays is asked for again, what was not given again is gone.
    let inbox = in_file(&simulator, &path);
    inbox.begin(Vec::new()).await.unwrap();
    assert_eq!(asked(&simulator), [post(demo::WABA_ID)]);
    let left = inbox.store().subscriptions().await.unwrap();
    assert_eq!(left.len(), 1);
    assert_eq!(left[0].subscription.id, "stays");
    inbox.stop("stays").await.unwrap();
    assert_eq!(asked(&simulator), [delete(demo::WABA_ID)]);
}

#[tokio::test]
async fn a_program_that_was_killed_is_tidied_up_after() {
    let simulator = simulator().await;
    let (_folder, path) = file();
    let given = vec![subscription("given", "new-message", demo::CLIENT_WABA_ID)];
    in_file(&simulator, &path).begin(given).await.unwrap();
    assert_eq!(asked(&simulator), [post(demo::CLIENT_WABA_ID)]);
    let inbox = in_file(&simulator, &path);
    inbox.begin(Vec::new()).await.unwrap();
    assert_eq!(asked(&simulator), [delete(demo::CLIENT_WABA_ID)]);
    assert_eq!(inbox.store().subscriptions().await.unwrap(), []);
}

#[tokio::test]
async fn an_account_that_cannot_be_subscribed_starts_no_trigger() {
    let simulator = simulator().await;
    let inbox = inbox(&simulator, Store::temporary().unwrap());
    let no_such = subscription("a", "new-message", "999000000000001");
    let error = inbox.start(no_such, Term::UntilStopped).await.unwrap_err();
    assert!(matches!(error, TriggerError::Meta { .. }), "{error}");
    assert!(
        error
            .to_string()
            .contains("subscribe-webhooks for account 999000000000001 failed"),
        "{error}"
    );
    assert_eq!(inbox.store().subscriptions().await.unwrap(), []);
    // Of several that begin together, none stays.
    asked(&simulator);
    let given = ["200000000000001", "999000000000001"]
        .map(|account| subscription(account, "new-message", account));
    inbox.begin(given.to_vec()).await.unwrap_err();
    assert_eq!(
        asked(&simulator),
        [
            post(demo::WABA_ID),
            post("999000000000001"),
            delete(demo::WABA_ID)
        ]
    );
}

#[tokio::test]
async fn a_trigger_stops_even_when_meta_does_not_and_meta_is_asked_again_later() {
    let simulator = simulator().await;
    let (_folder, path) = file();
    let inbox = in_file(&simulator, &path);
    start(&inbox, subscription("a", "new-message", demo::WABA_ID)).await;
    let broken = FaultKind::CutBeforeHandling {};
    simulator.inject(Fault::new(broken).on("DELETE", "/subscribed_apps"));
    let error = inbox.stop("a").await.unwrap_err();
    assert!(
        error
            .to_string()
            .contains("unsubscribe-webhooks for account"),
        "{error}"
    );
    assert_eq!(inbox.store().subscriptions().await.unwrap(), []);
    drop(inbox);
    is_undone_at_the_next_start(&simulator, &path).await;
}

#[tokio::test]
async fn a_trigger_of_the_command_line_can_be_asked_to_stay() {
    let simulator = simulator().await;
    let (_folder, path) = file();
    let inbox = in_file(&simulator, &path);
    let trigger = || subscription("a", "new-message", demo::WABA_ID);
    inbox.begin(vec![trigger()]).await.unwrap();
    inbox.start(trigger(), Term::UntilStopped).await.unwrap();
    inbox.end().await;
    drop(inbox);
    let inbox = in_file(&simulator, &path);
    inbox.begin(Vec::new()).await.unwrap();
    let left = inbox.store().subscriptions().await.unwrap();
    assert_eq!(left.len(), 1);
    assert_eq!(left[0].term, Term::UntilStopped);
}

#[tokio::test]
async fn an_account_is_not_forgotten_because_meta_was_away() {
    let simulator = simulator().await;
    let (_folder, path) = file();
    let given = || vec![subscription("given", "new-message", demo::WABA_ID)];
    // Subscribed, and killed.
    in_file(&simulator, &path).begin(given()).await.unwrap();
    // Started again while Meta is away.
    let broken = || FaultKind::CutBeforeHandling {};
    simulator.inject(Fault::new(broken()).always());
    in_file(&simulator, &path).begin(given()).await.unwrap_err();
    is_undone_at_the_next_start(&simulator, &path).await;
}

#[tokio::test]
async fn an_account_whose_answer_was_lost_is_undone_later() {
    let simulator = simulator().await;
    let (_folder, path) = file();
    let lost = FaultKind::CutAfterHandling {};
    simulator.inject(Fault::new(lost).on("POST", "/subscribed_apps"));
    let inbox = in_file(&simulator, &path);
    let trigger = subscription("a", "new-message", demo::WABA_ID);
    inbox.start(trigger, Term::UntilStopped).await.unwrap_err();
    drop(inbox);
    is_undone_at_the_next_start(&simulator, &path).await;
}

#[tokio::test]
async fn a_trigger_of_earlier_that_stops_while_its_account_could_not_be_asked_for_is_undone() {
    let simulator = simulator().await;
    let (_folder, path) = file();
    let inbox = in_file(&simulator, &path);
    start(&inbox, subscription("a", "new-message", demo::WABA_ID)).await;
    drop(inbox);
    simulator.inject(
        Fault::new(FaultKind::CutBeforeHandling {})
            .on("POST", "/subscribed_apps")
            .always(),
    );
    let inbox = in_file(&simulator, &path);
    inbox.begin(Vec::new()).await.unwrap();
    asked(&simulator);
    assert!(inbox.stop("a").await.unwrap());
    assert_eq!(asked(&simulator), [delete(demo::WABA_ID)]);
}

#[tokio::test]
async fn what_makes_no_sense_is_said_before_anything_is_asked() {
    let simulator = simulator().await;
    let inbox = inbox(&simulator, Store::temporary().unwrap());
    start(&inbox, subscription("taken", "new-message", demo::WABA_ID)).await;
    asked(&simulator);
    let mut filtered = subscription("a", "new-message", demo::WABA_ID);
    filtered.filter = Some(serde_json::json!({"states": ["read"]}));
    for (wrong, says) in [
        (
            subscription("a", "newmessage", demo::WABA_ID),
            "did you mean `new-message`?",
        ),
        (
            subscription("a", "new-message", ""),
            "business-account-id: required",
        ),
        (
            subscription("", "new-message", demo::WABA_ID),
            "id: expected",
        ),
        (
            subscription("a/b", "new-message", demo::WABA_ID),
            "found \"a/b\"",
        ),
        (filtered, "filter.states: new-message has no such filter"),
        (
            subscription("taken", "any-event", demo::WABA_ID),
            "`taken` is running",
        ),
    ] {
        let error = inbox.start(wrong, Term::UntilStopped).await.unwrap_err();
        assert!(error.to_string().contains(says), "{error}");
    }
    assert_eq!(asked(&simulator), [""; 0]);
    assert_eq!(inbox.store().subscriptions().await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_second_program_does_not_take_the_triggers_of_the_first_for_left_over() {
    let simulator = simulator().await;
    let (_folder, path) = file();
    let first = in_file(&simulator, &path);
    let given = vec![subscription("given", "new-message", demo::WABA_ID)];
    first.begin(given).await.unwrap();
    let second = in_file(&simulator, &path);
    let error = second.begin(Vec::new()).await.unwrap_err().to_string();
    assert!(error.contains("inbox.sqlite is in use"), "{error}");
    assert_eq!(asked(&simulator), [post(demo::WABA_ID)]);
    assert_eq!(first.store().subscriptions().await.unwrap().len(), 1);
    drop(first);
    second.begin(Vec::new()).await.unwrap();
}
